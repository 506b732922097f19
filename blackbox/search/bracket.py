"""One input and two bounds: the minimum of a unimodal function with the fewest questions, and fewer where it is smooth.

Golden section needs no budget to be known and loses at most one evaluation against Fibonacci's optimal search, which
does. (Kiefer 1953, "Sequential minimax search for a maximum"; Brent 1973, chapter 5, for the parabolas.) Parabolas are
taken wherever they cannot cost that promise. (docs/decisions/0006-few-questions.md)
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

from blackbox.core.asking import Asking, Point
from blackbox.core.bounds import GOLDEN, golden_cut
from blackbox.gradients.steps import rounding_of

Place = Callable[[float], Point]

SLACK = 1.3
"""After k evaluations the longer side of the incumbent is at most SLACK · GOLDEN^k of the interval. Fibonacci's search
leaves 1 / F(k+1): 1.309 times GOLDEN^k at k = 2, and more at every other k."""

FLAT = 4.0
"""Both ends so many roundings above the incumbent: nothing lower can be seen between them."""

FINEST = 4.0
"""… or no farther than so many last digits of the interval's ends."""

NUDGE = 1e-3
"""A parabola's lowest point this near to the incumbent, as part of the bracket, is asked a little farther out, on the
longer side: a new point beside the incumbent would halve nothing."""


@dataclass(slots=True)
class _Bracket:
    """The incumbent between two ends; the minimum of a unimodal f lies between them."""

    low: float
    x: float
    high: float
    f_low: float
    f_x: float
    f_high: float
    """Infinite at an end that was never asked."""
    finest: float
    """A side no longer than this is not split."""

    @property
    def sides(self) -> tuple[float, float]:
        """The shorter and the longer one."""
        left, right = self.x - self.low, self.high - self.x
        return min(left, right), max(left, right)

    def after(self, u: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """The sides once u was asked: if it is higher than the incumbent, and if it is lower."""
        near, far = (self.low, self.high) if u > self.x else (self.high, self.low)
        between, rest = abs(u - self.x), abs(far - u)
        return (abs(self.x - near), between), (between, rest)

    def take(self, u: float, value: float) -> None:
        """Shrink by what was answered at u."""
        if value < self.f_x:
            if u > self.x:
                self.low, self.f_low = self.x, self.f_x
            else:
                self.high, self.f_high = self.x, self.f_x
            self.x, self.f_x = u, value
        elif u > self.x:
            self.high, self.f_high = u, value
        else:
            self.low, self.f_low = u, value


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Where the bracket ended."""

    x: float
    value: float
    """NaN where the first point failed."""
    unimodal: bool
    """Whether no answer spoke against one valley."""


def narrow(low: float, high: float, place: Place) -> Asking[Narrowed]:
    """Shrink [low, high] around the minimum until nothing is left to see; at most some 75 evaluations.

    Ends at once where an answer shows a second valley, or fails.
    """
    x = golden_cut(low, high)
    value = yield from _value(x, place)
    finest = FINEST * 2.0**-52 * max(abs(low), abs(high))
    bracket = _Bracket(low, x, high, float("inf"), value, float("inf"), finest)
    promise = SLACK * GOLDEN * (high - low)
    while not isnan(bracket.f_x) and not _is_over(bracket):
        longest, next_longest = promise * GOLDEN, promise * GOLDEN**2
        u = _choose(bracket, longest, next_longest)
        if u in (bracket.low, bracket.x, bracket.high):
            break
        value = yield from _value(u, place)
        beyond = bracket.f_high if u > bracket.x else bracket.f_low
        if isnan(value) or value > max(beyond, bracket.f_x):
            return Narrowed(bracket.x, bracket.f_x, False)
        bracket.take(u, value)
        promise = longest
    return Narrowed(bracket.x, bracket.f_x, True)


def _value(x: float, place: Place) -> Asking[float]:
    values = yield place(x)[None, :]
    return float(values[0])


def _is_over(bracket: _Bracket) -> bool:
    visible = FLAT * rounding_of(bracket.f_x)
    if bracket.f_low - bracket.f_x <= visible and bracket.f_high - bracket.f_x <= visible:
        return True
    return bracket.sides[1] <= bracket.finest


def _choose(bracket: _Bracket, longest: float, next_longest: float) -> float:
    """The parabola's lowest point where that keeps the promise, else the nearest point on the longer side that does."""
    shorter, longer = bracket.sides
    toward = 1.0 if bracket.high - bracket.x >= bracket.x - bracket.low else -1.0
    wished = _parabola(bracket)
    if wished is not None and _keeps(bracket, wished, longest, next_longest):
        return wished
    least, most = longer - longest, min(next_longest, longer)
    if shorter > next_longest or wished is None or (wished - bracket.x) * toward < 0:
        share = (1 - GOLDEN) * longer
    else:
        share = abs(wished - bracket.x) * (1 + NUDGE)
    return bracket.x + toward * min(max(share, least), most)


def _keeps(bracket: _Bracket, u: float, longest: float, next_longest: float) -> bool:
    return all(max(sides) <= longest and min(sides) <= next_longest for sides in bracket.after(u))


def _parabola(bracket: _Bracket) -> float | None:
    """The lowest point of the parabola through the incumbent and both ends; None where an end is unknown or f flat."""
    left, right = bracket.x - bracket.low, bracket.high - bracket.x
    rise, fall = bracket.f_high - bracket.f_x, bracket.f_low - bracket.f_x
    if not (0 <= rise < float("inf") and 0 <= fall < float("inf")) or rise + fall == 0:
        return None
    bend = 2 * (fall * right + rise * left)
    if bend == 0:
        return None  # the bracket or f counts in numbers whose products are too small for a float
    shift = (fall * right**2 - rise * left**2) / bend
    u = bracket.x + shift
    nudge = NUDGE * (left + right)
    if abs(shift) < nudge:
        u = bracket.x + (nudge if right >= left else -nudge)
    return u if bracket.low < u < bracket.high else None
