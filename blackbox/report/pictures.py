"""Pictures of walks and studies: values in, bytes out (extra `plot`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from blackbox.core.asking import Floats, Points, Step, Values
from blackbox.descent.learning_rates import RateStudy
from blackbox.report.canvas import blank, drawn, one_colour_a_band
from blackbox.solve.walks import Trail

CURVE_POINTS = 400
GRID_POINTS = 60
"""A side; 3,600 evaluations draw a map."""

MARGIN = 0.35
"""Of the walk's own extent, around it."""

LEVELS = 24

COLOURS = "terrain"
"""Water below, snow above."""

SKEWED = 0.1
"""A landscape half of which lies within this lowest part of its height is banded by area: even bands would show its
floor as one colour, and the walk on it as a walk on nothing."""

DECADES = 2.0
"""Values that span more powers of ten than these want a logarithmic axis."""

PLAIN = (-3, 4)
"""Powers of ten between which the numbers of a surface's height are written out: longer ones run into its name."""

PATH, ENDS, LOST = "#c1121f", "#003049", "#8d99ae"

SHOWN_BASINS = 12
"""In a legend."""


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """What lies around a walk: points asked for the picture alone, and their values."""

    axes: tuple[Floats, ...]
    """One for a curve, two for a map."""
    values: Floats
    """Shape `(n,)` or `(n, n)`, NaN where the function fails."""


def window(steps: Sequence[Step], lower: Floats, upper: Floats) -> tuple[Floats, ...] | None:
    """The axes to ask for a landscape, within bounds; None for more than two inputs or no steps."""
    if not steps or steps[0].point.size > 2:
        return None
    path = np.array([step.point for step in steps])
    low: Floats = path.min(axis=0)
    high: Floats = path.max(axis=0)
    extent = high - low
    reach: Floats = np.maximum(extent, 0.25 * float(extent.max()))
    reach = np.where(reach > 0, reach, np.maximum(np.abs(path[0]), 1.0))
    low, high = np.maximum(low - MARGIN * reach, lower), np.minimum(high + MARGIN * reach, upper)
    count = CURVE_POINTS if path.shape[1] == 1 else GRID_POINTS
    return tuple(np.linspace(float(a), float(b), count) for a, b in zip(low, high, strict=True))


def landscape(axes: tuple[Floats, ...], ask: Callable[[Points], Values]) -> Landscape:
    """The values on the axes' grid."""
    mesh = np.meshgrid(*axes, indexing="xy")
    points = np.ascontiguousarray(np.column_stack([part.ravel() for part in mesh]))
    return Landscape(axes, ask(points).reshape(mesh[0].shape))


def walk_picture(steps: Sequence[Step], title: str, ground: Landscape | None, kind: str = "png") -> bytes:
    """A curve with the visited points; a map and a surface with the path; or value and slope per step."""
    figure = blank(10.8, 4.6)
    figure.suptitle(title)
    if ground is None:
        _per_step(figure, steps)
    elif len(ground.axes) == 1:
        _curve(figure.add_subplot(), steps, ground)
    else:
        _map(figure.add_subplot(1, 2, 1), steps, ground)
        _surface(figure.add_subplot(1, 2, 2, projection="3d"), steps, ground)
    return drawn(figure, kind)


def restarts_picture(trail: Trail, title: str, ground: Landscape | None, kind: str = "png") -> bytes:
    """Every walk with its start, its path and its end, in the colour of the basin it ended in.

    On the curve (one input) or on the map (two); value per step of every walk for more.
    """
    figure = blank(8.4, 5.6)
    figure.suptitle(title)
    axes = figure.add_subplot()
    if ground is None:
        axes.set(xlabel="step", ylabel="value")
        axes.locator_params(axis="x", integer=True)
    elif len(ground.axes) == 1:
        axes.plot(ground.axes[0], ground.values, color="#669bbc", lw=1.5, label="the function", gid="curve")
        axes.set(xlabel="x1", ylabel="value")
    else:
        _terrain(axes, ground)
    colours = {walk: f"C{index % 10}" for index, basin in enumerate(trail.basins) for walk in basin.walks}
    for index, walk in enumerate(trail.walks):
        if walk.steps:
            _trace(axes, walk, colours.get(index, LOST), ground)
    if ground is not None:
        for end, scale in zip((axes.set_xlim, axes.set_ylim), ground.axes, strict=False):
            end(scale[0], scale[-1])
    _basin_legend(axes, trail)
    return drawn(figure, kind)


