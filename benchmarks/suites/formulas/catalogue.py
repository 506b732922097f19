"""All classic functions by name."""

from benchmarks.suites.formulas import bowls, fits, planar_rugged, planar_smooth, ripples, small, systems
from benchmarks.suites.formulas.classic_function import Classic

_PARTS = {
    "bowls": bowls.FUNCTIONS,
    "ripples": ripples.FUNCTIONS,
    "planar smooth": planar_smooth.FUNCTIONS,
    "planar rugged": planar_rugged.FUNCTIONS,
    "small": small.FUNCTIONS,
    "fits": fits.FUNCTIONS,
    "systems": systems.FUNCTIONS,
}

CLASSICS: dict[str, Classic] = {function.name: function for part in _PARTS.values() for function in part}

GROUPS: dict[str, str] = {function.name: group for group, part in _PARTS.items() for function in part}
