"""Send one textbook walk off from one start."""

from typing import Any

import numpy as np

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.descent.catalogue import METHODS
from blackbox.descent.ground import Kit
from blackbox.descent.stopping import Ended, Rules, until
from tests.fakes.drive import Driven, Surface, drive

Lines = list[tuple[float, ...]]


def go(
    name: str,
    f: Surface,
    start: Any,
    rules: Rules | None = None,
    *,
    bounds: Bounds | None = None,
    limit: int = 1_000_000,
    seed: int = 0,
    **options: Any,
) -> Driven[Ended]:
    """The walk of that name, until a rule holds or it ends by itself."""
    point: Floats = np.array(start, dtype=np.float64)
    kit = Kit(bounds or Bounds.unbounded(point.size), np.random.default_rng(seed), **options)
    walk = METHODS[name].walk(point, kit)
    return drive(until(walk, rules or Rules(ascending=METHODS[name].ascends)), f, limit=limit)


def ended(driven: Driven[Ended]) -> Ended:
    """The end of a walk that must have come to one."""
    assert driven.result is not None
    return driven.result
