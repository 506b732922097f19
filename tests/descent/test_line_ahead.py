"""What a line search foresees is what is asked, to the last bit, and telling it changes nothing."""

import numpy as np
import pytest

from blackbox.core.asking import Points
from blackbox.core.bounds import Bounds
from blackbox.descent.line_ahead import HALF, LATE, SHORTEST, STRETCH, LineAhead, Ray
from blackbox.descent.probing import Iterate
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Terrain
from tests.fakes.drive import Surface, value_at
from tests.fakes.foresight import Told, watch
from tests.fakes.functions import rosenbrock, taxicab

LINE = Terrain(Bounds.unbounded(1), np.ones(1))
AHEAD = LineAhead(Iterate(np.zeros(1), 1.0, np.array([-1.0]), np.eye(1), 1.0, 0), np.array([1.0]), LINE)


def lengths(points: Points, most: int) -> list[float]:
    """The first points, on a line from 0 in steps of 1."""
    return points[:most, 0].tolist()


def foreseen_by(f: Surface, start: np.ndarray, options: QuasiNewton | None = None) -> list[Told]:
    terrain = Terrain(Bounds.unbounded(start.size), np.ones(start.size))
    return watch(quasi_newton(start, value_at(f, start), terrain, options), f).told


def test_on_a_parabola_whose_curvature_is_known_the_gradient_is_foreseen_with_every_step_and_asked() -> None:
    at = np.array([0.3, -0.7, 1.1])
    known = QuasiNewton(first_stride=10.0, hessian=2 * np.eye(3))
    told = foreseen_by(lambda x: 5 + ((x - at) ** 2).sum(axis=-1), np.zeros(3), known)
    assert len(told[0].likely) == 3
    assert told[0].likely <= told[0].asked


@pytest.mark.parametrize("f", [rosenbrock, taxicab(np.array([0.7, -1.3, 2.1]))])
def test_a_good_part_of_what_walks_foresee_is_asked(f: Surface) -> None:
    told = foreseen_by(f, np.array([-1.2, 1.0, -0.5]))
    evaluated = set[bytes]().union(*(one.likely for one in told))
    assert len(evaluated & told[0].asked) >= 0.2 * len(evaluated) > 0


def test_where_line_searches_come_to_nothing_a_closer_look_is_foreseen_to_the_last_bit() -> None:
    d = 3
    told = foreseen_by(lambda x: np.sqrt(np.abs(x - 0.3)).sum(axis=-1), np.array([-1.2, 1.0, -0.5]))
    assert max(len((one.likely | one.perhaps) & one.asked) for one in told) >= 2 * d


def test_steps_that_were_halved_are_expected_to_be_halved_again() -> None:
    points = AHEAD.tried(1 / 8, 3, HALF).points()
    assert lengths(points, 3) == [1 / 16, 1 / 32, 1 / 64]


def test_a_step_that_was_shortened_as_far_as_may_be_perhaps_runs_on_or_is_shortened_again() -> None:
    perhaps = AHEAD.tried(0.1, 1, SHORTEST).perhaps
    assert perhaps is not None
    assert lengths(perhaps(), 2) == [STRETCH * 0.1, SHORTEST * 0.1]


def test_the_way_of_the_last_line_search_is_foreseen_where_its_lengths_can_be_told() -> None:
    last = Ray(np.zeros(1), 0.5, (1.0, SHORTEST, STRETCH * SHORTEST), SHORTEST)
    points = AHEAD.first(last).points()
    assert lengths(points, 2) == [SHORTEST, STRETCH * SHORTEST]
    assert points[2, 0] == pytest.approx(SHORTEST, abs=1e-3), "the gradient where that one ended"
    bent = AHEAD.first(last._replace(lengths=(1.0, 0.37), kept=0.37)).points()
    assert len(bent) == 1
    assert bent[0, 0] == pytest.approx(1.0, abs=1e-3)


def test_what_comes_after_nothing_is_foreseen_only_when_a_line_search_has_failed_for_a_while() -> None:
    early, late = (AHEAD.tried(0.5, tries, 0.0).perhaps for tries in (LATE - 1, LATE))
    assert early is not None
    assert late is not None
    assert len(late()) > len(early()) + 7


def test_the_gradient_where_the_search_may_stay_is_perhaps_asked() -> None:
    ray = Ray(np.array([0.4]), 0.6, (0.4,), 0.4)
    perhaps = AHEAD.beyond(2.0, ray, (10.0,)).perhaps
    assert perhaps is not None
    assert lengths(perhaps(), 1) == [10.0]
    assert perhaps()[1, 0] == pytest.approx(0.4, abs=1e-3)
