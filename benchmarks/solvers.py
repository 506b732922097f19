"""All solvers by name: ours, and the peers."""

from collections.abc import Callable
from functools import partial

from benchmarks import ours
from benchmarks.task import Task
from blackbox.core.errors import OptionError

Solve = Callable[[Task], None]

OURS: dict[str, Solve] = {"ours": ours.search, "ours-minimize": ours.through_minimize}

LABEL = "@"
"""`ours@tuned` runs `ours` and stores it under the longer name."""

WITHOUT = "ours-without-"
"""`ours-without-cma` is the search with that part switched off; several parts are joined by `+`."""


def solver_named(name: str) -> Solve:
    """The solver of a name, its library loaded. Raises `OptionError`, and `ImportError` where that is missing."""
    from benchmarks.peers.catalogue import PEERS

    plain = name.partition(LABEL)[0]
    if plain.startswith(WITHOUT):
        if not ours.can_do_without():
            raise OptionError("solvers", name, "this version's default_search has no parameter `without`")
        return partial(ours.search, without=frozenset(plain.removeprefix(WITHOUT).split("+")))
    if plain in OURS:
        return OURS[plain]
    if plain in PEERS:
        PEERS[plain].load()
        return PEERS[plain].solve
    known = ", ".join([*OURS, f"{WITHOUT}PART", *PEERS])
    raise OptionError("solvers", name, f"must be one of {known}")


def is_ours(name: str) -> bool:
    """Whether the solver is the library's own, not a peer."""
    return name == "ours" or name.startswith(("ours-", f"ours{LABEL}"))
