"""`module:NAME`: a function of an installed module, by its name."""

import re

from blackbox.loading.formats.content import Content
from blackbox.loading.formats.loader import pack_name
from blackbox.loading.references import has_module, missing

_NAMED = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_]\w*(?:\.\w+)*)")


def split_name(text: str) -> tuple[str, str] | None:
    """Module and name, where the text is a pair of them."""
    found = _NAMED.fullmatch(text)
    return None if found is None else (found.group(1), found.group(2))


def open_name(module: str, name: str) -> Content:
    """The function of this name; nothing is imported here."""
    remedy = None
    if not has_module(module):
        remedy = f"There is no module {module} among those installed: install it, or give its file as FILE.py:{name}."
    elif missing((), [(module, name)]):
        remedy = f"The module {module} defines no {name}: look at its documentation for the right name."
    finding = f"It is the name {module}.{name}, which the worker imports."
    payload = None if remedy else pack_name(module, name)
    return Content("module", payload, None, (), (f"{module}.{name}",), (name,), (finding,), remedy)
