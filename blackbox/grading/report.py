"""The report from what is in the store: scores, verdicts, and the reason for every point that is lost."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from blackbox import __version__
from blackbox.grading.jobs import baseline_jobs, jobs_of, spoilt
from blackbox.grading.marks import Mark, Status
from blackbox.grading.store import marks_of
from blackbox.grading.submissions import Submission
from blackbox.grading.suite import Challenge, Suite
from blackbox.judging.sitting import Outcome

SCHEMA = "blackbox.report/1"


class Verdict(StrEnum):
    """Of a submission, in the word of the report."""

    GRADED = "graded"
    """Every call came to an end."""
    FAULTY = "faulty"
    """Some call raised or returned what is no point."""
    STOPPED = "stopped"
    """Some call had to be stopped, or ended its process."""
    UNREADABLE = "unreadable"
    """Nothing of it could be run."""
    PENDING = "pending"
    """Not all of it has been graded yet."""


_STOPPED = {Outcome.TIME.value, Outcome.DIED.value, Outcome.BROKE.value}
_FAULTY = {Outcome.RAISED.value, Outcome.WRONG.value}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a report."""

    challenge: Challenge
    instance: int
    mark: Mark
    max_score: float

    @property
    def score(self) -> float:
        """Points."""
        return self.mark.fraction * self.max_score

    @property
    def label(self) -> str:
        """`descent at bowl, instance 1`."""
        return f"{self.mark.item} at {self.challenge.id}, instance {self.instance + 1}"


@dataclass(frozen=True, slots=True)
class Graded:
    """One submission."""

    name: str
    problem: str
    items: tuple[Item, ...]
    verdict: Verdict
    max_score: float

    @property
    def score(self) -> float:
        """Points, summed without rounding on the way, in the order of the suite."""
        return math.fsum(item.score for item in self.items)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the outputs are made of."""

    suite: Suite
    submissions: tuple[Graded, ...]
    baselines: tuple[Mapping[str, Any], ...]
    done: int
    all: int

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.all

    @property
    def mean_percent(self) -> float:
        """Over all submissions."""
        return 100 * math.fsum(g.score for g in self.submissions) / (len(self.submissions) * self.suite.points)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "schema": SCHEMA,
            "suite": self.suite.name,
            "suite_sha256": self.suite.digest,
            "seed": self.suite.seed,
            "version": __version__,
            "finished": self.finished,
            "jobs": {"done": self.done, "all": self.all},
            "max_score": self.suite.points,
            "baselines": list(self.baselines),
            "submissions": [_plain(graded) for graded in self.submissions],
        }


def _plain(graded: Graded) -> dict[str, Any]:
    return {
        "name": graded.name,
        "score": graded.score,
        "max_score": graded.max_score,
        "verdict": graded.verdict.value,
        "reason": graded.problem,
        "items": [
            {
                "name": item.mark.item,
                "challenge": item.challenge.id,
                "instance": item.instance,
                "hidden": item.challenge.hidden,
                "status": item.mark.status.value,
                "score": item.score,
                "max_score": item.max_score,
                "reason": item.mark.reason,
                "outcome": item.mark.outcome,
                "evaluations": item.mark.evaluations,
                "seconds": item.mark.seconds,
            }
            for item in graded.items
        ],
    }


def report_of(suite: Suite, submissions: Sequence[Submission], done: Mapping[str, Any]) -> Report:
    """The report of all jobs that are done."""
    measured = list(baseline_jobs(suite))
    told = [
        {"challenge": job.challenge, "instance": job.number, **_finite(done[job.key])}
        for job in measured
        if job.key in done
    ]
    graded = tuple(_graded(suite, submission, done) for submission in submissions)
    keys = {job.key for s in submissions if not s.problem for job in jobs_of(suite, s.digest)}
    keys |= {job.key for job in measured}
    return Report(suite, graded, tuple(told), len(keys & done.keys()), len(keys))


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN."""
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in row.items()}


def _graded(suite: Suite, submission: Submission, done: Mapping[str, Any]) -> Graded:
    items: list[Item] = []
    complete = True
    for job in jobs_of(suite, submission.digest):
        if submission.problem:
            marks = spoilt(suite, job, Outcome.UNREADABLE.value, submission.problem)
        elif job.key in done:
            marks = marks_of(done[job.key])
        else:
            complete = False
            continue
        challenge = suite.challenge(job.challenge)
        items += [Item(challenge, job.number, mark, suite.share(mark.item, challenge)) for mark in marks]
    verdict = _verdict(items) if complete else Verdict.PENDING
    problem = submission.problem
    if verdict is Verdict.UNREADABLE and not problem:
        problem = items[0].mark.reason
    return Graded(submission.name, problem, tuple(items), verdict, suite.points)


def _verdict(items: Sequence[Item]) -> Verdict:
    outcomes = {item.mark.outcome for item in items}
    if outcomes == {Outcome.UNREADABLE.value}:
        return Verdict.UNREADABLE
    if outcomes & _STOPPED:
        return Verdict.STOPPED
    return Verdict.FAULTY if outcomes & _FAULTY else Verdict.GRADED


def lost(graded: Graded) -> list[Item]:
    """The items that cost points, the dearest first."""
    found = [item for item in graded.items if item.mark.status is not Status.PASS]
    return sorted(found, key=lambda item: item.score - item.max_score)
