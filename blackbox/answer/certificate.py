"""What derivatives, and a look around, say about one minimum."""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from blackbox.core.asking import Floats


class Kind(Enum):
    """What sort of minimum a point is. The value is the word of the JSON contract."""

    INTERIOR = "interior"
    """The gradient is zero within its error, and no curvature is clearly negative."""
    BOUND = "bound"
    """At a bound, and f does not fall towards the inside."""
    KINK = "kink"
    """The slope jumps from falling to rising."""
    PLATEAU = "plateau"
    """f is level all around, as far as its digits show."""
    STAIRS = "stairs"
    """f is level here and jumps at the edge of the level part."""
    EDGE = "edge"
    """Next to points at which f has no value."""
    SADDLE = "saddle"
    """The gradient is zero, but a curvature is clearly negative: no minimum."""
    SLOPE = "slope"
    """f still falls from here: the search ended on its way, or noise hides the minimum."""
    UNKNOWN = "unknown"
    """Not looked at, or not to the end; the note says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """One minimum, in the function's own sign. Arrays are None where nothing is known."""

    kind: Kind
    gradient: Floats | None = None
    """Shape `(d,)`; NaN along an axis that could not be looked at."""
    gradient_error: Floats | None = None
    """Shape `(d,)`: the bar around each component; the jump of the slope at a kink."""
    eigenvalues: Floats | None = None
    """Of the Hessian in the axes that are at no bound, ascending, shape `(k,)`."""
    eigenvalue_error: float = float("inf")
    """No eigenvalue is wrong by more."""
    evaluations: int = 0
    """What the certificate cost."""
    note: str = ""

    def in_sign(self, sign: float) -> "Certificate":
        """The same minimum as its function shows it: `sign` is −1 when maximising."""
        if sign > 0:
            return self
        gradient, eigenvalues = self.gradient, self.eigenvalues
        return replace(
            self,
            gradient=None if gradient is None else 0.0 - gradient,
            eigenvalues=None if eigenvalues is None else np.ascontiguousarray(0.0 - eigenvalues[::-1]),
        )


NOT_LOOKED_AT = Certificate(Kind.UNKNOWN, note="not looked at: the allowance was spent on lower ones")
