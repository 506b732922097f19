"""The work: one job is one entry of one submission at one instance, or the baselines of an instance. Any hand may do
it, in any order, and the same marks come out."""

import base64
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.grading.marks import Mark, Status, mark_gradient, mark_missing, mark_search, mark_walk
from blackbox.grading.suite import ENTRY_OF, Challenge, Suite
from blackbox.judging.faults import Walked
from blackbox.judging.instance import Instance
from blackbox.judging.secret import Secret
from blackbox.judging.sitting import Outcome, Rules, Sitting, inside, sit
from blackbox.judging.truth import Baseline, measure, slope_at
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.solution_wire import Task

BASELINE = "baseline"
"""The entry of a job that measures."""
GRADIENT_BUDGET = 50
"""Evaluations for each input that one gradient may take: room for very careful methods."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one hand does at a time."""

    submission: str
    """Digest of its bytes; empty for baselines."""
    challenge: str
    number: int
    """Of the instance."""
    entry: str

    @property
    def key(self) -> str:
        """Under which its result is kept."""
        return f"{self.submission}|{self.challenge}|{self.number}|{self.entry}"


def baseline_jobs(suite: Suite) -> Iterator[Job]:
    """One an instance that needs baselines."""
    for challenge in suite.challenges:
        if set(challenge.entries) - {"gradient"}:
            for number in range(challenge.instances):
                yield Job("", challenge.id, number, BASELINE)


def jobs_of(suite: Suite, submission: str) -> Iterator[Job]:
    """All jobs of a submission, in the order of the suite."""
    for challenge in suite.challenges:
        for number in range(challenge.instances):
            for entry in challenge.entries:
                yield Job(submission, challenge.id, number, entry)


def items_of(challenge: Challenge, entry: str) -> list[str]:
    """The items that an entry earns at a challenge."""
    return [item for item in challenge.items if ENTRY_OF[item] == entry]


def spoilt(suite: Suite, job: Job, outcome: str, reason: str) -> list[Mark]:
    """No points for any item of a job, for one reason."""
    items = items_of(suite.challenge(job.challenge), job.entry)
    return [Mark(item, Status.ERROR, 0.0, reason, outcome, 0, 0.0) for item in items]


@dataclass(frozen=True, slots=True)
class _Bench:
    """An instance laid out."""

    challenge: Challenge
    instance: Instance
    secret: Secret

    @property
    def start(self) -> Point | None:
        start = self.challenge.start
        return None if start is None else self.instance.outward(np.array([start]))[0]

    @property
    def box(self) -> tuple[tuple[float, float], ...] | None:
        pairs = self.challenge.bounds
        return None if pairs is None else self.instance.bounds(pairs)


def do_baseline(suite: Suite, job: Job, sandbox: Sandbox = Sandbox.STRICT) -> dict[str, Any]:
    """Both baselines of an instance, as plain data."""
    challenge = suite.challenge(job.challenge)
    with challenge.function.opened(sandbox) as executor:
        bench = _lay(suite, challenge, job.number, executor)
        pairs = bench.box
        box = Bounds.unbounded(challenge.dimension) if pairs is None else Bounds.from_pairs(pairs, challenge.dimension)
        found = measure(bench.secret, box, bench.start, challenge.budget, suite.seed)
    return {**asdict(found), "at": found.at.tolist()}


def do_entry(
    suite: Suite, job: Job, source: bytes, baseline: dict[str, Any] | None, sandbox: Sandbox = Sandbox.STRICT
) -> list[Mark]:
    """Run one entry of a submission and mark it. Raises `SafetyError` where it cannot be locked in."""
    challenge = suite.challenge(job.challenge)
    items = items_of(challenge, job.entry)
    rules = Rules(suite.seconds, sandbox)
    with challenge.function.opened(sandbox) as executor:
        bench = _lay(suite, challenge, job.number, executor)
        known = None if baseline is None else replace(Baseline(**baseline), at=np.array(baseline["at"]))
        if job.entry == "gradient":
            return _gradient(items, bench, source, rules)
        assert known is not None
        if job.entry == "descend":
            return _descend(items, bench, source, rules, known)
        return _minimize(items, bench, source, rules, known)


def _lay(suite: Suite, challenge: Challenge, number: int, executor: Any) -> _Bench:
    instance = challenge.instance(suite.seed, number)
    secret = Secret(executor, instance, challenge.noise, challenge.seed(suite.seed, number))
    return _Bench(challenge, instance, secret)


def _gradient(items: list[str], bench: _Bench, source: bytes, rules: Rules) -> list[Mark]:
    dimension = bench.challenge.dimension
    places = bench.challenge.places(bench.instance)
    tasks = [Task("gradient", dimension, GRADIENT_BUDGET * dimension, tuple(place)) for place in places.tolist()]
    sittings = sit(source, [(task, bench.secret) for task in tasks], rules)
    if sittings[0].outcome is Outcome.MISSING:
        return mark_missing(items, sittings)
    slopes = [slope_at(bench.secret, place, s.result) for place, s in zip(places, sittings, strict=True)]
    return mark_gradient(items, sittings, slopes)


def _descend(items: list[str], bench: _Bench, source: bytes, rules: Rules, baseline: Baseline) -> list[Mark]:
    start = bench.start
    assert start is not None
    task = Task("descend", start.size, bench.challenge.budget, tuple(start.tolist()))
    (sitting,) = sit(source, [(task, bench.secret)], rules)
    if sitting.outcome is Outcome.MISSING:
        return mark_missing(items, [sitting])
    return mark_walk(items, walked(sitting, bench.secret, start), baseline.search)


def walked(sitting: Sitting, secret: Secret, start: Point) -> Walked:
    """The descent with what the judge finds at its ends."""
    quiet = secret.quiet()
    end = final(sitting)
    value = float("nan") if end is None else quiet.value(end)
    slope = float("inf") if end is None else slope_at(quiet, end).norm
    return Walked(sitting, quiet.value(start), slope_at(quiet, start).gradient, value, slope)


def final(sitting: Sitting) -> Floats | None:
    """What counts as the result: what was returned, or the best point where `BudgetSpent` came instead."""
    if sitting.outcome is Outcome.SPENT:
        return None if sitting.best is None else sitting.best[0]
    return sitting.result if sitting.in_shape else None


def _minimize(items: list[str], bench: _Bench, source: bytes, rules: Rules, baseline: Baseline) -> list[Mark]:
    challenge = bench.challenge
    task = Task("minimize", challenge.dimension, challenge.budget, bounds=bench.box)
    (sitting,) = sit(source, [(task, bench.secret)], rules)
    if sitting.outcome is Outcome.MISSING:
        return mark_missing(items, [sitting])
    end = final(sitting)
    valid = end is not None and inside(task, end)  # what lies outside may be as low as it likes
    value = bench.secret.quiet().value(end) if end is not None and valid else float("nan")
    return mark_search(items, sitting, value, baseline, challenge.noise)


# ------------------------------------------------------------------------------------------------ on the wire to a hand


def pack_job(job: Job, source: bytes, baseline: dict[str, Any] | None) -> dict[str, Any]:
    """Plain data."""
    return {**asdict(job), "source": base64.b64encode(source).decode("ascii"), "baseline": baseline}


def unpack_job(data: dict[str, Any]) -> tuple[Job, bytes, dict[str, Any] | None]:
    """The job, its source and its baselines."""
    names = ("submission", "challenge", "number", "entry")
    return Job(**{name: data[name] for name in names}), base64.b64decode(data["source"]), data["baseline"]
