"""Wild functions, put together from features: no bounds, no scale, no manners. Standard library and numpy alone."""

import math
import random
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

SHAPES = ("bowl", "kink", "waves", "bend", "plane", "decay", "well", "stairs", "flat", "pole", "log", "saddle")
HOLES = ("none", "half", "tube", "raises", "infinite", "text", "ball")
FATIGUE = ("never", "text", "raises", "constant low", "constant high", "nan")
BOUNDS = ("none", "box", "half", "point", "mixed")


@dataclass
class Wild:
    """One function; counts its calls and remembers whether a point ever lay outside its bounds."""

    shape: str
    hole: str
    fatigue: str
    patience: int
    noise: float
    whole: bool
    scales: list[float]
    shift: list[float]
    pairs: list[tuple[float | None, float | None]] | None
    seed: int
    calls: int = 0
    outside: list[list[float]] = field(default_factory=list)
    luck: random.Random | None = None

    def __call__(self, x: np.ndarray) -> object:
        self.calls += 1
        self.check(x)
        if self.fatigue != "never" and self.calls > self.patience:
            return self.tired()
        z = [(float(v) - c) / s for v, c, s in zip(x, self.shift, self.scales, strict=True)]
        if self.whole:
            z = [float(math.floor(v)) for v in z]
        fault = self.fault(z)
        if fault is not None:
            return fault
        if self.luck is None:
            self.luck = random.Random(self.seed)
        return self.height(z) + (self.noise * self.luck.gauss(0, 1) if self.noise else 0.0)

    def check(self, x: np.ndarray) -> None:
        for value, (low, high) in zip(x, self.pairs or [(None, None)] * len(x), strict=True):
            if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
                self.outside.append([float(v) for v in x])

    def tired(self) -> object:
        if self.fatigue == "raises":
            raise RuntimeError("no more questions")
        return {"text": "ReachFunctionLimit", "constant low": -1e6, "constant high": 1e6, "nan": math.nan}[self.fatigue]

    def fault(self, z: list[float]) -> object:
        if self.hole == "half" and z[0] < 0.3:
            return math.nan
        if self.hole == "ball" and sum(v * v for v in z) > 4:
            return math.nan
        if self.hole == "tube" and abs(z[-1] - z[0] ** 2 * (len(z) > 1)) > 0.05:
            return math.nan
        if self.hole == "infinite" and z[0] > 1:
            return math.inf
        if self.hole == "text" and z[-1] > 2:
            return "out of range"
        if self.hole == "raises":
            math.sqrt(z[0] + 1)
        return None

    def height(self, z: list[float]) -> float:
        square = sum(v * v for v in z)
        match self.shape:
            case "bowl":
                return square
            case "kink":
                return max(abs(v) * (k + 1) for k, v in enumerate(z))
            case "waves":
                return square - 3 * sum(math.cos(5 * v) for v in z)
            case "bend":
                return (z[-1] - z[0] ** 2) ** 2 * 100 + (1 - z[0]) ** 2
            case "plane":
                return sum(v * (k - 0.5) for k, v in enumerate(z))
            case "decay":
                return math.exp(-z[0]) + sum(v * v for v in z[1:])
            case "well":
                return 1 - math.exp(-square)
            case "stairs":
                return float(sum(abs(math.floor(3 * v)) for v in z))
            case "pole":
                return -1 / square
            case "log":
                return -math.log(z[0]) + sum(abs(v) for v in z[1:])
            case "saddle":
                return square - 2 * z[0] ** 2
            case _:
                return 4.0


@st.composite
def wild_functions(draw: st.DrawFn) -> Wild:
    """Any composition of the features."""
    d = draw(st.integers(1, 4))
    scales = [10.0 ** draw(st.integers(-3, 3)) for _ in range(d)]
    if draw(st.booleans()):
        scales = [10.0 ** draw(st.integers(-6, 9))] * d
    shift = [s * draw(st.floats(-3, 3)) for s in scales]
    kind = draw(st.sampled_from(BOUNDS))
    pairs = None
    if kind != "none":
        pairs = [draw(_pair(kind, s)) for s in scales]
    return Wild(
        shape=draw(st.sampled_from(SHAPES)),
        hole=draw(st.sampled_from(HOLES)),
        fatigue=draw(st.sampled_from(("never",) * 5 + FATIGUE)),
        patience=draw(st.integers(1, 400)),
        noise=draw(st.sampled_from((0.0, 0.0, 0.0, 1e-8, 1e-3, 1.0))),
        whole=draw(st.sampled_from((False, False, False, True))),
        scales=scales,
        shift=shift,
        pairs=pairs,
        seed=draw(st.integers(0, 1000)),
    )


@st.composite
def _pair(draw: st.DrawFn, kind: str, scale: float) -> tuple[float | None, float | None]:
    low = scale * draw(st.floats(-8, 4))
    high = low + scale * draw(st.floats(0.01, 9))
    if kind == "mixed":
        kind = draw(st.sampled_from(("none", "box", "half", "point")))
    if kind == "none":
        return None, None
    if kind == "half":
        return (low, None) if draw(st.booleans()) else (None, high)
    return (low, low) if kind == "point" else (low, high)
