"""`blackbox grade`: submissions × challenges → scores with reasons. Nothing that was finished is done twice."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blackbox import __version__
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.numbers import require_whole
from blackbox.grading.hands import DEATHS, Hands
from blackbox.grading.jobs import BASELINE, Job, baseline_jobs, jobs_of, pack_job, spoilt
from blackbox.grading.outputs import files_of
from blackbox.grading.report import Report, report_of
from blackbox.grading.store import Store, plain
from blackbox.grading.submissions import Submission, find_submissions
from blackbox.grading.suite import DEFAULT, Suite, read_suite
from blackbox.loading.packing import write_atomically
from blackbox.loading.sandbox import Sandbox

MOST_WORKERS = 64
REFRESH_SECONDS = 2.0
"""Between two reports on the way, which tell all but the pages."""
REFRESH_PART = 20
"""Reports of a large class take long: at most a twentieth of the time goes into them."""


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """What `grade` may be told. Every field has the meaning of the option of that name."""

    suite: Path = DEFAULT
    out: Path = Path("results")
    workers: int = 1
    resume: bool = False
    seed: int | None = None
    sandbox: Sandbox = Sandbox.STRICT

    def __post_init__(self) -> None:
        if require_whole("workers", self.workers, 1) > MOST_WORKERS:
            raise OptionError("workers", self.workers, f"must be {MOST_WORKERS} at most")
        if self.seed is not None:
            require_whole("seed", self.seed, 0)


Observer = Callable[[int, int, str], None]
"""Told jobs done, all jobs, and what is new."""


def grade(path: Path, options: GradeOptions, observer: Observer | None = None) -> Report:
    """Grade everything below the path and write the reports; the finished report.

    Raises `UsageError` (nothing to grade, the suite or the folder of results cannot be used), `ChallengeError` (a
    challenge of the suite cannot be asked), `SafetyError` (a solution cannot be locked in here).
    """
    suite = read_suite(options.suite, options.seed)
    submissions = find_submissions(path)
    key = {"suite": suite.digest, "version": __version__, "sandbox": options.sandbox.value}
    with Store(options.out, key, options.resume) as store:
        done = store.done()
        desk = _Desk(suite, submissions, done)
        report = write_report(suite, submissions, done, options.out)
        due = time.monotonic() + REFRESH_SECONDS
        if not report.finished:
            with Hands(suite, options.sandbox, min(options.workers, report.all - report.done)) as hands:
                for job, body in hands.work(desk.next):
                    done[job.key] = _given_up(suite, job) if body is None else body
                    store.keep(job, done[job.key])
                    if observer is not None:
                        who = desk.names.get(job.submission, BASELINE)
                        observer(len(done), report.all, f"{who}: {job.challenge}")
                    if (began := time.monotonic()) > due:
                        write_report(suite, submissions, done, options.out, pages=False)
                        due = time.monotonic() + max(REFRESH_SECONDS, REFRESH_PART * (time.monotonic() - began))
        return write_report(suite, submissions, done, options.out)


def write_report(
    suite: Suite, submissions: Sequence[Submission], done: dict[str, Any], out: Path, pages: bool = True
) -> Report:
    """The report as it stands, in all its forms; whoever reads sees whole files."""
    report = report_of(suite, submissions, done)
    for name, text in files_of(report, pages):
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, text.encode("utf-8"))
    return report


def _given_up(suite: Suite, job: Job) -> Any:
    if job.entry == BASELINE:
        raise UsageError(f"The baselines of {job.challenge} could not be measured: their process died {DEATHS} times.")
    return plain(spoilt(suite, job, "died", f"the grader's own process died {DEATHS} times in this job"))


class _Desk:
    """Deals the jobs that are left: baselines first, an entry once its baseline is there."""

    def __init__(self, suite: Suite, submissions: Sequence[Submission], done: dict[str, Any]) -> None:
        self._done = done
        self.names = {s.digest: s.name for s in submissions}
        self._sources = {s.digest: s.source for s in submissions}
        self._left = [job for job in _all_jobs(suite, submissions) if job.key not in done]

    def next(self) -> tuple[Job, dict[str, Any]] | None:
        """A job that can be done now, None where there is none."""
        for index, job in enumerate(self._left):
            baseline = self._done.get(Job("", job.challenge, job.number, BASELINE).key)
            if job.entry in (BASELINE, "gradient") or baseline is not None:
                del self._left[index]
                return job, pack_job(job, self._sources.get(job.submission, b""), baseline)
        return None


def _all_jobs(suite: Suite, submissions: Sequence[Submission]) -> Iterator[Job]:
    """Each once: two people who hand in the same bytes are judged once."""
    yield from baseline_jobs(suite)
    for digest in dict.fromkeys(s.digest for s in submissions if not s.problem):
        yield from jobs_of(suite, digest)
