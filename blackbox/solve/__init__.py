"""Wiring: a function or a file and options in, an answer out.

`blackbox.solve(path, …)` is a call and `blackbox.solve` is also this folder; so the module itself can be called.
"""

import sys
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    def __call__(self, path: Any, **options: Any) -> Any:
        """See `blackbox.solve.challenge.solve`."""
        from blackbox.solve.challenge import solve

        return solve(path, **options)


sys.modules[__name__].__class__ = _CallableModule
