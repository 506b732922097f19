"""ZIP archives with one challenge in them. Nothing is written anywhere, so no path in them matters."""

import io
import zipfile
import zlib
from collections.abc import Callable

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import Allowance
from blackbox.loading.formats.compressed import Clock
from blackbox.loading.printable import printable

MOST_MEMBERS = 1000
"""Files in an archive; a challenge comes with a handful."""
_LONGEST_NAME = 100
"""Characters of a member's name."""
_SHOWN = 12
_HEAD = 64 * 1024
"""Bytes of a member that show whether it is a challenge."""
_PIECE = 256 * 1024
_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError)
"""What Python's own module raises for a damaged archive, or for a compression that it does not know."""


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as an archive does."""
    return data.startswith(_SIGNS)


def unzip(data: bytes, is_challenge: Callable[[bytes], bool], allowed: Allowance) -> bytes:
    """The bytes of the one member that is a challenge, as far as it is allowed. Raises `ChallengeError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise ChallengeError(
                    f"Its ZIP archive holds more than {MOST_MEMBERS} files.", "Ask the sender for the function alone."
                )
            return _only_challenge(archive, members, is_challenge, allowed)
    except _BROKEN as cause:
        raise ChallengeError(
            "Its ZIP archive is damaged, or packed in a way not known here.",
            "Unpack it with another program and give the file inside.",
        ) from cause


def _only_challenge(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    is_challenge: Callable[[bytes], bool],
    allowed: Allowance,
) -> bytes:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ChallengeError("Its ZIP archive is encrypted.", "Unpack it with its password and give the file inside.")
    clock = Clock(allowed)
    found = [member for member in members if is_challenge(_read(archive, member, _HEAD, clock))]
    if len(found) == 1:
        return _read(archive, found[0], allowed.bytes, clock, whole=True)
    names = [printable(member.filename, _LONGEST_NAME) for member in (found or members)[:_SHOWN]]
    more = len(found or members) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    if found:
        raise ChallengeError(f"Its ZIP archive holds several challenges: {listed}.", "Unpack it and give one of them.")
    what = f"none of its files is a challenge: {listed}" if listed else "it is empty"
    raise ChallengeError(
        f"It is a ZIP archive, and {what}.", "Ask the sender for the function, saved with cloudpickle."
    )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, clock: Clock, *, whole: bool = False) -> bytes:
    """Up to so many bytes of a member, or all of them, which may be no more."""
    pieces: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while size < most + whole and (piece := stream.read(min(_PIECE, most + whole - size))):
            pieces.append(piece)
            size += len(piece)
            if clock.late:
                raise ChallengeError(
                    f"Its ZIP archive takes longer than {clock.seconds:g} seconds to open.",
                    "Unpack it and give the file inside.",
                )
    if size > most:
        raise ChallengeError(
            f"Its ZIP archive grows beyond {most // 2**20} MiB when opened.",
            "Ask the sender for the function alone, or allow more with --max-size.",
        )
    return b"".join(pieces)