def _trace(axes: Any, walk: Trail, colour: str, ground: Landscape | None) -> None:
    points = np.array([step.point for step in walk.steps])
    values = np.array([step.value for step in walk.steps])
    best = min(range(len(values)), key=lambda k: -values[k] if walk.climbs else values[k])
    if ground is None:
        across, up = np.arange(len(values)), values
    else:
        across, up = points[:, 0], values if len(ground.axes) == 1 else points[:, 1]
    line = axes.plot(across, up, "-", color="k", lw=2.2, alpha=0.6)
    line += axes.plot(across, up, "o-", color=colour, lw=1.2, ms=2, gid="path")
    axes.plot(across[:1], up[:1], "s", color=colour, mec="k", ms=6, gid="start", zorder=4)
    axes.plot(across[best], up[best], "*", color=colour, mec="k", ms=13, gid="end", zorder=5)


def _basin_legend(axes: Any, trail: Trail) -> None:
    """One entry a basin, and what the marks mean."""
    axes.plot([], [], "s", color="w", mec="k", ms=6, label="start")
    axes.plot([], [], "*", color="w", mec="k", ms=11, label="end")
    for index, basin in enumerate(trail.basins[:SHOWN_BASINS]):
        label = f"{basin.value:.6g}, {basin.hits} of {len(trail.walks)}"
        axes.plot([], [], "-", color=f"C{index % 10}", lw=3, label=label)
    if len(trail.basins) > SHOWN_BASINS:
        axes.plot([], [], " ", label=f"and {len(trail.basins) - SHOWN_BASINS} more")
    if sum(basin.hits for basin in trail.basins) < len(trail.walks):
        axes.plot([], [], "-", color=LOST, lw=3, label="in no basin")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5), title="value at the end, walks")


