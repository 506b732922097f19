"""A campaign is told anything once, and asks for nothing twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import blackbox
from blackbox.core.errors import OptionError, UsageError

seeds = st.integers(0, 2**32 - 1)


def hill(points: np.ndarray) -> np.ndarray:
    return -np.sum((np.atleast_2d(points) - 0.37) ** 2, axis=1)


def begun(n: int = 8, d: int = 2, seed: int = 0) -> tuple[blackbox.Campaign, np.ndarray]:
    campaign = blackbox.Campaign(d, [(0, 1)], maximize=True)
    points = np.random.default_rng(seed).random((n, d))
    campaign.tell(points, hill(points))
    return campaign, points


def test_the_maximum_is_closed_in_on() -> None:
    campaign, _ = begun()
    for _ in range(8):
        (point,) = campaign.ask()
        campaign.tell(point, hill(point))
    best = campaign.best
    assert best is not None
    assert best[0] == pytest.approx([0.37, 0.37], abs=0.01)


def test_minimising_and_maximising_are_mirror_images() -> None:
    campaign, points = begun()
    mirror = blackbox.Campaign(2, [(0, 1)])
    mirror.tell(points, -hill(points))
    assert np.array_equal(campaign.ask(2), mirror.ask(2))


def test_asking_again_before_telling_gives_the_same_points_and_more_extends_them() -> None:
    campaign, _ = begun()
    first = campaign.ask()
    assert np.array_equal(campaign.ask(), first)
    three = campaign.ask(3)
    assert np.array_equal(three[:1], first)
    assert np.array_equal(campaign.ask(2), three[:2])
    campaign.tell(three[1], 0.1)
    assert np.array_equal(campaign.pending, three[[0, 2]])


@given(seeds)
@settings(max_examples=5)
def test_the_order_of_telling_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.random((9, 2))
    order = rng.permutation(9)
    one, other = blackbox.Campaign(2, [(0, 1)]), blackbox.Campaign(2, [(0, 1)])
    one.tell(points, hill(points))
    for row in order:
        other.tell(points[row], hill(points[row]))
    assert one.ask(2).tobytes() == other.ask(2).tobytes()


def test_a_point_told_with_fewer_digits_than_asked_is_the_one_asked() -> None:
    campaign, _ = begun()
    (asked,) = campaign.ask()
    telling = campaign.tell(asked + 4e-7, 1.0)
    assert telling.own == ()
    assert np.array_equal(campaign.points[-1], asked)
    assert len(campaign.pending) == 0


def test_a_persons_own_points_are_taken_as_they_are() -> None:
    campaign, _ = begun()
    telling = campaign.tell([0.123456789, 0.5], 1.0)
    assert telling.own == (0,)
    assert campaign.points[-1].tolist() == [0.123456789, 0.5]


def test_the_same_point_and_value_again_changes_nothing() -> None:
    campaign, points = begun()
    assert campaign.tell(points, hill(points)).known == tuple(range(8))
    assert len(campaign.values) == 8


def test_the_same_point_with_another_value_is_refused_unless_it_was_measured_again() -> None:
    campaign, points = begun()
    with pytest.raises(UsageError, match=r"told already.*replicate"):
        campaign.tell(np.vstack([[0.9, 0.9], points[0]]), [1.0, 2.0])
    assert len(campaign.values) == 8, "nothing is recorded where something is refused"
    campaign.tell(points[0], 2.0, replicate=True)
    assert len(campaign.values) == 9
    assert campaign.ask().shape == (1, 2)


@pytest.mark.parametrize("failure", [None, float("nan"), float("inf"), -float("inf")])
def test_a_failure_is_data(failure: float | None) -> None:
    campaign, _ = begun()
    (asked,) = campaign.ask()
    campaign.tell(asked, failure)
    assert np.isnan(campaign.values[-1])
    assert len(campaign.pending) == 0
    assert not np.array_equal(campaign.ask()[0], asked)
    assert campaign.best is not None


def test_one_input() -> None:
    campaign = blackbox.Campaign(bounds=[(-3, 5)])
    campaign.tell([[0.0], [1.0], [2.0], [-3.0]], [4.0, 1.0, 0.0, 25.0])
    assert campaign.tell([4.0], [4.0]).recorded == (0,)
    assert campaign.ask().shape == (1, 1)


def test_noise_does_not_make_it_chase_one_lucky_value() -> None:
    rng = np.random.default_rng(7)
    campaign = blackbox.Campaign(1, [(0, 1)])
    points = np.linspace(0, 1, 25)[:, np.newaxis]
    values = (points[:, 0] - 0.3) ** 2 * 4 + 0.05 * rng.standard_normal(25)
    values[20] -= 0.3  # as low as the true minimum, by luck
    campaign.tell(points, values)
    asked = campaign.ask(3)[:, 0]
    assert np.sum(np.abs(asked - 0.3) < 0.25) >= 2


@pytest.mark.parametrize(
    ("points", "values", "words"),
    [
        ([[0.1, 0.2, 0.3]], [1.0], "3 numbers for a function of 2 inputs"),
        ([[0.1, 0.2]], [1.0, 2.0], "one value a point"),
        ([[0.1, 1.2]], [1.0], "outside the bounds 0:1"),
        ([[0.1, float("nan")]], [1.0], "not a finite number"),
        ([["a", "b"]], [1.0], "numbers"),
        ([[0.1, 0.2]], ["much"], "number for each"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_recorded(points: object, values: object, words: str) -> None:
    campaign, _ = begun()
    with pytest.raises(UsageError, match=words):
        campaign.tell(points, values)
    assert len(campaign.values) == 8


def test_bad_options_are_named() -> None:
    with pytest.raises(UsageError, match="needs bounds"):
        blackbox.Campaign(2)
    with pytest.raises(OptionError, match="two finite ends"):
        blackbox.Campaign(2, [(0, None)])
    with pytest.raises(OptionError, match="decimals"):
        blackbox.Campaign(2, [(0, 1)], decimals=99)
    with pytest.raises(OptionError, match="n=0"):
        begun()[0].ask(0)
