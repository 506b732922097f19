"""Is a walk coming down to a kink? Suspected from the slopes it meets, and tried at one point.

Near a smooth minimum the gradient changes little over a short step. At a kink it jumps by a good part of the steepest
slope met, however short the step, and where the tangents of both sides cross f stands as high as they do.

Where the other side is so steep that no step is taken there, as beyond the bound of an exact penalty, the gradient
does not change at all, and the steps grow shorter: a little farther down f does not fall as it should.
"""

from collections import deque
from math import inf

from blackbox.core.asking import Asking, ask_one
from blackbox.descent.probing import Iterate, norm
from blackbox.descent.samples import Sample
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

UNCHANGED, SHORTER = 0.1, 3
"""A gradient that differs by less than this part from the last one is the same; with so many shorter steps in a row a
wall is suspected …"""

BEYOND = 2.0
"""… and a point so many last steps farther down is tried: f stands by half of the promised fall above the tangent."""

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
        """Whether it does …"""
        self.wall = False
        """… and whether no gradient was met beyond."""
        self._scale = terrain.scale
        self._samples = deque[Sample](maxlen=REMEMBERED * (terrain.scale.size + 1))
        self._steepest, self._tries = 0.0, TRIES
        self._bounds, self._stride, self._shorter = terrain.bounds, inf, 0
        self._place, self._height, self._drop = terrain.scale, 0.0, 0.0

    @property
    def samples(self) -> list[Sample]:
        """The last gradients met, the last of all where the walk stands."""
        return list(self._samples)

    def arises(self, now: Iterate) -> bool:
        """Whether the gradient has jumped and both tangents cross between, or steps end before a wall."""
        last = self._samples[-1] if self._samples else None
        if self._tries == 0 or (last is not None and last.gradient is now.gradient):
            return False
        here = Sample(now.x, now.value, now.gradient)
        self._samples.append(here)
        size = norm(now.gradient)
        self._steepest = max(self._steepest, size)
        if last is None or now.measured is not None:
            return False
        step, change = norm((now.x - last.point) / self._scale), norm(now.gradient - last.gradient)
        held = step < self._stride and change < UNCHANGED * size
        self._shorter, self._stride = self._shorter + 1 if held else 0, step
        if self._shorter >= SHORTER:
            return self._ends(last, here)
        jumped = change > JUMP * self._steepest and change > SHARP * self._steepest * step > 0
        return jumped and self._crosses(last, here)

    def _ends(self, last: Sample, here: Sample) -> bool:
        self._shorter, self.wall = 0, True
        self._place = self._bounds.clip(here.point + BEYOND * (here.point - last.point))
        self._drop = -float(here.gradient @ ((self._place - here.point) / self._scale))
        self._height = here.value - self._drop
        return self._drop > VISIBLE * rounding_of(here.value)

    def _crosses(self, first: Sample, last: Sample) -> bool:
        step = (last.point - first.point) / self._scale
        ahead, behind = float(first.gradient @ step), float(last.gradient @ step)
        if not ahead < 0 < behind:
            return False
        # first.value + ahead t = last.value + behind (t − 1)
        part = (last.value - first.value - behind) / (ahead - behind)
        self._height = first.value + ahead * part
        self._drop = max(first.value, last.value) - self._height
        self._place, self.wall = first.point + part * (last.point - first.point), False
        return 0 < part < 1 and self._drop > VISIBLE * rounding_of(last.value)

    def is_right(self) -> Asking[bool]:
        """Whether f stands on the tangents where they cross, or above the only one beyond a wall; one evaluation."""
        self._tries -= 1
        value = yield from ask_one(self._place)
        above = value - self._height
        self.told = above >= self._drop / 2 if self.wall else abs(above) <= ON_THE_TANGENTS * self._drop
        return self.told
