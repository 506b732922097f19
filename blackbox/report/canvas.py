"""An empty figure and its bytes. The only module that imports matplotlib (extra `plot`)."""

import io
from typing import Any

from blackbox.core.asking import Floats
from blackbox.core.errors import UsageError


def blank(width: float, height: float) -> Any:
    """A figure of so many inches. Raises `UsageError` where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as cause:
        raise UsageError("Pictures need matplotlib: install blackbox[plot].") from cause
    return Figure(figsize=(width, height), layout="constrained")


def drawn(figure: Any, kind: str) -> bytes:
    """The figure as `png` or `svg`."""
    out = io.BytesIO()
    figure.savefig(out, format=kind, dpi=110, metadata={"Date": None} if kind == "svg" else None)
    return out.getvalue()


def one_colour_a_band(levels: Floats, colours: str) -> Any:
    """A norm that gives every band between two levels its own colour, however narrow the band is."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    return BoundaryNorm(levels, colormaps[colours].N)
