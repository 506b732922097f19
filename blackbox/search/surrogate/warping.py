"""Values as the Gaussian process likes them: mean 0, variance 1, no long tails."""

import numpy as np

from blackbox.core.asking import Values


def standardised(values: Values) -> Values:
    """Shifted and scaled to mean 0 and variance 1; all 0 where they do not differ."""
    spread = values.std()
    centred = values - values.mean()
    return centred / spread if spread > 0 and np.isfinite(spread) else np.zeros_like(values)
