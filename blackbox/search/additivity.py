"""Is f a sum of functions of one variable each? Four evaluations mostly say no, 24 say yes, 100 more make sure.

A separable f has f(x) + f(y) = f(x_S, y_S') + f(y_S, x_S') for any points x, y and any set S of coordinates; where the
products agree instead, f is a product of such functions.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from blackbox.core.asking import Asking, Floats, Points, Values
from blackbox.gradients.steps import rounding_of
from blackbox.search.regions import Region

DRAWS = 6
"""A maximum of two coordinates passes one draw in three by chance: six let one such function in 700 through."""

FIRST_DRAWS = 2
"""Enough to try an axis search, which itself finds out whether the gains of the axes add up."""

LAST_DRAWS = 25
"""More before the search that ends a run: in 19 cases of 20 they show a well that takes 3 % of the box, beside which f
is a sum."""

EARLY_DRAWS = 1
"""So many of them come before the first descent, whose first evaluations count most; the others come after it."""

AGREEMENT = 1e-7
"""Part of the largest difference met that the sums may disagree by."""

PRODUCT_AGREEMENT = 1e-9
"""Part of a product of two values that another may differ from it by."""


@dataclass(frozen=True, slots=True)
class Draws:
    """What the test has seen, and what it thinks of it."""

    points: Points
    """Shape `(n, d)`; only those that gave a number."""
    values: Values
    """Shape `(n,)`."""
    additive: bool
    ordered: bool = False
    """Whether in every draw one half of the coordinates has told which end is lower, whatever the other half was: so it
    is for increasing functions of a sum, and in one draw of four by chance."""
    multiplied: bool = False
    """Whether the last draw's values multiply, as those of a product of functions of one variable each do; never told
    where f counts in numbers whose squares are no floats."""


def draw(region: Region, rng: np.random.Generator, draws: int = FIRST_DRAWS) -> Asking[Draws]:
    """Random draws out of the region until one fails. 4 evaluations a draw; none for d = 1, which is no sum."""
    d = region.lower.size
    points, values = np.empty((0, d)), np.empty(0)
    additive = ordered = d > 1
    for _ in range(draws if additive else 0):
        pair = region.sample(2, rng)
        chosen = np.zeros(d, dtype=bool)
        chosen[rng.permutation(d)[: d // 2]] = True
        mixed: Floats = np.where(chosen, pair, pair[::-1])
        four = np.concatenate([pair, mixed])
        answers = yield four
        points, values = np.concatenate([points, four]), np.concatenate([values, answers])
        additive = adds_up(answers[0] + answers[1], answers[2] + answers[3], answers)
        ordered = ordered and _is_ordered(*answers.tolist())
        if not additive:
            break
    known = np.isfinite(values)
    multiplied = len(values) > 0 and not additive and _multiplies(*values[-4:].tolist())
    return Draws(points[known], values[known], additive, ordered, multiplied)


def is_additive(region: Region, rng: np.random.Generator, draws: int = DRAWS) -> Asking[bool]:
    """Whether so many random draws out of the region all pass. 4 to 4 · `draws` evaluations; never true for d = 1."""
    return (yield from draw(region, rng, draws)).additive


def is_ordered(region: Region, rng: np.random.Generator) -> Asking[bool]:
    """Whether one more draw out of the region is ordered. 4 evaluations."""
    return (yield from draw(region, rng, 1)).ordered


def _is_ordered(one: float, other: float, mixed: float, opposite: float) -> bool:
    """Whether each half moves f the same way beside either state of the other half."""
    halves = (mixed - one) * (other - opposite), (opposite - one) * (other - mixed)
    return min(halves) > 0


def _multiplies(one: float, other: float, mixed: float, opposite: float) -> bool:
    """Whether two products of the values agree; never where they are 0 or no floats, or on a plateau."""
    four = (one, other, mixed, opposite)
    product, size, span = one * other, max(map(abs, four)), max(four) - min(four)
    apart = abs(product - mixed * opposite)
    # Beside a large constant every two products agree: the difference has to be small beside what f varies by as well.
    most = min(PRODUCT_AGREEMENT * abs(product), AGREEMENT * span * size)
    return span > 0 and 0 < abs(product) < inf and apart <= most


def adds_up(one: float, other: float, values: Values) -> bool:
    """Whether two sums of the values agree, as closely as their spread and rounding allow; never on a plateau."""
    if not np.isfinite(values).all():
        return False
    span = float(np.ptp(values))
    return span > 0 and abs(one - other) <= AGREEMENT * span + rounding_of(float(np.abs(values).max()))
