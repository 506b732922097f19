"""Parameters found from data without errors: the sum of squares is 0 at the true ones."""

from collections.abc import Callable

import numpy as np

from benchmarks.suites.applied.made import Applied, End, Made, fixed, made, scalable
from blackbox.core.asking import Floats, Point, Points, Values

HALF_WIDTH = 0.35
"""Of the bumps in a signal that is to be registered."""

PREY, PREDATORS = 1.0, 0.8
"""How many there are at first."""

STEP, STEPS, SHOWN = 0.1, 100, 5
"""Of time, in `predator_prey`, and every how many steps they are counted."""

FREQUENCY = 0.37
"""Of the lowest wave in `spectrum`, in radians an input."""


def sine_fit(rng: np.random.Generator) -> Made:
    """An oscillation of unknown height, frequency and phase."""
    t = np.linspace(0, 10, 60)

    def model(points: Points) -> Points:
        height, frequency, phase = _columns(points)
        return height * np.sin(frequency * t + phase)

    return _fit(model, rng.uniform([1, 1, 0], [3, 5, 3]), [0, 0.2, -np.pi], [5, 7, np.pi])


def two_exponentials(rng: np.random.Generator) -> Made:
    """Two decays in one curve; Lanczos 1956."""
    t = np.linspace(0, 5, 40)

    def model(points: Points) -> Points:
        a, slow, b, quick = _columns(points)
        return a * np.exp(-slow * t) + b * np.exp(-quick * t)

    return _fit(model, rng.uniform([1, 0.1, 1, 1.5], [3, 0.5, 3, 5]), 0, 10)


def fm_sound(rng: np.random.Generator) -> Made:
    """A frequency-modulated sound: CEC 2011, problem 1 (Das & Suganthan), its parameters moved a little."""
    t = 2 * np.pi / 100 * np.arange(101)

    def model(points: Points) -> Points:
        a, u, b, v, c, w = _columns(points)
        return a * np.sin(u * t + b * np.sin(v * t + c * np.sin(w * t)))

    return _fit(model, np.array([1.0, 5.0, -1.5, 4.8, 2.0, 4.9]) + rng.uniform(-0.3, 0.3, 6), -6.4, 6.35)


def two_peaks(rng: np.random.Generator) -> Made:
    """Height, place and width of two peaks in a spectrum."""
    t = np.linspace(0, 10, 80)

    def model(points: Points) -> Points:
        a, first, wide, b, second, broad = _columns(points)
        return a * np.exp(-(((t - first) / wide) ** 2)) + b * np.exp(-(((t - second) / broad) ** 2))

    truth = rng.uniform([1, 2, 0.3, 1, 5, 0.3], [3, 4, 1, 3, 8, 1])
    return _fit(model, truth, [0, 0, 0.05, 0, 0, 0.05], [5, 10, 3, 5, 10, 3])


def small_network(rng: np.random.Generator) -> Made:
    """Weights of a neural network: two inputs, two hidden units, one output."""
    left, right = rng.uniform(-2, 2, (40, 2)).T

    def model(points: Points) -> Points:
        w = _columns(points)
        units = [np.tanh(w[k] * left + w[k + 1] * right + w[k + 2]) for k in (0, 3)]
        return w[6] * units[0] + w[7] * units[1] + w[8]

    return _fit(model, rng.uniform(-2, 2, 9), -4, 4)


def predator_prey(rng: np.random.Generator) -> Made:
    """Rates of growth, hunting, gain and death from counts of two animals; Lotka 1925, Volterra 1926."""

    def model(points: Points) -> Points:
        growth, hunting, gain, death = points.T

        def change(state: Floats) -> Floats:
            prey, predators = state
            return np.array([(growth - hunting * predators) * prey, (gain * prey - death) * predators])

        state = np.outer([PREY, PREDATORS], np.ones(len(points)))
        counts = []
        for step in range(1, STEPS + 1):
            state = _runge_kutta(change, state)
            if step % SHOWN == 0:
                counts.extend(state)
        return np.array(counts).T

    return _fit(model, rng.uniform(0.5, 2, 4), 0.1, 4)


