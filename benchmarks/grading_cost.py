"""What judging costs: `python -m benchmarks.grading_cost` prints a table.

Each number is the best of its turns, as the machine is rarely idle. A call takes a fresh process for the solution and
one for the secret function, the evaluations, and what the judge finds out by itself.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from blackbox.grading.grade import GradeOptions, grade
from blackbox.grading.jobs import baseline_jobs, do_baseline, do_entry, jobs_of
from blackbox.grading.suite import read_suite
from blackbox.judging.instance import Instance
from blackbox.judging.secret import Function, Secret
from blackbox.judging.sitting import Rules, sit
from blackbox.loading.candidate_process import CandidateProcess
from blackbox.loading.solution_wire import Task

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = ROOT / "docs" / "class" / "anna.py"
TURNS = 7
EVALUATIONS = 5000
PLAIN = b"def descend(f, start):\n    for _ in range(%d):\n        f(start)\n    return start\n" % EVALUATIONS
NUMPY = b"import numpy\n"


def best(turn: Callable[[], object], turns: int = TURNS) -> float:
    """Seconds of the fastest turn."""
    found: list[float] = []
    for _ in range(turns):
        began = time.perf_counter()
        turn()
        found.append(time.perf_counter() - began)
    return min(found)


def start(source: bytes) -> None:
    """A locked process with a solution, and its end."""
    with CandidateProcess(10) as process:
        process.load(source)


def evaluation_seconds() -> float:
    """One evaluation through the three processes."""
    function = Function(2, source="def f(x):\n    return x[0] ** 2 + x[1] ** 2\n")
    with function.opened() as executor:
        secret = Secret(executor, Instance.plain(2))
        calls = [(Task("descend", 2, EVALUATIONS, (1.0, 2.0)), secret)]
        return min(sit(PLAIN, calls, Rules())[0].seconds for _ in range(TURNS)) / EVALUATIONS


def job_rows() -> list[str]:
    """Each entry at the first instance of each challenge of the default suite."""
    suite, source = read_suite(), SOLUTION.read_bytes()
    baselines = {
        (job.challenge, job.number): do_baseline(suite, job) for job in baseline_jobs(suite) if job.number == 0
    }
    rows: list[str] = []
    for job in jobs_of(suite, "measured"):
        if job.number == 0:
            known = baselines.get((job.challenge, 0))
            marks = do_entry(suite, job, source, known)
            seconds = best(lambda job=job, known=known: do_entry(suite, job, source, known), 3)
            rows.append(f"| {job.entry} at {job.challenge} | {marks[0].evaluations:,} | {seconds:.2f} |")
    return rows


def class_rows() -> list[str]:
    """The whole class of the README on one worker and on two."""
    rows: list[str] = []
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as out:
            began = time.perf_counter()
            report = grade(SOLUTION.parent, GradeOptions(out=Path(out) / "results", workers=workers))
            seconds = time.perf_counter() - began
        items = sum(len(graded.items) for graded in report.submissions)
        jobs = f"{report.all} jobs, {items} items"
        rows.append(f"| docs/class, {workers} worker{'s' if workers > 1 else ''} ({jobs}) | {seconds:.1f} |")
    return rows


def table() -> str:
    """The costs as Markdown."""
    lines = ["| step | cost |", "|---|---|"]
    lines.append(f"| start of a solution in plain Python | {1e3 * best(lambda: start(PLAIN)):.0f} ms |")
    lines.append(f"| start of a solution with numpy | {1e3 * best(lambda: start(NUMPY)):.0f} ms |")
    lines.append(f"| one evaluation through the three processes | {1e6 * evaluation_seconds():.0f} µs |")
    lines += ["", "| call | evaluations | seconds |", "|---|---:|---:|", *job_rows()]
    lines += ["", "| class | seconds |", "|---|---:|", *class_rows()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
