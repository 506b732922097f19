"""Payload bytes of live functions, with their code inside, as a stranger's file has it."""

import sys
from collections.abc import Callable
from types import ModuleType

import cloudpickle
import dill


def by_value(thing: object, *owners: Callable) -> bytes:
    """cloudpickle, with the code of the test module that defines the thing (or the owners) inside."""
    modules: list[ModuleType] = [sys.modules[owner.__module__] for owner in (owners or (thing,))]
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(thing)
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


def by_dill(thing: object) -> bytes:
    """dill, with the code inside."""
    return dill.dumps(thing, byref=False, recurse=True)
