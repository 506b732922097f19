"""Compiled Python (`.pyc`): run by the Python whose bytecode it is, and by no other."""

from blackbox.core.errors import ChallengeError
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.formats.loader import pack_loader

CONTAINER = "compiled Python (.pyc)"
_NEWEST_MAGIC = {
    3379: "3.6",
    3399: "3.7",
    3419: "3.8",
    3429: "3.9",
    3449: "3.10",
    3499: "3.11",
    3549: "3.12",
    3599: "3.13",
    3649: "3.14",
}
"""The largest magic number that each version may use. Source: CPython, `Lib/importlib/_bootstrap_external.py`."""
PYTHON_2 = 20121
"""From here on magic numbers are those of Python 1.5 to 2.7 (62211)."""
_HEADER, _HEADER_OF_3_6 = 16, 12
_LOADER = """\
def load(code, magic):
    import functools, importlib.util, marshal, sys, types

    if importlib.util.MAGIC_NUMBER != magic:
        raise RuntimeError("its bytecode is of another build of Python than " + sys.version.split()[0])
    module = types.ModuleType("challenge")
    exec(marshal.loads(code), module.__dict__)
    found = {}
    for name, value in module.__dict__.items():
        own = getattr(value, "__module__", None) == "challenge" or isinstance(value, functools.partial)
        if own and not name.startswith("_"):
            found[name] = value
    return found
"""
# Travels in every such payload: Python 3.6 must be able to run it.


def open_compiled(given: Given) -> Content:
    """What the module defines, as a dict of callables. Raises `ChallengeError` for a magic number not known here."""
    number = int.from_bytes(given.data[:2], "little")
    version = next((version for newest, version in _NEWEST_MAGIC.items() if number <= newest), None)
    if number >= PYTHON_2:
        raise ChallengeError(
            f"{given.name} was compiled by Python 2, which is not run here.", "Ask the sender for the source."
        )
    if version is None or number < 3360:
        raise ChallengeError(
            f"{given.name} is compiled Python of a version not known here (magic number {number}).",
            "Ask the sender for the source.",
        )
    code = given.data[_HEADER_OF_3_6 if version == "3.6" else _HEADER :]
    payload = pack_loader(_LOADER, {"code": code, "magic": given.data[:4]})
    finding = f"It holds the code of a whole module, compiled by Python {version}, which the worker runs."
    return Content(CONTAINER, payload, given.entry, (version,), findings=(finding,))
