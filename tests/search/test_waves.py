"""The length of waves is told from the bottom of a well; that f repeats, from anywhere."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.search.landing import Start
from blackbox.search.waves import repeats_along, wave_along
from tests.fakes.directions import box
from tests.fakes.drive import Surface, drive

seeds = st.integers(0, 2**32 - 1)
LONG_ROOM = box(3)


def ripple(direction: Floats, length: float, slope: float, bend: float) -> tuple[Surface, Floats]:
    """Waves of so many units of the direction on a parabola, and the bottom of a well of theirs beside 0."""
    frequency = 2 * np.pi / length

    def along(t: Floats) -> Floats:
        return 5 * (1 - np.cos(frequency * t)) + slope * t + bend * t**2 / 2

    bottom = 0.0
    for _ in range(50):  # Newton's method
        bottom -= (5 * frequency * np.sin(frequency * bottom) + slope + bend * bottom) / (
            5 * frequency**2 * np.cos(frequency * bottom) + bend
        )
    return lambda x: along(x @ direction / (direction @ direction)), bottom * direction


@given(
    seed=seeds,
    length=st.floats(0.05, 1.2),
    slope=st.floats(-3, 3),
    bend=st.floats(0, 1),
    first=st.floats(1e-4, 1e-3),
)
def test_the_length_is_right_to_four_digits_whatever_the_bowl(
    seed: int, length: float, slope: float, bend: float, first: float
) -> None:
    direction = np.random.default_rng(seed).uniform(-1, 1, 3)
    f, bottom = ripple(direction, length, slope, bend)
    well = Start(bottom, float(f(bottom)))
    driven = drive(wave_along(well, direction, LONG_ROOM, first * length), f)
    assert driven.result == pytest.approx(length, rel=1e-3)
    assert driven.evaluations <= 20
    assert np.all(np.abs(driven.points) <= 5)


def test_with_room_on_one_side_alone_the_length_is_short_by_what_the_bowl_adds() -> None:
    f, bottom = ripple(np.eye(3)[0], 1.0, 0.0, 2.0)
    well = Start(bottom - np.array([4.9, 0, 0]), float(f(bottom)))
    driven = drive(wave_along(well, np.eye(3)[0], LONG_ROOM, 1e-4), lambda x: f(x + np.array([4.9, 0, 0])))
    assert driven.result == pytest.approx(1 - 2 / (2 + 5 * (2 * np.pi) ** 2), abs=1e-3)


def parabola(x: Floats) -> Floats:
    return np.sum(x**2, axis=-1)


def chirp(x: Floats) -> Floats:
    """Waves that grow shorter and shorter."""
    return 1 - np.cos(x[..., 0] ** 2 + 3 * x[..., 0])


def long_wave(x: Floats) -> Floats:
    """Half a wave fits into the room."""
    return 1 - np.cos(x[..., 0] / 4)


def hole(x: Floats) -> Floats:
    return np.where(np.abs(x[..., 0]) < 0.1, 1 - np.cos(x[..., 0]), np.nan)


@pytest.mark.parametrize("f", [parabola, chirp, long_wave, hole])
def test_what_has_no_waves_of_one_length_has_none(f: Surface) -> None:
    driven = drive(wave_along(Start(np.zeros(3), 0.0), np.eye(3)[0], LONG_ROOM, 1e-4), f)
    assert driven.result is None
    assert driven.evaluations <= 20


def test_a_well_with_a_hole_beside_it_tells_no_length() -> None:
    """On one side alone the far wells fail: what the other side tells is not mixed with that."""

    def f(x: Floats) -> Floats:
        return np.where((x[..., 0] < -3.1) & (x[..., 0] > -4.2), np.nan, 1 - np.cos(2 * np.pi * x[..., 0]))

    driven = drive(wave_along(Start(np.zeros(3), 0.0), np.eye(3)[0], LONG_ROOM, 1e-4), f)
    assert driven.result is None


def test_squares_that_are_no_floats_do_no_harm() -> None:
    driven = drive(
        wave_along(Start(np.zeros(3), 0.0), np.eye(3)[0], LONG_ROOM, 1e-4),
        lambda x: 1e200 * (1 - np.cos(2 * np.pi * x[..., 0])),
    )
    assert driven.result == pytest.approx(1, rel=1e-3)


@given(
    seed=seeds,
    length=st.floats(0.1, 1.5),
    place=st.floats(-1, 1),
    slope=st.floats(-30, 30),
    bend=st.floats(0, 0.5),
    first=st.floats(1e-4, 1e-2),
)
def test_waves_repeat_wherever_they_are_looked_at(
    seed: int, length: float, place: float, slope: float, bend: float, first: float
) -> None:
    direction = np.random.default_rng(seed).uniform(-1, 1, 3)
    f, _ = ripple(direction, length, slope, bend)
    phase = 2 * np.pi * place / length
    assume(abs(np.cos(phase)) > 0.2)  # where a wave bends neither way its even part is that of the bowl
    here = Start(place * direction, float(f(place * direction)))
    driven = drive(repeats_along(here, direction, LONG_ROOM, first * length), f)
    assert driven.result is True
    assert driven.evaluations <= 30
    assert np.all(np.abs(driven.points) <= 5)


@pytest.mark.parametrize("f", [parabola, chirp, long_wave, hole, lambda x: np.zeros(x.shape[:-1])])
@pytest.mark.parametrize("place", [0.0, 0.05, 1.3])
def test_what_has_no_waves_of_one_length_does_not_repeat(f: Surface, place: float) -> None:
    here = np.array([place, 0, 0])
    driven = drive(repeats_along(Start(here, float(f(here))), np.eye(3)[0], LONG_ROOM, 1e-3), f)
    assert driven.result is False
    assert driven.evaluations <= 30


def test_without_room_on_both_sides_nothing_repeats() -> None:
    edge = np.array([5.0, 0, 0])
    driven = drive(repeats_along(Start(edge, 0.0), np.eye(3)[0], LONG_ROOM, 1e-3), parabola)
    assert driven.result is False
    assert driven.evaluations == 0
