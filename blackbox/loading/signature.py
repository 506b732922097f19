"""What a function's signature says about its inputs, and how a call is shown to a person."""

from dataclasses import dataclass

from blackbox.core.errors import ChallengeError
from blackbox.loading.description import Description, Parameter
from blackbox.loading.styles import Call, CallStyle

UNLIMITED = 1_000_000
"""The number of inputs of `f(*args)`: more than anybody gives."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the signature says."""

    names: tuple[str, ...]
    """Positional parameters."""
    required: int
    """Positional parameters that must be given; all of them where none must."""
    most: int
    open: bool
    """Whether one argument may be a whole vector, or nothing is known."""
    known: bool
    by_name: tuple[str, ...] = ()
    """Parameters that must be given by name; all that may, where none must and there are no others."""
    by_name_if_asked: tuple[str, ...] = ()
    """Parameters with a default that can be given by name alone."""
    any_name: bool = False
    """Whether it takes names that the signature does not tell (`**inputs`)."""

    @property
    def text(self) -> str:
        """`2 inputs (x1, x2)`."""
        required = self.required + len(self.by_name)
        if self.most == UNLIMITED:
            count = f"at least {required}"
        else:
            most = self.most + len(self.by_name) + len(self.by_name_if_asked)
            count = str(most) if required == most else f"{required} to {most}"
        names = (*self.names, *(f"{name}=…" for name in (*self.by_name, *self.by_name_if_asked)))
        return f"{count} input{'' if count == '1' else 's'} ({', '.join(names)})"


def read_form(description: Description) -> Form:
    """The form of the function's signature. Raises `ChallengeError` where it takes no inputs."""
    if description.parameters is None:
        return Form((), 1, UNLIMITED, open=True, known=False)
    positional = _of("positional", description)
    variadic, any_name = bool(_of("variadic", description)), bool(_of("keywords", description))
    needed = tuple(p.name for p in _of("keyword", description) if p.required)
    optional = tuple(p.name for p in _of("keyword", description) if not p.required)
    if not positional and not variadic:
        if not (needed or optional or any_name):
            raise ChallengeError("The function takes no inputs.")
        by_name, more = (needed, optional) if needed else (optional, ())
        return Form((), 0, 0, open=False, known=True, by_name=by_name, by_name_if_asked=more, any_name=any_name)
    names = tuple(p.name for p in positional)
    required = sum(p.required for p in positional) or (0 if needed else len(positional))
    most = UNLIMITED if variadic else len(positional)
    alone = required <= 1 and not needed
    least = required if needed else max(1, required)
    return Form(names, least, most, alone, bool(positional), needed, optional, any_name)


def _of(kind: str, description: Description) -> list[Parameter]:
    return [parameter for parameter in description.parameters or () if parameter.kind == kind]


def call_text(form: Form, call: Call, dimension: int) -> str:
    """`f(x1, x2)`, with the function's own names for its inputs."""
    mark = ": int" if call.integers else ""
    match call.style:
        case CallStyle.SCALARS | CallStyle.KEYWORDS:
            placed = _placed_names(form, call, dimension)
            return f"f({', '.join([*(name + mark for name in placed), *(f'{name}=…' for name in call.names)])})"
        case CallStyle.DICT:
            listed = ", ".join(f'"{name}": …' for name in call.names)
            return f"f({{{listed}}})"
        case CallStyle.BATCH:
            return "f(X: ints)" if mark else "f(X)"
        case _:
            return f"f({form.names[0] if form.names else 'x'}{': ints' if mark else ''})"


def _placed_names(form: Form, call: Call, dimension: int) -> list[str]:
    count = dimension - len(call.names)
    names = list(form.names[:count])
    if count == 1 and not names:
        names = ["x"]
    return names + [f"x{place}" for place in range(len(names) + 1, count + 1)]
