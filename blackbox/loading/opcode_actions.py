"""What each opcode of a pickle does to the machine's state."""

from collections.abc import Callable
from typing import TypeAlias

from blackbox.loading.opcode_state import Machine, UnderflowError
from blackbox.loading.opcodes import NEWEST_PROTOCOL, Argument, MalformedError
from blackbox.loading.symbols import Bytes, Call, Mapping, Number, Opaque, Sequence, Symbol, Text

Action: TypeAlias = Callable[[Machine, Argument], None]
"""Takes the state and the opcode's argument. The text of its `MalformedError` goes on a sentence "the X opcode …"."""


def _proto(machine: Machine, protocol: Argument) -> None:
    if not isinstance(protocol, int) or protocol > NEWEST_PROTOCOL:
        raise MalformedError(f"says pickle protocol {protocol}, and the newest one known is {NEWEST_PROTOCOL}")
    machine.protocol = protocol


def _nothing(_machine: Machine, _: Argument) -> None:
    """FRAME and READONLY_BUFFER change nothing that matters here."""


def _stop(machine: Machine, _: Argument) -> None:
    machine.top = machine.pop()


def _mark(machine: Machine, _: Argument) -> None:
    machine.marks.append(len(machine.stack))


def _pop(machine: Machine, _: Argument) -> None:
    if machine.marks and machine.marks[-1] == len(machine.stack):
        machine.marks.pop()
    else:
        machine.pop()


def _pop_mark(machine: Machine, _: Argument) -> None:
    machine.pop_to_mark()


def _dup(machine: Machine, _: Argument) -> None:
    machine.stack.append(machine.peek())


def _number(machine: Machine, value: Argument) -> None:
    machine.stack.append(Number(value if isinstance(value, (int, float)) else None))


def _text(machine: Machine, value: Argument) -> None:
    machine.stack.append(Text(str(value)))


def _bytes(machine: Machine, value: Argument) -> None:
    machine.stack.append(Bytes(value if isinstance(value, bytes) else b""))


def _marked(kind: str) -> Action:
    def action(machine: Machine, _: Argument) -> None:
        machine.stack.append(Sequence(kind, machine.pop_to_mark()))

    return action


def _empty(kind: str) -> Action:
    def action(machine: Machine, _: Argument) -> None:
        machine.stack.append(Sequence(kind, []))

    return action


def _short_tuple(size: int) -> Action:
    def action(machine: Machine, _: Argument) -> None:
        machine.stack.append(Sequence("tuple", machine.pop_many(size)))

    return action


def _empty_dict(machine: Machine, _: Argument) -> None:
    machine.stack.append(Mapping([]))


def _dict(machine: Machine, _: Argument) -> None:
    machine.stack.append(Mapping(_paired(machine.pop_to_mark())))


def _paired(items: list[Symbol]) -> list[Symbol]:
    if len(items) % 2:
        raise MalformedError("has a key without a value")
    return items


def _store(machine: Machine, items: list[Symbol]) -> None:
    holder = machine.peek()
    if isinstance(holder, (Sequence, Mapping, Call)):
        holder.items.extend(items)


def _append(machine: Machine, _: Argument) -> None:
    _store(machine, machine.pop_many(1))


def _appends(machine: Machine, _: Argument) -> None:
    _store(machine, machine.pop_to_mark())


def _setitem(machine: Machine, _: Argument) -> None:
    _store(machine, machine.pop_many(2))


def _setitems(machine: Machine, _: Argument) -> None:
    _store(machine, _paired(machine.pop_to_mark()))


def _get(machine: Machine, index: Argument) -> None:
    if not isinstance(index, int) or index not in machine.memo:
        raise MalformedError(f"asks for memo entry {index}, which is not there")
    machine.stack.append(machine.memo[index])


def _put(machine: Machine, index: Argument) -> None:
    if not isinstance(index, int) or index < 0:
        raise MalformedError("has no memo index")
    machine.memo[index] = machine.peek()


