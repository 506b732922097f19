"""The noise level of f, from a difference table."""

import numpy as np
import pytest

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.noise import noise_along, noise_in_table, noise_of_rounding, rounding_in_table
from blackbox.gradients.place import survey
from tests.fakes.drive import drive, finish

TRIALS = 500


def table(seed: int, sigma: float) -> Floats:
    """Seven values of e^t + sin t, 1e-4 to 1e-3 apart, with normal noise."""
    rng = np.random.default_rng(seed)
    t = rng.uniform(0, 1) + np.arange(7) * 1e-3 * rng.uniform(0.1, 1)
    return np.exp(t) + np.sin(t) + sigma * rng.standard_normal(7)


@pytest.mark.parametrize("sigma", [1e-10, 1e-7, 1e-4])
def test_seeded_normal_noise_is_found_within_a_factor_4_in_19_of_20_tables(sigma: float) -> None:
    ratios = np.array([noise_in_table(table(seed, sigma)) / sigma for seed in range(TRIALS)])
    assert np.sum((ratios > 1 / 4) & (ratios < 4)) >= 0.93 * TRIALS
    assert np.sum((ratios > 1 / 2) & (ratios < 2)) >= 0.70 * TRIALS
    assert 1 / 2 < np.median(ratios) < 2
    assert ratios.max() < 8


def test_on_exact_smooth_functions_nothing_above_rounding_is_found() -> None:
    levels = [noise_in_table(table(seed, 0.0)) for seed in range(TRIALS)]
    assert max(levels) < 1e-14


@pytest.mark.parametrize("f", [lambda t: 0 * t + 7, lambda t: 3 * t, lambda t: t**2, lambda t: t**3 - t])
def test_exact_polynomials_are_no_noise(f: object) -> None:
    assert noise_in_table(f(np.arange(-3.0, 4.0))) == 0


def test_the_line_stays_inside_the_bounds_and_costs_seven_evaluations() -> None:
    bounds = Bounds.from_pairs([(0, 1)], 1)
    driven = drive(noise_along(np.array([0.0]), np.array([0.25]), bounds), lambda p: p[..., 0])
    assert driven.evaluations == 7
    assert bounds.contain(driven.points)


def test_beside_a_hole_no_noise_is_claimed() -> None:
    asking = noise_along(np.zeros(1), np.ones(1), Bounds.unbounded(1))
    assert drive(asking, lambda p: np.where(p[..., 0] > 0, np.nan, 1.0)).result == 0


def test_noise_of_a_noisy_function_is_seen_along_a_line() -> None:
    rng = np.random.default_rng(0)
    asking = noise_along(np.ones(2), np.full(2, 1e-6), Bounds.unbounded(2))
    level = drive(asking, lambda p: np.sum(p**2, axis=-1) + 1e-3 * rng.standard_normal(len(p))).result
    assert level is not None
    assert 1e-3 / 4 < level < 4e-3


def test_at_a_bound_the_line_bends_inwards_and_the_noise_is_the_same() -> None:
    """A table cut off at the bound would show its corner as noise: the same function has the same noise everywhere."""
    x, step = np.array([1.0, 1.0]), np.full(2, 2.0**-20)
    for pairs in ([(1, 5), (-5, 5)], [(-5, 1), (1, 5)], [(1, 5), (1, 5)]):
        box = Bounds.from_pairs(pairs, 2)
        driven = drive(noise_along(x, step, box), lambda p: np.exp(p[..., 0]) + p[..., 1])
        assert box.contain(driven.points)
        assert len({tuple(point) for point in driven.points}) == 7
        assert driven.result is not None
        assert driven.result < 1e-14


@pytest.mark.parametrize("away", [1e3, 1e6])
def test_what_rounding_the_point_does_to_a_plane_is_its_slope_times_the_last_digits(away: float) -> None:
    x, slope = np.full(3, away), np.array([1.0, -2.0, 2.0])
    seen = finish(noise_of_rounding(x, float(x @ slope), Bounds.unbounded(3)), lambda p: p @ slope)
    expected = np.linalg.norm(slope * np.spacing(away)) / np.sqrt(12)
    assert expected / 3 < seen < 3 * expected


@pytest.mark.parametrize("step", [1e-8, 1e-6, 1e-4, 1e-3, 1e-2])
def test_values_that_are_rounded_are_heard_as_such(step: float) -> None:
    """In 17 of 20 points the noise is found within a factor 4 of the rounding's deviation, step / sqrt(12)."""
    rng = np.random.default_rng(2)
    found = []
    for _ in range(40):
        x = rng.uniform(0.5, 3, 2)

        def rounded(p: Floats) -> Floats:
            return np.round((p[:, 0] ** 2 + 3 * p[:, 0] * p[:, 1] + np.sin(p[:, 1])) / step) * step

        found.append(finish(survey(x, Bounds.unbounded(2)), rounded).noise / (step / np.sqrt(12)))
    assert np.mean((np.array(found) > 1 / 4) & (np.array(found) < 4)) >= 0.85


@pytest.mark.parametrize("power", range(7))
@pytest.mark.parametrize("offset", [0.0, 1.0, 3.0])
def test_the_whole_numbers_of_a_polynomial_are_no_rounding(power: int, offset: float) -> None:
    t = np.arange(-3.0, 4.0)
    for spacing in (2.0**-24, 2.0**-16, 2.0**-8, 1.0):
        assert rounding_in_table(offset + (t * spacing) ** power, 0.0) == 0
        if offset and (3 * spacing / 8) ** power < 1e-17:  # so that the shorter table is level
            assert rounding_in_table(offset + (t * spacing) ** power, 8.0) == 0


def test_beside_a_hole_noise_is_heard_from_the_side_that_gives_numbers() -> None:
    x = np.array([1.0, 2.0])

    def loud(p: Floats) -> Floats:
        sums = (p.sum(axis=-1) + 1e3) ** 2 - 1e6
        return np.where((p[:, 0] > x[0]) | (p[:, 1] < x[1]), np.nan, sums)

    beside = finish(survey(x, Bounds.unbounded(2)), loud).noise
    whole = finish(survey(x, Bounds.unbounded(2)), lambda p: (p.sum(axis=-1) + 1e3) ** 2 - 1e6).noise
    assert 1 / 4 < beside / whole < 4
