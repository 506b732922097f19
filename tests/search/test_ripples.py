"""From well to well: on the lattice of waves only the bowl is left, and its lowest well is found."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.search.landing import Start
from blackbox.search.ripples import HOPS, Bowl, Lattice, Node, find_lattice, follow
from tests.fakes.directions import box, mixing
from tests.fakes.drive import Surface, drive

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(2, 5)


def lattice_of(d: int, rng: np.random.Generator) -> Lattice:
    return Lattice(rng.uniform(-1, 1, d), 0.4 * mixing(d, rng), box(d))


def positive(d: int, rng: np.random.Generator) -> Floats:
    matrix = mixing(d, rng)
    return matrix @ matrix.T


@given(seed=seeds, d=dims)
def test_places_and_points_are_one_another(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(d, rng)
    places = rng.integers(-5, 6, (10, d)).astype(float)
    points = lattice.points(places)
    assert pytest.approx(places) == np.linalg.solve(lattice.steps, (points - lattice.origin).T).T
    assert lattice.inside(places).tolist() == np.all(np.abs(points) <= 5, axis=1).tolist()


@given(seed=seeds, d=dims)
def test_only_nodes_in_the_region_are_asked(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(d, rng)
    driven = drive(lattice.sample(30, rng), lambda x: np.sum(x, axis=-1))
    assert driven.result is not None
    places, values = driven.result
    assert driven.evaluations == len(values) <= 30
    assert places == pytest.approx(np.rint(places))
    assert values == pytest.approx(lattice.points(places).sum(axis=1))


@given(seed=seeds, trust=st.integers(1, 8))
def test_the_lowest_node_of_a_parabola_is_the_lowest_of_all(seed: int, trust: int) -> None:
    """Within what may be trusted, in the region; the judge asks every node."""
    rng = np.random.default_rng(seed)
    lattice = lattice_of(2, rng)
    bowl = Bowl(Node(np.zeros(2), 1.0), 4 * rng.standard_normal(2), positive(2, rng))
    away = bowl.lowest(lattice, trust)
    every = np.array(list(product(range(-trust, trust + 1), repeat=2)), dtype=float)
    best = max(bowl.promised(node) for node in every[lattice.inside(every)])
    assert np.abs(away).max() <= trust
    assert lattice.inside(away)[0]
    # Moves of one axis or two by one may end one node beside the lowest, seldom.
    assert bowl.promised(away) >= best - 0.05 * abs(best)


def bowl_on(lattice: Lattice, bend: Floats, bottom: Floats) -> Surface:
    """The parabola with so much curvature in units of nodes, lowest at a node, and waves that only nodes escape."""
    back = np.linalg.inv(lattice.steps)

    def f(x: Floats) -> Floats:
        node = (x - lattice.origin) @ back.T
        away = node - bottom
        return np.einsum("...i,ij,...j->...", away, bend, away) / 2 + 30 * np.sum(1 - np.cos(2 * np.pi * node), axis=-1)

    return f


@given(seed=seeds, d=dims)
def test_one_parabola_leads_to_the_bottom_of_a_bowl(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(d, rng)
    bottom = np.clip(np.rint(np.linalg.solve(lattice.steps, rng.uniform(-1.5, 1.5, d))), -5, 5)
    f = bowl_on(lattice, positive(d, rng), bottom)
    begin = Node(np.zeros(d), float(f(lattice.origin)))
    driven = drive(follow(lattice, begin), f)
    assert driven.result is not None
    node, bowl = driven.result
    if lattice.inside(bottom)[0]:
        assert node.place.tolist() == bottom.tolist()
        assert node.value == pytest.approx(0, abs=1e-6)
    assert bowl.explains(np.array([bottom]), np.array([0.0])).all()
    assert driven.evaluations <= 2 * (2 * d + d * (d - 1) // 2 + d) + 4


@given(seed=seeds)
def test_on_what_is_no_parabola_the_end_is_no_higher_and_hops_are_few(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(3, rng)

    def f(x: Floats) -> Floats:
        return np.sum(np.sqrt(np.abs(x - 3)), axis=-1) + np.sin(7 * x[..., 0])

    begin = Node(np.zeros(3), float(f(lattice.origin)))
    driven = drive(follow(lattice, begin), f)
    assert driven.result is not None
    node, _ = driven.result
    assert node.value <= begin.value
    assert node.value == pytest.approx(float(f(lattice.points(node.place))[0]))
    assert driven.evaluations <= (HOPS + 1) * (9 + 3 + 8)


@given(seed=seeds, d=dims)
def test_the_lattice_of_waves_is_found_from_one_well(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(d, rng)
    f = bowl_on(lattice, positive(d, rng), np.zeros(d))
    back = np.linalg.inv(lattice.steps)
    curvature = back.T @ (30 * (2 * np.pi) ** 2 * np.eye(d)) @ back
    directions = lattice.steps * rng.uniform(0.5, 2, d)
    driven = drive(find_lattice(Start(lattice.origin, 0.0), directions, curvature, box(d)), f)
    assert driven.result is not None
    assert driven.result.steps == pytest.approx(lattice.steps, rel=1e-3, abs=1e-4)
    assert driven.evaluations <= 20 * d


def test_where_one_direction_has_no_waves_there_is_no_lattice() -> None:
    def f(x: Floats) -> Floats:
        return 1 - np.cos(5 * x[..., 0]) + x[..., 1] ** 2

    driven = drive(find_lattice(Start(np.zeros(2), 0.0), np.eye(2), np.diag([25.0, 2.0]), box(2)), f)
    assert driven.result is None


@given(seed=seeds, d=dims)
def test_a_parabola_is_level_at_its_bottom(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bend, bottom = positive(d, rng), rng.uniform(-3, 3, d)
    away = Bowl(Node(np.zeros(d), 1.0), -bend @ bottom, bend).bottom()
    assert away is not None
    assert bend @ away == pytest.approx(bend @ bottom, abs=1e-9)


def test_a_plane_has_no_bottom() -> None:
    assert Bowl(Node(np.zeros(2), 1.0), np.ones(2), np.zeros((2, 2))).bottom() is None


def curvature_of_waves(lattice: Lattice) -> Floats:
    """Of 30 Σ (1 − cos 2 π n) at a node, in units of x."""
    back = np.linalg.inv(lattice.steps)
    return 30 * (2 * np.pi) ** 2 * back.T @ back


@given(seed=seeds, d=dims)
def test_a_lattice_of_waves_on_a_bowl_repeats(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lattice = lattice_of(d, rng)
    f = bowl_on(lattice, 0.1 * positive(d, rng), rng.integers(-3, 4, d).astype(float))
    asking = lattice.repeats(float(f(lattice.origin)), curvature_of_waves(lattice), rng)
    driven = drive(asking, f)
    assume(driven.evaluations in (3, 6))  # else a place lay outside: a skewed lattice may have no room for a node
    assert driven.result is True


@given(seed=seeds, d=dims)
def test_steps_that_are_no_waves_away_from_the_axes_do_not_repeat(seed: int, d: int) -> None:
    """f repeats along each step from the origin, and nowhere else: waves of one direction in the others' place."""
    rng = np.random.default_rng(seed)
    lattice = Lattice(rng.uniform(-1, 1, d), np.diag(rng.uniform(0.3, 0.6, d)), box(d))

    def f(x: Floats) -> Floats:
        node = (x - lattice.origin) / np.diag(lattice.steps)
        return 30 * np.sum(1 - np.cos(2 * np.pi * node * (1 + 0.4 * np.roll(node, 1, axis=-1))), axis=-1)

    driven = drive(lattice.repeats(0.0, curvature_of_waves(lattice), rng), f)
    assert driven.result is False
    assert driven.evaluations <= 6
