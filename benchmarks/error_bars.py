"""Do the error bars of derivatives hold? `python -m benchmarks.error_bars` prints a table.

Random formulas (polynomials, exponentials, waves, rationals, logarithms, their products and nestings) with random
units of every axis, whose derivatives are known in extended precision. A row is one estimator under one circumstance:
the part of the functions whose true errors lie within the bars (95 % are promised), and the median of bar / true error
(100 is promised). Functions of many inputs have one vote, like those of one.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias, cast

import numpy as np

from benchmarks.jets import Jet, cos, exp, log, sin, sqrt, tanh
from blackbox.core.asking import Asking, Floats, Points
from blackbox.core.bounds import Bounds
from blackbox.gradients.catalogue import METHODS, gradient
from blackbox.gradients.complex_step import complex_step
from blackbox.gradients.directional import directional_derivative
from blackbox.gradients.hessian import hessian
from blackbox.gradients.place import survey
from blackbox.oracle.executors.vectorised import Vectorised
from blackbox.solve.calculus import ask

Formula: TypeAlias = Callable[[Sequence[Any]], Any]
"""From the d inputs, arrays or jets, to one output."""
Maker: TypeAlias = Callable[[int, np.random.Generator], Formula]

ESTIMATORS = (*(name for name in METHODS if name != "neighbour"), "complex-step", "directional", "hessian")
CIRCUMSTANCES = ("plain", "offset", "away", "zeros", "units", "bounds", "edge")
"""As drawn; f = 1e6 + small; x far from where f lives; some x exactly 0; another unit for every axis; x on bounds; x
where the function gives no number on one side of every axis."""
DIMENSIONS = (1, 2, 3, 5, 10, 50)
MOST_FOR_HESSIAN = 10
EXACT = float(np.finfo(np.float64).eps) / 4
"""Errors below this part of the derivative are none: the truth itself is told to no more."""


def _along(u: Sequence[Any], weights: Floats) -> Any:
    return sum((w * one for w, one in zip(weights[1:], u[1:], strict=True)), u[0] * weights[0])


def _unit(d: int, rng: np.random.Generator) -> Floats:
    weights = rng.standard_normal(d)
    return weights / np.linalg.norm(weights)


def _polynomial(d: int, rng: np.random.Generator) -> Formula:
    terms = [(rng.standard_normal(), rng.integers(0, d, rng.integers(1, 6)).tolist()) for _ in range(2 * d + 2)]

    def formula(u: Sequence[Any]) -> Any:
        total: Any = 0.0
        for weight, axes in terms:
            product = u[axes[0]] * weight
            for axis in axes[1:]:
                product = product * u[axis]
            total = product + total
        return total

    return formula


def _ridge(shape: Callable[[Any], Any]) -> Maker:
    def maker(d: int, rng: np.random.Generator) -> Formula:
        rows, shift = [_unit(d, rng) for _ in range(min(d, 3))], rng.uniform(-0.5, 0.5)
        return lambda u: sum(shape(_along(u, row) + shift) for row in rows)

    return maker


def _rational(d: int, rng: np.random.Generator) -> Formula:
    above, below = _unit(d, rng), _unit(d, rng)
    return lambda u: (_along(u, above) + 0.3) / (_along(u, below) ** 2 + 1.0)


def _valley(_d: int, _rng: np.random.Generator) -> Formula:
    def formula(u: Sequence[Any]) -> Any:
        return sum(((b - a * a) ** 2 * 100.0 for a, b in pairwise(u)), (u[0] - 1.0) ** 2)

    return formula


def _nested(d: int, rng: np.random.Generator) -> Formula:
    inner, outer = _unit(d, rng), _unit(d, rng)
    return lambda u: sin(exp(_along(u, inner)) + _along(u, outer) * 2.0)


def _pair(d: int, rng: np.random.Generator) -> Formula:
    makers = list(FORMULAS.values())[:-1]
    one, other = (makers[int(k)](d, rng) for k in rng.integers(0, len(makers), 2))
    return lambda u: one(u) * other(u)


FORMULAS: dict[str, Maker] = {
    "polynomial": _polynomial,
    "exponential": _ridge(lambda t: exp(t * 1.5)),
    "wave": _ridge(lambda t: sin(t * 7.0) + cos(t)),
    "bell": _ridge(lambda t: exp(-(t * t))),
    "rational": _rational,
    "logarithm": _ridge(lambda t: log(t + 4.0)),
    "root": _ridge(lambda t: sqrt(t * t + 0.5)),
    "step": _ridge(lambda t: tanh(t * 3.0)),
    "difference": _ridge(lambda t: (t + 300.0) ** 2 - 90000.0),
    "valley": _valley,
    "nested": _nested,
    "product": _pair,
}
"""Each of size 1 or so, and smooth, where every input is within ±1."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A function, the point, and what it is judged by."""

    formula: Formula
    turn: Floats
    center: Floats
    units: Floats
    """Shape `(d,)`: the length along each axis over which the function changes."""
    amount: float
    offset: float
    x: Floats
    bounds: Bounds
    broken: Floats
    """Shape `(d,)`: +1 or −1 where points on that side of x give no number."""

    def at(self, inputs: Sequence[Any]) -> Any:
        """The value for inputs that are arrays or jets."""
        scaled = [(one - c) * (1 / unit) for one, c, unit in zip(inputs, self.center, self.units, strict=True)]
        return self.formula([_along(scaled, row) for row in self.turn]) * self.amount + self.offset

    def __call__(self, points: Points) -> Any:
        """Points `(n, d)`, real or complex, to values `(n,)`."""
        values = self.at(list(points.T)) + 0 * points[:, 0]
        gone = np.any((points.real - self.x) * self.broken > 0, axis=1)
        return np.where(gone, np.nan, values)

    def truth(self, bent: bool) -> Jet:
        """Value, gradient and, if wanted, Hessian at x."""
        return cast(Jet, self.at(Jet.inputs(self.x, bent)))


