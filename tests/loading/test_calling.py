import math

import cloudpickle
import numpy as np
import pytest

from blackbox.core.errors import ChallengeError, OptionError
from blackbox.core.evaluations import FunctionLost, Reply, Status
from blackbox.loading.calling import Calling, CallStyle, CallWish, Unfound, discover
from blackbox.loading.process import WorkerProcess
from blackbox.loading.trials import MAX_DIMENSION
from tests.fakes.calls import Calls, describe

SHIFT5 = np.array([0.1, 0.7, -0.3, 1.2, 2.2])
MATRIX7 = np.diag(np.arange(1.0, 8.0))
WEIGHTS4 = [1.0, 2.0, 3.0, 4.0]


def unpack3(x):
    a, b, c = x
    return a**2 + b**2 + c**2


def unpack1(x):
    (a,) = x
    return a**2


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def logarithms(x):
    return sum(math.log(v) ** 2 for v in x)


def refuses_all_but_4(x):
    if len(x) != 4:
        raise RuntimeError("no")
    return float(np.sum(x))


def silent_shift(x):
    try:
        return float(np.sum((x - SHIFT5) ** 2))
    except ValueError:
        return None


def scalar_branches(x):
    return (x - 1) ** 2 if x > 0 else -x


def list_only(x):
    a, b = x.copy() if isinstance(x, list) else x.nothing
    return a + b


def tuple_only(x):
    first, second = x
    return {(first, second): 2.0}[x] + first + second


def one_with_default(x, scale=2.0):
    return scale * float(np.sum((x - SHIFT5) ** 2))


def weights_by_index(x):
    return sum(WEIGHTS4[i] * x[i] ** 2 for i in range(len(x)))


ONE_PARAMETER = [
    (lambda x: (x - 2.5) ** 2, CallStyle.SCALARS, 1),
    (lambda x: math.sin(x), CallStyle.SCALARS, 1),
    (lambda x: abs(x - 123.456) + 2, CallStyle.SCALARS, 1),
    (scalar_branches, CallStyle.SCALARS, 1),
    (lambda x: x[0] ** 2, CallStyle.ARRAY, 1),
    (unpack1, CallStyle.ARRAY, 1),
    (lambda x: x.item() ** 2, CallStyle.ARRAY, 1),
    (lambda x: x[0] ** 2 + x[1] ** 2, CallStyle.ARRAY, 2),
    (lambda x: x[0] ** 2 + x[3], CallStyle.ARRAY, 4),
    (unpack3, CallStyle.ARRAY, 3),
    (lambda x: np.sum((x - SHIFT5) ** 2), CallStyle.ARRAY, 5),
    (silent_shift, CallStyle.ARRAY, 5),
    (lambda x: x @ MATRIX7 @ x, CallStyle.ARRAY, 7),
    (lambda x: sum((a - b) ** 2 for a, b in zip(x, SHIFT5, strict=False)), CallStyle.ARRAY, 5),
    (weights_by_index, CallStyle.ARRAY, 4),
    (refuses_all_but_4, CallStyle.ARRAY, 4),
    (lambda x: sum(x[i] ** 2 for i in range(50)), CallStyle.ARRAY, 50),
    (logarithms, CallStyle.ARRAY, 2),
    (rosenbrock, CallStyle.ARRAY, 2),
    (lambda x: np.sum(x**2), CallStyle.ARRAY, 2),
    (list_only, CallStyle.LIST, 2),
    (tuple_only, CallStyle.TUPLE, 2),
    (one_with_default, CallStyle.ARRAY, 5),
]


@pytest.mark.parametrize(("function", "style", "dimension"), ONE_PARAMETER)
def test_one_parameter_is_found_by_trials_alone(function, style, dimension):
    calls = Calls(function)
    found = discover(calls, describe(function), None, None)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension) == (style, dimension)
    assert found.trials == calls.count


