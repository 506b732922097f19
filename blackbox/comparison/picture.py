"""A contest as curves: the best value so far against the evaluations spent."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from blackbox.comparison.contest import OURS, Result, Run, best_known
from blackbox.comparison.scipy_methods import SCIPY
from blackbox.core.asking import Floats
from blackbox.gradients.steps import MACHINE
from blackbox.report.canvas import blank, drawn

STATIONS = 300
"""Evaluation counts, evenly spread over the logarithm, at which the runs of a method are read."""

DECADES = 2.0
"""Gaps to the best value that span more powers of ten than these want a logarithmic axis."""

QUARTILES = (0.25, 0.75)


def contest_picture(results: Sequence[Result], maximize: bool, kind: str = "png") -> bytes:
    """A line a method, the median over its seeds, in a band between the quartiles.

    Upwards stands how far the best value so far is from the best value known to anybody: on a logarithmic axis where
    it spans decades, and with a floor, since a gap of nothing has no logarithm.
    """
    best = best_known(results, maximize)
    last = max((run.evaluations for result in results for run in result.runs), default=1)
    stations = np.unique(np.round(np.geomspace(1, max(last, 2), STATIONS)))
    floor = _floor(results, best)
    gaps = {result.name: _gaps(result, best, stations, floor) for result in results}
    figure = blank(10, 5.6)
    axes = figure.add_subplot()
    for index, (name, table) in enumerate(gaps.items()):
        _line(axes, name, index, stations, table)
    known = np.concatenate([table[np.isfinite(table)] for table in gaps.values()] or [np.ones(1)])
    known = known[known > floor]
    if known.size and np.log10(known.max() / known.min()) > DECADES:
        axes.set_yscale("log")
    axes.set_xscale("log")
    axes.set(xlabel="evaluations", ylabel=f"best value so far, distance to the best known ({best:.6g})")
    seeds = max(len(result.runs) for result in results)
    axes.set_title("one seed" if seeds == 1 else f"median and quartiles of {seeds} seeds", fontsize=10)
    axes.grid(alpha=0.3)
    if axes.lines:
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))
    return drawn(figure, kind)


def _floor(results: Sequence[Result], best: float) -> float:
    """What stands for a gap of nothing: a tenth of the smallest gap of anybody, or the rounding of the best value."""
    curves = [np.abs(run.curve[:, 1] - best) for result in results for run in result.runs]
    gaps = np.concatenate([np.ones(1), *curves])
    return max(0.1 * float(gaps[gaps > 0].min()), MACHINE * abs(best) if np.isfinite(best) else 0.0)


def _gaps(result: Result, best: float, stations: Floats, floor: float) -> Floats:
    """Of each run at each station, shape `(runs, stations)`; infinite while it has no number, NaN after its end."""
    return np.array([_gap(run, best, stations, floor) for run in result.runs])


def _gap(run: Run, best: float, stations: Floats, floor: float) -> Floats:
    if not len(run.curve):
        return np.full(stations.size, np.inf)
    found = np.searchsorted(run.curve[:, 0], stations, side="right") - 1
    gap = np.maximum(np.abs(run.curve[np.maximum(found, 0), 1] - best), floor)
    return np.where(found < 0, np.inf, gap)


def _line(axes: Any, name: str, index: int, stations: Floats, table: Floats) -> None:
    # Order statistics and no means: a run without a number is infinitely far, and infinities do not add up.
    low, middle, high = (
        np.quantile(table, part, axis=0, method="nearest") for part in (QUARTILES[0], 0.5, QUARTILES[1])
    )
    shown = np.isfinite(middle)
    if not shown.any():
        return
    ours, colour = name == OURS, f"C{index % 10}"
    style = {"color": "k" if ours else colour, "lw": 2.4 if ours else 1.4, "ls": "--" if name in SCIPY else "-"}
    if index >= 10 and not ours:
        style["ls"] = ":" if name not in SCIPY else "-."
    axes.plot(stations[shown], middle[shown], drawstyle="steps-post", label=name, gid=f"curve {name}", **style)
    if len(table) > 1:
        both = shown & np.isfinite(high)
        axes.fill_between(
            stations[both],
            low[both],
            high[both],
            step="post",
            color=style["color"],
            alpha=0.15,
            lw=0,
            gid=f"band {name}",
        )
