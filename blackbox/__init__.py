"""Minimise an unknown function from its values alone.

    answer = blackbox.minimize(fun, x0=[0.0, 0.0])       a live callable of an array of shape (d,)
    answer = blackbox.solve("challenge.pkl")             a file, run in a process of its own
    search = blackbox.Search(2); points = search.ask()   you, or any program, as the function
    campaign = blackbox.Campaign(2, [(0, 1)])            the same where tens of evaluations are all there is

Names are imported when they are first used, so that `import blackbox` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blackbox.answer.answer import Answer as Answer
    from blackbox.core.errors import BlackboxError as BlackboxError
    from blackbox.core.errors import ChallengeError as ChallengeError
    from blackbox.core.errors import SafetyError as SafetyError
    from blackbox.core.errors import UsageError as UsageError
    from blackbox.core.stops import Stop as Stop
    from blackbox.solve.ask_tell import Search as Search
    from blackbox.solve.calculus import check_gradient as check_gradient
    from blackbox.solve.calculus import critical_point as critical_point
    from blackbox.solve.calculus import directional_derivative as directional_derivative
    from blackbox.solve.calculus import gradient as gradient
    from blackbox.solve.calculus import hessian as hessian
    from blackbox.solve.calculus import jacobian as jacobian
    from blackbox.solve.campaign import Campaign as Campaign
    from blackbox.solve.minimize import minimize as minimize
    from blackbox.solve.walks import descend as descend
    from blackbox.solve.walks import learning_rates as learning_rates

__version__ = "0.1.0"

_HOMES = {
    "Answer": "blackbox.answer.answer",
    "BlackboxError": "blackbox.core.errors",
    "Campaign": "blackbox.solve.campaign",
    "ChallengeError": "blackbox.core.errors",
    "SafetyError": "blackbox.core.errors",
    "Search": "blackbox.solve.ask_tell",
    "Stop": "blackbox.core.stops",
    "UsageError": "blackbox.core.errors",
    "check_gradient": "blackbox.solve.calculus",
    "critical_point": "blackbox.solve.calculus",
    "descend": "blackbox.solve.walks",
    "directional_derivative": "blackbox.solve.calculus",
    "gradient": "blackbox.solve.calculus",
    "hessian": "blackbox.solve.calculus",
    "jacobian": "blackbox.solve.calculus",
    "learning_rates": "blackbox.solve.walks",
    "minimize": "blackbox.solve.minimize",
    "scipy_method": "blackbox.comparison.scipy_method",
}

__all__ = [*_HOMES, "solve"]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name == "solve":
        return import_module("blackbox.solve")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'blackbox' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
