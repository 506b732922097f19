"""How the function wants to be called, and with how many inputs: by its signature, else by the fewest trial calls."""

from dataclasses import dataclass, replace

from blackbox.core.asking import Point
from blackbox.core.errors import ChallengeError, MisfitError, OptionError
from blackbox.core.evaluations import FunctionLost, TimeIsUp
from blackbox.loading.conditions import ANYWHERE, Conditions
from blackbox.loading.description import MAX_DIMENSION, Description
from blackbox.loading.held import held_at_defaults
from blackbox.loading.named import call_by_signature, find_names
from blackbox.loading.signature import UNLIMITED, Form, call_text, read_form
from blackbox.loading.styles import Call, CallStyle, CallWish
from blackbox.loading.trials import Ask, Candidates, GaveUp, Outcome, Trials, Verdict, wants_integers

__all__ = ["Call", "CallStyle", "CallWish", "Calling", "Unfound", "discover"]

ANY_NUMBER = "it accepts any number of inputs: solved for {}; --dimension says otherwise"
NO_NUMBER = "no trial point gave a number ({})"
NOTHING_MATTERS = "no input changed its value in the trials"
LAST_IDLE = "its last input changed nothing in the trials"
PREDICT = "predict"
"""The method by which a fitted model is called: with rows of points, of as many columns as it states."""
_ABOUT_INPUTS = ("TypeError", "AttributeError", "ValueError", "AssertionError", "IndexError", "KeyError")
"""Complaints after which another style is worth a scan."""
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
    names: tuple[str, ...] = ()
    """Of the last inputs, where the style is a named one."""
    integers: bool = False
    """Whether every input is rounded to a whole number."""
    held: tuple[str, ...] = ()
    """`y = 2`: the parameters that keep their defaults, and are no inputs."""
    widening: str = ""
    """The options that make inputs of them, where there are such."""
    point: tuple[float, ...] = ()
    """The trial point that gave a number in this very call; none where no trial was made."""
    value: float | None = None
    """… and the number."""

    @property
    def call(self) -> Call:
        """What an executor needs to know."""
        return Call(self.style, self.names, self.integers)


@dataclass(frozen=True, slots=True)
class Unfound:
    """No way of calling the function gave a number."""

    trials: int
    """Evaluations spent."""
    reason: str
    """The commonest complaint."""
    seen: tuple[tuple[Point, float], ...] = ()
    """Points that gave a number all the same, and it, where the time was up before all was known."""


@dataclass(frozen=True, slots=True)
class _Found:
    verdict: Verdict
    note: str | None = None

    @property
    def dimension(self) -> int:
        return self.verdict.point.size

    @property
    def call(self) -> Call:
        return self.verdict.call


def discover(
    ask: Ask,
    description: Description,
    dimension: int | None = None,
    wish: CallWish | None = None,
    conditions: Conditions = ANYWHERE,
) -> Calling | Unfound:
    """Call style and dimension: no evaluation where the signature settles them, else the fewest that do.

    No evaluation is made outside the bounds of the conditions.
    Raises `ChallengeError` where `dimension` or `wish` contradict the function, or it takes no inputs, and
    `OptionError` where `dimension` is no number of inputs.
    """
    if dimension is not None and not 1 <= dimension <= UNLIMITED:
        raise OptionError("dimension", dimension, "must be at least 1")
    form = read_form(description)
    trials = Trials(ask, conditions)
    try:
        told = conditions.told if dimension is None and form.open else None
        found = _as_told(trials, form, told, wish or CallWish()) if told else None
        found = found or _settled(trials, description, form, dimension, wish or CallWish())
    except GaveUp:
        found = None
    except TimeIsUp as end:
        return Unfound(trials.count, str(end), tuple(trials.seen))
    except FunctionLost as lost:
        return Unfound(trials.count, str(lost))
    if isinstance(found, Calling):
        return found
    if found is None:
        commonest = trials.reasons.most_common(1)
        return Unfound(trials.count, commonest[0][0] if commonest else "it was never asked")
    if dimension is not None and found.dimension != dimension:
        raise MisfitError(f"The function takes {found.dimension} inputs ({', '.join(found.call.names)})", dimension)
    calling = _calling(description, form, found.call, found.dimension, trials.count, found.note)
    if found.verdict.outcome is not Outcome.WORKS:
        return calling
    return replace(calling, point=tuple(found.verdict.point.tolist()), value=found.verdict.value)


def _calling(
    description: Description, form: Form, call: Call, dimension: int, trials: int, note: str | None = None
) -> Calling:
    text = call_text(form, call, dimension)
    held = held_at_defaults(description, form, call, dimension)
    return Calling(call.style, dimension, trials, note, text, call.names, call.integers, held.shown, held.widening)


