"""The answer in words, for a person. Values in, lines out."""

import math

import numpy as np

from blackbox.answer.answer import Answer, Minimum, Opened
from blackbox.answer.certificate import Certificate, Kind
from blackbox.core.asking import Floats
from blackbox.core.stops import Stop

SHOWN_MINIMA = 5
SHOWN_FAILURES = 3
SHOWN_COORDINATES = 12
SHOWN_PARTS = 3


def answer_lines(answer: Answer) -> list[tuple[str, str]]:
    """(label, text) rows, in the order in which a person wants to know."""
    word = "maximum" if answer.maximize else "minimum"
    rows: list[tuple[str, str]] = []
    if answer.x is None:
        rows.append((word, "none: " + answer.reason))
    else:
        rows += [(word, value_text(answer)), ("at", point(answer.x))]
    if answer.challenge is not None:
        opened = answer.challenge
        rows.append(("call", _call(opened)))
    if answer.x is not None:
        rows.append(("stopped", f"{_STOPPED[answer.stop]}{answer.reason}"))
    rows.append(("evaluations", _evaluations(answer)))
    if len(answer.effort) > 1:
        rows.append(("spent on", spent_line(answer)))
    if answer.failed_evaluations and not (answer.x is None and len(answer.failures) == 1):
        rows.append(("failed", _failures(answer)))
    rows += [("others", line) for line in _others(answer)]
    if answer.x is not None:
        rows.append(("sure?", answer.confidence.statement))
    if answer.certificate is not None and answer.certificate.kind is not Kind.UNKNOWN:
        rows.append(("kind", kind_line(answer.certificate)))
    for check in answer.checks:
        rows.append(("check", f"{'holds' if check.holds else 'FAILS'}  {check.name}: {check.detail}"))
    if answer.noise:
        rows.append(("noise", f"values near the {word} scatter by about {answer.noise:.2g}: trust no digit below"))
    if answer.region is not None and answer.bounds is None:
        low, high = point(answer.region.lower, 4), point(answer.region.upper, 4)
        rows.append(("looked at", f"points were drawn from {low} to {high}; beyond, only where a descent led"))
    rows += [("note", text) for text in answer.remarks]
    if answer.challenge is not None and answer.challenge.note:
        rows.append(("note", answer.challenge.note))
    return rows


def spent_line(answer: Answer) -> str:
    """`restarts 65 %, populations 22 %, polish 5 %, other 8 %`."""
    parts = sorted(answer.effort.items(), key=lambda part: -part[1])
    shown = parts[:SHOWN_PARTS] if len(parts) > SHOWN_PARTS + 1 else parts
    shares = [f"{name} {_share(count, answer)}" for name, count in shown]
    rest = answer.evaluations - sum(count for _, count in shown)
    return ", ".join([*shares, *([f"other {_share(rest, answer)}"] if rest else [])])


def _share(count: int, answer: Answer) -> str:
    return f"{100 * count / max(1, answer.evaluations):.0f} %"


def kind_line(certificate: Certificate) -> str:
    """`interior; slope 0 ± 1e-10; curvatures 2 to 6 ± 1e-8`."""
    parts = [_KINDS[certificate.kind]]
    gradient, error, curved = certificate.gradient, certificate.gradient_error, certificate.eigenvalues
    if gradient is not None and error is not None and certificate.kind in _SLOPED:
        steepest = int(np.argmax(np.abs(np.nan_to_num(gradient))))
        parts.append(f"slope {gradient[steepest]:.3g} ± {error[steepest]:.1g} along x{steepest + 1}, the steepest")
    if curved is not None and curved.size:
        span = f"{curved[0]:.4g}" if curved.size == 1 else f"{curved[0]:.4g} to {curved[-1]:.4g}"
        parts.append(f"curvature{'' if curved.size == 1 else 's'} {span} ± {certificate.eigenvalue_error:.1g}")
    if certificate.kind is Kind.STAIRS:
        parts.append(certificate.note)
    return "; ".join(parts)


def value_text(answer: Answer) -> str:
    """The value; where it is a mean, rounded to its standard error, which is told with it."""
    error = answer.value_error
    if not error:
        return f"{answer.value:.15g}"
    digits = 1 - math.floor(math.log10(error))
    shown = f"{answer.value:.{digits}f}" if digits > 0 else f"{round(answer.value, digits):.15g}"
    return f"{shown} ± {error:.2g}, a mean of repeated evaluations"


