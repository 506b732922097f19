"""Numbers that carry their gradient and Hessian along, in extended precision: the judge of every error bar.

(Griewank & Walther 2008, "Evaluating derivatives", chapter 13: Taylor coefficients, here up to the second.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Extended: TypeAlias = NDArray[np.longdouble]


@dataclass(frozen=True, slots=True, eq=False)
class Jet:
    """A value with its first and second derivatives in d inputs."""

    value: np.longdouble
    gradient: Extended
    """Shape `(d,)`."""
    hessian: Extended | None
    """Shape `(d, d)`; None where nobody wants it, as it costs d times as much."""

    @classmethod
    def inputs(cls, x: NDArray[np.float64], bent: bool = True) -> list["Jet"]:
        """The inputs themselves, at x of shape `(d,)`; `bent` wants Hessians."""
        none: Extended | None = np.zeros((x.size, x.size), np.longdouble) if bent else None
        rows = np.eye(x.size, dtype=np.longdouble)
        return [cls(np.longdouble(value), row, none) for value, row in zip(x, rows, strict=True)]

    def __add__(self, other: Any) -> "Jet":
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.gradient, self.hessian)
        bend = None if self.hessian is None or other.hessian is None else self.hessian + other.hessian
        return Jet(self.value + other.value, self.gradient + other.gradient, bend)

    def __neg__(self) -> "Jet":
        return self * -1.0

    def __sub__(self, other: Any) -> "Jet":
        return self + (-other)

    def __rsub__(self, other: Any) -> "Jet":
        return -self + other

    def __mul__(self, other: Any) -> "Jet":
        if not isinstance(other, Jet):
            return Jet(
                self.value * other, self.gradient * other, None if self.hessian is None else self.hessian * other
            )
        bend = None
        if self.hessian is not None and other.hessian is not None:
            crossed = np.outer(self.gradient, other.gradient)
            bend = self.hessian * other.value + other.hessian * self.value + crossed + crossed.T
        return Jet(self.value * other.value, self.gradient * other.value + other.gradient * self.value, bend)

    def __truediv__(self, other: "Jet") -> "Jet":
        v = other.value
        return self * other.through(1 / v, -(v**-2), 2 * v**-3)

    def __pow__(self, power: int) -> "Jet":
        v = self.value
        return self.through(v**power, power * v ** (power - 1), power * (power - 1) * v ** (power - 2))

    __radd__, __rmul__ = __add__, __mul__

    def through(self, value: np.longdouble, first: np.longdouble, second: np.longdouble) -> "Jet":
        """φ of this number, from φ, φ' and φ'' there."""
        bend = None
        if self.hessian is not None:
            bend = np.asarray(first * self.hessian + second * np.outer(self.gradient, self.gradient), np.longdouble)
        return Jet(value, np.asarray(first * self.gradient, np.longdouble), bend)


def _lifted(plain: Callable[[Any], Any], told: Callable[[Any], tuple[Any, Any, Any]]) -> Callable[[Any], Any]:
    """A function of arrays that takes jets, too."""
    return lambda t: t.through(*told(t.value)) if isinstance(t, Jet) else plain(t)


exp = _lifted(np.exp, lambda v: (np.exp(v),) * 3)
sin = _lifted(np.sin, lambda v: (np.sin(v), np.cos(v), -np.sin(v)))
cos = _lifted(np.cos, lambda v: (np.cos(v), -np.sin(v), -np.cos(v)))
log = _lifted(np.log, lambda v: (np.log(v), 1 / v, -1 / v**2))
sqrt = _lifted(np.sqrt, lambda v: (np.sqrt(v), 1 / (2 * np.sqrt(v)), -(v**-1.5) / 4))
tanh = _lifted(np.tanh, lambda v: (np.tanh(v), 1 - np.tanh(v) ** 2, -2 * np.tanh(v) * (1 - np.tanh(v) ** 2)))
