"""What became of other processes, as /proc tells it: a pid alone may be a zombie's or, later, somebody else's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOON = 60.0
"""Seconds that a loaded machine may take to end what was killed."""


@dataclass(frozen=True)
class Process:
    """One process, for ever: a pid is used again, a pid with its start is not."""

    pid: int
    started: str

    @property
    def is_gone(self) -> bool:
        """Whether it ended; one that nobody has waited for yet has ended too."""
        try:
            state, started = _state_and_start(self.pid)
        except OSError:
            return True
        return state in "ZX" or started != self.started

    def gone_within(self, seconds: float = SOON) -> bool:
        deadline = time.monotonic() + seconds
        while not self.is_gone:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


def process(pid: int) -> Process:
    """The process that has this pid now, or one that is gone."""
    try:
        return Process(pid, _state_and_start(pid)[1])
    except OSError:
        return Process(pid, started="never")


def children(pid: int) -> Iterator[Process]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = _fields(int(entry.name))
        except OSError:
            continue
        if int(fields[1]) == pid:
            yield Process(int(entry.name), fields[19])


def _state_and_start(pid: int) -> tuple[str, str]:
    fields = _fields(pid)
    return fields[0], fields[19]


def _fields(pid: int) -> list[str]:
    """What /proc/PID/stat says after the name, which may hold spaces and brackets: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