def _memoize(machine: Machine, _: Argument) -> None:
    machine.memo[len(machine.memo)] = machine.peek()


def _global(machine: Machine, names: Argument) -> None:
    if isinstance(names, tuple):
        machine.stack.append(machine.ask_for(*names))


def _stack_global(machine: Machine, _: Argument) -> None:
    module, name = machine.pop_many(2)
    if not isinstance(module, Text) or not isinstance(name, Text):
        raise MalformedError("names something with what is no text")
    machine.stack.append(machine.ask_for(module.value, name.value))


def _extension(machine: Machine, code: Argument) -> None:
    machine.need(f"extension {code}")


def _persistent_line(machine: Machine, _: Argument) -> None:
    machine.need("persistent id")


def _persistent(machine: Machine, _: Argument) -> None:
    machine.pop()
    machine.need("persistent id")


def _buffer(machine: Machine, _: Argument) -> None:
    machine.need("buffer")


def _reduce(machine: Machine, _: Argument) -> None:
    target, arguments = machine.pop_many(2)
    machine.call(target, arguments)


def _new_with_keywords(machine: Machine, _: Argument) -> None:
    target, arguments, keywords = machine.pop_many(3)
    machine.call(target, arguments).state.append(keywords)


def _instance(machine: Machine, names: Argument) -> None:
    arguments = machine.pop_to_mark()
    if isinstance(names, tuple):
        machine.call(machine.ask_for(*names), Sequence("tuple", arguments))


def _object(machine: Machine, _: Argument) -> None:
    taken = machine.pop_to_mark()
    if not taken:
        raise UnderflowError
    machine.call(taken[0], Sequence("tuple", taken[1:]))


def _build(machine: Machine, _: Argument) -> None:
    state = machine.pop()
    holder = machine.peek()
    if isinstance(holder, Call):
        holder.state.append(state)
    else:
        # setting attributes of something that the file did not make, a module or a class, is a call in all but name
        machine.calls.append(Call(holder, Sequence("tuple", [state])))


CONSTANTS = {"NONE": Opaque("None"), "NEWTRUE": Opaque("bool"), "NEWFALSE": Opaque("bool")}
"""Opcodes that push a constant."""

ACTIONS: dict[str, Action] = {
    "PROTO": _proto,
    "STOP": _stop,
    "MARK": _mark,
    "POP": _pop,
    "POP_MARK": _pop_mark,
    "DUP": _dup,
    "EMPTY_TUPLE": _empty("tuple"),
    "EMPTY_LIST": _empty("list"),
    "EMPTY_SET": _empty("set"),
    "TUPLE": _marked("tuple"),
    "LIST": _marked("list"),
    "FROZENSET": _marked("frozenset"),
    "TUPLE1": _short_tuple(1),
    "TUPLE2": _short_tuple(2),
    "TUPLE3": _short_tuple(3),
    "EMPTY_DICT": _empty_dict,
    "DICT": _dict,
    "APPEND": _append,
    "APPENDS": _appends,
    "ADDITEMS": _appends,
    "SETITEM": _setitem,
    "SETITEMS": _setitems,
    "MEMOIZE": _memoize,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _new_with_keywords,
    "INST": _instance,
    "OBJ": _object,
    "BUILD": _build,
    "PERSID": _persistent_line,
    "BINPERSID": _persistent,
    "NEXT_BUFFER": _buffer,
    **dict.fromkeys(("FRAME", "READONLY_BUFFER"), _nothing),
    **dict.fromkeys(("INT", "LONG", "FLOAT", "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"), _number),
    **dict.fromkeys(("STRING", "UNICODE", "BINSTRING", "SHORT_BINSTRING"), _text),
    **dict.fromkeys(("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"), _text),
    **dict.fromkeys(("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"), _bytes),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _get),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _put),
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _extension),
}
"""What each of the other opcodes does."""
