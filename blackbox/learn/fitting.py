"""Three ways to descend to the least-squares line, on the same generators as every other walk.

Batch descent asks the cost of all samples; stochastic descent the cost of one sample at a time, mini-batch descent of
a few. A walk of one step is sent off for each batch, from where the last one ended.
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.ground import Kit, gradient_at
from blackbox.learn.linear import Samples, cost, costs
from blackbox.oracle.executors.vectorised import Vectorised
from blackbox.solve.calculus import ask
from blackbox.solve.walks import Trail, WalkOptions, walk_on


@dataclass(frozen=True, slots=True)
class Epochs:
    """Options of a fit by samples."""

    learning_rate: float = 0.05
    epochs: int = 50
    """Passes over all samples."""
    batch: int = 1
    """Samples a step: 1 is stochastic descent."""
    decay: float = 0.0
    """The rate at step t is learning_rate / (1 + decay t): noise dies away."""
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.learning_rate > 0:
            raise OptionError("learning_rate", self.learning_rate, "must be positive")
        if self.epochs < 1 or self.batch < 1:
            raise OptionError(
                "epochs" if self.epochs < 1 else "batch", min(self.epochs, self.batch), "must be at least 1"
            )
        if self.decay < 0:
            raise OptionError("decay", self.decay, "must not be negative")


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """θ of shape `(k + 1,)`, and the cost of all samples after each epoch (batch descent: after each step)."""

    theta: Floats
    costs: tuple[float, ...]
    evaluations: int


def fit_batch(samples: Samples, method: str = "gradient-descent", **options: object) -> Fit:
    """Any walk of the catalogue on the cost of all samples, from θ = 0; options as for `blackbox.descend`."""
    start = np.zeros(samples.features.shape[1] + 1)
    trail: Trail = walk_on(
        Vectorised(lambda thetas: costs(thetas, samples)),
        start,
        WalkOptions(method, **options),  # pyright: ignore[reportArgumentType]
    )
    return Fit(trail.point, tuple(step.value for step in trail.steps), trail.evaluations)


def fit_by_samples(samples: Samples, options: Epochs | None = None) -> Fit:
    """Stochastic or mini-batch descent: one gradient step a batch, batches drawn anew each epoch."""
    wish = options or Epochs()
    rng = np.random.default_rng(wish.seed)
    theta = np.zeros(samples.features.shape[1] + 1)
    history = [cost(theta, samples)]
    steps = evaluations = 0
    for _ in range(wish.epochs):
        order = rng.permutation(len(samples.targets)).astype(np.intp)
        for first in range(0, len(order), wish.batch):
            few = samples.some(order[first : first + wish.batch])
            rate = wish.learning_rate / (1 + wish.decay * steps)
            theta = theta - rate * _slope(theta, few)
            steps, evaluations = steps + 1, evaluations + 2 * theta.size
        history.append(cost(theta, samples))
    return Fit(theta, tuple(history), evaluations)


def _slope(theta: Floats, few: Samples) -> Floats:
    """The gradient of the cost of a few samples, from its values alone."""
    kit = Kit(Bounds.unbounded(theta.size))
    return ask(Vectorised(lambda thetas: costs(thetas, few)), gradient_at(theta, cost(theta, few), kit))
