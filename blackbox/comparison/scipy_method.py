"""`scipy.optimize.minimize(f, x0, method=blackbox.scipy_method)`: our search behind SciPy's door."""

from collections.abc import Callable
from typing import Any

from blackbox.core.stops import Stop
from blackbox.solve.minimize import minimize

IGNORED = ("jac", "hess", "hessp", "constraints")
"""What SciPy hands to every custom method and values alone do not need; constraints are refused."""


def scipy_method(fun: Callable[..., Any], x0: Any, args: tuple[Any, ...] = (), **options: Any) -> Any:
    """A custom `method` of `scipy.optimize.minimize`; answers its `OptimizeResult`.

    `options` may hold `budget` (or SciPy's `maxfev`), `time`, `target`, `seed`. Gradients that are given are not used.
    """
    from scipy.optimize import OptimizeResult  # pyright: ignore[reportMissingTypeStubs]

    if options.get("constraints"):
        raise ValueError("blackbox takes bounds, and no other constraints")
    for name in IGNORED:
        options.pop(name, None)
    callback = options.pop("callback", None)
    budget = options.pop("maxfev", None)
    known = {name: options[name] for name in ("time", "target", "seed", "bounds") if name in options}
    answer = minimize(lambda x: fun(x, *args), x0=x0, budget=options.get("budget", budget), callback=callback, **known)
    return OptimizeResult(
        x=answer.x,
        fun=answer.value,
        nfev=answer.evaluations,
        nit=len(answer.history.evaluations),
        success=answer.stop in (Stop.CONVERGED, Stop.TARGET),
        status=list(Stop).index(answer.stop),
        message=answer.reason,
    )
