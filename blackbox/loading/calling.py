"""How the function wants to be called, and with how many inputs: by its signature, else by the fewest trial calls."""

from dataclasses import dataclass

from blackbox.core.errors import ChallengeError, OptionError
from blackbox.loading.description import MAX_DIMENSION, Description
from blackbox.loading.process import WorkerLost
from blackbox.loading.trials import Ask, Candidates, GaveUp, Outcome, Trials, Verdict
from blackbox.loading.wire import CallStyle

__all__ = ["CallStyle", "Calling", "Unfound", "discover"]

ANY_NUMBER = "it accepts any number of inputs: solved for {}; --dimension says otherwise"
NO_NUMBER = "no trial point gave a number ({})"
NOTHING_MATTERS = "no input changed its value in the trials"
LAST_IDLE = "its last input changed nothing in the trials"
UNLIMITED = 1_000_000
"""The number of inputs of `f(*args)`: more than anybody gives."""
_VECTOR_STYLES = (CallStyle.ARRAY, CallStyle.LIST, CallStyle.TUPLE)


@dataclass(frozen=True, slots=True)
class Calling:
    """How to call the function."""

    style: CallStyle
    dimension: int
    trials: int
    """Evaluations that finding it cost."""
    note: str | None
    """A sentence for a person where the finding is not certain."""
    text: str
    """`f(x1, x2)`, with the function's own names for its inputs."""


@dataclass(frozen=True, slots=True)
class Unfound:
    """No way of calling the function gave a number."""

    trials: int
    """Evaluations spent."""
    reason: str
    """The commonest complaint."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What the signature says."""

    names: tuple[str, ...]
    """Positional parameters."""
    required: int
    most: int
    open: bool
    """Whether one argument may be a whole vector, or nothing is known."""
    known: bool

    @property
    def text(self) -> str:
        """`2 inputs (x1, x2)`."""
        if self.most == UNLIMITED:
            count = f"at least {self.required}"
        else:
            count = str(self.most) if self.required == self.most else f"{self.required} to {self.most}"
        return f"{count} input{'' if count == '1' else 's'} ({', '.join(self.names)})"


@dataclass(frozen=True, slots=True)
class _Found:
    style: CallStyle
    verdict: Verdict
    note: str | None = None

    @property
    def dimension(self) -> int:
        return self.verdict.point.size


def discover(ask: Ask, description: Description, dimension: int | None, style: CallStyle | None) -> Calling | Unfound:
    """Call style and dimension: no evaluation where the signature settles them, else the fewest that do.

    Raises `ChallengeError` where `dimension` or `style` contradict the function, or it takes no inputs by place, and
    `OptionError` where `dimension` is no number of inputs.
    """
    if dimension is not None and not 1 <= dimension <= UNLIMITED:
        raise OptionError("dimension", dimension, "must be at least 1")
    form = _read_form(description)
    if not form.open:
        return _by_signature(form, dimension, style)
    trials = Trials(ask)
    try:
        found = (
            _search(trials, description, form, style)
            if dimension is None
            else _fit(trials, dimension, _styles(form, dimension, style))
        )
    except GaveUp:
        found = None
    except WorkerLost as lost:
        return Unfound(trials.count, str(lost))
    if found is None:
        commonest = trials.reasons.most_common(1)
        return Unfound(trials.count, commonest[0][0] if commonest else "it was never asked")
    return Calling(
        found.style, found.dimension, trials.count, found.note, _call_text(form, found.style, found.dimension)
    )


def _read_form(description: Description) -> _Form:
    if description.parameters is None:
        return _Form((), 1, UNLIMITED, open=True, known=False)
    by_name = [p.name for p in description.parameters if p.kind == "keyword" and p.required]
    if by_name:
        raise ChallengeError(f"The function takes inputs by name only ({', '.join(by_name)}), which cannot be given.")
    positional = [p for p in description.parameters if p.kind == "positional"]
    variadic = any(p.kind == "variadic" for p in description.parameters)
    if not positional and not variadic:
        raise ChallengeError("The function takes no inputs.")
    names = tuple(p.name for p in positional)
    required = sum(p.required for p in positional) or len(positional)
    most = UNLIMITED if variadic else len(positional)
    return _Form(names, max(1, required), most, open=required <= 1, known=bool(positional))


def _by_signature(form: _Form, dimension: int | None, style: CallStyle | None) -> Calling:
    d = form.required if dimension is None else dimension
    if not form.required <= d <= form.most:
        raise ChallengeError(f"The function takes {form.text}; --dimension {d} does not fit.")
    if style not in (None, CallStyle.SCALARS):
        raise ChallengeError(f"The function takes {form.text}; --call {style.word} does not fit.")
    return Calling(CallStyle.SCALARS, d, 0, None, _call_text(form, CallStyle.SCALARS, d))


def _styles(form: _Form, dimension: int, style: CallStyle | None) -> tuple[CallStyle, ...]:
    """The styles that are worth a trial with so many inputs, in order."""
    if style is not None:
        if style is CallStyle.SCALARS and dimension > form.most:
            raise ChallengeError(
                f"The function takes {form.text}; --dimension {dimension} with --call scalars does not fit."
            )
        return (style,)
    if dimension == 1 or not form.known:
        return (CallStyle.SCALARS, *_VECTOR_STYLES)
    return (*_VECTOR_STYLES, CallStyle.SCALARS) if dimension <= form.most else _VECTOR_STYLES


