"""A machine that runs a pickle on symbols: a real stack, its marks and its memo, and not one call.

It mirrors the C unpickler of CPython (`Modules/_pickle.c`): what lies under the newest mark cannot be popped, POP takes
a bare mark away, `find_class` renames the modules of Python 2 where the protocol is below 3.
"""

import time
from dataclasses import dataclass

from blackbox.loading.allowance import DEFAULT
from blackbox.loading.array_streams import end_of_array, is_array_in_stream
from blackbox.loading.opcode_actions import ACTIONS, CONSTANTS
from blackbox.loading.opcode_state import Machine, UnderflowError
from blackbox.loading.opcodes import MalformedError, instructions
from blackbox.loading.symbols import Call, Global, Symbol

TIME_LIMIT = 5.0
"""Seconds of computing; past it a person thinks that the command hangs. Longer where more opcodes are allowed."""
CHECK_CLOCK_EVERY = 4096
"""Opcodes: some milliseconds, so that the limit holds and the clock costs nothing."""


@dataclass(frozen=True, slots=True)
class Program:
    """What the walk over one pickle found."""

    protocol: int
    """What its PROTO opcode says, 0 without one."""
    top: Symbol | None
    """What it would give, None where it breaks off."""
    names: tuple[Global, ...]
    """What it asks for, each name once, in its order."""
    calls: tuple[Call, ...]
    """Every call in the order of execution, also of those whose result it throws away."""
    consumed: int
    """Bytes up to and with STOP."""
    needs: tuple[str, ...]
    """What it needs from outside the file: `persistent id`, `buffer`, `extension 7`."""
    fault: str | None
    """Why it breaks off, one clause without its subject ("it ends in the middle …")."""
    beyond: bool = False
    """Whether the fault is no fault of the file, but that it goes beyond what is allowed."""


def run(data: bytes, maximum_opcodes: int = DEFAULT.opcodes, seconds: float = TIME_LIMIT) -> Program:
    """Walk one pickle from its first byte. Executes nothing, raises nothing."""
    machine = Machine()
    consumed, fault, beyond = 0, None, False
    try:
        consumed = _walk(machine, data, maximum_opcodes, seconds * max(1.0, maximum_opcodes / DEFAULT.opcodes))
    except MalformedError as malformed:
        fault, beyond = str(malformed), isinstance(malformed, _BeyondError)
    return Program(
        protocol=machine.protocol,
        top=None if fault else machine.top,
        names=tuple(machine.names.values()),
        calls=tuple(machine.calls),
        consumed=consumed,
        needs=tuple(machine.needs),
        fault=fault,
        beyond=beyond,
    )


class _BeyondError(MalformedError):
    """The pickle is longer than is allowed."""


def _walk(machine: Machine, data: bytes, maximum_opcodes: int, seconds: float) -> int:
    """Execute every opcode; the number of bytes up to and with STOP."""
    deadline = time.thread_time() + seconds
    position, count, start = 0, 0, 0
    while start is not None:
        stretch, start = instructions(data, start), None
        for name, argument, position in stretch:
            if count >= maximum_opcodes:
                raise _BeyondError(f"it has more than {maximum_opcodes:,} opcodes")
            if count % CHECK_CLOCK_EVERY == 0 and time.thread_time() > deadline:
                raise _BeyondError(f"it takes longer than {seconds:g} seconds to read")
            count += 1
            constant = CONSTANTS.get(name)
            if constant is not None:
                machine.stack.append(constant)
                continue
            try:
                ACTIONS[name](machine, argument)
                if name == "BUILD" and is_array_in_stream(machine.stack[-1]):
                    start = end_of_array(machine.stack[-1], data, position + 1)
                    break
            except (UnderflowError, MalformedError) as cause:
                raise MalformedError(f"the {name} opcode at byte {position} {cause}") from cause
    return position + 1
