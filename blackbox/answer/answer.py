"""The answer: what is claimed, and why it may be believed. Works like SciPy's `OptimizeResult`."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blackbox.answer.certificate import Certificate
from blackbox.answer.evidence import Evidence
from blackbox.core.asking import Explored, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """A distinct local minimum (a maximum, when maximising)."""

    x: Point
    value: float
    hits: int
    """How many descents ended there."""
    certificate: Certificate | None = None
    """None where nobody looked."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that should hold at a minimum, tried by evaluations of its own."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far the answer may be trusted to be global."""

    restarts: int
    distinct_minima: int
    unseen_minimum_probability: float | None
    """Chance that one more restart would end in a minimum not yet seen; None while too little is known."""
    statement: str
    global_probability: float | None = None
    """The claim that no value lower than the answer's exists where it was looked for; calibrated (docs/answers.md).
    None where there is no minimum to claim anything of."""
    expected_unseen_minima: float | None = None
    """Values at which descents would end and none has; None while too little is known."""
    all_seen_probability: float | None = None
    """Chance that there is no such value; both by Boender & Rinnooy Kan."""
    covered: float | None = None
    """Part of the region whose descents end at values already seen, in expectation."""
    evidence: Evidence | None = None
    """What the claim was computed from."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Every improvement of the best point, oldest first; the last one is the answer's."""

    evaluations: NDArray[np.int64]
    """Shape `(k,)`."""
    x: Floats
    """Shape `(k, d)`."""
    values: Floats
    """Shape `(k,)`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the challenge turned out to be, for the answer's `challenge` object."""

    path: str
    sha256: str
    format: str
    python: str | None
    call: str
    dimension: int | None
    note: str = ""
    held: tuple[str, ...] = ()
    """`y = 2`: parameters of the function that kept their defaults, and were not searched."""
    widening: str = ""
    """The options that search them too, where there are such."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The best point ever evaluated and everything known about it. Values are in the function's own sign."""

    x: Point | None
    """Shape `(d,)`; None when no evaluation gave a number."""
    value: float
    """NaN when no evaluation gave a number."""
    stop: Stop
    reason: str
    evaluations: int
    failed_evaluations: int
    failures: dict[str, int]
    """Reason of failed evaluations → how many."""
    seconds: float
    seed: int
    maximize: bool
    minima: tuple[Minimum, ...]
    checks: tuple[Check, ...]
    confidence: Confidence
    noise: float
    """Absolute noise level of f near x; 0 when its values are exact to rounding."""
    bounds: Bounds | None
    history: History
    remarks: tuple[str, ...] = ()
    certificate: Certificate | None = None
    """Of the best point."""
    assumed: tuple[str, ...] = ()
    """What the search took for granted or found: `bounded`, `smooth`, `separable`, `noisy`."""
    effort: dict[str, int] = field(default_factory=dict[str, int])
    """Part of the run → its evaluations; they add up to `evaluations`."""
    challenge: Opened | None = field(default=None)
    value_error: float | None = None
    """Standard error of the value, which then is the mean of repeated evaluations at x; None where f is exact."""
    ray: Floats | None = None
    """Shape `(d,)`: the direction along which f falls (rises, when maximising) without end; None for a minimum."""
    region: Explored | None = None
    """The box that points were drawn from, as far as it had grown."""

    @property
    def fun(self) -> float:
        """SciPy's name for the value."""
        return self.value

    @property
    def nfev(self) -> int:
        """SciPy's name for the evaluations."""
        return self.evaluations

    @property
    def success(self) -> bool:
        """Whether the search ended by itself, or at the target, with a usable minimum."""
        return self.stop in (Stop.CONVERGED, Stop.TARGET)

    @property
    def message(self) -> str:
        """SciPy's name for the reason."""
        return self.reason

    @property
    def status(self) -> int:
        """0 for success, as in SciPy; else the position of the stop among all stops."""
        return 0 if self.success else list(Stop).index(self.stop)

    def keys(self) -> list[str]:
        """All names, SciPy's too; so that `dict(answer)` works."""
        return [entry.name for entry in fields(self)] + ["fun", "nfev", "success", "message", "status"]

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def __contains__(self, name: str) -> bool:
        return name in self.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def get(self, name: str, default: Any = None) -> Any:
        """As of a dict."""
        return getattr(self, name) if name in self else default

    def __repr__(self) -> str:
        rows = {
            "message": self.message,
            "success": self.success,
            "fun": self.fun,
            "x": self.x,
            "nfev": self.nfev,
            "minima": len(self.minima),
            "confidence": self.confidence.statement,
        }
        width = max(len(name) for name in rows)
        return "\n".join(f"{name:>{width}}: {value}" for name, value in rows.items())
