"""The parts of the default search that can be left out, to see what each is worth (`make ablation`)."""

from enum import StrEnum


class Part(StrEnum):
    """A part of the search."""

    FIRST_DESCENT = "first descent"
    """Without it the first walk ends at its first iterate."""
    DECADES = "decades"
    """Inputs whose box spans decades are searched by their logarithm."""
    SIMPLE_PLACES = "simple places"
    """Where every input is 0, 1 or −1."""
    AXIS_SEARCH = "axis search"
    LANDSCAPE = "landscape"
    """Waves are told from basins; without it all landscapes count as smooth or stalled."""
    LARGE_POPULATION = "large first population"
    RESTARTS = "restarts"
    POPULATIONS = "populations"
    BOWLS = "bowls"
    """Populations that lie in a bowl are ended by a descent."""
    SIMPLEXES = "simplexes"
    """Without them restarts take their place on rugged ground."""
    RECOGNITION = "recognition"
    """Restarts that run to a known minimum are ended there."""
    HIDDEN_AXES = "hidden axes"
    """Directions along which f is a sum, or waves on a bowl."""
    RINGS = "rings"
    """Functions of the distance from a centre."""
    CREDIT = "credit"
