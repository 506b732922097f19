"""Inputs that have names: told by the signature, by the person, or by the complaints of trial calls."""

import re

from blackbox.core.errors import MisfitError
from blackbox.loading.description import MAX_DIMENSION
from blackbox.loading.signature import Form
from blackbox.loading.styles import Call, CallStyle
from blackbox.loading.trials import Outcome, Trials, Verdict

_MISSING_KEY = re.compile(r"KeyError: (['\"])(.{1,64})\1$")
_MISSING_ARGUMENTS = re.compile(r"missing \d+ required .*?arguments?: (.+)")
_QUOTED = re.compile(r"'(\w{1,64})'")


def call_by_signature(form: Form, dimension: int | None) -> Call:
    """The call that gives by name what must be given so, and by place what comes before.

    Defaulted parameters join in, in their order, where the dimension asks for them. Raises `MisfitError` where it does
    not fit.
    """
    least = form.required + len(form.by_name)
    optional = (*form.names[form.required :], *form.by_name_if_asked)
    d = least if dimension is None else dimension
    if not least <= d <= least + len(optional):
        raise MisfitError(f"The function takes {form.text}", d)
    return Call(CallStyle.KEYWORDS, (*form.by_name, *optional[: d - least]))


def find_names(trials: Trials, style: CallStyle, integers: bool = False) -> Verdict | None:
    """Ask with the names that the complaints ask for, one trial a name, until it works; None where it never does."""
    names: list[str] = []
    taken: Verdict | None = None
    while len(names) <= MAX_DIMENSION:
        verdict = trials.try_out(Call(style, tuple(names), integers), len(names))
        if verdict.outcome is Outcome.WORKS:
            return verdict if names else None
        if verdict.outcome is Outcome.NO_NUMBER and names:
            taken = verdict
        new = [name for name in names_missing(verdict.reason) if name not in names]
        if not new:
            return taken
        names += new
    return None


def names_missing(reason: str) -> list[str]:
    """The names that a complaint says are not there."""
    key = _MISSING_KEY.search(reason)
    if key is not None:
        return [key.group(2)]
    arguments = _MISSING_ARGUMENTS.search(reason)
    return [] if arguments is None else _QUOTED.findall(arguments.group(1))
