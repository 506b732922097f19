"""Parameters that keep their defaults: no inputs of the search, and a person must know of them."""

from dataclasses import dataclass

from blackbox.loading.description import Description
from blackbox.loading.signature import Form
from blackbox.loading.styles import Call, CallStyle

_AS_ARGUMENTS = (CallStyle.SCALARS, CallStyle.KEYWORDS)
"""Styles in which every input is an argument of its own; in the others the whole point is the first one."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held, and how to search it too."""

    shown: tuple[str, ...] = ()
    """`y = 2`, one a parameter."""
    widening: str = ""
    """`--dimension 2`; empty where no option does it."""


def held_at_defaults(description: Description, form: Form, call: Call, dimension: int) -> Held:
    """The defaulted parameters that this call does not give."""
    as_arguments = call.style in _AS_ARGUMENTS
    placed = dimension - len(call.names) if as_arguments else 1
    positional = [parameter for parameter in description.parameters or () if parameter.kind == "positional"]
    named = [parameter for parameter in description.parameters or () if parameter.kind == "keyword"]
    left = [parameter for parameter in (*positional[placed:], *named) if parameter.name not in call.names]
    held = [parameter for parameter in left if not parameter.required]
    shown = tuple(f"{parameter.name} = {parameter.default}" for parameter in held)
    if not as_arguments or not held or not all(_is_number(parameter.default) for parameter in held):
        return Held(shown)
    if call.style is CallStyle.SCALARS and held[-1].kind == "positional":
        # of one required parameter alone it is not certain that it is no vector
        return Held(shown, f"--dimension {dimension + len(held)}{' --call scalars' if form.open else ''}")
    given = [parameter.name for parameter in positional[:placed] if not parameter.required]
    return Held(shown, f"--call keywords:{','.join([*given, *call.names, *(parameter.name for parameter in held)])}")


def _is_number(default: str) -> bool:
    try:
        float(default)
    except ValueError:
        return False
    return True
