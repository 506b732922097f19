"""What a file is. One line a format: its phrase, how its bytes show it, and what to do about it.

A format that blackbox opens has its own file beside this one, and its line here has an opener instead of a remedy.
Pickles alone have neither: `inspection` reads them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from blackbox.loading.formats.compiled import PYTHON_2, open_compiled
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.formats.native import open_native, open_script
from blackbox.loading.formats.pickled import is_pickle
from blackbox.loading.formats.source import open_source
from blackbox.loading.formats.web import open_description

_HEAD = 4096
"""Bytes of text looked at to tell what language it is in."""
_CODING = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=]")
_SEND_FUNCTION = "Ask the sender for the function itself, saved with cloudpickle (cloudpickle.dump)."
_SEND_PICKLE = "Ask the sender for the pickle file itself."
_UNZIP = "Unpack it and give the file inside."


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: `name` for programs, `phrase` ("a ZIP archive") for people, `remedy` None where blackbox opens it."""

    name: str
    phrase: str
    recognise: Callable[[bytes], bool]
    remedy: str | None
    open: Callable[[Given], Content] | None = None
    """How it becomes a function. Runs nothing. Raises `ChallengeError`."""

    @property
    def opened(self) -> bool:
        """Whether blackbox opens it."""
        return self.remedy is None


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magics)


def _is_tar(data: bytes) -> bool:
    return data[257:262] == b"ustar"


def _is_pyc(data: bytes) -> bool:
    # a little-endian magic number followed by CR LF; Python 3 has used 3000 to 3999 so far, Python 2 up to 62211
    number = int.from_bytes(data[:2], "little")
    return len(data) > 16 and data[2:4] == b"\r\n" and (3000 <= number < 4000 or PYTHON_2 <= number < 62300)


def _text(data: bytes) -> str | None:
    head = data[:_HEAD]
    if b"\0" in head:
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        if _CODING.match(head):
            return head.decode("latin-1")  # Python source that says so in its first lines; ASCII is all that matters
        # a character cut in two at the end of the head is no fault of the text
        return head[: cause.start].decode("utf-8-sig", "replace") if len(head) - cause.start < 4 < len(head) else None


def _matches(pattern: str) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)

    def recognise(data: bytes) -> bool:
        text = _text(data)
        return text is not None and compiled.search(text) is not None

    return recognise


def _is_git_lfs(data: bytes) -> bool:
    return data.startswith(b"version https://git-lfs")


KINDS = (
    Kind("zip", "a ZIP archive", _begins(b"PK\x03\x04", b"PK\x05\x06"), _UNZIP),
    Kind("7z", "a 7-Zip archive", _begins(b"7z\xbc\xaf\x27\x1c"), _UNZIP),
    Kind("rar", "a RAR archive", _begins(b"Rar!\x1a\x07"), _UNZIP),
    Kind("zstd", "a Zstandard-compressed file", _begins(b"\x28\xb5\x2f\xfd"), "Unpack it with zstd -d first."),
    Kind("lz4", "an LZ4-compressed file", _begins(b"\x04\x22\x4d\x18"), "Unpack it with lz4 -d first."),
    Kind("tar", "a tar archive", _is_tar, _UNZIP),
    Kind("elf", "a compiled library or program (ELF)", _begins(b"\x7fELF"), None, open_native),
    Kind("pe", "a compiled library or program (Windows PE)", _begins(b"MZ"), None, open_native),
    Kind(
        "mach-o",
        "a compiled library or program (Mach-O)",
        _begins(b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
        None,
        open_native,
    ),
    Kind("npy", "a NumPy array (.npy)", _begins(b"\x93NUMPY"), _SEND_FUNCTION),
    Kind("hdf5", "an HDF5 file", _begins(b"\x89HDF\r\n\x1a\n"), _SEND_FUNCTION),
    Kind("parquet", "a Parquet table", _begins(b"PAR1"), _SEND_FUNCTION),
    Kind("sqlite", "an SQLite database", _begins(b"SQLite format 3\0"), _SEND_FUNCTION),
    Kind("pdf", "a PDF document", _begins(b"%PDF-"), _SEND_FUNCTION),
    Kind("png", "a PNG picture", _begins(b"\x89PNG\r\n\x1a\n"), _SEND_FUNCTION),
    Kind("pyc", "compiled Python (.pyc)", _is_pyc, None, open_compiled),
    Kind("pickle", "a pickle", is_pickle, None),
    Kind("git-lfs", "a Git LFS pointer, not the file that it stands for", _is_git_lfs, "Fetch it with git lfs pull."),
    Kind("html", "an HTML page", _matches(r"\A\s*(<!doctype html|<html|<head|<!--)"), _SEND_PICKLE),
    Kind("xml", "an XML document", _matches(r"\A\s*<\?xml"), _SEND_PICKLE),
    Kind("notebook", "a Jupyter notebook", _matches(r'\A\s*\{\s*"(cells|nbformat)"'), _SEND_FUNCTION),
    Kind("json", "JSON text", _matches(r'\A\s*(\{\s*("|\})|\[\s*("|-?\d|\{|\[|\]))'), _SEND_FUNCTION),
    Kind(
        "base64",
        "base64 text",
        _matches(r"\A\s*(gASV|gAWV|gAN|gAJ)[A-Za-z0-9+/=\s]+\Z"),
        "Decode it first (base64 -d).",
    ),
    Kind(
        "python",
        "Python source text",
        _matches(r"^(def \w+\(|class \w+[:(]|import \w+|from [\w.]+ import |#!.*python|\w+ *= *lambda\b)"),
        None,
        open_source,
    ),
    Kind("script", "a script", _begins(b"#!/"), None, open_script),
    Kind(
        "oracle",
        "the description of an oracle (TOML)",
        _matches(r"^\s*url\s*=\s*[\"']https?://"),
        None,
        open_description,
    ),
    Kind("text", "text", _matches(r"\A[^\x00-\x08\x0e-\x1f]*\Z"), _SEND_PICKLE),
)
"""Tried in this order: sure signs first, then the pickle, then what text looks like."""

UNKNOWN = Kind("unknown", "no format known here", lambda _: True, _SEND_FUNCTION)
"""What is left."""


def identify(data: bytes) -> Kind:
    """The first format in the catalogue that the bytes show, or `UNKNOWN`."""
    return next((kind for kind in KINDS if kind.recognise(data)), UNKNOWN)
