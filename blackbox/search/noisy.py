"""Search where asking twice gives two answers: populations find the valleys, fits find their floors, means decide.

A single low value proves nothing, so no point is chosen for one: every candidate is asked again and again, and the
lowest mean wins. The best mean so far is announced as an `Estimate`. (docs/decisions/0005-noise.md)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Effort, Estimate, Floats, Landing, Point, Remark, Values
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.finish import Finish, Told
from blackbox.search.population import Cloud, colonise, default_size
from blackbox.search.regions import Region
from blackbox.search.regression import DEAF, Refined, refine

CROWD = 3
"""Populations are so many times larger than the default: noise is averaged by the crowd."""

SIGMA = 0.25
"""First spread of a population, as part of the region."""

HUSHED = 2.5
"""A generation that scatters by less than so many standard deviations of the noise sees noise alone …"""

COARSE = 1e-3
"""… and one that scatters by less than this part of all that was seen has found a valley; the fits go on from there."""

OVERHEARD, QUIETER = 8, 0.5
"""Values that tell the noise where a population sees it alone; less than this part of what was heard before is less."""

REPEATS, FINAL = 16, 64
"""Values of each candidate, and of the winner: the mean of 64 is eight times as sharp as one value."""

AGREE = 3.0
"""Means that differ by less than so many of their standard errors are one value."""

ENOUGH, MOST = 3, 10
"""The search ends when so many populations ended at the lowest value, or after so many at all."""

WIDER = (8.0, 64.0, 512.0)
"""Half widths of the regions of populations where there are no bounds, in lengths over which f is seen to change."""

NEAREST, FARTHEST = 2.0**-40, 2.0**60
"""Lengths at which the change of f along an axis is looked for, times max(1, |x|)."""


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Where noise was heard."""

    point: Point
    values: Values
    """Repeated values there."""


@dataclass(slots=True)
class _Candidate:
    """A point and all that was ever answered there after it was chosen."""

    point: Point
    values: Values

    @property
    def mean(self) -> float:
        return float(np.mean(self.values)) if self.values.size else float("inf")

    @property
    def noise(self) -> float:
        return float(np.std(self.values, ddof=1)) if self.values.size > 1 else 0.0

    @property
    def error(self) -> float:
        return self.noise / max(1, self.values.size) ** 0.5

    @property
    def estimate(self) -> Estimate:
        return Estimate(self.point, self.mean, self.error, self.noise)

    def landing(self) -> Landing:
        return Landing(self.point, self.mean, 2 * AGREE * self.error, True, "population")


def noisy_search(heard: Noise, bounds: Bounds, rng: np.random.Generator) -> Asking[Finish]:
    """Find the lowest mean value, from a point where noise was heard. Ends of itself."""
    yield Effort("noise")
    best = _Candidate(heard.point, heard.values)
    yield best.estimate
    yield Remark("noise", f"asked again, the function gives other values: they scatter by about {best.noise:.2g}")
    lengths = yield from _lengths(best, bounds)
    best = yield from _improve(best, best.point, lengths, bounds, rng)
    ended = [best.landing()]
    yield ended[-1]
    for run in range(MOST):
        region = _region(run, heard.point, lengths, bounds)
        found, noise = yield from _populate(region, best.noise, bounds, rng)
        if found is None:
            continue
        candidate = yield from _improve(None, found.point, found.radius, bounds, rng, noise)
        if candidate.values.size <= 1:
            continue
        ended.append(candidate.landing())
        yield ended[-1]
        if _lower(candidate, best):
            best = candidate
            yield best.estimate
        if _agreeing(ended[1:], best) >= ENOUGH:
            break
    # The values by which it was chosen are as low as luck made them: fresh ones say what it is.
    fresh = yield from _ask_more(_Candidate(best.point, np.empty(0)), FINAL)
    best = fresh if fresh.values.size > 1 else best
    yield best.estimate
    agreeing = _agreeing(ended, best)
    told = f"{agreeing} of {len(ended)} searches ended at the {{lowest}} mean value, known to ±{best.error:.2g}"
    return Finish.told(Stop.CONVERGED, Told.of(f"{told}: more evaluations would only average noise"))


