"""A report in the forms that others read: JSON, CSV, JUnit, Gradescope, a Markdown page a submission. Strings all."""

import csv
import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from xml.etree import ElementTree

from blackbox.grading.marks import Status
from blackbox.grading.report import Graded, Report, lost

REPORT, TABLE, ITEMS, JUNIT, GRADESCOPE, PAGES = (
    "report.json",
    "scores.csv",
    "items.csv",
    "junit.xml",
    "gradescope",
    "pages",
)


def files_of(report: Report, pages: bool = True) -> Iterator[tuple[str, str]]:
    """The files of a report: path below the folder of results, and text; with `pages` those of each person, too."""
    yield REPORT, json.dumps(report.plain(), indent=1, allow_nan=False) + "\n"
    yield TABLE, scores_csv(report)
    yield ITEMS, items_csv(report)
    yield JUNIT, junit(report)
    for graded in report.submissions if pages else ():
        yield f"{PAGES}/{file_name(graded.name)}.md", page(graded, report)
        folder = f"{GRADESCOPE}/{file_name(graded.name)}"
        yield f"{folder}/results.json", json.dumps(gradescope(graded), indent=1, allow_nan=False) + "\n"


def file_name(name: str) -> str:
    """A name that every file system takes; different names stay different."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip(".-")[:60]
    return plain if plain == name else f"{plain or 'submission'}-{sha256(name.encode()).hexdigest()[:8]}"


def scores_csv(report: Report) -> str:
    """One row a submission: name, score, verdict, and the points of each item of the rubric."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["name", "score", "max_score", "verdict", *report.suite.rubric])
    for graded in report.submissions:
        points = [sum(i.score for i in graded.items if i.mark.item == name) for name in report.suite.rubric]
        numbers = [f"{value:.4f}" for value in points]
        table.writerow([_cell(graded.name), f"{graded.score:.4f}", f"{graded.max_score:g}", graded.verdict, *numbers])
    return stream.getvalue()


def items_csv(report: Report) -> str:
    """One row an item of a submission."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["name", "item", "challenge", "instance", "status", "score", "max_score", "evaluations", "reason"])
    for graded in report.submissions:
        for item in graded.items:
            mark = item.mark
            place = [_cell(graded.name), mark.item, item.challenge.id, item.instance + 1, mark.status.value]
            table.writerow([*place, repr(item.score), repr(item.max_score), mark.evaluations, _cell(mark.reason)])
    return stream.getvalue()


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text


def junit(report: Report) -> str:
    """A test suite a submission, a test case an item: a part of the points is a failure with its score told."""
    root = ElementTree.Element("testsuites", name=f"blackbox {report.suite.name}")
    for graded in report.submissions:
        states = [item.mark.status for item in graded.items]
        counts = {
            "tests": len(states),
            "failures": states.count(Status.FAIL) + states.count(Status.PARTIAL),
            "errors": states.count(Status.ERROR),
            "skipped": states.count(Status.SKIP),
        }
        fields = {name: str(count) for name, count in counts.items()}
        node = ElementTree.SubElement(root, "testsuite", {"name": graded.name, **fields})
        for item in graded.items:
            seconds = f"{item.mark.seconds:.3f}"
            case = ElementTree.SubElement(node, "testcase", classname=graded.name, name=item.label, time=seconds)
            kind = {Status.ERROR: "error", Status.SKIP: "skipped"}.get(item.mark.status, "failure")
            if item.mark.status is not Status.PASS:
                told = f"{item.score:.4g} of {item.max_score:.4g} points: {item.mark.reason}"
                ElementTree.SubElement(case, kind, message=told)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def gradescope(graded: Graded) -> dict[str, object]:
    """What Gradescope's autograder reads; hidden challenges show after the work is published."""
    tests = [
        {
            "name": item.label,
            "score": item.score,
            "max_score": item.max_score,
            "status": "passed" if item.mark.status is Status.PASS else "failed",
            "output": item.mark.reason,
            "visibility": "after_published" if item.challenge.hidden else "visible",
        }
        for item in graded.items
    ]
    return {"score": graded.score, "output": graded.problem, "visibility": "visible", "tests": tests}


def page(graded: Graded, report: Report) -> str:
    """The page that a person gets."""
    lines = [f"# {_text(graded.name)}", ""]
    lines.append(
        f"**{graded.score:.2f} of {graded.max_score:g} points** · {graded.verdict} · suite {report.suite.name}"
    )
    if graded.problem:
        lines += ["", f"Nothing could be graded: {_text(graded.problem)}."]
    lines += ["", "| item | points | of | |", "|---|---:|---:|---|"]
    for name in report.suite.rubric:
        rows = [item for item in graded.items if item.mark.item == name]
        earned, whole = sum(item.score for item in rows), sum(item.max_score for item in rows)
        told = ", ".join(sorted({item.mark.status.value for item in rows})) or "pending"
        lines.append(f"| {name} | {earned:.2f} | {whole:.2f} | {told} |")
    missed = lost(graded)
    if missed and not graded.problem:
        lines += ["", "## Where points were lost", ""]
        for item in missed:
            lines.append(f"- **{item.label}**: −{item.max_score - item.score:.2f}. {_text(item.mark.reason)}.")
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Text of strangers in which nothing is markup."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", text.rstrip("."))
