"""Particles that find their place: clusters of atoms, charges on a sphere."""

import numpy as np

from benchmarks.suites.applied.made import Applied, Made, made, scalable
from blackbox.core.asking import Floats, Points, Values

EDGE = 2 ** (1 / 6)
"""The distance at which two atoms hold each other best."""

BIPYRAMID_EDGE, BIPYRAMID_HEIGHT = 1.1240935739220009, 0.9129385501583536
"""Of the triangle in the middle of five atoms, and of the other two above and below it: where the slopes are 0."""


def lennard_jones(d: int, rng: np.random.Generator) -> Made:
    """Energy of 3, 4 or 5 atoms, as in the Cambridge Cluster Database: −3, −6, −9.103852; Lennard-Jones 1924.

    The first atom stays at the origin, the second on an axis, the third in a plane; all coordinates are moved.
    """
    shift = rng.uniform(-0.3, 0.3, d)
    best = _coordinates(_CLUSTERS[d])

    def surface(points: Points) -> Values:
        atoms = _atoms(points + shift)
        one, other = np.triu_indices(atoms.shape[1], 1)
        attraction = 1 / ((atoms[:, one] - atoms[:, other]) ** 2).sum(2) ** 3
        return 4 * (attraction**2 - attraction).sum(1)

    return made(-2.5, 2.5, surface, best - shift, _ENERGIES[d])


def thomson(d: int, rng: np.random.Generator) -> Made:
    """Energy of 4 or 6 charges on a sphere, by their angles; Thomson 1904.

    The first charge stays at the pole, the second in a plane; all angles are moved.
    """
    shift = rng.uniform(-0.5, 0.5, d)
    n = (d + 3) // 2
    one, other = np.triu_indices(n, 1)

    def surface(points: Points) -> Values:
        angles = points + shift
        polar, around = np.zeros((2, len(points), n))
        polar[:, 1:], around[:, 2:] = angles[:, : n - 1], angles[:, n - 1 :]
        places = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], -1)
        return (1 / np.linalg.norm(places[:, one] - places[:, other], axis=2)).sum(1)

    best, energy = _SPREAD[n]
    lower, upper = -3.0, 3.5
    angles = best - shift
    return made(lower, upper, surface, np.where(angles > upper, angles - 2 * np.pi, angles), energy)


def _atoms(coordinates: Points) -> Floats:
    """Places of all atoms, shape `(n, atoms, 3)`, from the coordinates that are free."""
    atoms = np.zeros((len(coordinates), coordinates.shape[1] // 3 + 2, 3))
    atoms[:, 1, 0] = coordinates[:, 0]
    atoms[:, 2, :2] = coordinates[:, 1:3]
    atoms[:, 3:] = coordinates[:, 3:].reshape(len(coordinates), -1, 3)
    return atoms


def _coordinates(places: list[tuple[float, float, float]]) -> Floats:
    """Those that are free of the second, third, … atom's."""
    second, third, *others = places
    return np.concatenate([second[:1], third[:2], *others])


def _triangle(edge: float) -> list[tuple[float, float, float]]:
    """The second and third corner; the first is the origin."""
    return [(edge, 0, 0), (edge / 2, edge * np.sqrt(3) / 2, 0)]


def _above(edge: float, height: float) -> tuple[float, float, float]:
    """Over the middle of the triangle."""
    return edge / 2, edge * np.sqrt(3) / 6, height


_CLUSTERS: dict[int, list[tuple[float, float, float]]] = {
    3: _triangle(EDGE),
    6: [*_triangle(EDGE), _above(EDGE, EDGE * np.sqrt(2 / 3))],
    9: [
        *_triangle(BIPYRAMID_EDGE),
        _above(BIPYRAMID_EDGE, BIPYRAMID_HEIGHT),
        _above(BIPYRAMID_EDGE, -BIPYRAMID_HEIGHT),
    ],
}
"""Number of free coordinates → places of all atoms but the first: triangle, tetrahedron, double pyramid."""

_ENERGIES: dict[int, float] = {3: -3.0, 6: -6.0, 9: -9.103852415707557}

_RIGHT = np.pi / 2
_TETRAHEDRAL = float(np.arccos(-1 / 3))

_SPREAD: dict[int, tuple[Floats, float]] = {
    4: (
        np.array([_TETRAHEDRAL, _TETRAHEDRAL, _TETRAHEDRAL, 2 * np.pi / 3, -2 * np.pi / 3]),
        6 / float(np.sqrt(8 / 3)),
    ),
    6: (
        np.array([_RIGHT, _RIGHT, -_RIGHT, -_RIGHT, np.pi, _RIGHT, _RIGHT, 0.0, 0.0]),
        12 / float(np.sqrt(2)) + 3 / 2,
    ),
}
"""Number of charges → angles from the pole, then around it, and energy: tetrahedron, octahedron."""

FUNCTIONS: tuple[Applied, ...] = (scalable(lennard_jones, 3, 6, 9), scalable(thomson, 5, 9))
