"""Where journals live, and which one belongs to which run."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from blackbox.core.errors import UsageError
from blackbox.oracle.journal import Facts, Journal

KEY_FACT, FINISHED_FACT = "run", "finished"


def open_journal(path: Path | None, resume: bool, key: Facts, warn: Callable[[str], None]) -> Journal | None:
    """The journal of the run with these facts: a new one, or the one to go on with.

    None where nobody named a place and the state folder cannot be used: a search is worth more than its journal, so
    that is told through `warn` and the search goes on. Raises `UsageError` where the place that was named cannot be
    used, holds another run, or holds a run and `resume` was not said.
    """
    if path is None:
        return _default_journal(resume, key, warn)
    if path.is_dir():
        raise UsageError(f"--journal {path} is a folder: name a file in it, as in --journal {path / 'run.sqlite'}.")
    if path.exists() and not resume:
        raise UsageError(f"The journal {path} holds a run already: go on with --resume, or choose another path.")
    return _claimed(Journal(path), key)


def _default_journal(resume: bool, key: Facts, warn: Callable[[str], None]) -> Journal | None:
    try:
        return _claimed(Journal(_in_state_folder(resume, key)), key)
    except (OSError, UsageError) as trouble:
        warn(f"{trouble} This run goes on without a journal and cannot be resumed.")
        return None


def _claimed(journal: Journal, key: Facts) -> Journal:
    """The journal, with the run's facts recorded. Raises `UsageError` where it has those of another run."""
    known = journal.facts().get(KEY_FACT)
    if known is None:
        journal.record({KEY_FACT: key})
    elif known != key:
        journal.close()
        differing = ", ".join(sorted(name for name in {*known, *key} if known.get(name) != key.get(name)))
        raise UsageError(
            f"The journal {journal.path} belongs to another run: {differing} differ. Choose another --journal."
        )
    return journal


def _in_state_folder(resume: bool, key: Facts) -> Path:
    """The newest journal of this run when resuming, else the first free name; finished ones make room."""
    from platformdirs import user_state_path

    folder = user_state_path("blackbox", appauthor=False) / "runs"
    stem = f"{key['sha256'][:12]}-{_digest(key)}"
    existing = sorted(folder.glob(f"{stem}-*.sqlite"))
    if resume and existing:
        return existing[-1]
    kept = [path for path in existing if not _remove_finished(path)]
    number = 1 + max((int(path.stem.rpartition("-")[2]) for path in kept), default=0)
    return folder / f"{stem}-{number:04d}.sqlite"


def _remove_finished(path: Path) -> bool:
    """Forget a journal whose run came to its own end: its answer can be had again, nothing paid for is lost."""
    journal = Journal(path)
    try:
        finished = bool(journal.facts().get(FINISHED_FACT))
    finally:
        journal.close()
    if finished:
        for relative in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            relative.unlink(missing_ok=True)
    return finished


def _digest(key: Facts) -> str:
    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:8]