def hill(rng: np.random.Generator) -> Made:
    """Response to a dose: its greatest, its steepness, and the dose of half of it; Hill 1910."""
    dose = np.geomspace(0.01, 100, 25)

    def model(points: Points) -> Points:
        greatest, steepness, half = _columns(points)
        return greatest * dose**steepness / (half**steepness + dose**steepness)

    return _fit(model, rng.uniform([1, 1, 0.3], [9, 3, 5]), [0, 0.3, 0.01], [10, 6, 50])


def trilateration(d: int, rng: np.random.Generator) -> Made:
    """A place from its distances to d + 2 beacons."""
    beacons, place = rng.uniform(0, 10, (d + 2, d)), rng.uniform(0, 10, d)

    def distances(points: Points) -> Points:
        return np.linalg.norm(points[:, np.newaxis] - beacons, axis=2)

    measured = distances(place[np.newaxis])
    return made(-5, 15, lambda points: _squares(distances(points) - measured), place)


def phase_retrieval(d: int, rng: np.random.Generator) -> Made:
    """A signal, up to its sign, from squares of random projections; Candès, Li & Soltanolkotabi 2015."""
    projections, signal = rng.standard_normal((3 * d, d)), rng.uniform(-2, 2, d)
    measured = (projections @ signal) ** 2

    def surface(points: Points) -> Values:
        return (((points @ projections.T) ** 2 - measured) ** 2).mean(-1)

    return made(-4, 3.5, surface, signal)


def registration(rng: np.random.Generator) -> Made:
    """Shift, stretch and height by which one signal becomes another."""
    places, heights = rng.uniform(0, 10, 12), rng.standard_normal(12)
    t = np.linspace(0, 10, 150)

    def signal(times: Floats) -> Floats:
        return (heights * np.exp(-(((times[..., np.newaxis] - places) / HALF_WIDTH) ** 2))).sum(-1)

    def model(points: Points) -> Points:
        shift, stretch, height = _columns(points)
        return height * signal(shift + stretch * t)

    return _fit(model, rng.uniform([-2, 0.8, 0.5], [2, 1.2, 2]), [-4, 0.6, 0], [4, 1.5, 3])


def spectrum(d: int, rng: np.random.Generator) -> Made:
    """A signal, up to its sign, from the magnitudes of its Fourier transform; Fienup 1982."""
    angles = FREQUENCY * np.outer(np.arange(1, 2 * d), np.arange(d))
    signal = rng.uniform(-1, 1, d)

    def magnitudes(points: Points) -> Points:
        return np.hypot(points @ np.cos(angles).T, points @ np.sin(angles).T)

    measured = magnitudes(signal[np.newaxis])
    return made(-1.5, 1.4, lambda points: _squares(magnitudes(points) - measured), signal)


def _columns(points: Points) -> Floats:
    """Shape `(d, n, 1)`: each parameter against a row of data."""
    return points.T[..., np.newaxis]


def _squares(residuals: Points) -> Values:
    return (residuals**2).sum(-1)


def _fit(model: Callable[[Points], Points], truth: Point, low: End, high: End) -> Made:
    """Mean square of what a model, from points `(n, d)` to data `(n, m)`, misses of the data of the truth."""
    data = model(truth[np.newaxis])
    return made(low, high, lambda points: ((model(points) - data) ** 2).mean(-1), truth)


def _runge_kutta(change: Callable[[Floats], Floats], state: Floats) -> Floats:
    """One step of the classic method of fourth order."""
    first = change(state)
    second = change(state + STEP / 2 * first)
    third = change(state + STEP / 2 * second)
    fourth = change(state + STEP * third)
    return state + STEP / 6 * (first + 2 * second + 2 * third + fourth)


FUNCTIONS: tuple[Applied, ...] = (
    fixed(sine_fit, 3),
    fixed(two_exponentials, 4),
    fixed(fm_sound, 6),
    fixed(two_peaks, 6),
    fixed(small_network, 9),
    fixed(predator_prey, 4),
    fixed(hill, 3),
    scalable(trilateration, 2, 3),
    scalable(phase_retrieval, 3, 5, 8),
    fixed(registration, 3),
    scalable(spectrum, 5, 10),
)
