"""`scipy.optimize.minimize(f, x0, method=blackbox.scipy_method)`: our search behind SciPy's door."""

import warnings
from collections.abc import Callable
from typing import Any

from blackbox.core.stops import Stop
from blackbox.solve.minimize import minimize

IGNORED = ("jac", "hess", "hessp", "constraints", "tol")
"""What SciPy hands to every custom method and our search does not need; constraints are refused."""

KNOWN = ("time", "target", "seed", "bounds")
"""Of `minimize`'s options, those with the same name here."""


def scipy_method(fun: Callable[..., Any], x0: Any, args: tuple[Any, ...] = (), **options: Any) -> Any:
    """A custom `method` of `scipy.optimize.minimize`; answers its `OptimizeResult`.

    `options` may hold `budget` (or SciPy's `maxfev`), `time`, `target`, `seed`. Gradients and a tolerance that are
    given are not used; other options are warned of, as SciPy does.
    """
    from scipy.optimize import OptimizeResult, OptimizeWarning  # pyright: ignore[reportMissingTypeStubs]

    if options.get("constraints"):
        raise ValueError("blackbox takes bounds, and no other constraints")
    for name in IGNORED:
        options.pop(name, None)
    callback = options.pop("callback", None)
    budget = options.pop("maxfev", None)
    budget = options.pop("budget", budget)
    known = {name: options.pop(name) for name in KNOWN if name in options}
    if options:
        warnings.warn(f"Unknown solver options: {', '.join(options)}", OptimizeWarning, stacklevel=3)
    answer = minimize(lambda x: fun(x, *args), x0=x0, budget=budget, callback=callback, **known)
    return OptimizeResult(
        x=answer.x,
        fun=answer.value,
        nfev=answer.evaluations,
        nit=len(answer.history.evaluations),
        success=answer.stop in (Stop.CONVERGED, Stop.TARGET),
        status=list(Stop).index(answer.stop),
        message=answer.reason,
    )