def _fit(trials: Trials, dimension: int, styles: tuple[CallStyle, ...]) -> _Found:
    """The style in which the function takes the dimension that the person gave."""
    taken: _Found | None = None
    reason = ""
    for style in styles:
        verdict = trials.try_out(style, dimension)
        if verdict.outcome is Outcome.WORKS:
            return _Found(style, verdict)
        if verdict.outcome is Outcome.NO_NUMBER and taken is None:
            taken = _Found(style, verdict, NO_NUMBER.format(verdict.reason))
        reason = reason or verdict.reason
    if taken is None:
        raise ChallengeError(
            f"The function does not take {dimension} inputs ({reason}); --dimension {dimension} does not fit."
        )
    return taken


def _search(trials: Trials, description: Description, form: _Form, style: CallStyle | None) -> _Found | None:
    """The first style in which some dimension works, and the smallest dimension all of whose inputs matter."""
    if style is CallStyle.SCALARS and form.known and form.most == 1:
        return _fit(trials, 1, (style,))
    orders = (style,) if style else _orders(form)
    taken: list[_Found] = []
    for order in orders:
        found = _scan(trials, description, order, scalars=style is None, taken=taken)
        if found is not None:
            return _settle(trials, description, found)
        if not any(
            reason.startswith(("TypeError", "AttributeError", "ValueError", "AssertionError"))
            for reason in trials.reasons
        ):
            break
    if len({found.dimension for found in taken}) == 1:
        return taken[0]
    return None


def _orders(form: _Form) -> tuple[CallStyle, ...]:
    """The styles to search in: a vector first where the signature has one parameter for it."""
    if not form.known:
        return (CallStyle.SCALARS, *_VECTOR_STYLES)
    return (*_VECTOR_STYLES, CallStyle.SCALARS) if form.most == UNLIMITED else _VECTOR_STYLES


def _scan(
    trials: Trials, description: Description, style: CallStyle, *, scalars: bool, taken: list[_Found]
) -> _Found | None:
    """The first dimension that works in this style.

    One input comes last unless a complaint asks for a single number: an array of one element broadcasts against
    whatever the function holds, and works for the wrong reason. `taken` collects what gave no number.
    """
    candidates = Candidates(description.stated)
    single: _Found | None = None
    for dimension in candidates:
        ways = (CallStyle.SCALARS, style) if scalars and dimension == 1 and style is not CallStyle.SCALARS else (style,)
        for way in ways:
            verdict = trials.try_out(way, dimension)
            if verdict.outcome is Outcome.WORKS:
                found = _Found(way, verdict)
                if dimension > 1 or candidates.scalar:
                    return found
                single = single or found
                break
            candidates.learn(dimension, verdict.reason)
            if candidates.scalar and single is not None:
                return single
            if verdict.outcome is Outcome.NO_NUMBER:
                taken.append(_Found(way, verdict, NO_NUMBER.format(verdict.reason)))
    return single


def _settle(trials: Trials, description: Description, found: _Found) -> _Found:
    """From a dimension that works to the one that is meant."""
    if found.dimension == 1:
        return found
    reach = trials.reach(found.style, found.verdict)
    if reach < found.dimension:
        return _shrink(trials, found, reach)
    wider = trials.try_out(found.style, found.dimension + 1)
    if wider.outcome is not Outcome.WORKS or trials.reach(found.style, wider) <= found.dimension:
        return found
    return _widen(trials, description, found, wider)


def _shrink(trials: Trials, found: _Found, reach: int) -> _Found:
    """Fewer inputs matter than were given: take so few, if the function does."""
    if reach == 0:
        return _Found(found.style, found.verdict, NOTHING_MATTERS)
    for style in (CallStyle.SCALARS, found.style) if reach == 1 else (found.style,):
        verdict = trials.try_out(style, reach)
        if verdict.outcome is Outcome.WORKS:
            return _Found(style, verdict)
    return _Found(found.style, found.verdict, LAST_IDLE)


def _widen(trials: Trials, description: Description, found: _Found, wider: Verdict) -> _Found:
    """One input more works and matters as well: is there an end to it?

    A sum over `zip(x, weights)` takes no notice of what goes beyond its weights; a loop over `weights[i]` refuses it.
    """
    style = found.style
    widest = trials.try_out(style, MAX_DIMENSION)
    if widest.outcome is Outcome.WORKS:
        reach = trials.reach(style, widest)
        if reach < MAX_DIMENSION:
            return _shrink(trials, found, reach)
    elif widest.outcome is Outcome.MISFIT:
        for dimension in range(found.dimension + 2, MAX_DIMENSION):
            verdict = trials.try_out(style, dimension)
            if verdict.outcome is not Outcome.WORKS:
                break
            wider = verdict
        return _Found(style, wider)
    dimension = description.stated or 2
    verdict = found.verdict if dimension == found.dimension else trials.try_out(style, dimension)
    if verdict.outcome is not Outcome.WORKS:
        verdict = found.verdict
    return _Found(style, verdict, ANY_NUMBER.format(verdict.point.size))


def _call_text(form: _Form, style: CallStyle, dimension: int) -> str:
    if style is not CallStyle.SCALARS:
        return f"f({form.names[0] if form.names else 'x'})"
    names = list(form.names[:dimension])
    if dimension == 1 and not names:
        names = ["x"]
    names += [f"x{place}" for place in range(len(names) + 1, dimension + 1)]
    return f"f({', '.join(names)})"
