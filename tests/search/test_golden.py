"""Golden runs: the same function and seed ask the same questions.

A change here is a change of the search: say in the commit what it gains. `python -m tests.search.test_golden` prints
the runs as they are now. Coordinates are compared to nine digits and only among the first questions, since a last
digit that another processor rounds differently grows from step to step.
"""

import hashlib

import numpy as np
import pytest

from tests.fakes.drive import Surface
from tests.fakes.functions import bowl_and_wave, rastrigin, rosenbrock, sphere, taxicab, two_basins
from tests.fakes.plans import search

FIRST = 20
"""Evaluations that are compared one by one."""

PLAY = 0.2
"""Part of the evaluations by which another processor's last digits may change them."""

AT = np.array([0.7, -1.3, 2.1, -0.4, 1.9])

FUNCTIONS: dict[str, tuple[Surface, int, list[tuple[float, float]] | None, float]] = {
    "sphere": (sphere(AT), 5, None, 1e-9),
    "rosenbrock": (rosenbrock, 5, [(-5, 5)], 1e-9),
    "rosenbrock, no bounds": (rosenbrock, 3, None, 1e-9),
    "rastrigin": (rastrigin(AT[:3]), 3, [(-5.12, 5.12)], 1e-8),
    "taxicab": (taxicab(AT[:2]), 2, [(-4, 7)], 1e-6),
    "bowl and wave": (lambda x: bowl_and_wave(x - AT[:2]), 2, [(-9, 7)], 1e-10),
    "two basins": (two_basins, 2, None, -100 + 1e-9),
}
"""Name → function, inputs, bounds, target."""

GOLDEN: dict[str, tuple[int, str]] = {
    "sphere": (20, "e48885afb650"),
    "rosenbrock": (280, "12cf0328ae4e"),
    "rosenbrock, no bounds": (136, "fb5a03aa8959"),
    "rastrigin": (86, "259637154f6c"),
    "taxicab": (67, "66baf5f6e7d4"),
    "bowl and wave": (37, "ead7f35ac188"),
    "two basins": (90, "42b3efee3295"),
}
"""Name → evaluations to the target with seed 1, and a digest of the first questions."""


def run(name: str) -> tuple[int, str]:
    """Evaluations to the target and the digest of the first questions."""
    f, d, bounds, target = FUNCTIONS[name]
    driven = search(f, d, bounds, seed=1, enough=target)
    first = driven.points[:FIRST]
    digits = " ".join(f"{value:.8e}" for value in (first + 0.0).ravel())
    return int(driven.first_below(target)), hashlib.sha256(digits.encode()).hexdigest()[:12]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_questions_are_those_of_before(name: str) -> None:
    evaluations, digest = run(name)
    golden, first = GOLDEN[name]
    assert digest == first
    assert abs(evaluations - golden) <= PLAY * golden


def test_every_function_has_its_golden_run() -> None:
    assert GOLDEN.keys() == FUNCTIONS.keys()


if __name__ == "__main__":
    for name in FUNCTIONS:
        print(f'    "{name}": {run(name)!r},')
