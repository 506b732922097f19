"""Compiled libraries and programs (ELF, PE, Mach-O): for which machine they are, and how one is called.

A library is asked through ctypes, with the signature that `--entry` declares: `name(double,double)->double`, or
`name(double*,int)->double` for a whole vector and its length.
"""

import platform
import re
import struct
import sys
from dataclasses import dataclass

from blackbox.core.errors import ChallengeError
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.formats.loader import pack_loader

_ELF_MACHINES = {3: "x86", 62: "x86-64", 183: "aarch64", 40: "ARM", 243: "RISC-V", 21: "POWER", 22: "s390x"}
_PE_MACHINES = {0x14C: "x86", 0x8664: "x86-64", 0xAA64: "aarch64"}
_MACH_MACHINES = {7: "x86", 0x01000007: "x86-64", 0x0100000C: "aarch64"}
_NAMES_OF_THIS = {"amd64": "x86-64", "x86_64": "x86-64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}
_SYSTEMS = {"linux": "Linux", "win32": "Windows", "darwin": "macOS"}
_ELF_EXECUTABLE, _ELF_INTERPRETER, _PE_LIBRARY, _MACH_PROGRAM = 2, 3, 0x2000, 2
_MOST_HEADERS = 64
_JAVA = 40
"""A Java class begins with the four bytes of a universal Mach-O file, and then its version, which is larger."""
_SIGNATURE = re.compile(r"([A-Za-z_]\w*)\s*\(([\w\s*,]*)\)\s*(?:->\s*([\w\s]+))?")
_TYPES = {
    "double": "c_double",
    "float": "c_float",
    "int": "c_int",
    "long": "c_long",
    "longlong": "c_longlong",
    "unsigned": "c_uint",
    "size_t": "c_size_t",
}
_FLOATS = {"double", "float"}
_ASK = "give --entry 'NAME(double,double)->double', or 'NAME(double*,int)->double' for a vector and its length"
_UNLOCKED = "it is machine code that is loaded from a file"
_LOADER = """\
def load(library, name, arguments, result):
    import ctypes, operator, os, tempfile

    def opened():
        try:
            descriptor = os.memfd_create("challenge")
            os.write(descriptor, library)
            return ctypes.CDLL("/proc/self/fd/%d" % descriptor)
        except (AttributeError, OSError):
            pass
        descriptor, path = tempfile.mkstemp()
        with os.fdopen(descriptor, "wb") as file:
            file.write(library)
        try:
            return ctypes.CDLL(path)
        finally:
            os.unlink(path)

    kinds = arguments.split()
    types = [ctypes.POINTER(getattr(ctypes, kind[:-1])) if kind[-1] == "*" else getattr(ctypes, kind) for kind in kinds]
    symbol = getattr(opened(), name)
    symbol.argtypes, symbol.restype = types, getattr(ctypes, result)
    real = ("c_double", "c_float")
    if "*" in arguments:
        item = getattr(ctypes, next(kind for kind in kinds if kind[-1] == "*")[:-1])

        def vector(x):
            values = [float(value) for value in x]
            array = (item * len(values))(*values)
            return symbol(*[array if kind[-1] == "*" else len(values) for kind in kinds])

        return vector
    names = ["x%d" % (place + 1) for place in range(len(kinds))]
    whole = not set(kinds) & set(real)
    to_int = operator.index if whole else round
    given = [name if kind in real else "to_int(%s)" % name for name, kind in zip(names, kinds)]
    space = {"symbol": symbol, "to_int": to_int}
    function = eval("lambda %s: symbol(%s)" % (", ".join(names), ", ".join(given)), space)
    if whole:
        function.__annotations__ = dict.fromkeys(names, int)
    return function
"""


@dataclass(frozen=True, slots=True)
class Binary:
    """What the header of a compiled file says."""

    system: str
    architecture: str
    program: bool

    @property
    def phrase(self) -> str:
        """`a compiled library for Linux on x86-64`."""
        return f"a compiled {'program' if self.program else 'library'} for {self.system} on {self.architecture}"


def here() -> tuple[str, str]:
    """System and architecture of this machine."""
    machine = platform.machine().lower()
    return _SYSTEMS.get(sys.platform, sys.platform), _NAMES_OF_THIS.get(machine, machine)


def open_native(given: Given) -> Content:
    """The library's function, or the program itself. Raises `ChallengeError` where neither is for this machine."""
    binary = read_binary(given.data)
    if binary is None:
        raise ChallengeError(
            f"{given.name} is a compiled file with a broken header.", "Ask the sender for it again, or for the source."
        )
    system, architecture = here()
    if binary.system != system or binary.architecture not in (architecture, "several"):
        raise ChallengeError(
            f"{given.name} is {binary.phrase}, and this is {system} on {architecture}.",
            f"Ask the sender for the source, or to compile it for {system} on {architecture}.",
        )
    container = f"compiled {'program' if binary.program else 'library'}"
    findings = (f"It is {binary.phrase}.",)
    if binary.program and not given.entry:
        return Content(container, findings=findings, unlocked="it is a program of its own", program=True)
    if not given.entry:
        return Content(container, findings=findings, remedy=f"Its functions say nothing of their inputs: {_ASK}.")
    name, kinds, result = read_signature(given.entry)
    if name.encode() not in given.data:
        raise ChallengeError(f"{given.name} holds no function {name}.", "Check its name and spelling with the sender.")
    values = {"library": given.data, "name": name, "arguments": " ".join(kinds), "result": result}
    payload = pack_loader(_LOADER, values)
    return Content(container, payload, callables=(name,), findings=findings, unlocked=_UNLOCKED)


def read_signature(text: str) -> tuple[str, list[str], str]:
    """Name, argument types and result type (as ctypes names them) of a declaration. Raises `ChallengeError`."""
    match = _SIGNATURE.fullmatch(text.strip())
    if match is None:
        raise ChallengeError(f"--entry {text!r} declares no function.", f"Please {_ASK}.")
    kinds = [_type(part) for part in match.group(2).split(",") if part.strip() not in ("", "void")]
    pointers = [kind for kind in kinds if kind.endswith("*")]
    rest = [kind for kind in kinds if not kind.endswith("*")]
    whole = all(kind not in ("c_double", "c_float") for kind in rest)
    if not kinds or len(pointers) > 1 or (pointers and (len(rest) > 1 or not whole)):
        raise ChallengeError(f"--entry {text!r} cannot be called with a point.", f"Please {_ASK}.")
    return match.group(1), kinds, _type(match.group(3) or "double")


def _type(text: str) -> str:
    word = re.sub(r"\bconst\b|\s", "", text)
    word, star, _ = word.partition("*")
    pointer = bool(star)
    base = next((base for base in sorted(_TYPES, key=len, reverse=True) if word.startswith(base)), None)
    if base is None or (pointer and base not in _FLOATS):
        raise ChallengeError(f"The type {text.strip()!r} is not known.", f"Known are {', '.join(_TYPES)} and double*.")
    return _TYPES[base] + ("*" if pointer else "")


def read_binary(data: bytes) -> Binary | None:
    """The facts of the header, None where it is broken."""
    try:
        if data.startswith(b"\x7fELF"):
            return _elf(data)
        if data.startswith(b"MZ"):
            return _pe(data)
        return _mach(data)
    except (struct.error, IndexError):
        return None


def _elf(data: bytes) -> Binary:
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    kind, machine = struct.unpack_from(order + "HH", data, 16)
    start = struct.unpack_from(order + ("Q" if wide else "I"), data, 32 if wide else 28)[0]
    size, count = struct.unpack_from(order + "HH", data, 54 if wide else 42)
    headers = [
        struct.unpack_from(order + "I", data, start + place * size)[0] for place in range(min(count, _MOST_HEADERS))
    ]
    program = kind == _ELF_EXECUTABLE or _ELF_INTERPRETER in headers
    system = "FreeBSD" if data[7] == 9 else "Linux"
    return Binary(system, _ELF_MACHINES.get(machine, f"machine {machine}"), program)


def _pe(data: bytes) -> Binary | None:
    start = struct.unpack_from("<I", data, 0x3C)[0]
    if data[start : start + 4] != b"PE\0\0":
        return Binary("Windows", "x86", True)
    machine, flags = struct.unpack_from("<H", data, start + 4)[0], struct.unpack_from("<H", data, start + 22)[0]
    return Binary("Windows", _PE_MACHINES.get(machine, f"machine {machine}"), not flags & _PE_LIBRARY)


def _mach(data: bytes) -> Binary | None:
    if data.startswith(b"\xca\xfe\xba\xbe"):
        count = struct.unpack_from(">I", data, 4)[0]
        if count > _JAVA:
            return Binary("the Java virtual machine", "any machine", True)
        return Binary("macOS", "several", False)
    machine, _, kind = struct.unpack_from("<III", data, 4)
    return Binary("macOS", _MACH_MACHINES.get(machine, f"machine {machine}"), kind == _MACH_PROGRAM)


def open_script(_: Given) -> Content:
    """A script that the system runs by its first line."""
    return Content(
        "script", findings=("It is a script of its own.",), unlocked="it is a program of its own", program=True
    )
