"""Means over functions, their bootstrap intervals, the virtual best, and who wins where."""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from benchmarks.figures.board import Function
from blackbox.core.asking import Floats

DRAWS = 1000
"""Bootstrap samples: the ends of a 95 % interval are then known to a tenth of its width."""

TIE = 1e-9
"""Means closer than this share a win."""

Score = Callable[[Floats], Floats]
"""From paces to numbers between 0 and 1, same shape."""
Paces = Mapping[Function, Floats]


def mean(paces: Paces, score: Score) -> float:
    """Mean over functions of the mean over runs and targets."""
    return float(np.mean([score(found).mean() for found in paces.values()])) if paces else float("nan")


def interval(paces: Paces, score: Score, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of `mean`, the runs (instances and seeds) of each function drawn with replacement."""
    rng = np.random.default_rng(seed)
    total = np.zeros(DRAWS)
    for found in paces.values():
        runs = score(found).mean(axis=1)
        total += runs[rng.integers(len(runs), size=(DRAWS, len(runs)))].mean(axis=1)
    low, high = np.percentile(total / max(1, len(paces)), [2.5, 97.5])
    return float(low), float(high)


def virtual_best(all_paces: Collection[Paces], score: Score) -> float:
    """The mean that a solver would have which is, on each target of each function, as good as the best of these."""
    if not all_paces:
        return float("nan")
    functions = set.intersection(*(set(paces) for paces in all_paces))
    best = [
        np.max([score(paces[function]).mean(axis=0) for paces in all_paces], axis=0).mean() for function in functions
    ]
    return float(np.mean(best)) if best else float("nan")


def wins(all_paces: Mapping[str, Paces], score: Score) -> dict[str, float]:
    """Solver → functions on which its mean is the highest; ties are shared, and nobody wins where all have 0."""
    won = dict.fromkeys(all_paces, 0.0)
    functions = {function for paces in all_paces.values() for function in paces}
    for function in functions:
        means = {name: score(paces[function]).mean() for name, paces in all_paces.items() if function in paces}
        top = max(means.values())
        winners = [name for name, found in means.items() if found >= top - TIE]
        for name in winners if top > 0 else []:
            won[name] += 1 / len(winners)
    return won


def only(paces: Paces, functions: Collection[Function]) -> Paces:
    """The same, of some functions."""
    return {function: found for function, found in paces.items() if function in functions}