def point(x: Floats, digits: int = 10) -> str:
    """`(750, 500)`, with as many digits as mean something to a person."""
    shown = [f"{value:.{digits}g}" for value in x[:SHOWN_COORDINATES]]
    rest = f", … {len(x) - SHOWN_COORDINATES} more" if len(x) > SHOWN_COORDINATES else ""
    return f"({', '.join(shown)}{rest})"


def seconds(value: float) -> str:
    """`0.41 s`, `3 min 20 s`."""
    if value < 60:
        return f"{value:.2f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"


def _call(opened: Opened) -> str:
    if opened.dimension is None:
        return "no way of calling it gave a number"
    text = f"{opened.call}, {opened.dimension} input{'' if opened.dimension == 1 else 's'}"
    if not opened.held:
        return text
    one = len(opened.held) == 1
    remedy = f"; {opened.widening} searches {'it' if one else 'them'} too" if opened.widening else ""
    return f"{text}; held at {'its default' if one else 'their defaults'}: {', '.join(opened.held)}{remedy}"


def _evaluations(answer: Answer) -> str:
    text = f"{answer.evaluations:,} in {seconds(answer.seconds)}"
    if answer.history.evaluations.size:
        text += f"; the best was found at number {int(answer.history.evaluations[-1]):,}"
    return text


def _failures(answer: Answer) -> str:
    shown = list(answer.failures.items())[:SHOWN_FAILURES]
    reasons = "; ".join(reason if len(answer.failures) == 1 else f"{count:,} × {reason}" for reason, count in shown)
    more = f"; {len(answer.failures) - SHOWN_FAILURES} more kinds" if len(answer.failures) > SHOWN_FAILURES else ""
    return f"{answer.failed_evaluations:,} of {answer.evaluations:,} evaluations failed: {reasons}{more}"


def _others(answer: Answer) -> list[str]:
    """The other minima; where many are exactly as low, as on a plateau, how many."""
    at = None if answer.x is None else answer.x.tolist()
    own = next((k for k, minimum in enumerate(answer.minima) if minimum.x.tolist() == at), 0)
    others = [*answer.minima[:own], *answer.minima[own + 1 :]]
    as_low = [minimum for minimum in others if minimum.value == answer.value]
    lines = list[str]()
    if len(as_low) >= SHOWN_MINIMA:
        others = [minimum for minimum in others if minimum.value != answer.value]
        lines.append(f"exactly as low at {len(as_low)} more points")
    lines += [_minimum(minimum) for minimum in others[: SHOWN_MINIMA - 1]]
    if len(others) >= SHOWN_MINIMA:
        lines.append(f"… and {len(others) - SHOWN_MINIMA + 1} more distinct ones found")
    return lines


def _minimum(minimum: Minimum) -> str:
    times = "once" if minimum.hits == 1 else f"{minimum.hits} times"
    return f"{minimum.value:.10g} at {point(minimum.x)}, met {times}"


_KINDS = {
    Kind.INTERIOR: "interior",
    Kind.BOUND: "at a bound",
    Kind.KINK: "at a kink",
    Kind.PLATEAU: "on a plateau",
    Kind.STAIRS: "on a stair",
    Kind.EDGE: "at the edge of where f has values",
    Kind.SADDLE: "a saddle, no minimum",
    Kind.SLOPE: "on a slope: it still falls from here",
    Kind.UNKNOWN: "unknown",
}

_SLOPED = (Kind.BOUND, Kind.EDGE, Kind.SLOPE)
"""Kinds whose slope is worth a word; where it is zero the check says so."""

_STOPPED = {
    Stop.CONVERGED: "converged: ",
    Stop.TARGET: "",
    Stop.BUDGET: "",
    Stop.TIME: "",
    Stop.UNBOUNDED: "NO MINIMUM, unbounded: ",
    Stop.INFIMUM: "NO MINIMUM, infimum: ",
    Stop.INTERRUPTED: "interrupted: ",
    Stop.NO_FINITE_VALUE: "",
}
"""What stands before the reason, where the reason does not say it itself."""
