"""Landscapes by their shape: many wells, many decades, cliffs, and values of awkward sizes."""

import numpy as np

from benchmarks.suites.applied.made import Applied, Made, made, scalable
from benchmarks.suites.applied.polishing import Formula, Numbers, lowest_below
from blackbox.core.asking import Floats, Points, Values

HILLS, WELLS = 12, 6
"""How many of them `gaussians` and `narrow_wells` have."""

TRIED = 12
"""The lowest so many of all centres and of the middles between two of them are polished."""

CORE = 1e-6
"""Square of the radius within which `singular_log` is round."""

JUMP = 10.0

SKEW = 0.4
"""Standard deviation of what skewed bowls add to each entry of the identity."""

LARGEST_POWER = 300.0
"""Of e, in `steep`: numbers stay far from the largest that there is."""

CONSTANT = 1e6
"""What `offset` adds."""


def gaussians(d: int, rng: np.random.Generator) -> Made:
    """Wells of random depths and widths that overlap."""
    centres = rng.uniform(-4, 4, (HILLS, d))
    depths = np.sort(rng.uniform(0.2, 0.8, HILLS))
    depths[-1] = 1.0
    return _wells(centres, depths, rng.uniform(0.6, 1.5, (HILLS, d)))


def narrow_wells(d: int, rng: np.random.Generator) -> Made:
    """Flat but for wells that hold a few percent of each axis."""
    centres = rng.uniform(-4, 4, (WELLS, d))
    widths = rng.uniform(0.25, 0.5, WELLS)
    return _wells(centres, np.linspace(0.3, 1, WELLS), widths[:, np.newaxis])


def decades(d: int, rng: np.random.Generator) -> Made:
    """Scales that are to be found in a box of eight decades."""
    truth = 10 ** rng.uniform(-3, 3, d)

    def surface(points: Points) -> Values:
        return (np.log10(points / truth) ** 2).sum(1)

    return made(1e-4, 1e4, surface, truth)


def singular_log(d: int, rng: np.random.Generator) -> Made:
    """Three wells that are all but bottomless: logarithms of distances."""
    centres, weights = rng.uniform(-3, 3, (3, d)), np.array([1.0, 0.6, 0.4])

    def formula(points: Numbers) -> Numbers:
        return (weights * np.log(CORE + ((points[:, np.newaxis] - centres) ** 2).sum(2))).sum(1)

    return made(-5, 5, formula, *lowest_below(formula, centres))


def cliff(d: int, rng: np.random.Generator) -> Made:
    """A bowl whose minimum lies at the brink of a step up."""
    return _brink(d, rng, beyond=JUMP)


def brink(d: int, rng: np.random.Generator) -> Made:
    """A bowl whose minimum lies where f ends: beyond, it has no value."""
    return _brink(d, rng, beyond=np.nan)


def steep(d: int, rng: np.random.Generator) -> Made:
    """e to the power of a bowl: a hundred decades of values."""
    centre, bowl = _skewed(d, rng)

    def surface(points: Points) -> Values:
        return np.exp(np.minimum(bowl(points), LARGEST_POWER))

    return made(-5, 5, surface, centre, 1.0)


def offset(d: int, rng: np.random.Generator) -> Made:
    """Small differences on a large constant: a bowl with ripples."""
    centre, bowl = _skewed(d, rng)

    def surface(points: Points) -> Values:
        return CONSTANT + bowl(points) - 0.5 * np.cos(3 * (points - centre)).sum(1)

    return made(-5, 5, surface, centre, CONSTANT - 0.5 * d)


def wavy_valley(d: int, rng: np.random.Generator) -> Made:
    """A valley in which each input follows the sine of the one before."""
    centre = rng.uniform(-1, 1, d)

    def surface(points: Points) -> Values:
        x = points - centre
        walls = x[:, 1:] - np.sin(2 * x[:, :-1])
        return 50 * (walls**2).sum(1) + 0.1 * x[:, 0] ** 2

    return made(-4, 4.5, surface, centre)


def _wells(centres: Floats, depths: Floats, widths: Floats) -> Made:
    """A sum of Gaussian wells in [−5, 5]^d."""

    def formula(points: Numbers) -> Numbers:
        away = ((points[:, np.newaxis] - centres) / widths) ** 2
        return -(depths * np.exp(-0.5 * away.sum(2))).sum(1)

    one, other = np.triu_indices(len(centres))
    middles = (centres[one] + centres[other]) / 2
    starts = middles[np.argsort(formula(middles))[:TRIED]]
    return made(-5, 5, formula, *lowest_below(formula, starts))


def _brink(d: int, rng: np.random.Generator, *, beyond: float) -> Made:
    """|x|² + x · u, with so much more where x · u < 0."""
    centre, direction = rng.uniform(-2, 2, d), rng.standard_normal(d)
    direction /= np.linalg.norm(direction)

    def surface(points: Points) -> Values:
        x = points - centre
        ahead = x @ direction
        return (x**2).sum(1) + ahead + np.where(ahead < 0, beyond, 0.0)

    return made(-5, 5, surface, centre)


def _skewed(d: int, rng: np.random.Generator) -> tuple[Floats, Formula]:
    """A bowl with its minimum of 0 at a random centre."""
    centre, turn = rng.uniform(-2, 2, d), SKEW * rng.standard_normal((d, d)) + np.eye(d)
    return centre, lambda points: (((points - centre) @ turn) ** 2).sum(1)


FUNCTIONS: tuple[Applied, ...] = (
    scalable(gaussians, 2, 3, 5),
    scalable(narrow_wells, 2, 3),
    scalable(decades, 2, 5, 10),
    scalable(singular_log, 3, 5),
    scalable(cliff, 2, 5),
    scalable(steep, 2, 5),
    scalable(offset, 2, 5),
    scalable(wavy_valley, 2, 5),
    scalable(brink, 2, 5),
)
