"""Ask and tell: the same search with a person, or any program, as the function."""

from dataclasses import replace
from typing import Any

import numpy as np

from blackbox.answer.answer import Answer
from blackbox.core.asking import Effort, Estimate, Explored, Landing, Points, Question, Remark
from blackbox.core.bounds import Bounds
from blackbox.core.errors import UsageError
from blackbox.core.evaluations import Reply
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.search.finish import Finish
from blackbox.solve.certificates import not_looked
from blackbox.solve.plan import Plan, check_start_inside, find_dimension, read_bounds, read_seed, read_start
from blackbox.solve.run import compose, search_of


class Search:
    """A search that is asked for points and told their values, in any order and in any portions.

    >>> search = Search(dimension=2, bounds=[(-5, 5)])
    >>> points = search.ask()                       # shape (n, 2)
    >>> search.tell(points, [f(x) for x in points]) # NaN or None for a failed evaluation
    >>> search.answer().x
    """

    def __init__(
        self, dimension: int | None = None, bounds: Any = None, x0: Any = None, *, seed: int = 0, maximize: bool = False
    ) -> None:
        d = find_dimension(dimension, bounds, x0)
        box = read_bounds(bounds, d) or Bounds.unbounded(d)
        start = read_start(x0, d)
        check_start_inside(start, box)
        self._plan = Plan(box, start, read_seed(seed), maximize, Limits())
        self._record = _Record(maximize)
        self._asking = search_of(self._plan)
        self._finish: Finish | None = None
        self._points: Points = np.empty((0, d))
        self._values = np.empty(0)
        self._told = np.empty(0, dtype=bool)
        self._advance(None)

    @property
    def done(self) -> bool:
        """Whether the search has ended: `ask` answers no more points."""
        return self._finish is not None

    def ask(self, n: int | None = None) -> Points:
        """The points whose values are wanted next, shape `(k, d)`, all of them or the first n; `(0, d)` at the end.

        Asking again before telling answers the same points.
        """
        if n is not None and n < 1:
            raise UsageError(f"ask(n={n}): n must be at least 1.")
        waiting = self._points[~self._told]
        return np.array(waiting if n is None else waiting[:n])

    def tell(self, points: Any, values: Any) -> None:
        """Record the values of points that were asked, shape `(k, d)` and `(k,)`; one point and its value will do.

        Raises `UsageError` for points that were not asked or a wrong number of values; nothing is recorded then.
        """
        d = self._plan.bounds.dimension
        try:
            told = np.array(points, dtype=np.float64).reshape(-1, d)
            answers = np.array(np.atleast_1d(np.asarray(values, dtype=np.float64)))
        except (TypeError, ValueError) as cause:
            raise UsageError(f"tell: points of {d} numbers and a number for each are wanted ({cause}).") from cause
        if answers.shape != (len(told),):
            raise UsageError(f"tell: {len(told)} points and values of shape {answers.shape}: give one value a point.")
        rows = self._rows_of(told)
        self._record.add(told, Reply.from_values(answers))
        self._values[rows] = answers
        self._told[rows] = True
        if self._told.all() and self._told.size:
            signed = -self._values if self._plan.maximize else self._values
            self._advance(np.where(np.isfinite(signed), signed, np.nan))

    def answer(self) -> Answer:
        """The best point told so far and what is known about it."""
        finish = self._finish or Finish(Stop.INTERRUPTED, "the search has more questions: ask and tell go on")
        end = replace(finish, detail=finish.detail or finish.stop.sentence)
        return compose(self._plan, self._record, end, None, not_looked(self._record, end, affordable=True))

    def _rows_of(self, told: Points) -> list[int]:
        rows: list[int] = []
        for point in told:
            same = np.flatnonzero(np.all(self._points == point, axis=1) & ~self._told)
            fresh = [int(row) for row in same if int(row) not in rows]
            if not fresh:
                raise UsageError(f"tell: the point {point.tolist()} is not among those asked and not yet told.")
            rows.append(fresh[0])
        return rows

    def _advance(self, values: Points | None) -> None:
        """Take the search to its next question of points."""
        try:
            question: Question = next(self._asking) if values is None else self._asking.send(values)
            while not isinstance(question, np.ndarray):
                self._record.hear(question)
                question = next(self._asking)
        except StopIteration as finished:
            self._finish = finished.value
            question = np.empty((0, self._plan.bounds.dimension))
        self._points = np.array(question)
        self._values = np.full(len(question), np.nan)
        self._told = np.zeros(len(question), dtype=bool)


class _Record(Oracle):
    """The oracle's memory without its voice: the values come from outside."""

    def __init__(self, maximize: bool) -> None:
        super().__init__(_Nobody(), Limits(), maximize=maximize)

    def add(self, points: Points, reply: Reply) -> None:
        self._remember(points, reply)

    def hear(self, event: Any) -> None:
        if isinstance(event, Effort | Landing | Remark | Estimate | Explored):
            self._notice(event)


class _Nobody:
    """An executor that is never asked."""

    def evaluate(self, points: Points) -> Reply:
        """Nobody is there to answer."""
        raise UsageError(f"{len(points)} points were asked of nobody: use ask and tell.")

    def close(self) -> None:
        """Nothing to release."""
