"""The real command, as a person or a program runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle

COMMAND = (sys.executable, "-m", "blackbox")
LIMIT = 120
"""Seconds after which a run counts as hung."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


def environment(state: Path) -> dict[str, str]:
    """A person's environment whose state folder is a scratch one."""
    return {**os.environ, "XDG_STATE_HOME": str(state), "HOME": str(state), "COLUMNS": "100"}


def run(*words: str | Path, state: Path) -> Ran:
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env=environment(state),
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def start(*words: str | Path, state: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(state),
        stdin=subprocess.DEVNULL,
    )


def pack(path: Path, fun: Callable[..., Any]) -> Path:
    """A by-value pickle of a function of a test, whichever module it stands in."""
    module = sys.modules[fun.__module__]
    cloudpickle.register_pickle_by_value(module)
    try:
        path.write_bytes(cloudpickle.dumps(fun))
    finally:
        cloudpickle.unregister_pickle_by_value(module)
    return path
