"""How much of a challenge is read before anything of it runs."""

from dataclasses import dataclass

from blackbox.core.errors import OptionError

MIB = 1024 * 1024
LARGEST_SIZE = 2048
"""MiB. A request to the worker counts its bytes in 32 bits, and three copies of the file must fit into memory."""
MOST_OPCODES = 10**9
"""They take about half an hour to walk."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The bounds of reading and inspecting."""

    size: int = 64
    """MiB of the file, and of each layer of it unpacked: it is held in memory and sent to the worker. A function is
    some KiB, a fitted model some MiB; a bomb of 64 KiB would become gigabytes."""
    opcodes: int = 2_000_000
    """Of a pickle. A fitted forest of 100 trees has some 10,000; two million take about 3 s to walk."""

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST_SIZE:
            raise OptionError("max_size", self.size, f"must be between 1 and {LARGEST_SIZE:,} MiB")
        if not 1 <= self.opcodes <= MOST_OPCODES:
            raise OptionError("max_opcodes", self.opcodes, f"must be between 1 and {MOST_OPCODES:,}")

    @property
    def bytes(self) -> int:
        """`size` in bytes."""
        return self.size * MIB


DEFAULT = Allowance()
