"""Runs an exercise's calls, each once, however many checks look at it."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from blackbox.core.asking import Point
from blackbox.judging.faults import Walked
from blackbox.judging.instance import Instance
from blackbox.judging.secret import Secret
from blackbox.judging.sitting import Outcome, Rules, Sitting, inside, sit
from blackbox.judging.truth import Slope, slope_at
from blackbox.loading.solution_wire import Task
from blackbox.practice.exercise import Exercise, Landscape

HEIGHT = 7.0
"""Two heights of one landscape: below zero and above."""


@dataclass(slots=True)
class Ground:
    """One user's instance of a landscape, ready to be asked."""

    landscape: Landscape
    instance: Instance
    secret: Secret

    @property
    def lowest(self) -> float:
        """The lowest value, as the user sees it."""
        return self.instance.stretch * self.landscape.lowest + self.instance.lift

    @property
    def place(self) -> Point:
        """Where it is."""
        assert self.landscape.place is not None
        return self.landscape.outward(self.instance, self.landscape.place)[0]

    @property
    def start(self) -> Point:
        """Where a descent begins."""
        assert self.landscape.start is not None
        return self.landscape.outward(self.instance, self.landscape.start)[0]

    def lifted(self, height: float) -> "Ground":
        """The same landscape with its lowest value at this height."""
        instance = replace(self.instance, lift=height - self.instance.stretch * self.landscape.lowest)
        return Ground(self.landscape, instance, replace(self.secret, instance=instance))

    def tasks(self, entry: str) -> list[Task]:
        """The calls of an entry: one a place for gradients, else one."""
        land = self.landscape
        if entry == "gradient":
            places = land.outward(self.instance, *land.at).tolist()
            return [Task(entry, land.dimension, land.budget, tuple(place)) for place in places]
        if entry == "descend":
            return [Task(entry, land.dimension, land.budget, tuple(self.start.tolist()))]
        box = None if land.bounds is None else self.instance.bounds(land.bounds)
        return [Task(entry, land.dimension, land.budget, bounds=box)]

    def slopes(self, sittings: Sequence[Sitting]) -> list[Slope]:
        """The true gradients of gradient calls."""
        return [slope_at(self.secret, np.array(sitting.task.x), sitting.result) for sitting in sittings]

    def walked(self, sitting: Sitting) -> Walked:
        """A descent with what the judge finds at its ends."""
        quiet, start = self.secret.quiet(), np.array(sitting.task.x)
        end = self.end(sitting)
        value = float("nan") if end is None else quiet.value(end)
        slope = float("inf") if end is None else slope_at(quiet, end).norm
        return Walked(sitting, quiet.value(start), slope_at(quiet, start).gradient, value, slope)

    def value(self, sitting: Sitting) -> float:
        """At what a call came to, NaN where it came to nothing."""
        end = self.end(sitting)
        return float("nan") if end is None or not inside(sitting.task, end) else self.secret.quiet().value(end)

    def end(self, sitting: Sitting) -> Point | None:
        """What was returned, or the best point where `BudgetSpent` came instead."""
        if sitting.outcome is Outcome.SPENT:
            return None if sitting.best is None else sitting.best[0]
        return sitting.result if sitting.in_shape else None


@dataclass
class Bench:
    """One check of one solution by one user."""

    exercise: Exercise
    source: bytes
    user: int
    rules: Rules
    stack: ExitStack = field(default_factory=ExitStack)
    _grounds: dict[str, Ground] = field(default_factory=dict[str, Ground])
    _sittings: dict[tuple[str, ...], list[Sitting]] = field(default_factory=dict[tuple[str, ...], list[Sitting]])

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def ground(self, name: str) -> Ground:
        """The user's instance of a landscape."""
        if name not in self._grounds:
            land = self.exercise.landscapes[name]
            seed = self.exercise.seed(self.user, name)
            executor = self.stack.enter_context(land.function.opened(self.rules.sandbox))
            instance = land.instance(seed)
            self._grounds[name] = Ground(land, instance, Secret(executor, instance, land.noise, seed))
        return self._grounds[name]

    def calls(self, entry: str, name: str) -> list[Sitting]:
        """The calls of an entry on a landscape, in one process."""
        return self._once((entry, name), [(task, self.ground(name)) for task in self.ground(name).tasks(entry)])

    def pair(self, name: str) -> tuple[list[Ground], list[Sitting]]:
        """A descent at two heights of one landscape, each in a process of its own."""
        grounds = [self.ground(name).lifted(-HEIGHT), self.ground(name).lifted(HEIGHT)]
        found = [
            self._once(("descend", name, str(number)), [(ground.tasks("descend")[0], ground)])[0]
            for number, ground in enumerate(grounds)
        ]
        return grounds, found

    def again(self, entry: str, first: str, then: str) -> list[Sitting]:
        """The calls on the second landscape, after those on the first in the same process.

        The first come in reverse: whoever remembers the last place meets it again on another landscape.
        """
        before = [(task, self.ground(first)) for task in reversed(self.ground(first).tasks(entry))]
        after = [(task, self.ground(then)) for task in self.ground(then).tasks(entry)]
        return self._once((entry, first, then), before + after)[len(before) :]

    def _once(self, key: tuple[str, ...], calls: list[tuple[Task, Ground]]) -> list[Sitting]:
        if key not in self._sittings:
            self._sittings[key] = sit(self.source, [(task, ground.secret) for task, ground in calls], self.rules)
        return self._sittings[key]
