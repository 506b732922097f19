"""The bytes of a challenge file, or one sentence that says why there are none."""

import os
import stat
from pathlib import Path

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import DEFAULT, Allowance

_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read_challenge(path: str | Path, allowed: Allowance = DEFAULT) -> bytes:
    """All bytes of a file that is neither empty nor larger than is allowed.

    Raises `ChallengeError` for anything else; it never waits for a pipe or a device.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as cause:
        raise _unopened(path, cause) from cause
    try:
        _check_kind(path, os.fstat(descriptor), allowed)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(allowed.bytes + 1)
    except OSError as cause:
        raise _unopened(path, cause) from cause
    finally:
        os.close(descriptor)
    if not data:
        raise ChallengeError(f"{path} is empty.", "Ask the sender for it again: the transfer may have failed.")
    if len(data) > allowed.bytes:
        raise _too_large(path, allowed)
    return data


def _check_kind(path: str | Path, status: os.stat_result, allowed: Allowance) -> None:
    for holds, kind in _SPECIAL:
        if holds(status.st_mode):
            raise ChallengeError(f"{path} is {kind}, not a file.", "Give the path of the challenge file itself.")
    if status.st_size > allowed.bytes:
        raise _too_large(path, allowed)


def _too_large(path: str | Path, allowed: Allowance) -> ChallengeError:
    return ChallengeError(
        f"{path} is larger than {allowed.size} MiB.",
        "Ask the sender for the function alone, without the data around it, or allow more with --max-size.",
    )


def _unopened(path: str | Path, cause: Exception) -> ChallengeError:
    if isinstance(cause, FileNotFoundError):
        return ChallengeError(f"There is no file {path}.", "Check the path and the folder that you are in.")
    if isinstance(cause, IsADirectoryError):
        return ChallengeError(f"{path} is a folder, not a file.", "Give the path of the challenge file itself.")
    if isinstance(cause, PermissionError) and Path(path).is_dir():
        # what Windows says of a folder
        return ChallengeError(f"{path} is a folder, not a file.", "Give the path of the challenge file itself.")
    if isinstance(cause, PermissionError):
        return ChallengeError(
            f"{path} may not be read by you.", "Change its permissions, or copy it to your own folder."
        )
    reason = getattr(cause, "strerror", None) or str(cause)
    return ChallengeError(f"{path} cannot be read ({reason}).", "Check the path, or copy the file to another place.")
