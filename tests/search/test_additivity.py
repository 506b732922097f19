"""Is f a sum of functions of one variable each?"""

import numpy as np

from blackbox.core.asking import Floats
from blackbox.search.additivity import draw, is_additive, is_ordered
from blackbox.search.regions import Region
from tests.fakes.drive import Surface, drive, finish
from tests.fakes.functions import quadratic, rosenbrock, rotation

DRAWS = 1000
SMOOTH = (np.square, lambda t: np.cos(3 * t), lambda t: np.exp(t / 2), lambda t: t**3 / 10)
ROUGH = (np.abs, *SMOOTH)


def separable(d: int, rng: np.random.Generator, kinds: tuple[Surface, ...]) -> Surface:
    """A random sum over the axes, with weights over four decades."""
    chosen, shifts = rng.integers(0, len(kinds), d), rng.uniform(-3, 3, d)
    weights = rng.choice([-1, 1], d) * 10 ** rng.uniform(-2, 2, d)

    def surface(x: Floats) -> Floats:
        return sum(weights[i] * kinds[chosen[i]](x[..., i] - shifts[i]) for i in range(d))

    return surface


def box(d: int) -> Region:
    return Region(np.full(d, -5.0), np.full(d, 5.0))


def test_every_sum_of_one_variable_functions_is_recognised() -> None:
    missed = []
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        d = int(rng.integers(2, 9))
        driven = drive(is_additive(box(d), rng), separable(d, rng, ROUGH))
        missed += [] if driven.result else [seed]
        assert driven.evaluations <= 40
    assert missed == []


def test_no_rotated_sum_is_taken_for_one() -> None:
    taken = []
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        d = int(rng.integers(2, 9))
        f, turned = separable(d, rng, SMOOTH[1:]), rotation(d, rng)
        taken += [seed] if finish(is_additive(box(d), rng), lambda x: f(x @ turned.T)) else []
    assert taken == []


def test_functions_with_mixed_terms_are_not_additive() -> None:
    for seed in range(50):
        rng = np.random.default_rng(seed)
        for f in (
            rosenbrock,
            lambda x: np.prod(x, axis=-1),
            lambda x: np.max(np.abs(x), axis=-1),
            lambda x: np.linalg.norm(x, axis=-1),
            quadratic(np.array([[2.0, 0.1], [0.1, 1.0]]), np.zeros(2)),
        ):
            assert not finish(is_additive(box(2), rng), f)


def test_one_variable_is_no_sum_and_costs_nothing() -> None:
    driven = drive(is_additive(box(1), np.random.default_rng(0)), lambda x: x[..., 0])
    assert driven.result is False
    assert driven.evaluations == 0


def test_nothing_is_claimed_of_plateaus_and_failures() -> None:
    for f in (lambda x: 0 * x[..., 0] + 3, lambda x: np.nan * x[..., 0]):
        assert not finish(is_additive(box(3), np.random.default_rng(0)), f)


def test_increasing_functions_of_sums_are_ordered_and_rotated_waves_mostly_are_not() -> None:
    ordered = by_chance = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        d = int(rng.integers(2, 9))
        f, turned = separable(d, rng, ROUGH), rotation(d, rng)
        unit = float(np.ptp(f(box(d).sample(100, rng))))

        def grown(x: Floats, f: Surface = f, unit: float = unit) -> Floats:
            return np.exp(f(x) / unit)

        def waves(x: Floats, f: Surface = f, unit: float = unit, turned: Floats = turned) -> Floats:
            return np.cos(40 * f(x @ turned.T) / unit)

        ordered += finish(is_ordered(box(d), rng), grown)
        by_chance += finish(is_ordered(box(d), rng), waves)
    assert ordered == 200
    assert by_chance <= 80


def test_products_of_one_variable_functions_are_recognised_and_no_sums() -> None:
    missed, taken = [], []
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        d = int(rng.integers(2, 9))
        f, sign = separable(d, rng, SMOOTH), rng.choice([-1, 1])
        spread = float(np.ptp(f(rng.uniform(-5, 5, (100, d)))))
        products = drive(draw(box(d), rng, 1), lambda x: sign * np.exp(3 * f(x) / spread))
        missed += [] if products.result and products.result.multiplied else [seed]
        sums = drive(draw(box(d), rng, 1), f)
        taken += [seed] if sums.result and sums.result.multiplied else []
    assert missed == []
    assert taken == []


def test_beside_a_large_constant_what_is_no_product_is_none() -> None:
    for offset in (1e6, 1e9, 1e11):
        for seed in range(50):
            driven = drive(draw(box(5), np.random.default_rng(seed), 1), lambda x: offset + rosenbrock(x) / 100)
            assert driven.result is not None
            assert not driven.result.multiplied


def test_a_plateau_and_what_is_0_or_no_number_is_no_product() -> None:
    for value in (0.0, 5.0, np.nan):
        driven = drive(draw(box(3), np.random.default_rng(0), 1), lambda x: np.full(x.shape[:-1], value))
        assert driven.result is not None
        assert not driven.result.multiplied
