"""How a well-known function is written down: formula, box, minimiser, minimum, source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Point, Points, Values

Box = tuple[Floats, Floats]

ANY = (2, 3, 5, 10)
"""The dimensions in which a function of any number of inputs is run."""

LARGER = (20, 40, 100)
"""Those in which it can be run, where asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Classic:
    """One function, in one dimension or several."""

    name: str
    source: str
    formula: Callable[[Points], Values]
    """From points `(…, d)` to values `(…)`."""
    box: Callable[[int], Box]
    """Dimension → the box of the literature, shape `(d,)` twice."""
    minimiser: Callable[[int], Point]
    """Dimension → one of its global minimisers, shape `(d,)`."""
    minimum: Callable[[int], float]
    """Dimension → the value there."""
    dimensions: tuple[int, ...]
    """Those in which it is run by default."""
    largest: int
    """It exists in the dimensions of `LARGER` up to this, too."""
    free: bool
    """Whether no point outside the box has a lower value."""

    def exists(self, dimension: int) -> bool:
        """Whether there is such a function of so many inputs."""
        return dimension in self.dimensions or (dimension in LARGER and dimension <= self.largest)


def axis_numbers(x: Points) -> Point:
    """1 … d, the i of the formulas."""
    return np.arange(1.0, x.shape[-1] + 1)


def scalable(
    formula: Callable[[Points], Values],
    box: tuple[float, float],
    minimiser: float | Callable[[int], Point],
    minimum: float | Callable[[int], float] = 0.0,
    *,
    free: bool = False,
    dimensions: tuple[int, ...] = ANY,
    largest: int = 1000,
) -> Classic:
    """A function of any number of inputs; a plain number as the minimiser stands for the same on every axis.

    largest : the dimension up to which numbers stay finite and the minimum is known; no matter where `dimensions` are
    not those of `ANY`.
    """
    return Classic(
        name=formula.__name__,
        source=_source(formula),
        formula=formula,
        box=lambda d: (np.full(d, float(box[0])), np.full(d, float(box[1]))),
        minimiser=minimiser if callable(minimiser) else lambda d: np.full(d, float(minimiser)),
        minimum=minimum if callable(minimum) else lambda _: float(minimum),
        dimensions=dimensions,
        largest=largest if dimensions == ANY else max(dimensions),
        free=free,
    )


def fixed(
    formula: Callable[..., Values],
    box: Sequence[tuple[float, float]],
    minimiser: Sequence[float],
    minimum: float = 0.0,
    *,
    free: bool = False,
) -> Classic:
    """A function of so many named inputs; one pair in `box` stands for all axes."""
    d = len(minimiser)
    ends = np.array([*box] if len(box) == d else [*box] * d, dtype=np.float64)
    return Classic(
        name=formula.__name__,
        source=_source(formula),
        formula=lambda points: formula(*np.moveaxis(points, -1, 0)),
        box=lambda _: (ends[:, 0].copy(), ends[:, 1].copy()),
        minimiser=lambda _: np.array(minimiser, dtype=np.float64),
        minimum=lambda _: float(minimum),
        dimensions=(d,),
        largest=d,
        free=free,
    )


def _source(formula: Callable[..., Values]) -> str:
    assert formula.__doc__ is not None
    return formula.__doc__.strip()
