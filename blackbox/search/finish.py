"""How a search ends of itself."""

from dataclasses import dataclass

from blackbox.core.asking import Floats
from blackbox.core.stops import Stop


@dataclass(frozen=True, slots=True)
class Void:
    """How many of the last evaluations, and of the last landings, were no answers of the function."""

    evaluations: int
    landings: int


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about f, and the same about −f, which is what a search for a maximum is asked about."""

    plain: str = ""
    mirrored: str = ""

    @classmethod
    def of(cls, template: str, level: float = 0.0) -> "Told":
        """From a template with `{falls}`, `{fall}`, `{lowest}` and `{level}`, a value of f."""
        down = {"falls": "falls", "fall": "fall", "lowest": "lowest", "level": f"{level:.6g}"}
        up = {"falls": "rises", "fall": "rise", "lowest": "highest", "level": f"{-level + 0.0:.6g}"}
        return cls(template.format(**down), template.format(**up))


@dataclass(frozen=True, slots=True, eq=False)
class Finish:
    """Why the search itself ended."""

    stop: Stop
    detail: str = ""
    ray: Floats | None = None
    """Shape `(d,)`: the direction along which f falls without end, its largest component ±1; None for a minimum."""
    void: Void | None = None
    mirrored: str = ""
    """The detail as it is told of a maximum; empty where it is the same."""
    complete: bool = False
    """Whether every point there is was asked."""

    @classmethod
    def told(cls, stop: Stop, told: Told, ray: Floats | None = None, void: Void | None = None) -> "Finish":
        """With a sentence for either direction."""
        return cls(stop, told.plain, ray, void, told.mirrored)
