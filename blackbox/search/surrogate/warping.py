"""Values as a Gaussian process likes them: mean 0, variance 1, and a scale on which they change evenly.

A field that is next to nothing except at its source is even on the scale log(value), a penalty that explodes on
log(value − best). Each scale is monotone, so that the best stays the best; which one the data are even on, their
likelihood tells (Snelson, Rasmussen & Ghahramani 2004, "Warped Gaussian processes").
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Values

OFFSETS = (1.0, 0.1, 0.01, 1e-4)
"""Parts of the range that are added before the logarithm: from nearly straight to four decades."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """Values on one scale."""

    values: Values
    """Mean 0, variance 1, shape `(n,)`."""
    log_slope: float
    """Sum over the points of log dw/dy: what the density of the warped values must be multiplied by."""


def standardised(values: Values) -> Values:
    """Shifted and scaled to mean 0 and variance 1; all 0 where they do not differ."""
    spread = values.std()
    centred = values - values.mean()
    return centred / spread if spread > 0 and np.isfinite(spread) else np.zeros_like(values)


def scales(values: Values, offsets: tuple[float, ...] = OFFSETS) -> list[Scaled]:
    """The values on each scale, the straight one first. They must differ."""
    low, high = float(values.min()), float(values.max())
    part = (values - low) / (high - low)
    found = [_scaled(part, np.zeros_like(part))]
    for offset in offsets:
        from_best, from_worst = part + offset, 1 - part + offset
        found.append(_scaled(np.log(from_best), -np.log(from_best)))
        found.append(_scaled(-np.log(from_worst), -np.log(from_worst)))
    return found


def _scaled(warped: Values, log_slopes: Values) -> Scaled:
    return Scaled(standardised(warped), float(np.sum(log_slopes) - warped.size * np.log(warped.std())))
