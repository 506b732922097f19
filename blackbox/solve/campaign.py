"""A campaign: tens of expensive evaluations in all, answered one by one, in any order, by whoever can."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from blackbox.core.asking import Point, Points, Values
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.numbers import require_whole
from blackbox.search.surrogate.field import MOST_PLACES, Field
from blackbox.search.surrogate.proposing import Known, propose
from blackbox.solve.plan import find_dimension, read_bounds, read_seed


@dataclass(frozen=True, slots=True)
class Telling:
    """What came of telling points, by row."""

    recorded: tuple[int, ...]
    """Rows that are new."""
    known: tuple[int, ...]
    """Rows that had been told before, with the same value."""
    own: tuple[int, ...]
    """Recorded rows that nobody had asked."""


class Campaign:
    """Proposes points from a surrogate of all that was told. For tens of evaluations; `Search` is for thousands.

    >>> campaign = Campaign(dimension=2, bounds=[(0, 1)], maximize=True)
    >>> campaign.tell(initial_inputs, initial_outputs)  # shapes (n, 2) and (n,)
    >>> point, = campaign.ask()                         # the same again until it is told
    >>> campaign.tell(point, measure(point))            # NaN or None for a failed evaluation
    >>> campaign.best
    """

    def __init__(
        self,
        dimension: int | None = None,
        bounds: Any = None,
        *,
        maximize: bool = False,
        seed: int = 0,
        decimals: int | None = None,
        half_open: bool = False,
    ) -> None:
        """Bounds must be finite; `decimals` are those of the points asked, a millionth of each side by default."""
        if bounds is None:
            raise UsageError("A campaign needs bounds: give the lowest and highest value of every input.")
        if decimals is not None and not 0 <= require_whole("decimals", decimals, 0) <= MOST_PLACES:
            raise OptionError("decimals", decimals, f"must be at most {MOST_PLACES}")
        box = read_bounds(bounds, find_dimension(dimension, bounds, None))
        assert box is not None
        self.field = Field.of(box, decimals, half_open)
        self.maximize, self.seed = maximize, read_seed(seed)
        self._points: Points = np.empty((0, box.dimension))
        self._values: Values = np.empty(0)
        self._pending: Points = np.empty((0, box.dimension))

    @property
    def points(self) -> Points:
        """All points told, shape `(n, d)`, in the order of telling."""
        return self._points.copy()

    @property
    def values(self) -> Values:
        """Their values, shape `(n,)`; NaN where an evaluation failed."""
        return self._values.copy()

    @property
    def pending(self) -> Points:
        """Points asked and not told yet, shape `(p, d)`."""
        return self._pending.copy()

    @property
    def best(self) -> tuple[Point, float] | None:
        """The best point told and its value; None while there is no finite value."""
        if not np.isfinite(self._values).any():
            return None
        row = int(np.nanargmax(self._values) if self.maximize else np.nanargmin(self._values))
        return self._points[row].copy(), float(self._values[row])

    def ask(self, n: int = 1) -> Points:
        """The n points whose values are wanted next, shape `(n, d)`: those pending first, then new ones.

        Asking again before telling answers the same points. Fewer than n where the grid of decimals holds no more.
        """
        wanted = require_whole("n", n, 1) - len(self._pending)
        if wanted > 0:
            signed = -self._values if self.maximize else self._values
            known = Known(self._points, signed, self._pending)
            self._pending = np.vstack([self._pending, propose(known, self.field, wanted, self.seed)])
        return self._pending[:n].copy()

    def tell(self, points: Any, values: Any, *, replicate: bool = False) -> Telling:
        """Record points, `(k, d)`, and values, `(k,)`; one point and its value will do. All are recorded, or none.

        A point that is told again with another value is a mistake, unless it is said to be a replicate: measured
        again. Raises `UsageError`.
        """
        told, answers = self._checked(points, values)
        recorded: list[int] = []
        known: list[int] = []
        all_points, all_values = self._points, self._values
        for row, (point, value) in enumerate(zip(told, answers, strict=True)):
            earlier = all_values[self.field.same(all_points, point)]
            if any(_equal(value, other) for other in earlier) and not replicate:
                known.append(row)
                continue
            if len(earlier) and not replicate:
                raise UsageError(
                    f"{shown(point)} was told already, with the value {earlier[0]:.10g}, not {value:.10g}: if it was "
                    "measured again, say so (--replicate, or replicate=True)."
                )
            recorded.append(row)
            all_points, all_values = np.vstack([all_points, point]), np.append(all_values, value)
        own = [row for row in recorded if not self.field.same(self._pending, told[row]).any()]
        self._points, self._values = all_points, all_values
        self._forget_pending()
        return Telling(tuple(recorded), tuple(known), tuple(own))

    def restore(self, points: Points, values: Values, asked: Points) -> None:
        """Take up what was told and asked before."""
        self._points, self._values, self._pending = points, values, asked
        self._forget_pending()

    def _forget_pending(self) -> None:
        open_rows = [not self.field.same(self._points, point).any() for point in self._pending]
        self._pending = self._pending[np.array(open_rows, dtype=bool)]

    def _checked(self, points: Any, values: Any) -> tuple[Points, Values]:
        """Told points on their pending ones, and finite values or NaN."""
        d = self.field.dimension
        try:
            told = np.array(points, dtype=np.float64)
            answers = np.array(np.atleast_1d(np.asarray(values, dtype=np.float64)))
        except (TypeError, ValueError) as cause:
            raise UsageError(f"tell: points of {d} numbers and a number for each are wanted ({cause}).") from cause
        told = told.reshape(1, -1) if told.ndim == 1 and (d > 1 or answers.size == 1) else told.reshape(len(told), -1)
        if told.shape[1] != d:
            raise UsageError(f"tell: points of {told.shape[1]} numbers for a function of {d} inputs.")
        if answers.shape != (len(told),):
            raise UsageError(f"tell: {len(told)} points and values of shape {answers.shape}: give one value a point.")
        for point in told:
            if not np.isfinite(point).all():
                raise UsageError(f"tell: the point {shown(point)} holds something that is not a finite number.")
            if not self.field.bounds.contain(point):
                raise UsageError(f"tell: the point {shown(point)} lies outside the bounds {self._box()}.")
        on_grid = np.array([self._as_asked(point) for point in told]).reshape(told.shape)
        return on_grid, np.where(np.isfinite(answers), answers, np.nan)

    def _as_asked(self, point: Point) -> Point:
        """The point that was asked or told, where this one is the same but for rounding."""
        for others in (self._pending, self._points):
            rows = np.flatnonzero(self.field.same(others, point))
            if rows.size:
                return others[rows[0]]
        return point

    def _box(self) -> str:
        return ",".join(f"{low:g}:{high:g}" for low, high in self.field.bounds.pairs())


def shown(point: Point) -> str:
    """A point for a sentence."""
    return "(" + ", ".join(f"{value:.10g}" for value in point) + ")"


def _equal(one: float, other: float) -> bool:
    return bool(one == other or (np.isnan(one) and np.isnan(other)))
