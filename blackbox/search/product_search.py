"""Product search: a global search along every axis at once, where f is a product of functions of one variable each.

As in the search for sums (`axis_search.py`) all lines are laid through one point; but what a change of one coordinate
does to f is a factor, and the best of all lines together is the product of factors that is lowest: of two signs, the
best place on one line depends on what the others choose. Densities, wave functions and Shubert's function are products.
"""

from collections.abc import Sequence

import numpy as np

from blackbox.core.asking import Asking, Point, ask_one
from blackbox.search.axis_search import ROUNDS, Axes, lay_lines, look_along
from blackbox.search.regions import Region

AGREEMENT = 1e-6
"""Part of the product that what is found may differ from it by."""


def product_search(x: Point, value: float, region: Region, rng: np.random.Generator) -> Asking[Axes]:
    """The best combination of one place on each axis. At most 191 d + 20 evaluations; `x` has the value `value`.

    The search ends at once where the factors do not multiply. (`Axes.additive` is never true.)
    """
    lines = yield from lay_lines(x, value, region, rng, 1)
    for rounds in ROUNDS if value != 0 else ():
        yield from look_along(x, lines, rounds)
        places, values = lowest_product(value, [line.extremes for line in lines])
        point = np.array(places)
        if np.array_equal(point, x):
            continue
        found = yield from ask_one(point)
        promised = value * float(np.prod(np.array(values) / value))
        agrees = abs(found - promised) <= AGREEMENT * abs(promised)
        if found < value:
            if agrees and found != 0:
                for line, here in zip(lines, values, strict=True):
                    line.scale(found / here)
            x, value = point, found
        if not agrees or value == 0:
            break
    return Axes(x, value, np.array([line.curvature for line in lines]), additive=False)


def lowest_product(
    value: float, extremes: Sequence[tuple[tuple[float, float], tuple[float, float]]]
) -> tuple[list[float], list[float]]:
    """The place on each line, and f there, whose factors f / `value` make the lowest product with `value`.

    Each line gives its lowest and its highest place with f there. The least and the greatest product of intervals are
    made of ends, so it is enough to carry both along; a product that is no number is never the least.
    """
    least = greatest = (value, list[float](), list[float]())
    for ends in extremes:
        options = [
            (product * (f / value), [*places, place], [*values, f])
            for product, places, values in (least, greatest)
            for place, f in ends
        ]
        least, greatest = min(options, key=lambda option: option[0]), max(options, key=lambda option: option[0])
    return least[1], least[2]
