"""`pytest --blackbox-suite suite.toml solution.py`: each item of the rubric as a test. Without the option: nothing.

The solution runs in its locked process as in `blackbox grade`; pytest itself never imports it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from blackbox.grading.jobs import Job
    from blackbox.grading.marks import Mark
    from blackbox.grading.suite import Suite

DEFAULT_WORD = "default"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("blackbox", "solutions judged by blackbox")
    group.addoption("--blackbox-suite", metavar="SUITE", help=f"a suite.toml, or {DEFAULT_WORD}: judge solutions by it")
    group.addoption("--blackbox-seed", metavar="N", type=int, help="other instances than those of the suite's seed")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """A file of Python that is named becomes a solution: in this process it is never imported."""
    if parent.config.getoption("--blackbox-suite") is None:
        return None
    return _made(Solution, parent, path=module_path)


def _made(node: Any, parent: pytest.Collector, **fields: Any) -> Any:
    """A node of pytest's tree."""
    return node.from_parent(parent, **fields)


class PointsLost(Exception):  # noqa: N818 - it says what happened
    """An item that did not get all of its points."""


class Solution(pytest.File):
    """One submission; its jobs are done when the first of their items runs."""

    def collect(self) -> "Iterator[Point]":
        """One test an item and instance."""
        from blackbox.grading.jobs import items_of, jobs_of
        from blackbox.grading.submissions import find_submissions
        from blackbox.grading.suite import DEFAULT, read_suite

        word = str(self.config.getoption("--blackbox-suite"))
        path = DEFAULT if word == DEFAULT_WORD else Path(word)
        self.suite = read_suite(path, self.config.getoption("--blackbox-seed"))
        (self.submission,) = find_submissions(self.path)
        self.marks: dict[str, list[Mark]] = {}
        self.baselines: dict[tuple[str, int], dict[str, Any]] = {}
        for job in jobs_of(self.suite, self.submission.digest):
            for item in items_of(self.suite.challenge(job.challenge), job.entry):
                name = f"{item}[{job.challenge}-{job.number + 1}]"
                yield _made(Point, self, name=name, job=job, item=item)

    def mark(self, job: "Job", item: str) -> "Mark":
        """Of one item; does the job where that has not been done."""
        if job.key not in self.marks:
            self.marks[job.key] = self._do(self.suite, job)
        return next(mark for mark in self.marks[job.key] if mark.item == item)

    def _do(self, suite: "Suite", job: "Job") -> "list[Mark]":
        from blackbox.grading.jobs import BASELINE, Job, do_baseline, do_entry, spoilt

        if self.submission.problem:
            return spoilt(suite, job, "unreadable", self.submission.problem)
        place = job.challenge, job.number
        if job.entry != "gradient" and place not in self.baselines:
            self.baselines[place] = do_baseline(suite, Job("", *place, BASELINE))
        return do_entry(suite, job, self.submission.source, self.baselines.get(place))


class Point(pytest.Item):
    """One item at one instance."""

    def __init__(self, *, job: "Job", item: str, **options: Any) -> None:
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType] - pytest leaves it open
        self.job, self.item = job, item

    def runtest(self) -> None:
        """Passes with all points."""
        assert isinstance(self.parent, Solution)
        mark = self.parent.mark(self.job, self.item)
        if mark.status == "skip":
            pytest.skip(mark.reason)
        if mark.status != "pass":
            raise PointsLost(f"{100 * mark.fraction:.0f} % of the points: {mark.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The reason alone: no traceback through the grader explains a lost point."""
        if isinstance(excinfo.value, PointsLost):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> "tuple[Path, int | None, str]":
        """Where it belongs."""
        return self.path, None, f"{self.path.name}: {self.name}"
