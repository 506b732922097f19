"""Trial calls: what a function makes of so many inputs, and what its complaints say about the right number."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from blackbox.core.asking import Point, Points
from blackbox.core.evaluations import Reply, Status
from blackbox.loading.conditions import ANYWHERE, Conditions
from blackbox.loading.description import MAX_DIMENSION
from blackbox.loading.styles import Call

Ask = Callable[[Points, Call], Reply]

POINTS = 3
"""Trial points a candidate: inside the unit box, near zero, and of both signs; one of them suits most domains."""
PATIENCE = 6
"""After so many failures for one and the same reason, further candidates get one trial point instead of three."""
LOST = (Status.TIMEOUT, Status.CRASH)
LOSSES = 3
"""So many of them in a row, before anything has worked, end the trials: each costs a timeout or a restart."""
HUSHES = 6
"""… where silence tells of too few inputs: a program that reads six numbers is found by then."""
SHIFTS = (0.3719, -2.871, 17.33)
"""How far an input is moved to see whether it matters: within a period, to the other side, over a plateau."""
_GOLDEN = 0.6180339887498949

_SHAPE_TEXT = re.compile(
    r"shape|dimension|broadcast|unpack|size|length|len\b|element|expect|argument|input|feature|align|ambiguous|convert",
    re.I,
)
_SCALAR_TEXT = re.compile(
    r"truth value of an array|only (0-dimensional|length-1|size-1)|must be real number, not|size 1 to a Python scalar"
    r"|unpack \(expected 1\b|expected (exactly )?1 argument|takes (exactly )?(1|one) (positional )?argument"
)
_INTEGER_TEXT = re.compile(
    r"interpreted as an integer|indices must be integers[\w ]*, not (numpy\.)?float|only integers, slices"
    r"|arrays used as indices must be of integer|accepts integral values"
    r"|unsupported operand type\(s\) for (<<|>>|&|\||\^)"
    r"|bad operand type for unary ~|float' object has no attribute 'bit_|(must be|expected|requires?|needs?|takes?)"
    r" (an? |to be |whole |non-?negative |positive )*(int|integers?|whole numbers?)\b"
    r"|\b(int|integers?|whole numbers?) only|\bonly (int|integers?|whole numbers?)\b"
    r"|\bnot (an? )?(int|integer|whole number)\b",
    re.I,
)
_NAMES_TEXT = re.compile(
    r"indices must be integers[\w ]*, not '?str|only integers, slices"
    r"|has no attribute '(get|items|keys|values|pop)'|^KeyError: ['\"]"
)
_BATCH_TEXT = re.compile(
    r"expected 2D array, got 1D|axis 1 is out of bounds|too many indices for array: array is 1-dimensional"
    r"|must be (2-?d|two-dimensional)|^IndexError: tuple index out of range"
    r"|expected (a )?(2-?d|two-dimensional)|2 dim",
    re.I,
)
_UNPACKS_SHAPE = "not enough values to unpack (expected 2, got 1)"
"""Of more than one input, this is said by `n, d = X.shape`."""
_INTEGER_SCALE = 10.0
"""Trial points of whole numbers are the others times this: 4 to 7, 0, and 10 to 15 of both signs."""
_INDEX = re.compile(r"index (\d+) is out of bounds")
_NUMBER = re.compile(r"(?<![\w.])\d{1,2}(?![\w.]\d|\w)")
_RETURNED_SHAPE = re.compile(r"returned an array of shape \((\d+),\)")


class Outcome(Enum):
    """What came of one candidate."""

    WORKS = auto()
    MISFIT = auto()
    """It fails in the way of a wrong number or kind of inputs."""
    NO_NUMBER = auto()
    """It takes the inputs and gives no number: NaN, None, a domain error."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, the last point tried, its value (NaN unless it works) and the reason of the failure."""

    outcome: Outcome
    call: Call
    point: Point
    value: float
    reason: str


class GaveUp(Exception):  # noqa: N818 - a signal, no error
    """So many hangs or deaths in a row, and nothing has worked."""