@pytest.mark.parametrize(("function", "style", "dimension"), ONE_PARAMETER)
def test_a_dimension_that_is_told_needs_at_most_a_few_trials_and_gives_the_same_style(function, style, dimension):
    calls = Calls(function)
    found = discover(calls, describe(function), dimension, None)
    assert isinstance(found, Calling)
    assert found.dimension == dimension
    assert calls.count <= 12
    if dimension > 1:
        assert found.style is style


@pytest.mark.parametrize(("function", "style", "dimension"), ONE_PARAMETER)
@pytest.mark.parametrize("stated", [1, 3, 9])
def test_a_wrong_attribute_changes_the_order_and_never_the_finding(function, style, dimension, stated):
    found = discover(Calls(function), describe(function, stated=stated), None, None)
    assert isinstance(found, Calling)
    if "any number" not in (found.note or ""):
        assert (found.style, found.dimension) == (style, dimension)


def test_a_right_attribute_saves_trials():
    plain, told = Calls(refuses_all_but_4), Calls(refuses_all_but_4)
    discover(plain, describe(refuses_all_but_4), None, None)
    discover(told, describe(refuses_all_but_4, stated=4), None, None)
    assert told.count < plain.count


def test_the_numbers_in_a_complaint_lead_straight_to_the_dimension():
    calls = Calls(lambda x: x @ MATRIX7 @ x)
    discover(calls, describe(calls.function), None, None)
    assert calls.count == 1 + 1 + 1 + 1  # refused at 2, works at 7, its last input matters, refused at 8


@pytest.mark.parametrize("function", [rosenbrock, lambda x: np.sum(x**2), lambda *x: sum(v**2 for v in x)])
def test_a_function_of_any_number_is_solved_for_two_and_says_so(function):
    found = discover(Calls(function), describe(function), None, None)
    assert isinstance(found, Calling)
    assert found.dimension == 2
    assert "any number of inputs" in (found.note or "")


def test_an_object_that_states_its_dimension_is_believed_where_any_number_works():
    found = discover(Calls(rosenbrock), describe(rosenbrock, stated=6), None, None)
    assert isinstance(found, Calling)
    assert found.dimension == 6


def test_a_constant_function_keeps_its_smallest_dimension_with_a_note():
    constant = lambda x: 3.0  # noqa: ARG005, E731
    found = discover(Calls(constant), describe(constant), None, None)
    assert isinstance(found, Calling)
    assert found.dimension == 2
    assert "no input" in (found.note or "")


def test_two_required_parameters_are_two_inputs_without_a_trial():
    calls = Calls(lambda width, height, tilt=0.0: width + height + tilt)
    found = discover(calls, describe(calls.function), None, None)
    held = {"held": ("tilt = 0.0",), "widening": "--dimension 3"}
    assert found == Calling(CallStyle.SCALARS, 2, 0, None, "f(width, height)", **held)
    assert calls.count == 0


def test_a_defaulted_parameter_is_an_input_only_when_the_dimension_asks_for_it():
    function = lambda a, b, c=0.0: a + b + c  # noqa: E731
    found = discover(Calls(function), describe(function), 3, None)
    assert isinstance(found, Calling)
    assert (found.dimension, found.text) == (3, "f(a, b, c)")


def test_one_parameter_and_a_default_are_two_inputs_when_told_so():
    function = lambda a, b=0.0: math.sin(a) + b  # noqa: E731
    found = discover(Calls(function), describe(function), 2, None)
    assert isinstance(found, Calling)
    assert (found.style, found.text) == (CallStyle.SCALARS, "f(a, b)")


@pytest.mark.parametrize("dimension", [1, 3])
def test_a_dimension_that_the_signature_refuses_is_refused_naming_both(dimension):
    function = lambda x1, x2: x1 + x2  # noqa: E731
    with pytest.raises(ChallengeError, match=rf"takes 2 inputs \(x1, x2\); --dimension {dimension} does not fit"):
        discover(Calls(function), describe(function), dimension, None)