def _agreeing(ended: list[Landing], best: _Candidate) -> int:
    return sum(landing.value - best.mean <= landing.blur + AGREE * best.error for landing in ended)


def _lower(one: _Candidate, other: _Candidate) -> bool:
    """Whether the first is lower, or as low and better known: never for luck alone."""
    return one.mean < other.mean - (one.error**2 + other.error**2) ** 0.5


def _improve(
    known: _Candidate | None,
    point: Point,
    radius: Floats,
    bounds: Bounds,
    rng: np.random.Generator,
    noise: float | None = None,
) -> Asking[_Candidate]:
    """Fits from the point on; the old candidate where they led nowhere lower."""
    level = known.noise if known is not None else noise or 0.0
    refined = yield from refine(Refined(point, radius), level, bounds, rng)
    found = yield from _ask_more(_Candidate(refined.point, np.empty(0)), REPEATS)
    if known is None:
        return found
    known = yield from _ask_more(known, REPEATS - known.values.size)
    best = known if found.values.size <= 1 or _lower(known, found) else found
    yield best.estimate
    return best


def _ask_more(candidate: _Candidate, times: int) -> Asking[_Candidate]:
    """The same candidate with so many further values."""
    if times <= 0:
        return candidate
    values = yield np.repeat(candidate.point[np.newaxis, :], times, axis=0)
    return _Candidate(candidate.point, np.concatenate([candidate.values, values[np.isfinite(values)]]))


def _lengths(at: _Candidate, bounds: Bounds) -> Asking[Floats]:
    """Over what length f changes by more than its noise along each axis, shape `(d,)`; half the box at most."""
    x = at.point
    room = bounds.upper - bounds.lower
    lengths = np.empty(x.size)
    for axis in range(x.size):
        unit = max(1.0, abs(float(x[axis])))
        most = min(FARTHEST * unit, float(room[axis]) / 2)
        length = min(NEAREST * unit, most)
        while length < most:
            pair = np.repeat(x[np.newaxis, :], 2, axis=0)
            pair[0, axis] += length
            pair[1, axis] -= length
            values = yield bounds.clip(pair)
            known = values[np.isfinite(values)]
            if known.size and np.abs(known - at.mean).max() > 2 * DEAF * at.noise:
                break
            length *= 4
        lengths[axis] = min(length, most)
    return lengths


def _region(run: int, center: Point, lengths: Floats, bounds: Bounds) -> Region:
    if bounds.finite:
        return Region(bounds.lower, bounds.upper)
    half = WIDER[run % len(WIDER)] * lengths
    return Region(bounds.clip(center - half), bounds.clip(center + half))


def _populate(
    region: Region, noise: float, bounds: Bounds, rng: np.random.Generator
) -> Asking[tuple[Refined | None, float]]:
    """A population until it sees noise alone: the middle of its last generation, twice its spread, and the noise there.

    Noise that has become less on the way down may vanish: then there is no floor for fits to find, and the population
    goes on as long as it becomes less still.
    """
    d = region.lower.size
    size = CROWD * default_size(d)
    mean = (region.sample(1, rng)[0] - region.lower) / np.where(region.width > 0, region.width, 1.0)
    run = colonise(Cloud(mean, SIGMA, size), region, bounds, rng)
    low, high, found, vanishes = float("inf"), -float("inf"), None, False
    try:
        question = next(run)
        while isinstance(question, np.ndarray):
            values = yield question
            known = np.isfinite(values)
            if known.sum() > size // 2:
                low, high = min(low, float(values[known].min())), max(high, float(values[known].max()))
                best = question[np.argsort(np.where(known, values, np.inf), kind="stable")[: size // 2]]
                least = 1e-9 * region.width
                found = Refined(np.median(best, axis=0), np.maximum(2 * np.std(question, axis=0), least))
                scatter = float(np.std(values[known]))
                if scatter < HUSHED * noise:
                    heard = (yield from _ask_more(_Candidate(found.point, np.empty(0)), OVERHEARD)).noise
                    if not heard < QUIETER * noise:
                        break
                    noise, vanishes = heard, True
                elif scatter < COARSE * (high - low) and not vanishes:
                    break
            question = run.send(values)
    except StopIteration:
        pass
    run.close()
    return found, noise
