"""Product search: a global search along every axis at once, where f is a product of functions of one variable each.

As in the search for sums (`axis_search.py`) all lines are laid through one point; but what a change of one coordinate
does to f is a factor, and the best of all lines together is the product of factors that is lowest: of two signs, the
best place on one line depends on what the others choose. Densities, wave functions and Shubert's function are products.
"""

from collections.abc import Sequence
from math import isfinite, isnan

import numpy as np

from blackbox.core.asking import Asking, ask_one
from blackbox.search.axis_search import ROUNDS, lay_lines, look_along
from blackbox.search.landing import Start
from blackbox.search.lines import Line
from blackbox.search.regions import Region

AGREEMENT = 1e-6
"""Part of the largest difference met that what is found may differ from the product by."""


def product_search(begin: Start, region: Region, rng: np.random.Generator) -> Asking[Start]:
    """The best combination of one place on each axis. At most 191 d + 21 evaluations; none from where f is 0.

    Lines are sharpened where they are lowest; where the highest place turns out to be wanted, only once f has changed
    its sign. The search ends at once where the factors do not multiply.
    """
    x, value = begin.point, begin.value
    if value == 0:
        return begin
    lines = yield from lay_lines(x, value, region, rng, 1)
    for rounds in ROUNDS:
        yield from look_along(x, lines, rounds)
        extremes = [line.extremes for line in lines]
        places, values = lowest_product(value, extremes)
        point = np.array(places)
        if np.array_equal(point, x):
            continue
        found = yield from ask_one(point)
        promised = _product(value, values)
        apart = max(abs(promised - value), *(high - low for (_, low), (_, high) in extremes))
        agrees = isfinite(promised) and abs(found - promised) <= AGREEMENT * apart
        if not agrees or found == 0 or 0 in values:  # no factor can be told any more
            return (yield from _leave(Start(x, value), Start(point, found), lines))
        if found < value:
            for line, here in zip(lines, values, strict=True):
                line.scale(found / here)
            x, value = point, found
    return Start(x, value)


def _leave(here: Start, found: Start, lines: Sequence[Line]) -> Asking[Start]:
    """The lowest of both and of the lowest place on any line through the first: it is asked, since lines are scaled."""
    line = min(lines, key=lambda line: line.least)
    beside = here.point.copy()
    beside[line.axis] = line.best
    best = found if found.value < here.value else here
    if line.least < best.value:
        value = yield from ask_one(beside)
        best = Start(beside, value) if value < best.value else best
    return best


def lowest_product(
    value: float, extremes: Sequence[tuple[tuple[float, float], tuple[float, float]]]
) -> tuple[list[float], list[float]]:
    """The place on each line, and f there, whose factors f / `value` make the lowest product with `value`.

    Each line gives its lowest and its highest place with f there. The least and the greatest product of intervals are
    made of ends, so it is enough to carry both along; a product that is no number is neither.
    """
    least = greatest = (value, list[float](), list[float]())
    for ends in extremes:
        options = [
            (product * (f / value), [*places, place], [*values, f])
            for product, places, values in (least, greatest)
            for place, f in ends
        ]
        least = min(options, key=lambda option: (isnan(option[0]), option[0]))
        greatest = max(options, key=lambda option: (not isnan(option[0]), option[0]))
    return least[1], least[2]


def _product(value: float, values: Sequence[float]) -> float:
    """What f is where each line has this value."""
    product = value
    for f in values:
        product *= f / value
    return product