def test_a_dimension_that_every_trial_refuses_is_refused_with_the_complaint():
    with pytest.raises(ChallengeError, match=r"does not take 2 inputs .*expected 3, got 2.*--dimension 2 does not fit"):
        discover(Calls(unpack3), describe(unpack3), 2, None)


def test_a_style_that_the_signature_refuses_is_refused():
    function = lambda x1, x2: x1 + x2  # noqa: E731
    with pytest.raises(ChallengeError, match="--call array does not fit"):
        discover(Calls(function), describe(function), None, CallWish(CallStyle.ARRAY))


def test_a_style_that_is_told_is_the_only_one_tried():
    found = discover(Calls(rosenbrock), describe(rosenbrock), None, CallWish(CallStyle.LIST))
    assert isinstance(found, Calling)
    assert (found.style, found.dimension) == (CallStyle.LIST, 2)


def test_a_dimension_below_one_is_refused_and_a_large_one_is_not():
    function = lambda *x: sum(x)  # noqa: E731
    with pytest.raises(OptionError, match="dimension=0"):
        discover(Calls(function), describe(function), 0, None)
    found = discover(Calls(function), describe(function), 300, None)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension) == (CallStyle.SCALARS, 300)
    two_or_more = lambda a, b, *rest: a + b + len(rest)  # noqa: E731
    with pytest.raises(ChallengeError, match=r"takes at least 2 inputs \(a, b\); --dimension 1 does not fit"):
        discover(Calls(two_or_more), describe(two_or_more), 1, None)


def test_starred_arguments_are_scalars():
    def three(*args):
        a, b, c = args
        return a + 2 * b + 3 * c

    found = discover(Calls(three), describe(three), None, None)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.text) == (CallStyle.SCALARS, 3, "f(x1, x2, x3)")


def test_an_unknown_signature_is_found_by_trials():
    found = discover(Calls(math.atan2), describe(math.atan2, signature=False), None, None)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension) == (CallStyle.SCALARS, 2)
    found = discover(Calls(math.cos), describe(math.cos, signature=False), None, None)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension) == (CallStyle.SCALARS, 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(None, "returned None"), ("ReachFunctionLimit", "returned text 'ReachFunctionLimit'"), (math.nan, "returned NaN")],
)
def test_a_function_without_numbers_is_an_honest_failure_with_the_commonest_reason(answer, reason):
    calls = Calls(lambda x: answer)  # noqa: ARG005
    found = discover(calls, describe(calls.function), None, None)
    assert found == Unfound(calls.count, reason)
    assert calls.count < 5 * MAX_DIMENSION


def test_a_function_that_raises_at_once_is_an_honest_failure():
    def broken(x):
        raise RuntimeError("licence expired")

    found = discover(Calls(broken), describe(broken), None, None)
    assert isinstance(found, Unfound)
    assert found.reason == "RuntimeError: licence expired"


def test_the_one_dimension_that_is_taken_is_believed_even_where_it_gives_no_number():
    def far_away(x):
        a, b, c = x
        return math.log(min(a, b, c) - 100)

    found = discover(Calls(far_away), describe(far_away), None, None)
    assert isinstance(found, Calling)
    assert found.dimension == 3
    assert "no trial point gave a number" in (found.note or "")


@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.CRASH])
def test_three_hangs_or_deaths_in_a_row_end_the_trials(status):
    asked = []

    def dies(points, style):
        asked.extend(points)
        return Reply(np.full(len(points), np.nan), np.full(len(points), status, np.uint8), {0: "it died"})

    assert discover(dies, describe(rosenbrock), None, None) == Unfound(3, "it died")
    assert len(asked) == 3


