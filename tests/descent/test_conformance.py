"""What every walk of the catalogue must do, whatever its method."""

import numpy as np
import pytest

from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.catalogue import METHODS, method
from blackbox.descent.stopping import Rules, WalkStop
from tests.fakes.functions import sphere, with_holes
from tests.fakes.textbook import ended, go

NAMES = list(METHODS)
COARSE = {"random-search": 0.6, "sign-descent": 0.15, "neighbour-descent": 0.3, "random-local-search": 0.05}
"""How near the bottom a walk of such steps can come; the others reach three digits."""
BOWL = np.array([0.7, -0.4])


def bowl(name: str, start, rules: Rules | None = None, hole=None, **options):
    """A bowl with its bottom at `BOWL`, upside down for a walk that climbs."""
    sign = -1.0 if METHODS[name].ascends else 1.0
    inner = sphere(BOWL)
    surface = inner if hole is None else with_holes(inner, hole)
    rules = rules or Rules(ascending=METHODS[name].ascends, steps=300, slope=1e-7)
    return go(name, lambda p: sign * surface(p), start, rules, stride=0.3, halvings=0, **options)


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_a_bowl_and_says_why_it_stopped(name: str) -> None:
    end = ended(bowl(name, [3.0, 1.0], limit=40_000))
    assert end.best is not None
    assert np.linalg.norm(end.best.point - BOWL) < COARSE.get(name, 1e-3)
    assert isinstance(end.stop, WalkStop)
    assert end.stop.sentence


@pytest.mark.parametrize("name", NAMES)
def test_step_0_is_the_start_and_every_step_was_really_evaluated(name: str) -> None:
    driven = bowl(name, [3.0, 1.0], limit=3000)
    assert driven.steps[0].point.tolist() == [3.0, 1.0]
    known = {(*point, value) for point, value in zip(driven.points.tolist(), driven.values.tolist(), strict=True)}
    for step in driven.steps:
        assert (*step.point.tolist(), step.value) in known


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("budget", [1, 7, 50])
def test_it_can_be_cut_off_at_any_evaluation(name: str, budget: int) -> None:
    driven = bowl(name, [3.0, 1.0], limit=budget)
    whole = bowl(name, [3.0, 1.0], limit=200)
    asked = len(driven.points)
    assert np.array_equal(driven.points, whole.points[:asked])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_asks_the_same_questions(name: str) -> None:
    one, other = (bowl(name, [3.0, 1.0], seed=5, limit=500) for _ in range(2))
    assert np.array_equal(one.points, other.points)


@pytest.mark.parametrize("name", NAMES)
def test_it_survives_holes_and_never_steps_into_one(name: str) -> None:
    def hole(p):
        return (np.abs(p[..., 0] - 1.6) < 0.35) & (np.abs(p[..., 1] - 0.2) < 0.35)

    driven = bowl(name, [3.0, 1.0], hole=hole, limit=3000)
    assert len(driven.steps) > 1
    assert all(np.isfinite(step.value) for step in driven.steps)
    assert not any(hole(step.point) for step in driven.steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_start_in_a_hole_is_an_end_and_no_crash(name: str) -> None:
    driven = bowl(name, [3.0, 1.0], hole=lambda p: np.ones(p.shape[:-1], dtype=bool), limit=3000)
    assert driven.steps == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pairs", [[(1, 4), (-1, 2)], [(-10, 10), (0, 10)], [(2.5, 3.2), (0.9, 1.1)]])
def test_it_never_asks_outside_the_bounds(name: str, pairs) -> None:
    box = Bounds.from_pairs(pairs, 2)
    driven = bowl(name, [3.0, 1.0], bounds=box, limit=3000)
    assert box.contain(driven.points)
    nearest = box.clip(BOWL)
    best = min(driven.steps, key=lambda step: np.linalg.norm(step.point - nearest))
    assert np.linalg.norm(best.point - nearest) < np.linalg.norm(np.array([3.0, 1.0]) - nearest)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("d", [1, 5])
def test_the_number_of_inputs_does_not_matter(name: str, d: int) -> None:
    sign = -1.0 if METHODS[name].ascends else 1.0
    rules = Rules(ascending=METHODS[name].ascends, steps=100)
    driven = go(name, lambda p: sign * np.sum(p**2, axis=-1), np.ones(d), rules, stride=0.25, limit=3000)
    assert sign * driven.steps[-1].value < d


def test_an_unknown_method_is_named_with_those_there_are() -> None:
    with pytest.raises(OptionError, match="must be one of random-search, random-local-search"):
        method("levitation")
