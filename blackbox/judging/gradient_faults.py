"""The usual faults of a gradient by name, each with the numbers that give it away."""

from collections.abc import Sequence

import numpy as np

from blackbox.core.asking import Floats
from blackbox.gradients.check import Fault as Slip
from blackbox.judging.faults import Fault, Finding, nan_fault, place_of, shown
from blackbox.judging.sitting import Sitting
from blackbox.judging.truth import Slope

DECENT_STEP = 1e-4
"""In parts of max(1, |x|): a difference on one side with a shorter step is as good as such a one can be."""
SECANT = 0.05
"""A difference of values that were answered explains a gradient that is off by so many times more than it differs."""
WEIGHTY = 0.1
"""Part of the largest error from which the error along an axis has to be explained."""
SMALL_STEP = 1e-9
"""In the same parts: the difference of the values is mostly rounding."""
FAR = 100.0
"""Two points whose sizes differ by such a factor show whether the step follows x."""
ROUNDINGS = 4.0
"""Last digits by which two values, each a sum of a few terms, may be off."""
ON_AXIS = 1e-12
"""Part of 1, and of the way along an axis, that a question may lie beside it and still lie on it: rounding."""
MOST_ON_AXIS = 20
"""Questions on an axis that are looked at, in pairs."""

_SLIPS = {
    Slip.WRONG_SIGN: Fault.WRONG_SIGN,
    Slip.FACTOR_TWO: Fault.FACTOR_TWO,
    Slip.SWAPPED: Fault.SWAPPED,
}


def gradient_fault(sittings: Sequence[Sitting], slopes: Sequence[Slope], failed: Sequence[bool]) -> Finding | None:
    """The likely fault behind the failed ones of several gradients; `slopes` are the true ones."""
    for sitting in sittings:
        if sitting.mutated:
            told = f"the x that your gradient was given is another after the call (it was {shown(place_of(sitting))})"
            return Finding(Fault.MUTATED, told)
    if not any(failed):
        return None
    unscaled = _unscaled(sittings, failed)
    for sitting, slope, wrong in zip(sittings, slopes, failed, strict=True):
        found = _one_gradient(sitting, slope, unscaled) if wrong else None
        if found is not None:
            return found
    return unscaled


def _one_gradient(sitting: Sitting, slope: Slope, unscaled: Finding | None) -> Finding | None:
    if (found := nan_fault(sitting)) is not None:
        return found
    if not sitting.in_shape or sitting.result is None:
        return None
    if slope.check is not None and slope.check.fault in _SLIPS:
        told = f"at {shown(place_of(sitting))} your gradient is {shown(sitting.result)}, the true one is "
        return Finding(_SLIPS[slope.check.fault], f"{told}{shown(slope.gradient)}: {slope.check.sentence}")
    if unscaled is not None:
        return unscaled
    return _step_fault(sitting, slope) or one_sided(sitting)


def _side(sitting: Sitting) -> str:
    """On which side of x every question lies along every axis; empty where they lie on both."""
    offsets = sitting.points - place_of(sitting)
    ahead, behind = bool((offsets > 0).any()), bool((offsets < 0).any())
    return "" if ahead == behind else "above" if ahead else "below"


def one_sided(sitting: Sitting) -> Finding | None:
    """Whether every question lies on one side of x along every axis."""
    side = _side(sitting)
    if not side:
        return None
    return Finding(
        Fault.ONE_SIDED,
        f"all {sitting.evaluations} points that you asked lie {side} x = {shown(place_of(sitting))} or at it; a "
        f"central difference asks on both sides (your step: {_step(sitting):.3g})",
    )


def _step_fault(sitting: Sitting, slope: Slope) -> Finding | None:
    assert sitting.result is not None
    x, step = place_of(sitting), _step(sitting)
    size = max(1.0, float(np.abs(x).max()))
    errors = np.abs(sitting.result - slope.gradient)
    if step == 0:
        told = f"all {sitting.evaluations} points that you asked are x = {shown(x)} itself: x + step is x"
        lost = Finding(Fault.STEP_TOO_SMALL, f"{told} where the step is lost in rounding")
        return lost if sitting.evaluations > 1 else None
    secant = _is_secant(sitting, errors)
    decent = DECENT_STEP if _side(sitting) else 0.0
    if step < SMALL_STEP * size or (secant and errors.max() <= _rounding(sitting, step)):
        fault, why = Fault.STEP_TOO_SMALL, "the difference of the values is mostly rounding"
    elif secant and step > decent * size:
        fault, why = Fault.STEP_TOO_LARGE, "the difference sees the curve, not the slope"
    else:
        return None
    told = f"at x = {shown(x)} your step is {step:.3g}: {why}, and the gradient is off by {errors.max():.3g}"
    return Finding(fault, told)


def _rounding(sitting: Sitting, step: float) -> float:
    """What the rounding of the values makes of a difference over a step."""
    values = sitting.values[np.isfinite(sitting.values)]
    return ROUNDINGS * float(np.finfo(np.float64).eps) * float(np.abs(values).max(initial=0.0)) / step


def _is_secant(sitting: Sitting, errors: Floats) -> bool:
    """Whether the result is, on every axis where it is far off, a quotient of differences of what was answered.

    Such a gradient has the right formula, and the step to blame. Where no question lay on an axis nobody can tell.
    """
    assert sitting.result is not None
    for axis in np.flatnonzero(errors >= WEIGHTY * errors.max()):
        secants = _secants(sitting, int(axis))
        if len(secants) and np.abs(secants - sitting.result[axis]).min() > SECANT * errors[axis]:
            return False
    return True


def _secants(sitting: Sitting, axis: int) -> Floats:
    """All quotients of differences along an axis through x, from the questions that lie on it."""
    offsets, values = sitting.points - place_of(sitting), sitting.values
    others = np.delete(offsets, axis, axis=1)
    on_axis = np.flatnonzero((np.abs(others) <= ON_AXIS * (1.0 + np.abs(offsets[:, [axis]]))).all(axis=1))[
        :MOST_ON_AXIS
    ]
    at, value = offsets[on_axis, axis], values[on_axis]
    first, second = np.triu_indices(len(at), 1)
    apart = at[first] != at[second]
    first, second = first[apart], second[apart]
    found = (value[first] - value[second]) / (at[first] - at[second])
    return found[np.isfinite(found)]


def _unscaled(sittings: Sequence[Sitting], failed: Sequence[bool]) -> Finding | None:
    """The same step at points of very different size, of which at least one went right and one wrong."""
    sizes = [float(np.abs(place_of(sitting)).max()) for sitting in sittings]
    steps = [_step(sitting) for sitting in sittings]
    for good, small in enumerate(failed):
        for bad, wrong in enumerate(failed):
            far = sizes[bad] > FAR * sizes[good] or sizes[good] > FAR * sizes[bad]
            same = steps[good] > 0 and 0.2 < steps[bad] / steps[good] < 5.0
            if not small and wrong and far and same:
                told = f"your step is about {steps[bad]:.2g} at |x| = {sizes[good]:.3g} and at |x| = {sizes[bad]:.3g}"
                return Finding(Fault.UNSCALED, told + ": it must grow and shrink with x")
    return None


def _step(sitting: Sitting) -> float:
    """The longest distance along an axis between x and what was asked."""
    return float(np.abs(sitting.points - place_of(sitting)).max()) if sitting.evaluations else 0.0
