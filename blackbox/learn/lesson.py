"""A lesson: predict weight from height. `python -m blackbox.learn.lesson` prints it."""

import numpy as np

from blackbox.learn.fitting import Epochs, fit_batch, fit_by_samples
from blackbox.learn.linear import Normalisation, Samples, cost, normal_equations, predict

PEOPLE = 60
KILOGRAMS_PER_CENTIMETRE, AT_170, SCATTER = 0.9, 68.0, 5.0
"""Of the made data: 0.9 kg a centimetre, 68 kg at 170 cm, and people differ by 5 kg."""


def heights_and_weights(seed: int = 0) -> Samples:
    """Made data: heights in centimetres, shape `(60, 1)`, and weights in kilograms, shape `(60,)`."""
    rng = np.random.default_rng(seed)
    height = rng.normal(170, 9, PEOPLE)
    weight = AT_170 + KILOGRAMS_PER_CENTIMETRE * (height - 170) + rng.normal(0, SCATTER, PEOPLE)
    return Samples.of(height, weight)


def lesson(seed: int = 0) -> list[str]:
    """The lesson's lines."""
    people = heights_and_weights(seed)
    exact = normal_equations(people)
    scale = Normalisation.of(people.features)
    normal = Samples(scale.apply(people.features), people.targets)
    raw = fit_batch(people, learning_rate=3e-5, steps=1000)
    batch = fit_batch(normal, learning_rate=0.1, steps=100, tolerance=1e-6)
    stochastic = fit_by_samples(normal, Epochs(learning_rate=0.05, epochs=30, decay=0.01, seed=seed))
    theta = scale.undo(batch.theta)
    rows = [
        ("normal equations", exact, "0 steps"),
        ("descent, as measured", raw.theta, f"{len(raw.costs) - 1} steps"),
        ("descent, normalised", theta, f"{len(batch.costs) - 1} steps"),
        ("stochastic, normalised", scale.undo(stochastic.theta), "30 epochs"),
    ]
    lines = [f"{PEOPLE} people; weight = m · height + b", ""]
    lines += [
        f"{name:>22}  m = {found[0]:8.4f}  b = {found[1]:9.3f}  cost = {cost(found, people):8.3f}  after {work}"
        for name, found, work in rows
    ]
    weight = float(predict(theta, np.array([[180.0]]))[0])
    return [*lines, "", f"a person of 180 cm: about {weight:.1f} kg"]


if __name__ == "__main__":
    print("\n".join(lesson()))