def rates_picture(study: RateStudy, grounds: Sequence[Landscape | None], kind: str = "png") -> bytes:
    """A grid of small pictures, one a learning rate: where the walk went and its kind."""
    count = len(study.walks)
    columns = min(count, 4)
    rows = -(-count // columns)
    figure = blank(3.2 * columns, 2.9 * rows)
    for index, (walk, ground) in enumerate(zip(study.walks, grounds, strict=True)):
        axes = figure.add_subplot(rows, columns, index + 1)
        if ground is None or not walk.steps:
            _values_per_step(axes, walk.steps)
        elif len(ground.axes) == 1:
            _curve(axes, walk.steps, ground, legend=False)
        else:
            _map(axes, walk.steps, ground, legend=False)
        best = " (recommended)" if walk.learning_rate == study.recommended else ""
        axes.set_title(f"η = {walk.learning_rate:g}: {walk.kind.value}{best}", fontsize=9)
    return drawn(figure, kind)


def _curve(axes: Any, steps: Sequence[Step], ground: Landscape, legend: bool = True) -> None:
    axes.plot(ground.axes[0], ground.values, color="#669bbc", lw=1.5, label="the function", gid="curve")
    x, y = [step.point[0] for step in steps], [step.value for step in steps]
    axes.plot(x, y, "o-", color=PATH, lw=0.8, ms=3.5, label="the walk", gid="path")
    axes.plot(x[:1], y[:1], "s", color=ENDS, ms=6, label="start", gid="start")
    axes.plot(x[-1:], y[-1:], "*", color=ENDS, ms=10, label="end", gid="end")
    axes.set(xlabel="x1", ylabel="value")
    if legend:
        axes.legend(fontsize=7)


def _map(axes: Any, steps: Sequence[Step], ground: Landscape, legend: bool = True) -> None:
    _terrain(axes, ground, scale=legend)
    path = np.array([step.point for step in steps])
    axes.plot(path[:, 0], path[:, 1], "o-", color=PATH, lw=1, ms=3, label="the walk", gid="path")
    axes.plot(*path[0], "s", color=ENDS, ms=6, label="start", gid="start")
    axes.plot(*path[-1], "*", color=ENDS, ms=10, label="end", gid="end")
    if legend:
        axes.legend(fontsize=7, loc="best")


def _colouring(ground: Landscape) -> dict[str, Any]:
    """How heights become colours, the same on the map and on the surface: in even bands, or in bands of even area."""
    known = ground.values[np.isfinite(ground.values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if not high > low:
        return {"cmap": COLOURS}
    levels: Floats = np.linspace(low, high, LEVELS + 1)
    if float(np.median(known)) - low < SKEWED * (high - low):
        levels = np.unique(np.quantile(known, np.linspace(0, 1, LEVELS + 1)))
    return {"cmap": COLOURS, "norm": one_colour_a_band(levels, COLOURS), "levels": levels}


def _terrain(axes: Any, ground: Landscape, scale: bool = True) -> None:
    """The contour map, with a scale of its colours."""
    colouring = _colouring(ground)
    filled = axes.contourf(*ground.axes, np.ma.masked_invalid(ground.values), **colouring)
    axes.contour(filled, colors="k", linewidths=0.3, alpha=0.5)
    axes.set(xlabel="x1", ylabel="x2")
    if scale and "levels" in colouring:
        bar = axes.figure.colorbar(filled, ax=axes, label="value", pad=0.02)
        bar.ax.tick_params(labelsize=7)


def _surface(axes: Any, steps: Sequence[Step], ground: Landscape) -> None:
    mesh = np.meshgrid(*ground.axes, indexing="xy")
    colouring = {key: value for key, value in _colouring(ground).items() if key != "levels"}
    axes.plot_surface(*mesh, np.ma.masked_invalid(ground.values), alpha=0.75, lw=0, zorder=1, **colouring)
    path, values = np.array([step.point for step in steps]), [step.value for step in steps]
    # Lifted a little, so that the surface does not swallow the path.
    lift = 0.01 * float(np.nanmax(ground.values) - np.nanmin(ground.values))
    heights = np.array(values) + lift
    axes.plot(path[:, 0], path[:, 1], heights, "o-", color=PATH, lw=1.2, ms=3, zorder=5, gid="path")
    axes.set(xlabel="x1", ylabel="x2")
    axes.set_zlabel("value", labelpad=9)
    # Smaller than it could be: the name of the height stands outside of the box that a layout knows of.
    axes.set_box_aspect(None, zoom=0.85)
    axes.locator_params(nbins=5)
    axes.ticklabel_format(axis="z", style="sci", scilimits=PLAIN)


def _per_step(figure: Any, steps: Sequence[Step]) -> None:
    _values_per_step(figure.add_subplot(1, 2, 1), steps)
    axes = figure.add_subplot(1, 2, 2)
    axes.plot([step.slope for step in steps], "o-", color=PATH, ms=3, gid="slope")
    axes.set(xlabel="step", ylabel="slope (norm of the gradient)")
    axes.locator_params(axis="x", integer=True)
    if all(step.slope > 0 for step in steps):
        axes.set_yscale("log")


def _values_per_step(axes: Any, steps: Sequence[Step]) -> None:
    values = np.array([step.value for step in steps])
    axes.plot(values, "o-", color=PATH, ms=3, gid="path")
    axes.set(xlabel="step", ylabel="value")
    axes.locator_params(axis="x", integer=True)
    if values.size and values.min() > 0 and np.log10(values.max() / values.min()) > DECADES:
        axes.set_yscale("log")