def test_a_function_that_dies_beyond_its_inputs_is_found_all_the_same():
    asked = []

    def fragile(points, style):
        asked.append(points.shape[1])
        works = points.shape[1] == 2 and bool(np.all(points < 1))
        status = Status.OK if works else Status.CRASH
        value = float(np.sum(points)) if works else np.nan
        return Reply(np.array([value]), np.array([status], np.uint8), {} if works else {0: "it died"})

    found = discover(fragile, describe(rosenbrock), None, None)
    assert isinstance(found, Calling)
    assert found.dimension == 2
    assert asked.count(3) == 1


def test_a_worker_that_is_lost_ends_the_trials():
    def lost(points, style):
        raise FunctionLost("it is gone", Reply.from_values(np.empty(0)))

    assert discover(lost, describe(rosenbrock), None, None) == Unfound(1, "it is gone")


def test_no_inputs_are_refused():
    with pytest.raises(ChallengeError, match="no inputs"):
        discover(Calls(lambda: 1.0), describe(lambda: 1.0))


def mixed(a, b=1.0, *, c, d=2.0):
    return a + b * c - d


@pytest.mark.parametrize(
    ("function", "dimension", "text", "names"),
    [
        (lambda *, a, b: a + b, None, "f(a=…, b=…)", ("a", "b")),
        (lambda *, a=1.0, b=2.0: a + b, None, "f(a=…, b=…)", ("a", "b")),
        (lambda *, a, b=2.0: a + b, None, "f(a=…)", ("a",)),
        (lambda *, a, b=2.0: a + b, 2, "f(a=…, b=…)", ("a", "b")),
        (mixed, None, "f(a, c=…)", ("c",)),
        (mixed, 3, "f(a, c=…, b=…)", ("c", "b")),
        (mixed, 4, "f(a, c=…, b=…, d=…)", ("c", "b", "d")),
        (lambda a=0.0, *, b: a + b, None, "f(b=…)", ("b",)),
    ],
)
def test_inputs_by_name_are_found_by_the_signature_without_a_trial(function, dimension, text, names):
    calls = Calls(function)
    found = discover(calls, describe(function), dimension)
    assert isinstance(found, Calling)
    assert (found.text, found.names, found.style) == (text, names, CallStyle.KEYWORDS)
    assert (found.dimension, found.trials, calls.count) == (len(names) + (function is mixed), 0, 0)
    assert calls(np.ones((1, found.dimension)), found.call).statuses[0] == Status.OK


def test_inputs_by_name_that_do_not_fit_the_dimension_are_refused():
    with pytest.raises(ChallengeError, match=r"takes 2 to 4 inputs \(a, b, c=…, d=…\); --dimension 5 does not fit"):
        discover(Calls(mixed), describe(mixed), 5)


NAMED = [
    (lambda p: p["width"] ** 2 + p["height"], CallStyle.DICT, ("width", "height")),
    (lambda p: p["a"] * p.get("b", 3.0), CallStyle.DICT, ("a",)),
    (lambda **p: p["one"] - p["two"] ** 2, CallStyle.KEYWORDS, ("one", "two")),
    (lambda **p: mixed(**p), CallStyle.KEYWORDS, ("a", "c")),
    (lambda p: sum(p[f"x{i}"] ** 2 for i in range(1, 13)), CallStyle.DICT, tuple(f"x{i}" for i in range(1, 13))),
]


@pytest.mark.parametrize(("function", "style", "names"), NAMED)
def test_names_are_found_by_one_complaint_each(function, style, names):
    calls = Calls(function)
    found = discover(calls, describe(function))
    assert isinstance(found, Calling)
    assert (found.style, found.names, found.dimension) == (style, names, len(names))
    assert calls.count <= len(names) + 3
    assert names[0] in found.text


def test_a_dimension_that_the_names_contradict_is_refused():
    with pytest.raises(ChallengeError, match=r"takes 2 inputs \(width, height\); --dimension 3 does not fit"):
        discover(Calls(NAMED[0][0]), describe(NAMED[0][0]), 3)
    found = discover(Calls(NAMED[0][0]), describe(NAMED[0][0]), 2)
    assert isinstance(found, Calling)
    assert found.text == 'f({"width": …, "height": …})'


