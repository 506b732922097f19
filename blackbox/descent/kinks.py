"""Is a walk coming down to a kink? Suspected from the slopes it meets, and tried at one point.

Near a smooth minimum the gradient changes little over a short step. At a kink it jumps by a good part of the steepest
slope met, however short the step, and where the tangents of both sides cross f stands as high as they do.
"""

from collections import deque
from math import sqrt

from blackbox.core.asking import Asking, Floats, ask_one
from blackbox.descent.piecewise import Sample
from blackbox.descent.probing import Iterate
from blackbox.descent.terrain import Terrain
from blackbox.gradients.steps import rounding_of

SHARP = 1e2
"""Change of the gradient for each unit of the scale, in steepest slopes met, that is suspicious: a smooth function
bends so much where it has more than 15 waves an axis."""

JUMP = 0.02
"""Part of the steepest slope met that the gradient must change by: less may be noise of the differences."""

ON_THE_TANGENTS = 0.02
"""Part of how far the tangents lead down within which f meets them where they cross. A parabola stands half as far
above, a cone, and a corner where many kinks meet, a tenth at least."""

VISIBLE = 1e3
"""Roundings of f that the tangents must lead down by, or nothing is suspected."""

TRIES = 4
"""Points asked in vain, after which nothing is suspected any more."""

REMEMBERED = 2
"""Times d + 1 gradients that are kept: as many as there are pieces around a corner, and as many beside it."""


class Kinks:
    """The suspicion that a walk comes down to a kink between smooth pieces."""

    def __init__(self, terrain: Terrain) -> None:
        self.told = False
        """Whether it does."""
        self._scale = terrain.scale
        self._samples = deque[Sample](maxlen=REMEMBERED * (terrain.scale.size + 1))
        self._steepest, self._tries = 0.0, TRIES
        self._cross, self._height, self._drop = terrain.scale, 0.0, 0.0

    @property
    def samples(self) -> list[Sample]:
        """The last gradients met, the last of all where the walk stands."""
        return list(self._samples)

    def arises(self, now: Iterate) -> bool:
        """Whether the gradient has jumped, and the tangents on both sides cross between."""
        last = self._samples[-1] if self._samples else None
        if self._tries == 0 or (last is not None and last.gradient is now.gradient):
            return False
        here = Sample(now.x, now.value, now.gradient)
        self._samples.append(here)
        self._steepest = max(self._steepest, _norm(now.gradient))
        if last is None or now.measured is not None:
            return False
        step, change = _norm((now.x - last.point) / self._scale), _norm(now.gradient - last.gradient)
        jumped = change > JUMP * self._steepest and change > SHARP * self._steepest * step > 0
        return jumped and self._crosses(last, here)

    def _crosses(self, first: Sample, last: Sample) -> bool:
        step = (last.point - first.point) / self._scale
        ahead, behind = float(first.gradient @ step), float(last.gradient @ step)
        if not ahead < 0 < behind:
            return False
        # first.value + ahead t = last.value + behind (t − 1)
        part = (last.value - first.value - behind) / (ahead - behind)
        self._height = first.value + ahead * part
        self._drop = max(first.value, last.value) - self._height
        self._cross = first.point + part * (last.point - first.point)
        return 0 < part < 1 and self._drop > VISIBLE * rounding_of(last.value)

    def is_right(self) -> Asking[bool]:
        """Whether f stands on the tangents where they cross; one evaluation."""
        self._tries -= 1
        value = yield from ask_one(self._cross)
        self.told = abs(value - self._height) <= ON_THE_TANGENTS * self._drop
        return self.told


def _norm(vector: Floats) -> float:
    return sqrt(float(vector.dot(vector)))