class Trials:
    """Asks, counts and remembers the complaints."""

    __slots__ = ("_ask", "_conditions", "_lost", "_most_lost", "_worked", "count", "reasons", "seen")

    def __init__(self, ask: Ask, conditions: Conditions = ANYWHERE) -> None:
        self._ask, self._conditions = ask, conditions
        self._most_lost = HUSHES if conditions.hushed else LOSSES
        self._lost = 0
        self._worked = False
        self.count = 0
        """Evaluations so far."""
        self.reasons: Counter[str] = Counter()
        self.seen: list[tuple[Point, float]] = []
        """Points that gave a number, and it."""

    def try_out(self, call: Call, dimension: int) -> Verdict:
        """Up to three evaluations; one where the complaint is clearly about the inputs. Raises `GaveUp`.

        A complaint about floats asks the same once more in whole numbers. Once something has worked, a hang or a death
        ends the candidate: it costs too much to look twice.
        """
        verdict = self._try(call, dimension)
        if verdict.outcome is Outcome.MISFIT and not call.integers and wants_integers(verdict.reason):
            whole = self._try(replace(call, integers=True), dimension)
            if whole.outcome is Outcome.WORKS:
                return whole
        return verdict

    def _try(self, call: Call, dimension: int) -> Verdict:
        outcome, reason = Outcome.NO_NUMBER, ""
        point = self._point(0, call, dimension)
        for number in range(POINTS):
            point = self._point(number, call, dimension)
            reply = self._evaluate(point, call)
            status = Status(int(reply.statuses[0]))
            if status is Status.OK:
                return Verdict(Outcome.WORKS, call, point, float(reply.values[0]), "")
            reason = reply.reasons.get(0, status.name.lower().replace("_", " "))
            self.reasons[reason] += 1
            if is_misfit(status, reason) and not (call.integers and "index out of range" in reason):
                outcome = Outcome.MISFIT
                break
            told = self._worked or self._most_lost == HUSHES  # one point of so many inputs tells enough
            if self.reasons[reason] > PATIENCE or (told and status in LOST):
                break
        return Verdict(outcome, call, point, np.nan, reason)

    def _point(self, number: int, call: Call, dimension: int) -> Point:
        """The trial point of this number: the start given comes first, and none leaves the bounds."""
        start = self._conditions.begins_at(dimension) if number == 0 else None
        point = trial_point(number, dimension) if start is None else start.copy()
        if call.integers:
            point = np.rint(_INTEGER_SCALE * point if start is None else point)
        return self._conditions.inside(point, whole=call.integers)

    def reach(self, verdict: Verdict) -> int:
        """How many leading inputs matter: one more than the place of the last that changes the value.

        One evaluation where the last one matters at once; at most 3 + 3 log2(d).
        """
        low, high = 0, verdict.point.size
        if self._matters(verdict, high - 1):
            return high
        high -= 1
        while low < high:
            middle = (low + high) // 2
            if self._matters(verdict, middle):
                low = middle + 1
            else:
                high = middle
        return low

    def _matters(self, verdict: Verdict, first: int) -> bool:
        """Whether moving all inputs from `first` on changes the value, or takes it away. Up to three evaluations."""
        for shift in SHIFTS:
            moved = verdict.point.copy()
            moved[first:] += shift
            moved = self._conditions.inside(moved, whole=verdict.call.integers)
            if self._evaluate(moved, verdict.call).values[0] != verdict.value:
                return True
        return False

    def _evaluate(self, point: Point, call: Call) -> Reply:
        self.count += 1
        reply = self._ask(point[np.newaxis, :], call)
        status = Status(int(reply.statuses[0]))
        if status is Status.OK:
            self._worked = True
            self.seen.append((point.copy(), float(reply.values[0])))
        self._lost = self._lost + 1 if status in LOST else 0
        if self._lost >= self._most_lost and not self._worked:
            self.reasons[reply.reasons.get(0, "the process died or hung")] += LOSSES
            raise GaveUp
        return reply


class Candidates:
    """Dimensions in the order in which they are worth a trial; every complaint may move some to the front."""

    __slots__ = ("_done", "_queue", "batch", "named", "scalar")

    def __init__(self, stated: int | None) -> None:
        self._queue = [*([stated] if stated else []), 2, 1, *range(3, MAX_DIMENSION + 1)]
        self._done: set[int] = set()
        self.scalar = False
        """Whether a complaint said that the function wants one number."""
        self.batch = False
        """… points in rows."""
        self.named = False
        """… inputs by name."""

    def __iter__(self) -> Iterator[int]:
        while self._queue:
            dimension = self._queue.pop(0)
            if dimension not in self._done:
                self._done.add(dimension)
                yield dimension

    def learn(self, dimension: int, reason: str) -> None:
        """Reorder after this complaint about so many inputs."""
        rows = _BATCH_TEXT.search(reason) or (dimension > 1 and _UNPACKS_SHAPE in reason)
        self.batch = self.batch or bool(rows)
        self.named = self.named or _NAMES_TEXT.search(reason) is not None
        index = _INDEX.search(reason)
        if index:
            beyond = int(index.group(1)) + 1
            self._queue.sort(key=lambda candidate: candidate < beyond)
            return
        returned = _RETURNED_SHAPE.search(reason)
        # Whole numbers were tried as well by now: an array of them was not what was wanted.
        whole = wants_integers(reason) and not self.scalar
        if whole or _SCALAR_TEXT.search(reason) or (returned and int(returned.group(1)) == dimension):
            self.scalar = True
            self._queue.insert(0, 1)
            return
        named = [int(text) for text in _NUMBER.findall(reason)]
        self._queue[:0] = [number for number in named if 1 < number <= MAX_DIMENSION and number != dimension]


def trial_point(number: int, dimension: int) -> Point:
    """The trial point of this number: irregular, so that no two inputs are alike and nothing cancels. Shape (d,)."""
    phase = np.mod(np.arange(1, dimension + 1) * _GOLDEN, 1.0)
    match number:
        case 0:
            return 0.4 + 0.3 * phase
        case 1:
            return 0.001 + 0.01 * phase
        case _:
            return (1.0 + phase / 2) * np.where(np.arange(dimension) % 2 == 0, -1.0, 1.0)


def is_misfit(status: Status, reason: str) -> bool:
    """Whether a failure is about the number or the kind of inputs rather than about their values."""
    if status is Status.WRONG_TYPE:
        return reason.startswith(("returned an array", "returned a list", "returned a tuple"))
    kind, _, text = reason.partition(":")
    if kind in ("TypeError", "IndexError", "AttributeError") or _NAMES_TEXT.search(reason):
        return True
    about_inputs = _SHAPE_TEXT.search(text) or _INTEGER_TEXT.search(text)
    return kind == "ValueError" and "math domain" not in text and bool(about_inputs)


def wants_integers(reason: str) -> bool:
    """Whether a complaint is about floats where whole numbers are wanted."""
    return reason.startswith(("TypeError", "IndexError", "ValueError")) and bool(_INTEGER_TEXT.search(reason))
