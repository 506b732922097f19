"""A machine that runs a pickle on symbols: a real stack, its marks and its memo, and not one call.

It mirrors the C unpickler of CPython (`Modules/_pickle.c`): what lies under the newest mark cannot be popped, POP takes
a bare mark away, `find_class` renames the modules of Python 2 where the protocol is below 3.
"""

import _compat_pickle
import time
from collections.abc import Callable
from dataclasses import dataclass

from blackbox.loading.opcodes import NEWEST_PROTOCOL, Instruction, MalformedError, instructions
from blackbox.loading.symbols import Bytes, Call, Global, Mapping, Number, Opaque, Sequence, Symbol, Text

MAXIMUM_OPCODES = 2_000_000
"""A fitted forest of 100 trees has some 10 000; two million take about 3 s to walk."""
TIME_LIMIT = 5.0
"""Seconds; past it a person thinks that the command hangs."""
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


def run(data: bytes, maximum_opcodes: int = MAXIMUM_OPCODES, seconds: float = TIME_LIMIT) -> Program:
    """Walk one pickle from its first byte. Executes nothing, raises nothing."""
    machine = _Machine()
    deadline = time.monotonic() + seconds
    consumed, fault = 0, None
    try:
        for count, instruction in enumerate(instructions(data)):
            if count >= maximum_opcodes:
                raise MalformedError(f"it has more than {maximum_opcodes} opcodes")
            if count % CHECK_CLOCK_EVERY == 0 and time.monotonic() > deadline:
                raise MalformedError(f"it takes longer than {seconds:g} seconds to read")
            consumed = instruction.position + 1
            machine.execute(instruction)
    except MalformedError as malformed:
        fault = str(malformed)
    return machine.program(consumed, fault)


class _Machine:
    def __init__(self) -> None:
        self.stack: list[Symbol] = []
        self.marks: list[int] = []
        self.memo: dict[int, Symbol] = {}
        self.names: dict[tuple[str, str], Global] = {}
        self.calls: list[Call] = []
        self.needs: dict[str, None] = {}
        self.protocol = 0
        self.top: Symbol | None = None

    def program(self, consumed: int, fault: str | None) -> Program:
        top = None if fault else self.top
        return Program(
            self.protocol, top, tuple(self.names.values()), tuple(self.calls), consumed, tuple(self.needs), fault
        )

    def execute(self, instruction: Instruction) -> None:
        constant = _CONSTANTS.get(instruction.name)
        if constant is not None:
            self.stack.append(constant)
            return
        try:
            _ACTIONS[instruction.name](self, instruction)
        except _UnderflowError:
            raise MalformedError(
                f"the {instruction.name} opcode at byte {instruction.position} finds too little on the stack"
            ) from None

    def pop(self) -> Symbol:
        if len(self.stack) <= self.fence():
            raise _UnderflowError
        return self.stack.pop()

    def peek(self) -> Symbol:
        if len(self.stack) <= self.fence():
            raise _UnderflowError
        return self.stack[-1]

    def fence(self) -> int:
        return self.marks[-1] if self.marks else 0

    def pop_many(self, count: int) -> list[Symbol]:
        if len(self.stack) - count < self.fence():
            raise _UnderflowError
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def pop_to_mark(self) -> list[Symbol]:
        if not self.marks:
            raise _UnderflowError
        mark = self.marks.pop()
        taken = self.stack[mark:]
        del self.stack[mark:]
        return taken

    def ask_for(self, module: str, name: str) -> Global:
        if self.protocol < 3:
            module, name = _renamed(module, name)
        return self.names.setdefault((module, name), Global(module, name))

    def call(self, target: Symbol, arguments: Symbol) -> None:
        made = Call(target, arguments)
        self.calls.append(made)
        self.stack.append(made)

    def need(self, what: str) -> None:
        self.needs[what] = None
        self.stack.append(Opaque(what))


class _UnderflowError(Exception):
    """The stack holds less than an opcode takes."""


def _renamed(module: str, name: str) -> tuple[str, str]:
    if (module, name) in _compat_pickle.NAME_MAPPING:
        return _compat_pickle.NAME_MAPPING[module, name]
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name


def _proto(machine: _Machine, instruction: Instruction) -> None:
    protocol = instruction.argument
    if not isinstance(protocol, int) or protocol > NEWEST_PROTOCOL:
        raise MalformedError(f"it says pickle protocol {protocol}, and the newest one known is {NEWEST_PROTOCOL}")
    machine.protocol = protocol


def _nothing(machine: _Machine, instruction: Instruction) -> None:
    del machine, instruction


