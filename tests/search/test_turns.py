"""Who gets the evaluations is decided by what the first descent met and by who improved last."""

from collections import Counter

import numpy as np
import pytest

from blackbox.core.asking import Asking, Floats, Landing
from blackbox.core.bounds import Bounds
from blackbox.search import turns
from blackbox.search.ground import Ground
from blackbox.search.landscape import Landscape
from blackbox.search.parts import Part
from blackbox.search.turns import (
    AGREED,
    CREDIT,
    FAR_SHARES,
    FEW_AXES,
    SHARES,
    SIMPLEX_CREDIT,
    SIMPLEX_SHARE,
    take_turns,
)
from tests.fakes.drive import drive
from tests.fakes.functions import rastrigin, sphere

BOX = Bounds(np.full(2, -5.0), np.full(2, 5.0))
GROUND = Ground(BOX, np.zeros(2), np.full(2, 10.0))
PLANE = Ground(Bounds.unbounded(2), np.zeros(2), np.ones(2))
FIRST = Landing(np.full(2, 4.0), 1e6, 0.0, True, "start")
RESTARTED, POPULATED, SEARCHED = -1.0, 1.0, 2.0
"""First coordinate of every point that the arm asks."""


@pytest.fixture
def arms(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Arms that ask one point at a time for ever, and never land; and the size asked of the first population."""
    sizes: dict[str, int] = {}

    def asking(side: float) -> Asking[None]:
        while True:
            yield np.array([[side, 0.0]])

    def colonies(
        ground: Ground, landings: object, rng: object, first: int, without: object, *, near: bool
    ) -> Asking[None]:
        sizes["first"], sizes["near"] = first, near
        return asking(POPULATED)

    monkeypatch.setattr(turns, "restarts", lambda *_: asking(RESTARTED))
    monkeypatch.setattr(turns, "simplexes", lambda *_: asking(SEARCHED))
    monkeypatch.setattr(turns, "colonies", colonies)
    return sizes


def spent(
    kind: Landscape,
    n: int = 1100,
    *,
    improves: float | None = None,
    without: tuple[Part, ...] = (),
    ground: Ground = GROUND,
) -> Counter[float]:
    """Evaluations of each arm; every question of the arm that `improves` gets a lower value than any before."""
    level = [0.0]

    def f(x: Floats) -> Floats:
        if x[0, 0] == improves:
            level[0] -= 1.0
            return np.array([level[0]])
        return np.array([1e9])

    driven = drive(take_turns(ground, [FIRST], np.random.default_rng(0), 0, kind, without), f, limit=n)
    return Counter(driven.points[:, 0].tolist())


@pytest.mark.parametrize("kind", list(Landscape))
def test_the_shares_are_kept(kind: Landscape, arms: dict[str, int]) -> None:
    found = spent(kind, without=(Part.SIMPLEXES,))
    assert found[POPULATED] / found[RESTARTED] == pytest.approx(SHARES[kind], rel=0.03)


def test_simplexes_stand_for_restarts_on_rugged_ground_of_few_axes_in_a_box(arms: dict[str, int]) -> None:
    found = spent(Landscape.RUGGED)
    assert set(found) == {POPULATED, SEARCHED}
    assert found[POPULATED] / found[SEARCHED] == pytest.approx(SIMPLEX_SHARE, rel=0.03)
    many = FEW_AXES + 1
    box = Bounds(np.full(many, -5.0), np.full(many, 5.0))
    for ground in (PLANE, Ground(box, np.zeros(many), np.full(many, 10.0))):
        assert set(spent(Landscape.RUGGED, ground=ground)) == {POPULATED, RESTARTED}
    assert set(spent(Landscape.WAVY)) == {POPULATED, RESTARTED}


def test_simplexes_and_populations_earn_credit(arms: dict[str, int]) -> None:
    found = spent(Landscape.RUGGED, improves=POPULATED)
    assert found[POPULATED] / found[SEARCHED] == pytest.approx(SIMPLEX_CREDIT, rel=0.03)
    found = spent(Landscape.RUGGED, improves=SEARCHED)
    assert found[POPULATED] / found[SEARCHED] == pytest.approx(1.0, rel=0.03)


def test_only_on_steps_does_the_first_population_begin_around_the_best_point(arms: dict[str, int]) -> None:
    for kind in Landscape:
        spent(kind, 1)
        assert arms["near"] == (kind is Landscape.STEPS)


@pytest.mark.parametrize("kind", [Landscape.SMOOTH, Landscape.STALLED])
def test_the_arm_that_improved_last_gets_more(kind: Landscape, arms: dict[str, int]) -> None:
    found = spent(kind, improves=POPULATED)
    assert found[POPULATED] / found[RESTARTED] == pytest.approx(CREDIT, rel=0.03)
    found = spent(kind, improves=RESTARTED)
    assert found[RESTARTED] / found[POPULATED] == pytest.approx(CREDIT, rel=0.03)


def test_without_bounds_waves_leave_more_to_restarts(arms: dict[str, int]) -> None:
    asking = take_turns(PLANE, [FIRST], np.random.default_rng(0), 0, Landscape.RUGGED)
    driven = drive(asking, lambda x: np.full(len(x), 1e9), limit=1100)
    counts = Counter(driven.points[:, 0].tolist())
    assert counts[POPULATED] / counts[RESTARTED] == pytest.approx(FAR_SHARES[Landscape.RUGGED], rel=0.05)
    assert FAR_SHARES[Landscape.RUGGED] < SHARES[Landscape.RUGGED]


@pytest.mark.parametrize(("agreeing", "share"), [(AGREED - 1, SHARES[Landscape.WAVY]), (AGREED, 1.0)])
def test_populations_that_agree_leave_half_to_restarts(arms: dict[str, int], agreeing: int, share: float) -> None:
    found = [Landing(np.zeros(2), 3.0, 0.0, True, "population") for _ in range(agreeing)]
    asking = take_turns(GROUND, [FIRST, *found], np.random.default_rng(0), 0, Landscape.WAVY)
    driven = drive(asking, lambda x: np.full(len(x), 1e9), limit=1100)
    counts = Counter(driven.points[:, 0].tolist())
    assert counts[POPULATED] / counts[RESTARTED] == pytest.approx(share, rel=0.05)


@pytest.mark.parametrize("kind", [Landscape.WAVY, Landscape.RUGGED, Landscape.STEPS])
def test_on_waves_and_steps_restarts_earn_no_credit(kind: Landscape, arms: dict[str, int]) -> None:
    found = spent(kind, improves=RESTARTED, without=(Part.SIMPLEXES,))
    assert found[POPULATED] / found[RESTARTED] == pytest.approx(SHARES[kind], rel=0.03)


def test_parts_left_out_ask_nothing(arms: dict[str, int]) -> None:
    assert set(spent(Landscape.SMOOTH, without=(Part.POPULATIONS,))) == {RESTARTED}
    assert set(spent(Landscape.SMOOTH, without=(Part.RESTARTS,))) == {POPULATED}
    found = spent(Landscape.SMOOTH, improves=POPULATED, without=(Part.CREDIT,))
    assert found[POPULATED] / found[RESTARTED] == pytest.approx(SHARES[Landscape.SMOOTH], rel=0.03)


def test_the_first_population_is_larger_on_waves(arms: dict[str, int]) -> None:
    spent(Landscape.SMOOTH, 1)
    assert arms["first"] == 1
    spent(Landscape.WAVY, 1)
    assert arms["first"] == 2
    d = FEW_AXES + 1
    box = Bounds(np.full(d, -5.0), np.full(d, 5.0))
    ground = Ground(box, np.zeros(d), np.full(d, 10.0))
    first = Landing(np.zeros(d), 1e6, 0.0, True, "start")
    drive(take_turns(ground, [first], np.random.default_rng(0), 0, Landscape.RUGGED), lambda x: x[:, 0], limit=1)
    assert arms["first"] == 4
    drive(take_turns(ground, [first], np.random.default_rng(0), 0, Landscape.STEPS), lambda x: x[:, 0], limit=1)
    assert arms["first"] == 2


def test_turns_end_when_it_is_enough() -> None:
    for f in (sphere(np.ones(2)), rastrigin(np.ones(2))):
        first = Landing(np.ones(2) * 3, float(f(np.full((1, 2), 3.0))[0]), 0.0, False, "start")
        driven = drive(take_turns(GROUND, [first], np.random.default_rng(1), 1, Landscape.WAVY), f, limit=100_000)
        assert driven.result is not None
        assert min(landing.value for landing in driven.result) < 1e-12
