"""What a pickle works on: a stack with its marks, a memo, and the list of what was asked for. All of it symbols."""

import _compat_pickle

from blackbox.loading.opcodes import MalformedError
from blackbox.loading.symbols import Call, Global, Opaque, Symbol

LONGEST_NAME = 1000
"""Characters of a module and a name in it; no honest ones are longer, and a million copies of longer ones hurt."""


class UnderflowError(Exception):
    """The stack holds less than an opcode takes."""

    def __str__(self) -> str:
        return "finds too little on the stack"


class Machine:
    """The state of one walk; `opcode_actions` holds what each opcode does to it."""

    def __init__(self) -> None:
        self.stack: list[Symbol] = []
        self.marks: list[int] = []
        self.memo: dict[int, Symbol] = {}
        self.names: dict[tuple[str, str], Global] = {}
        self.calls: list[Call] = []
        self.needs: dict[str, None] = {}
        self.protocol = 0
        self.top: Symbol | None = None

    def pop(self) -> Symbol:
        """The top, taken away."""
        if len(self.stack) <= self.fence():
            raise UnderflowError
        return self.stack.pop()

    def peek(self) -> Symbol:
        """The top, left there."""
        if len(self.stack) <= self.fence():
            raise UnderflowError
        return self.stack[-1]

    def fence(self) -> int:
        """How many symbols lie under the newest mark: out of reach."""
        return self.marks[-1] if self.marks else 0

    def pop_many(self, count: int) -> list[Symbol]:
        """The topmost ones, lowest first."""
        if len(self.stack) - count < self.fence():
            raise UnderflowError
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def pop_to_mark(self) -> list[Symbol]:
        """All above the newest mark, and the mark with them."""
        if not self.marks:
            raise UnderflowError
        mark = self.marks.pop()
        taken = self.stack[mark:]
        del self.stack[mark:]
        return taken

    def ask_for(self, module: str, name: str) -> Global:
        """The symbol of a name, one for each name. Raises `MalformedError` for one too long."""
        if len(module) + len(name) > LONGEST_NAME:
            raise MalformedError(f"asks for a name of more than {LONGEST_NAME} characters")
        if self.protocol < 3:
            module, name = _renamed(module, name)
        return self.names.setdefault((module, name), Global(module, name))

    def call(self, target: Symbol, arguments: Symbol) -> Call:
        """Note a call and push what it gives."""
        made = Call(target, arguments)
        self.calls.append(made)
        self.stack.append(made)
        return made

    def need(self, what: str) -> None:
        """Note what comes from outside the file and push it."""
        self.needs[what] = None
        self.stack.append(Opaque(what))


def _renamed(module: str, name: str) -> tuple[str, str]:
    if (module, name) in _compat_pickle.NAME_MAPPING:
        return _compat_pickle.NAME_MAPPING[module, name]
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name
