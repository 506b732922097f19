"""What a worker says of the function it holds: bounded JSON, validated field by field, believed in nothing."""

import json
from dataclasses import dataclass
from typing import cast

from blackbox.core.errors import ChallengeError
from blackbox.loading.printable import printable, with_article
from blackbox.loading.wire import MAX_DESCRIPTION, ProtocolViolation

MAX_NAMES = 64
"""The worker describes no more parameters and callables."""
MAX_DIMENSION = 50
"""The largest number of inputs that is looked for."""
KINDS = ("positional", "variadic", "keyword", "keywords")

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the function."""

    name: str
    kind: str
    """`positional`, `variadic` (`*args`), `keyword` (only by name) or `keywords` (`**kwargs`)."""
    required: bool
    default: str = ""
    """As it would be written, shortened; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Description:
    """The loaded function, as far as it is known without calling it."""

    type: str
    """Name of its type: `function`, `partial`, …"""
    name: str
    parameters: tuple[Parameter, ...] | None
    """None where Python does not know them."""
    callables: tuple[str, ...]
    """Names of the callables in the container it came from; empty where it came alone."""
    stated: int | None
    """What an attribute such as `dimension` or `n_features_in_` of the object says."""
    numpy: bool
    """Whether loading it imported numpy."""
    entry: str = ""
    """The member or the method that was taken of what the file holds; empty where it is the function itself."""
    whole: bool = False
    """Whether its code looks as if it took whole numbers alone."""


def read_description(body: bytes, python: str) -> Description:
    """The description in this JSON.

    Raises `ChallengeError` where the worker refused the payload, `ProtocolViolation` where the JSON is not as agreed.
    """
    fields = _object(body)
    outcome = _text(fields, "outcome")
    callables = tuple(_shown(name) for name in _list(fields, "callables"))
    if outcome != "loaded":
        raise _refusal(outcome, _text(fields, "detail"), callables, python)
    parameters = fields.get("parameters")
    numpy, stated = fields.get("numpy"), fields.get("stated")
    if not isinstance(numpy, bool):
        raise ProtocolViolation("a description without `numpy`")
    return Description(
        type=_text(fields, "type"),
        name=_text(fields, "name"),
        parameters=None if parameters is None else tuple(_parameter(row) for row in _list(fields, "parameters")),
        callables=callables,
        stated=None if stated is None else _dimension(stated),
        numpy=numpy,
        entry=_shown(fields.get("entry", "")),
        whole=fields.get("whole", False) is True,
    )


def _object(body: bytes) -> Fields:
    if len(body) > MAX_DESCRIPTION:
        raise ProtocolViolation("a description that is too long")
    try:
        fields: object = json.loads(body.decode("ascii"))
    except (ValueError, RecursionError) as cause:
        raise ProtocolViolation("a description that is no JSON") from cause
    if not isinstance(fields, dict):
        raise ProtocolViolation("a description that is no object")
    return cast(Fields, fields)


def _shown(value: object) -> str:
    if not isinstance(value, str):
        raise ProtocolViolation("a description with something else where text was due")
    return printable(value)


def _text(fields: Fields, name: str) -> str:
    return _shown(fields.get(name))


def _list(fields: Fields, name: str) -> list[object]:
    found = fields.get(name)
    if not isinstance(found, list) or len(cast(list[object], found)) > MAX_NAMES:
        raise ProtocolViolation(f"a description without a list of {name}")
    return cast(list[object], found)


def _dimension(value: object) -> int:
    if type(value) is not int or not 1 <= value <= MAX_DIMENSION:
        raise ProtocolViolation("a description with a number of inputs out of bounds")
    return value


def _parameter(row: object) -> Parameter:
    if not isinstance(row, list) or len(cast(list[object], row)) != 4:
        raise ProtocolViolation("a description with a malformed parameter")
    name, kind, required, default = cast(list[object], row)
    if kind not in KINDS or not isinstance(required, bool):
        raise ProtocolViolation("a description with a malformed parameter")
    return Parameter(_shown(name), str(kind), required, _shown(default))


def _refusal(problem: str, detail: str, names: tuple[str, ...], python: str) -> ChallengeError:
    listed = ", ".join(names)
    match problem:
        case "missing-module":
            return ChallengeError(
                f"The file needs the Python module {detail!r}, which {python} cannot import.",
                "Install it there, or name another interpreter with --python.",
            )
        case "by-name":
            return ChallengeError(
                f"The file holds only the name of a function, and its code is not here ({detail}).",
                "Ask the sender for the source, or for a file made with cloudpickle.register_pickle_by_value.",
            )
        case "several":
            return ChallengeError(
                f"The file holds {with_article(detail)} of several functions: {listed}.",
                "Choose one with --entry NAME.",
            )
        case "unknown-entry":
            return ChallengeError(
                f"The file holds no function {detail!r}.", f"It holds: {listed}." if names else "It holds no names."
            )
        case "not-callable":
            return ChallengeError(
                f"The file holds {with_article(detail)}, which cannot be called as a function.",
                "Ask the sender for the function itself, saved with cloudpickle.",
            )
        case "library":
            return ChallengeError(
                f"The file was saved by another version of {listed} than {python} has ({detail}).",
                f"Run {python} -m pip install --upgrade {listed}, or ask the sender for the source.",
            )
        case "unpickling":
            return ChallengeError(f"The file cannot be loaded by {python}: {detail}.")
        case _:
            raise ProtocolViolation("a refusal for an unknown reason")