def _settled(
    trials: Trials, description: Description, form: Form, dimension: int | None, wish: CallWish
) -> Calling | _Found | None:
    """By the names, else by the signature, else by trials."""
    style = wish.style
    if wish.names:
        return _by_given_names(description, form, dimension, wish)
    if style is CallStyle.DICT or (form.any_name and not form.by_name and style is CallStyle.KEYWORDS):
        return _as_found(find_names(trials, CallStyle.DICT if style is CallStyle.DICT else CallStyle.KEYWORDS))
    if style is CallStyle.KEYWORDS and not form.by_name:
        form_by_name = replace(form, names=(), required=0, by_name=form.names[: form.required])
        call = replace(call_by_signature(form_by_name, dimension), integers=wish.integers)
        return _calling(description, form_by_name, call, len(call.names), 0)
    if not form.open:
        return _by_signature(trials, description, form, dimension, wish)
    if dimension is not None:
        return _fit(trials, dimension, _calls(form, dimension, wish))
    return _search(trials, description, form, wish)


def _as_told(trials: Trials, form: Form, told: int, wish: CallWish) -> _Found | None:
    """With as many inputs as start or bounds tell; None where the function does not take so many."""
    if wish.names or wish.style in (CallStyle.DICT, CallStyle.KEYWORDS):
        return None
    try:
        return _fit(trials, told, _calls(form, told, wish))
    except ChallengeError:
        return None


def _as_found(verdict: Verdict | None) -> _Found | None:
    if verdict is None:
        return None
    return _Found(verdict, None if verdict.outcome is Outcome.WORKS else NO_NUMBER.format(verdict.reason))


def _by_given_names(description: Description, form: Form, dimension: int | None, wish: CallWish) -> Calling:
    assert wish.style is not None
    needed = [p.name for p in description.parameters or () if p.kind == "positional" and p.required]
    placed = len(set(needed) - set(wish.names)) if wish.style is CallStyle.KEYWORDS else 0
    d = len(wish.names) + placed
    if dimension not in (None, d):
        raise ChallengeError(f"--call {wish.text} gives {d} inputs; --dimension {dimension} does not fit.")
    return _calling(description, form, Call(wish.style, wish.names, wish.integers), d, 0)


def _by_signature(
    trials: Trials, description: Description, form: Form, dimension: int | None, wish: CallWish
) -> Calling | _Found | None:
    if form.any_name and not form.by_name and form.most == 0:
        return _as_found(find_names(trials, CallStyle.KEYWORDS, wish.integers))
    if form.by_name:
        call = call_by_signature(form, dimension)
        d = form.required + len(call.names)
    else:
        call, d = Call(CallStyle.SCALARS), form.required if dimension is None else dimension
        if not form.required <= d <= form.most:
            raise MisfitError(f"The function takes {form.text}", d)
    if wish.style not in (None, call.style):
        raise ChallengeError(f"The function takes {form.text}; --call {wish.style.word} does not fit.")
    call = replace(call, integers=wish.integers)
    if description.whole and not call.integers:
        verdict = trials.try_out(call, d)
        call = replace(call, integers=verdict.call.integers or wants_integers(verdict.reason))
    return _calling(description, form, call, d, trials.count)


def _calls(form: Form, dimension: int, wish: CallWish) -> list[Call]:
    """The calls that are worth a trial with so many inputs, in order."""
    if wish.style is not None:
        if wish.style is CallStyle.SCALARS and dimension > form.most:
            raise ChallengeError(
                f"The function takes {form.text}; --dimension {dimension} with --call scalars does not fit."
            )
        styles: tuple[CallStyle, ...] = (wish.style,)
    elif dimension == 1 or not form.known:
        styles = (CallStyle.SCALARS, *_VECTOR_STYLES)
    else:
        styles = (*_VECTOR_STYLES, CallStyle.SCALARS) if dimension <= form.most else _VECTOR_STYLES
    return [Call(style, (), wish.integers) for style in styles]


def _fit(trials: Trials, dimension: int, calls: list[Call]) -> _Found:
    """The style in which the function takes the dimension that the person gave."""
    taken: _Found | None = None
    complaints = Candidates(None)
    reason = ""
    while calls:
        call = calls.pop(0)
        verdict = trials.try_out(call, dimension)
        if verdict.outcome is Outcome.WORKS:
            return _Found(verdict)
        if verdict.outcome is Outcome.NO_NUMBER and taken is None:
            taken = _Found(verdict, NO_NUMBER.format(verdict.reason))
        reason = reason or verdict.reason
        known = complaints.batch
        complaints.learn(dimension, verdict.reason)
        if complaints.batch and not known and call.style is CallStyle.ARRAY:
            calls.insert(0, replace(call, style=CallStyle.BATCH))
    named = find_names(trials, CallStyle.DICT) if complaints.named and taken is None else None
    taken = taken or _as_found(named)
    if taken is None:
        raise MisfitError(f"The function does not take {dimension} inputs ({reason})", dimension)
    return taken


