"""An oracle behind HTTP: its address and how to talk to it, from a URL or a small TOML file (`docs/protocols.md`)."""

from dataclasses import dataclass, field, fields
from typing import Any, cast
from urllib.parse import urlsplit

from blackbox.core.errors import ChallengeError
from blackbox.loading.formats.content import Content, Given

MOST_INPUTS = 1000


@dataclass(frozen=True, slots=True)
class WebOracle:
    """How to ask. Raises `ChallengeError` at birth where a field makes no sense."""

    url: str
    method: str = "POST"
    """`POST` sends JSON, `GET` puts the fields into the address."""
    point: str = "x"
    """Field of the whole point, a list of numbers."""
    names: tuple[str, ...] = ()
    """One field for each input instead."""
    points: str = ""
    """Field of many points, a list of lists; empty where the oracle takes one point at a time."""
    value: str = "value"
    """Where the answer has the number: keys and places with dots between, as in `result.0.y`."""
    values: str = "values"
    """Where the answer to many points has their numbers."""
    batch: int = 100
    """Points in one request at most."""
    rate: float = 0.0
    """Requests per second at most; 0 for as fast as it answers."""
    dimension: int | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """Sent along; `env:NAME` stands for an environment variable."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        rules = [
            (
                "url",
                parts.scheme in ("http", "https") and bool(parts.hostname),
                "must be an http:// or https:// address",
            ),
            ("method", self.method in ("GET", "POST"), "must be GET or POST"),
            ("points", not self.points or (self.method == "POST" and not self.names), "needs POST, and no names"),
            ("batch", 1 <= self.batch <= 10_000, "must be between 1 and 10000"),
            ("rate", 0 <= self.rate < 1e6, "must be requests per second, or 0"),
            ("dimension", self.dimension is None or 1 <= self.dimension <= MOST_INPUTS, "must be at least 1"),
            ("names", not self.names or self.dimension in (None, len(self.names)), "must be as many as the dimension"),
        ]
        for name, holds, rule in rules:
            if not holds:
                raise ChallengeError(f"{name}={getattr(self, name)!r}: {rule}.", "See docs/protocols.md.")

    @property
    def inputs(self) -> int | None:
        """The number of inputs, where it is told."""
        return len(self.names) or self.dimension

    @property
    def host(self) -> str:
        """Who is asked."""
        return urlsplit(self.url).hostname or ""


def open_url(url: str) -> Content:
    """The oracle at this address, with the fields that are usual. Nothing is sent yet."""
    return _content(WebOracle(url))


def open_description(given: Given) -> Content:
    """The oracle that a TOML text describes. Raises `ChallengeError`."""
    import tomllib  # only here: `inspect` of a pickle should feel instant

    try:
        table = tomllib.loads(given.data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise ChallengeError(f"{given.name} is no valid TOML: {cause}.", "See docs/protocols.md.") from cause
    known = {entry.name: entry.type for entry in fields(WebOracle)}
    unknown = sorted(set(table) - set(known))
    if unknown or "url" not in table:
        what = f"knows no field {', '.join(unknown)}" if unknown else "has no url"
        raise ChallengeError(f"The description of an oracle {given.name} {what}.", "See docs/protocols.md.")
    return _content(WebOracle(**{name: _checked(name, value) for name, value in table.items()}))


_KINDS: dict[str, tuple[type, ...]] = {
    "names": (list,),
    "batch": (int,),
    "dimension": (int,),
    "rate": (int, float),
    "headers": (dict,),
}


def _checked(name: str, value: object) -> Any:
    kinds = _KINDS.get(name, (str,))
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    parts: list[object] = []
    if isinstance(value, list):
        parts = cast("list[object]", value)
    elif isinstance(value, dict):
        parts = list(cast("dict[str, object]", value).values())
    if not fits or not all(isinstance(part, str) for part in parts):
        raise ChallengeError(f"{name}={value!r}: must be of another type.", "See docs/protocols.md.")
    return tuple(parts) if name == "names" else cast(object, value)


def _content(oracle: WebOracle) -> Content:
    finding = f"It is an oracle that is asked over the network, at {oracle.host}; nothing of it runs here."
    return Content("HTTP oracle", callables=oracle.names, findings=(finding,), web=oracle)