@pytest.mark.parametrize(
    ("word", "text", "dimension"),
    [
        ("dict:b,a", 'f({"b": …, "a": …})', 2),
        ("keywords:a", "f(a=…)", 1),
        ("keywords", "f(x=…)", 1),
        ("integers", "f(x: int)", 1),
        ("scalars+integers", "f(x: int)", 1),
        ("list+integers", "f(x: ints)", 2),
        ("batch", "f(X)", 2),
    ],
)
def test_what_is_asked_for_by_word_is_done(word, text, dimension):
    def takes_all(x=0.0, **rest):
        return float(np.sum(list(rest.values()) if rest else list(x.values()) if isinstance(x, dict) else x))

    wish = CallWish.from_text(word)
    assert wish.text == word
    function = takes_all if ":" in word else lambda x: float(np.sum(x))
    function = (lambda x: math.sin(x)) if "integers" in word and "list" not in word else function
    found = discover(Calls(function), describe(function), None, wish)
    assert isinstance(found, Calling)
    assert (found.text, found.dimension) == (text, dimension)


@pytest.mark.parametrize("word", ["scalar", "array:a", "dict:", "dict:a,a", "array+floats", "", "integers+array"])
def test_a_word_that_means_nothing_is_refused(word):
    with pytest.raises(OptionError, match="call="):
        CallWish.from_text(word)


TABLE = [9.0, 4.0, 1.0, 0.0, 1.0, 4.0, 9.0, 16.0]
GRID = np.arange(100.0).reshape(10, 10)


def checks_type(n):
    if not isinstance(n, int):
        raise TypeError(f"n must be an integer, not {type(n).__name__}")
    return (n - 3) ** 2


WHOLE = [
    (lambda n: sum(range(n)), CallStyle.SCALARS, 1),
    (lambda n: TABLE[n], CallStyle.SCALARS, 1),
    (lambda n: float(math.comb(20, n)), CallStyle.SCALARS, 1),
    (lambda n: n & 12, CallStyle.SCALARS, 1),
    (checks_type, CallStyle.SCALARS, 1),
    (lambda x: GRID[x[0], x[1]], CallStyle.ARRAY, 2),
    (lambda x: sum(TABLE[v % 8] for v in x[:3]), CallStyle.ARRAY, 3),
    (lambda i, j: GRID[i % 10][j % 10], CallStyle.SCALARS, 2),
    (lambda i, j, k: len(range(i)) + j + k, CallStyle.SCALARS, 3),
]


@pytest.mark.parametrize(("function", "style", "dimension"), WHOLE)
def test_a_function_of_whole_numbers_is_given_whole_numbers(function, style, dimension):
    found = discover(Calls(function), describe(function, whole=True))
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.integers) == (style, dimension, True)
    assert "int" in found.text


def says(complaint):
    def function(n):
        if not isinstance(n, int):
            raise ValueError(complaint)
        return (n - 3) ** 2

    return function


@pytest.mark.parametrize("complaint", ["whole numbers only", "n must be an integer", "0.5 is not an integer"])
def test_one_whole_number_is_found_in_a_handful_of_trials_however_it_is_asked_for(complaint):
    function = says(complaint)
    found = discover(Calls(function), describe(function, whole=True))
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.integers) == (CallStyle.SCALARS, 1, True)
    assert found.trials <= 4


@pytest.mark.parametrize("function", [lambda a, b: a + b, lambda a, b: 1 / (a - a + 0 * b)])
def test_a_function_that_only_looks_like_whole_numbers_costs_a_trial_and_gets_floats(function):
    calls = Calls(function)
    found = discover(calls, describe(function, whole=True))
    assert isinstance(found, Calling)
    assert not found.integers
    assert found.trials == calls.count <= 3