def _search(trials: Trials, description: Description, form: Form, wish: CallWish) -> _Found | None:
    """The first style in which some dimension works, and the smallest dimension all of whose inputs matter."""
    if wish.style is CallStyle.SCALARS and form.known and form.most == 1:
        return _fit(trials, 1, [Call(wish.style, (), wish.integers)])
    orders = [wish.style] if wish.style else _orders(form)
    taken: list[_Found] = []
    if wish.style is None and description.entry == PREDICT and description.stated:
        verdict = trials.try_out(Call(CallStyle.BATCH, (), wish.integers), description.stated)
        if verdict.outcome is Outcome.WORKS:
            return _Found(verdict)
    while orders:
        candidates = Candidates(description.stated)
        call = Call(orders.pop(0), (), wish.integers)
        found = _scan(trials, candidates, call, scalars=wish.style is None, taken=taken)
        if found is not None:
            return _settle(trials, description, found)
        if candidates.named and (named := _as_found(find_names(trials, CallStyle.DICT, wish.integers))):
            return named
        if candidates.batch and call.style is CallStyle.ARRAY and wish.style is None:
            orders = [CallStyle.BATCH, *orders]
        elif not any(reason.startswith(_ABOUT_INPUTS) for reason in trials.reasons):
            break
    if len({found.dimension for found in taken}) == 1:
        return taken[0]
    return None


def _orders(form: Form) -> list[CallStyle]:
    """The styles to search in: a vector first where the signature has one parameter for it."""
    if not form.known:
        return [CallStyle.SCALARS, *_VECTOR_STYLES]
    return [*_VECTOR_STYLES, CallStyle.SCALARS] if form.most == UNLIMITED else [*_VECTOR_STYLES]


def _scan(trials: Trials, candidates: Candidates, call: Call, *, scalars: bool, taken: list[_Found]) -> _Found | None:
    """The first dimension that works in this style.

    One input comes last unless a complaint asks for a single number: an array of one element broadcasts against
    whatever the function holds, and works for the wrong reason. `taken` collects what gave no number. A complaint
    about rows or names ends the scan: another style is meant.
    """
    single: _Found | None = None
    for dimension in candidates:
        alone = scalars and dimension == 1 and call.style is not CallStyle.SCALARS
        for way in (replace(call, style=CallStyle.SCALARS), call) if alone else (call,):
            verdict = trials.try_out(way, dimension)
            if verdict.outcome is Outcome.WORKS:
                found = _Found(verdict)
                if dimension > 1 or candidates.scalar:
                    return found
                single = single or found
                break
            candidates.learn(dimension, verdict.reason)
            if candidates.scalar and single is not None:
                return single
            if verdict.outcome is Outcome.NO_NUMBER:
                taken.append(_Found(verdict, NO_NUMBER.format(verdict.reason)))
            if candidates.named or (candidates.batch and call.style is CallStyle.ARRAY):
                return None
    return single


def _settle(trials: Trials, description: Description, found: _Found) -> _Found:
    """From a dimension that works to the one that is meant."""
    if found.dimension == 1:
        return found
    reach = trials.reach(found.verdict)
    if reach < found.dimension:
        return _shrink(trials, found, reach)
    wider = trials.try_out(found.call, found.dimension + 1)
    if wider.outcome is not Outcome.WORKS or trials.reach(wider) <= found.dimension:
        return found
    return _widen(trials, description, found, wider)


def _shrink(trials: Trials, found: _Found, reach: int) -> _Found:
    """Fewer inputs matter than were given: take so few, if the function does."""
    if reach == 0:
        return _Found(found.verdict, NOTHING_MATTERS)
    for call in (replace(found.call, style=CallStyle.SCALARS), found.call) if reach == 1 else (found.call,):
        verdict = trials.try_out(call, reach)
        if verdict.outcome is Outcome.WORKS:
            return _Found(verdict)
    return _Found(found.verdict, LAST_IDLE)


def _widen(trials: Trials, description: Description, found: _Found, wider: Verdict) -> _Found:
    """One input more works and matters as well: is there an end to it?

    A sum over `zip(x, weights)` takes no notice of what goes beyond its weights; a loop over `weights[i]` refuses it.
    """
    call = found.call
    widest = trials.try_out(call, MAX_DIMENSION)
    if widest.outcome is Outcome.WORKS:
        reach = trials.reach(widest)
        if reach < MAX_DIMENSION:
            return _shrink(trials, found, reach)
    elif widest.outcome is Outcome.MISFIT:
        for dimension in range(found.dimension + 2, MAX_DIMENSION):
            verdict = trials.try_out(call, dimension)
            if verdict.outcome is not Outcome.WORKS:
                break
            wider = verdict
        return _Found(wider)
    dimension = description.stated or 2
    verdict = found.verdict if dimension == found.dimension else trials.try_out(call, dimension)
    if verdict.outcome is not Outcome.WORKS:
        verdict = found.verdict
    return _Found(verdict, ANY_NUMBER.format(verdict.point.size))
