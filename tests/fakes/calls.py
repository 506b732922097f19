"""A function behind an `ask`, with no process: what discovery asks is answered here, and counted."""

import inspect

import numpy as np

from blackbox.core.evaluations import Reply
from blackbox.loading.description import Description, Parameter
from blackbox.loading.styles import CallStyle
from blackbox.oracle.executors.in_process import InProcess

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.VAR_POSITIONAL: "variadic",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: "keywords",
}


class Calls:
    """`ask(points, style)` over a live function."""

    def __init__(self, function) -> None:
        self.function = function
        self.count = 0

    def __call__(self, points, how) -> Reply:
        self.count += len(points)
        names = how.names

        def whole(x):
            return np.rint(x).astype(np.int64) if how.integers else x

        def by_name(x):
            placed = x.size - len(names)
            return self.function(
                *whole(x).tolist()[:placed], **dict(zip(names, whole(x).tolist()[placed:], strict=True))
            )

        call = {
            CallStyle.SCALARS: lambda x: self.function(*whole(x).tolist()),
            CallStyle.ARRAY: lambda x: self.function(whole(x)),
            CallStyle.LIST: lambda x: self.function(whole(x).tolist()),
            CallStyle.TUPLE: lambda x: self.function(tuple(whole(x).tolist())),
            CallStyle.BATCH: lambda x: self.function(whole(x)[np.newaxis, :]),
            CallStyle.KEYWORDS: by_name,
            CallStyle.DICT: lambda x: self.function(dict(zip(names, whole(x).tolist(), strict=True))),
        }[how.style]
        with np.errstate(all="ignore"):
            return InProcess(call).evaluate(points)


def describe(function, *, signature=True, stated=None, entry="", whole=False) -> Description:
    """What the signature alone says, and what is given."""
    parameters = None
    if signature:
        found = inspect.signature(function).parameters.values()
        parameters = tuple(
            Parameter(
                p.name,
                KINDS[p.kind],
                p.default is p.empty and "VAR" not in p.kind.name,
                "" if p.default is p.empty else repr(p.default),
            )
            for p in found
        )
    return Description("function", "f", parameters, (), stated=stated, numpy=True, entry=entry, whole=whole)