def rows_and_columns(X):
    n, d = X.shape
    return (X[:, 0] - 1) ** 2 + X[:, d - 1] ** 2 + np.zeros(n)


def wants_two_axes(X):
    if X.ndim != 2:
        raise ValueError("Expected 2D array, got 1D array instead")
    return (X @ np.array([1.0, 2.0, 3.0])) ** 2


BATCHES = [
    (lambda X: np.sum(X**2, axis=1) + X[:, 1], 2),
    (lambda X: X[:, 0] ** 2 + X[:, 3], 4),
    (rows_and_columns, 2),
    (wants_two_axes, 3),
]


@pytest.mark.parametrize(("function", "dimension"), BATCHES)
def test_a_function_of_rows_is_given_rows(function, dimension):
    found = discover(Calls(function), describe(function))
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.text) == (CallStyle.BATCH, dimension, "f(X)")
    told = discover(Calls(function), describe(function), dimension)
    assert isinstance(told, Calling)
    assert told.style is CallStyle.BATCH


def test_a_fitted_model_is_believed_at_the_first_trial():
    calls = Calls(lambda X: np.sum(X, axis=1))
    found = discover(calls, describe(calls.function, stated=7, entry="predict"))
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, calls.count) == (CallStyle.BATCH, 7, 1)


class Model:
    dimension = 6

    def __call__(self, x):
        return float(np.sum(np.asarray(x) ** 2))


REAL = [
    (function, style, dimension, False)
    for function, style, dimension in [*ONE_PARAMETER, (Model(), CallStyle.ARRAY, 6)]
]
REAL += [(function, style, dimension, True) for function, style, dimension in WHOLE]
REAL += [(function, CallStyle.BATCH, dimension, False) for function, dimension in BATCHES]
REAL += [(function, style, len(names), False) for function, style, names in NAMED]


@pytest.mark.parametrize(("function", "style", "dimension", "integers"), REAL)
def test_the_real_worker_finds_the_same(function, style, dimension, integers):
    cloudpickle.register_pickle_by_value(__import__(__name__))
    try:
        payload = cloudpickle.dumps(function)
    finally:
        cloudpickle.unregister_pickle_by_value(__import__(__name__))
    with WorkerProcess() as worker:
        description = worker.load(payload)
        found = discover(worker.evaluate, description)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.integers) == (style, dimension, integers)


@pytest.mark.parametrize(
    ("function", "dimension", "call", "held", "widening"),
    [
        (lambda x, y=2: x * y, None, None, ("y = 2",), "--dimension 2 --call scalars"),
        (lambda x, y=2: x * y, 2, "scalars", (), ""),
        (lambda a, b, c=1, d=0.5: a + b + c + d, None, None, ("c = 1", "d = 0.5"), "--dimension 4"),
        (lambda a, b, c=1, d=0.5: a + b + c + d, 3, None, ("d = 0.5",), "--dimension 4"),
        (lambda a, b, *, k=3: a + b + k, None, None, ("k = 3",), "--call keywords:k"),
        (lambda a, b, *, k=3: a + b + k, None, "keywords:k", (), ""),
        (lambda *, a, k=3: a + k, None, None, ("k = 3",), "--call keywords:a,k"),
        (lambda x, scale=1.0: scale * (x[0] + x[1]), 2, None, ("scale = 1.0",), ""),
        (lambda a, b, mode="abs": a + b + len(mode), None, None, ("mode = 'abs'",), ""),
        (lambda a, b: a + b, None, None, (), ""),
    ],
)
def test_what_keeps_its_default_is_told_with_the_options_that_search_it(function, dimension, call, held, widening):
    found = discover(Calls(function), describe(function), dimension, CallWish.from_text(call))
    assert isinstance(found, Calling)
    assert (found.held, found.widening) == (held, widening)
