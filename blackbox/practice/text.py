"""What a check says to a person, and to a program."""

import textwrap
from typing import Any

from blackbox.practice.checks import Status, Verdict

SCHEMA = "blackbox.check/1"
WIDTH = 100
_MARKS = {Status.PASS: "pass", Status.FAIL: "FAIL", Status.SKIP: "skip", Status.ERROR: "ERROR"}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The contract of `practice check --json`."""
    return {
        "schema": SCHEMA,
        "exercise": verdict.exercise.id,
        "passed": verdict.passed,
        "score": verdict.score,
        "max_score": verdict.exercise.max_score,
        "checks": [
            {
                "name": result.spec.name,
                "status": result.status.value,
                "score": result.score,
                "max_score": result.spec.score,
                "message": result.message,
                "fault": None if result.finding is None else result.finding.fault.value,
                "evidence": None if result.finding is None else result.finding.evidence,
            }
            for result in verdict.results
        ],
    }


def verdict_lines(verdict: Verdict) -> list[str]:
    """Lines for a person."""
    found = verdict.exercise
    lines: list[str] = []
    for result in verdict.results:
        lines += _wrapped(f"{_MARKS[result.status]:>5}  {result.spec.name}: ", result.message)
        if result.finding is not None:
            lines += _wrapped("       likely ", f"{result.finding.fault}: {result.finding.evidence}")
    state = "passed" if verdict.passed else "not yet"
    return [*lines, f"{found.folder}: {verdict.score} of {found.max_score} points, {state}"]


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(head + text, WIDTH, subsequent_indent=" " * 7, drop_whitespace=True) or [head]
