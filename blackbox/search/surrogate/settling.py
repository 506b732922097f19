"""Several descents at once where the gradient is known: projected BFGS on a batch (Nocedal & Wright 2006, §6.1).

For the inner problems of the surrogate, which cost no evaluation of f: its hyperparameters and its acquisition.
"""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Floats

Judge = Callable[[Floats], tuple[Floats, Floats]]
"""Points, shape `(B, p)` → values `(B,)` and gradients `(B, p)`."""

SUFFICIENT = 1e-4
"""Part of the promised decrease that a step must bring (Armijo; Nocedal & Wright §3.1)."""

SHORTER = 0.3
"""A step that did not bring it is cut to this part."""

FIRST_MOVE = 0.25
"""Length of the first step, in units of the box: the gradient alone tells no length."""


def settle(judge: Judge, starts: Floats, box: tuple[Floats, Floats], rounds: int) -> tuple[Floats, Floats]:
    """Where the descents from `starts` have come after that many rounds, `(B, p)`, and the values there, `(B,)`.

    One call of `judge` a round, for all descents at once; none ever ends above its start.
    """
    lower, upper = box
    points = np.clip(starts, lower, upper)
    values, slopes = judge(points)
    inverses = _fresh(slopes, upper - lower)
    moves = _directions(points, slopes, inverses, box)
    rates = np.ones(len(points))
    for _ in range(rounds):
        trials = np.clip(points + rates[:, np.newaxis] * moves, lower, upper)
        steps = trials - points
        new_values, new_slopes = judge(trials)
        promised = np.sum(slopes * steps, axis=1)
        good = np.isfinite(new_values) & (new_values <= values + SUFFICIENT * promised) & (promised < 0)
        inverses[good] = _updated(inverses[good], steps[good], (new_slopes - slopes)[good])
        points[good], values[good], slopes[good] = trials[good], new_values[good], new_slopes[good]
        rates = np.where(good, 1.0, rates * SHORTER)
        lost = rates < SHORTER**6
        inverses[lost] = _fresh(slopes[lost], upper - lower) * rates[lost, np.newaxis, np.newaxis]
        rates[lost] = 1.0
        renewed = good | lost
        moves[renewed] = _directions(points[renewed], slopes[renewed], inverses[renewed], box)
    return points, values


def _fresh(slopes: Floats, width: Floats) -> Floats:
    """Inverse Hessians that make the first step `FIRST_MOVE` of the box long, shape `(B, p, p)`."""
    scaled = np.linalg.norm(slopes * width, axis=1) + 1e-300
    return (FIRST_MOVE / scaled)[:, np.newaxis, np.newaxis] * np.diag(width**2)


def _directions(points: Floats, slopes: Floats, inverses: Floats, box: tuple[Floats, Floats]) -> Floats:
    """Downhill, with the axes left alone that press against the box."""
    lower, upper = box
    held = ((points <= lower) & (slopes > 0)) | ((points >= upper) & (slopes < 0))
    free = np.where(held, 0.0, slopes)
    moves = -np.einsum("bij,bj->bi", inverses, free)
    moves = np.where(held, 0.0, moves)
    uphill = np.sum(moves * free, axis=1) >= 0
    diagonal = np.einsum("bii->bi", inverses)
    return np.where(uphill[:, np.newaxis], -diagonal * free, moves)


def _updated(inverses: Floats, steps: Floats, yields: Floats) -> Floats:
    """Equation 6.17; left as it is where the curvature along the step is not positive."""
    curvature = np.sum(steps * yields, axis=1)
    fit = curvature > 1e-10 * np.linalg.norm(steps, axis=1) * np.linalg.norm(yields, axis=1)
    rho = np.where(fit, 1 / np.where(fit, curvature, 1.0), 0.0)[:, np.newaxis, np.newaxis]
    left = np.eye(steps.shape[1]) - rho * steps[:, :, np.newaxis] * yields[:, np.newaxis, :]
    return left @ inverses @ left.transpose(0, 2, 1) + rho * steps[:, :, np.newaxis] * steps[:, np.newaxis, :]
