"""A campaign on its journal: opened, added to and closed within one command, days apart."""

import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import BlackboxError, UsageError
from blackbox.core.evaluations import Reply
from blackbox.oracle.journal import Facts, Journal
from blackbox.solve.campaign import Campaign, Telling
from blackbox.solve.plan import find_dimension, read_bounds
from blackbox.solve.runs import KEY_FACT, SQLITE

KIND = "campaign"
ASKED_FACT = "asked"
"""All points that were ever asked; those not told yet are pending."""

_NAME = re.compile(r"\w[\w.-]*")


class CampaignError(BlackboxError):
    """The journal of a campaign cannot be used: exit code 3."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class CampaignOptions:
    """What a campaign is begun with; None where it was not said."""

    dimension: int | None = None
    bounds: Any = None
    maximize: bool | None = None
    seed: int | None = None
    decimals: int | None = None
    half_open: bool | None = None
    format: str | None = None


class CampaignRun:
    """An open campaign. What is told is durable when `tell` returns."""

    def __init__(self, journal: Journal, facts: Facts) -> None:
        self._journal = journal
        self.path = journal.path
        self.format: str = facts["format"]
        given = {name: facts[name] for name in ("dimension", "bounds", "maximize", "seed", "decimals", "half_open")}
        self.campaign = Campaign(given.pop("dimension"), given.pop("bounds"), **given)
        d = self.campaign.field.dimension
        self._asked = np.array(journal.facts().get(ASKED_FACT, []), dtype=np.float64).reshape(-1, d)
        stored = journal.stored()
        self.campaign.restore(stored.points.reshape(-1, d), stored.reply.values, self._asked)

    def ask(self, n: int) -> Points:
        """The points to evaluate next, those pending first; new ones are in the journal before anybody sees them."""
        before = len(self.campaign.pending)
        points = self.campaign.ask(n)
        fresh = self.campaign.pending[before:]
        if len(fresh):
            self._asked = np.vstack([self._asked, fresh])
            self._journal.record({ASKED_FACT: self._asked.tolist()})
        return points

    def tell(self, points: Any, values: Any, replicate: bool = False) -> Telling:
        """Record points and values, all or none."""
        before = len(self.campaign.values)
        telling = self.campaign.tell(points, values, replicate=replicate)
        if telling.recorded:
            fresh, answers = self.campaign.points[before:], self.campaign.values[before:]
            self._journal.append(np.ascontiguousarray(fresh), Reply.from_values(answers))
            self._journal.flush()
        return telling


@contextmanager
def opened_campaign(run: str, options: CampaignOptions | None) -> Generator[CampaignRun]:
    """The campaign of that name or path; begun where `options` are given and it is new.

    Nobody else writes it meanwhile. Raises `CampaignError` where the file is none, `UsageError` where options are
    missing or differ from those it was begun with.
    """
    path = place_of(run)
    begun = path.exists() and path.stat().st_size > 0
    if not begun and options is None:
        raise CampaignError(
            f"There is no campaign {path}: begin it with `blackbox ask {run} --dimension D --bounds LO:HI`."
        )
    if path.is_dir():
        raise CampaignError(f"{path} is a folder: name a file in it, as in {path / 'campaign.sqlite'}.")
    if begun and path.open("rb").read(len(SQLITE)) != SQLITE:
        raise CampaignError(f"{path} exists and is no journal of a campaign: choose another RUN.")
    facts = None if begun else _first_facts(run, options or CampaignOptions())
    with _alone(path), _journal(path) as journal:
        yield CampaignRun(journal, _settled(journal, facts, run, options or CampaignOptions()))


@contextmanager
def _journal(path: Path) -> Generator[Journal]:
    try:
        journal = Journal(path)
    except UsageError as cause:
        raise CampaignError(f"{path} cannot be used as a journal ({cause.__cause__}): choose another RUN.") from cause
    with journal:
        try:
            yield journal
        except sqlite3.Error as cause:
            raise CampaignError(f"The journal {path} cannot be read ({cause}): bring back a copy of it.") from cause


def _settled(journal: Journal, first: Facts | None, run: str, options: CampaignOptions) -> Facts:
    """What the campaign is, in the journal: as it was begun, or as it is begun now if nothing was asked or told yet."""
    facts = journal.facts()
    known: Facts = facts.get(KEY_FACT) or {}
    if known and known.get("kind") != KIND:
        raise CampaignError(f"The journal {journal.path} holds no campaign but another run: choose another RUN.")
    is_blank = not known or (ASKED_FACT not in facts and not len(journal.stored().points))
    if is_blank and (options.bounds is not None or not known):
        known = first or _first_facts(run, options)
        journal.record({KEY_FACT: known})
    _check_same(known, options, journal.path)
    return known


def place_of(run: str) -> Path:
    """A path as it is; a name is a file in the state folder. Raises `UsageError`."""
    from platformdirs import user_state_path

    if "/" in run or "\\" in run or run.endswith(".sqlite"):
        return Path(run)
    if not _NAME.fullmatch(run):
        raise UsageError(f"RUN {run!r} is neither a path nor a name of letters, digits, '.', '-' and '_'.")
    return user_state_path("blackbox", appauthor=False) / "campaigns" / f"{run}.sqlite"


def _first_facts(run: str, options: CampaignOptions) -> Facts:
    if options.bounds is None:
        raise UsageError(f"There is no campaign {run} yet: begin it with --dimension D and --bounds LO:HI.")
    d = find_dimension(options.dimension, options.bounds, None)
    box = read_bounds(options.bounds, d)
    assert box is not None
    form = options.format or "csv"
    # People of the challenge submit 0.000000 to 0.999999.
    half_open = form == "hyphens" if options.half_open is None else options.half_open
    facts: Facts = {"kind": KIND, "dimension": d, "bounds": box.pairs(), "maximize": bool(options.maximize)}
    facts |= {"seed": options.seed or 0, "decimals": options.decimals, "half_open": half_open, "format": form}
    Campaign(d, facts["bounds"], seed=facts["seed"], decimals=facts["decimals"], half_open=half_open)
    return facts


def _check_same(known: Facts, options: CampaignOptions, path: Path) -> None:
    given = {name: getattr(options, name) for name in ("dimension", "maximize", "seed", "decimals", "half_open")}
    if options.bounds is not None:
        box = read_bounds(options.bounds, known["dimension"])
        given["bounds"] = None if box is None else box.pairs()
    differing = sorted(name for name, value in given.items() if value is not None and value != known[name])
    if differing:
        was = ", ".join(f"{name} {known[name]}" for name in differing)
        raise UsageError(
            f"The campaign {path} was begun with other options ({was}): leave them out, or choose another RUN."
        )


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Hold the file: two commands at once take turns, and the second sees what the first has told."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as cause:
        raise CampaignError(f"The journal {path} cannot be written: {cause.strerror or cause}.") from cause
    with file:
        _lock(file.fileno())
        yield


def _lock(number: int) -> None:
    """Wait for the file. SQLite's own locks are of another kind and do not collide with this one."""
    try:
        import fcntl
    except ImportError:  # where there is none, SQLite refuses the second writer and nothing is lost
        return
    fcntl.flock(number, fcntl.LOCK_EX)