def _stop(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.top = machine.pop()


def _mark(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.marks.append(len(machine.stack))


def _pop(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    if machine.marks and machine.marks[-1] == len(machine.stack):
        machine.marks.pop()
    else:
        machine.pop()


def _pop_mark(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.pop_to_mark()


def _dup(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.stack.append(machine.peek())


def _number(machine: _Machine, instruction: Instruction) -> None:
    value = instruction.argument
    machine.stack.append(Number(value if isinstance(value, (int, float)) else None))


def _text(machine: _Machine, instruction: Instruction) -> None:
    machine.stack.append(Text(str(instruction.argument)))


def _bytes(machine: _Machine, instruction: Instruction) -> None:
    value = instruction.argument
    machine.stack.append(Bytes(value if isinstance(value, bytes) else b""))


def _tuple(machine: _Machine, instruction: Instruction) -> None:
    name = instruction.name
    items = machine.pop_to_mark() if name == "TUPLE" else machine.pop_many(int(name[-1]))
    machine.stack.append(Sequence("tuple", items))


def _fresh_sequence(kind: str) -> "Callable[[_Machine, Instruction], None]":
    def action(machine: _Machine, instruction: Instruction) -> None:
        marked = not instruction.name.startswith("EMPTY_")
        machine.stack.append(Sequence(kind, machine.pop_to_mark() if marked else []))

    return action


def _dict(machine: _Machine, instruction: Instruction) -> None:
    items = machine.pop_to_mark() if instruction.name == "DICT" else []
    _check_pairs(items, instruction)
    machine.stack.append(Mapping(items))


def _check_pairs(items: list[Symbol], instruction: Instruction) -> None:
    if len(items) % 2:
        raise MalformedError(f"the {instruction.name} opcode at byte {instruction.position} has a key without a value")


def _store(count: int | None, pairs: bool) -> "Callable[[_Machine, Instruction], None]":
    def action(machine: _Machine, instruction: Instruction) -> None:
        items = machine.pop_to_mark() if count is None else machine.pop_many(count)
        holder = machine.peek()
        if pairs:
            _check_pairs(items, instruction)
        if isinstance(holder, (Sequence, Mapping, Call)):
            holder.items.extend(items)

    return action


def _get(machine: _Machine, instruction: Instruction) -> None:
    index = instruction.argument
    if not isinstance(index, int) or index not in machine.memo:
        raise MalformedError(
            f"the {instruction.name} opcode at byte {instruction.position} asks for memo entry {index}, not there"
        )
    machine.stack.append(machine.memo[index])


def _put(machine: _Machine, instruction: Instruction) -> None:
    index = instruction.argument
    if not isinstance(index, int) or index < 0:
        raise MalformedError(f"the {instruction.name} opcode at byte {instruction.position} has no memo index")
    machine.memo[index] = machine.peek()


def _memoize(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.memo[len(machine.memo)] = machine.peek()


def _global(machine: _Machine, instruction: Instruction) -> None:
    if isinstance(instruction.argument, tuple):
        machine.stack.append(machine.ask_for(*instruction.argument))


def _stack_global(machine: _Machine, instruction: Instruction) -> None:
    module, name = machine.pop_many(2)
    if not isinstance(module, Text) or not isinstance(name, Text):
        raise MalformedError(
            f"the STACK_GLOBAL opcode at byte {instruction.position} names something with what is no text"
        )
    machine.stack.append(machine.ask_for(module.value, name.value))


def _extension(machine: _Machine, instruction: Instruction) -> None:
    machine.need(f"extension {instruction.argument}")


def _persistent(machine: _Machine, instruction: Instruction) -> None:
    if instruction.name == "BINPERSID":
        machine.pop()
    machine.need("persistent id")


def _buffer(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    machine.need("buffer")


def _reduce(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    target, arguments = machine.pop_many(2)
    machine.call(target, arguments)


def _new_with_keywords(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    target, arguments, keywords = machine.pop_many(3)
    machine.call(target, arguments)
    made = machine.calls[-1]
    made.state.append(keywords)


def _instance(machine: _Machine, instruction: Instruction) -> None:
    arguments = machine.pop_to_mark()
    if isinstance(instruction.argument, tuple):
        machine.call(machine.ask_for(*instruction.argument), Sequence("tuple", arguments))


def _object(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    taken = machine.pop_to_mark()
    if not taken:
        raise _UnderflowError
    machine.call(taken[0], Sequence("tuple", taken[1:]))


def _build(machine: _Machine, instruction: Instruction) -> None:
    del instruction
    state = machine.pop()
    holder = machine.peek()
    if isinstance(holder, Call):
        holder.state.append(state)
    else:
        # setting attributes of something that the file did not make, a module or a class, is a call in all but name
        machine.calls.append(Call(holder, Sequence("tuple", [state])))


_CONSTANTS = {"NONE": Opaque("None"), "NEWTRUE": Opaque("bool"), "NEWFALSE": Opaque("bool")}

_ACTIONS: "dict[str, Callable[[_Machine, Instruction], None]]" = {
    "PROTO": _proto,
    "STOP": _stop,
    "MARK": _mark,
    "POP": _pop,
    "POP_MARK": _pop_mark,
    "DUP": _dup,
    "EMPTY_TUPLE": _fresh_sequence("tuple"),
    "EMPTY_LIST": _fresh_sequence("list"),
    "LIST": _fresh_sequence("list"),
    "EMPTY_SET": _fresh_sequence("set"),
    "FROZENSET": _fresh_sequence("frozenset"),
    "APPEND": _store(1, pairs=False),
    "APPENDS": _store(None, pairs=False),
    "ADDITEMS": _store(None, pairs=False),
    "SETITEM": _store(2, pairs=True),
    "SETITEMS": _store(None, pairs=True),
    "MEMOIZE": _memoize,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _new_with_keywords,
    "INST": _instance,
    "OBJ": _object,
    "BUILD": _build,
    **dict.fromkeys(("FRAME", "READONLY_BUFFER"), _nothing),
    **dict.fromkeys(("INT", "LONG", "FLOAT", "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"), _number),
    **dict.fromkeys(("STRING", "UNICODE", "BINSTRING", "SHORT_BINSTRING"), _text),
    **dict.fromkeys(("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"), _text),
    **dict.fromkeys(("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"), _bytes),
    **dict.fromkeys(("TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"), _tuple),
    **dict.fromkeys(("DICT", "EMPTY_DICT"), _dict),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _get),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _put),
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _extension),
    **dict.fromkeys(("PERSID", "BINPERSID"), _persistent),
    "NEXT_BUFFER": _buffer,
}