def draw(name: str, circumstance: str, d: int, rng: np.random.Generator) -> Case:
    """A random function of that kind in that circumstance."""
    scale, amount = 10 ** rng.uniform(-8, 8, 2)
    units = scale * 10 ** (rng.uniform(-4, 4, d) if circumstance == "units" else np.zeros(d))
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0] if rng.random() < 0.5 else np.eye(d)
    away = 10 ** rng.uniform(0, 5) if circumstance == "away" else 1.0
    center: Floats = units * away * rng.uniform(-1, 1, d)
    x = center + units * rng.uniform(-1, 1, d) / np.sqrt(d)
    offset = amount * 1e6 if circumstance == "offset" else 0.0
    if circumstance == "zeros":
        x = np.where(rng.random(d) < 0.5, 0.0, x)
        center = np.where(x == 0, units * rng.uniform(-0.5, 0.5, d), center)
    case = Case(FORMULAS[name](d, rng), turn, center, units, amount, offset, x, Bounds.unbounded(d), np.zeros(d))
    side = rng.choice([-1.0, 1.0], d)
    if circumstance == "bounds":
        low, high = np.where(side < 0, x, x - units), np.where(side > 0, x, x + units)
        return replace(case, bounds=Bounds(low, high))
    return replace(case, broken=side) if circumstance == "edge" else case


def judge(case: Case, estimator: str, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Estimates, bars and truths, each flat."""
    truth, x = case.truth(estimator == "hessian"), case.x
    if estimator == "complex-step":
        found = _complex(case)
        return found.gradient, found.error, _plain(truth.gradient)
    if estimator == "hessian":
        upper = np.triu_indices(x.size)
        bend = ask(Vectorised(case), _hessian(case))
        return bend.matrix[upper], bend.error[upper], _plain(truth.hessian)[upper]
    if estimator == "directional":
        along = ask(Vectorised(case), _directional(case, rng.standard_normal(x.size) * case.units))
        return np.array([along.value]), np.array([along.error]), np.array([truth.gradient @ along.direction])
    found = ask(Vectorised(case), gradient(x, case.bounds, estimator))
    return found.gradient, found.error, _plain(truth.gradient)


def _plain(numbers: Any) -> Floats:
    """Extended numbers, typed as what they are compared with."""
    return np.asarray(numbers)


def _hessian(case: Case) -> Asking[Any]:
    place = yield from survey(case.x, case.bounds)
    return (yield from hessian(place))


def _directional(case: Case, direction: Floats) -> Asking[Any]:
    place = yield from survey(case.x, case.bounds)
    return (yield from directional_derivative(place, direction))


def _complex(case: Case) -> Any:
    asking = complex_step(case.x, case.bounds)
    try:
        asking.send(case(cast(Any, next(asking))))
    except StopIteration as finished:
        return finished.value
    raise AssertionError("a complex step asks once")


def record(estimator: str, names: Sequence[str], circumstance: str, draws: int, seed: int = 0) -> tuple[float, float]:
    """The part within the bar, and the median of bar / true error, over `draws` functions of each kind."""
    rng = np.random.default_rng([seed, len(estimator), CIRCUMSTANCES.index(circumstance)])
    within: list[float] = []
    excess: list[float] = []
    for name in names:
        for turn in range(draws):
            d = DIMENSIONS[turn % len(DIMENSIONS)]
            case = draw(name, circumstance, min(d, MOST_FOR_HESSIAN) if estimator == "hessian" else d, rng)
            with np.errstate(all="ignore"):
                value, bar, truth = judge(case, estimator, rng)
            off = np.abs(value.astype(np.longdouble) - truth)
            within.append(float(np.mean(off <= bar)))
            excess.append(float(np.median(bar / np.maximum(off, EXACT * np.abs(truth) + 1e-300))))
    return float(np.mean(within)), float(np.median(excess))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Do the error bars of derivatives hold?")
    parser.add_argument("--draws", type=int, default=12, help="functions of each kind in each circumstance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--by", choices=("circumstance", "formula"), default="circumstance")
    wish = parser.parse_args()
    print(f"| estimator | {wish.by} | within the bar | bar / error, median |")
    print("|---|---|---:|---:|")
    for estimator in ESTIMATORS:
        if wish.by == "circumstance":
            rows = {c: record(estimator, list(FORMULAS), c, wish.draws, wish.seed) for c in _possible(estimator)}
        else:
            rows = {name: _over_all(estimator, name, wish.draws, wish.seed) for name in FORMULAS}
        for label, (coverage, excess) in rows.items():
            flag = " ←" if coverage < 0.95 or excess > 100 else ""
            print(f"| {estimator} | {label} | {100 * coverage:.1f} % | {excess:.3g}{flag} |", flush=True)


def _possible(estimator: str) -> list[str]:
    """A complex step asks neither side of x."""
    return [c for c in CIRCUMSTANCES if estimator != "complex-step" or c not in ("bounds", "edge")]


def _over_all(estimator: str, name: str, draws: int, seed: int) -> tuple[float, float]:
    found = [record(estimator, [name], circumstance, draws, seed) for circumstance in _possible(estimator)]
    return float(np.mean([one for one, _ in found])), float(np.median([other for _, other in found]))


if __name__ == "__main__":
    main()
