"""The contract of a solution, from the judge's side: what is counted, what is refused, how a call may end."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from blackbox.core.evaluations import FunctionLost
from blackbox.judging.instance import Instance
from blackbox.judging.secret import Function, Secret
from blackbox.judging.sitting import Outcome, Rules, Sitting, sit
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.solution_wire import Task
from tests.locks import needs_lock

PARABOLA = Function(2, source="import math\n\ndef f(x):\n    return math.nan if x[0] > 9 else x[0] ** 2 + x[1] ** 2\n")
pytestmark = needs_lock


@contextmanager
def secret(noise: float = 0.0) -> Iterator[Secret]:
    with PARABOLA.opened() as executor:
        yield Secret(executor, Instance.plain(2), noise, [3])


def descend(body: str, budget: int = 20, seconds: float = 5.0) -> Sitting:
    lines = "\n".join("    " + line for line in body.splitlines())
    source = f"def descend(f, start):\n{lines}\n".encode()
    with secret() as function:
        return sit(source, [(Task("descend", 2, budget, (1.0, 2.0)), function)], Rules(seconds))[0]


def test_values_are_those_of_the_function_and_every_call_counts() -> None:
    sitting = descend("a = f(start)\nb = f([0, 3])\nreturn [a, b]")
    assert sitting.outcome is Outcome.RETURNED
    assert sitting.result is not None
    assert sitting.result.tolist() == [5.0, 9.0]
    assert sitting.points.tolist() == [[1, 2], [0, 3]]
    assert sitting.best is not None
    assert sitting.best[1] == 5


def test_the_solution_knows_where_it_stands() -> None:
    sitting = descend("f(start)\nf(start)\nreturn [f.dimension * 100 + f.evaluations, f.budget]", budget=7)
    assert sitting.result is not None
    assert sitting.result.tolist() == [202.0, 7.0]


def test_past_the_budget_there_is_no_value_and_the_solution_may_go_on_without() -> None:
    sitting = descend(
        "n = 0\ntry:\n    while True:\n        f(start)\n        n += 1\nexcept BudgetSpent:\n    return [n, 0]"
    )
    assert sitting.result is not None
    assert sitting.result.tolist() == [20, 0]
    assert (sitting.evaluations, sitting.refused) == (20, 1)


def test_a_budget_that_nobody_catches_leaves_the_best_point_with_the_judge() -> None:
    sitting = descend("while True:\n    f([f.evaluations + 1, 0])")
    assert sitting.outcome is Outcome.SPENT
    assert sitting.best is not None
    assert sitting.best[0].tolist() == [1, 0]


def test_no_value_is_nan_and_a_wrong_number_of_coordinates_is_told_and_not_charged() -> None:
    sitting = descend("v = f([10, 0])\ntry:\n    f([1])\nexcept ValueError:\n    return [v != v, f.evaluations]")
    assert sitting.result is not None
    assert sitting.result.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("body", "outcome", "word"),
    [
        ("return start / 0 + nothing", Outcome.RAISED, "(line 2)"),
        ("return None", Outcome.WRONG, "returned None"),
        ("return {'x': 1}", Outcome.WRONG, "returned a dict"),
        ("return [[1, 2, 3], 'x']", Outcome.WRONG, "a list of 3 is no number"),
        ("return [start, f(start)]", Outcome.WRONG, "a list of 2 is no number"),
        ("return [f('12'), 0]", Outcome.RAISED, "a str is no point"),
        ("return [f([1j, 0]), 0]", Outcome.RAISED, "a complex is no number"),
        ("return lambda: 1", Outcome.WRONG, "a function is no point"),
        ("raise ValueError('\U0001f600' * 999)", Outcome.RAISED, "\U0001f600"),
        ("hoard = []\nwhile True:\n    hoard.append(bytes(2 ** 20))", Outcome.RAISED, "MemoryError"),
        ("import os\nos.closerange(3, 64)\nf(start)", Outcome.DIED, "ended by itself"),
        ("import time\ntime.sleep(999)", Outcome.TIME, "1 s"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", Outcome.TIME, "1 s"),
        ("raise SystemExit", Outcome.RAISED, "SystemExit"),
        ("import os\nos._exit(3)", Outcome.DIED, "exit code 3"),
        ("while True: pass", Outcome.TIME, "1 s"),
    ],
)
def test_a_call_that_comes_to_nothing_says_how(body: str, outcome: Outcome, word: str) -> None:
    sitting = descend(body, seconds=1.0)
    assert sitting.outcome is outcome
    assert word in sitting.detail


def test_an_entry_that_is_missing_and_a_file_that_is_no_python() -> None:
    with secret() as function:
        calls = [(Task("descend", 2, 9, (1.0, 2.0)), function)]
        assert sit(b"def gradient(f, x):\n    return x\n", calls, Rules())[0].outcome is Outcome.MISSING
        broken = sit(b"def gradient(f, x:\n", calls, Rules())[0]
    assert broken.outcome is Outcome.UNREADABLE
    assert "line 1" in broken.detail


def test_points_are_arrays_for_whoever_imports_numpy_and_else_lists() -> None:
    assert descend("return [isinstance(start, list), 0]").result is not None
    with secret() as function:
        source = b"import numpy\ndef descend(f, start):\n    return start * 2 + f(start)\n"
        (sitting,) = sit(source, [(Task("descend", 2, 9, (1.0, 2.0)), function)], Rules())
    assert sitting.result is not None
    assert sitting.result.tolist() == [7, 9]


def test_an_argument_that_was_changed_is_noticed() -> None:
    assert descend("start[0] = 5\nreturn start").mutated
    assert not descend("return [5, 5]").mutated


def test_several_calls_in_one_process_have_their_own_budgets() -> None:
    source = b"def gradient(f, x):\n    return [f(x), f.evaluations]\n"
    with secret() as function:
        calls = [(Task("gradient", 2, 1, (value, 0.0)), function) for value in (1.0, 2.0, 3.0)]
        sittings = sit(source, calls, Rules())
    assert [sitting.result.tolist() for sitting in sittings if sitting.result is not None] == [[1, 1], [4, 1], [9, 1]]


@pytest.mark.parametrize(
    "point",
    ["[[5], [7]]", "[[5, 7]]", "(5, 7)", "iter([5, 7])", "[Fraction(5), Decimal(7)]", "np.array([[5], [7]])",
     "np.matrix([5, 7])", "np.array([[5, 7]])", "[np.array([5]), np.float32(7)]", "[np.array(5), True * 7]"],
)  # fmt: skip
def test_what_holds_the_numbers_of_a_point_is_one(point: str) -> None:
    imports = "import numpy as np\nfrom fractions import Fraction\nfrom decimal import Decimal"
    sitting = descend(f"{imports}\nreturn {point}")
    assert sitting.result is not None, sitting.detail
    assert sitting.result.tolist() == [5, 7]


@pytest.mark.parametrize(
    "luck",
    ["random.random()", "random.Random().random()", "random.SystemRandom().random()", "np.random.rand()",
     "np.random.default_rng().random()", "float(np.random.RandomState().rand())", "secrets.randbelow(10**9)",
     "int.from_bytes(os.urandom(4), 'big')", "random.seed() or random.random()",
     "np.random.seed() or np.random.rand()"],
)  # fmt: skip
def test_luck_that_nobody_seeds_is_the_same_each_time_and_is_luck(luck: str) -> None:
    body = f"import os, random, secrets\nimport numpy as np\nreturn [{luck}, {luck}]"
    one, other = descend(body).result, descend(body).result
    assert one is not None
    assert other is not None
    assert one.tolist() == other.tolist()
    assert one[0] != one[1]


def test_copies_of_the_function_have_one_budget() -> None:
    spend = "try:\n        while True:\n            g(start)\n    except BudgetSpent:\n        pass"
    sitting = descend(f"import copy\nfor g in (f, copy.copy(f)):\n    {spend}\nreturn start")
    assert sitting.outcome is Outcome.RETURNED
    assert (sitting.evaluations, sitting.refused) == (20, 1)


def test_whoever_asks_past_all_patience_is_stopped() -> None:
    sitting = descend("while True:\n    try:\n        f(start)\n    except BudgetSpent:\n        pass", seconds=60)
    assert sitting.outcome is Outcome.BROKE
    assert "after its budget was spent" in sitting.detail
    assert sitting.evaluations == 20


def test_a_point_that_is_none_any_more_was_changed() -> None:
    assert descend("start.clear()\nreturn [5, 5]").mutated
    assert descend("start[0] = None\nreturn [5, 5]").mutated


def test_a_secret_function_that_somebody_killed_has_no_values_but_is_lost() -> None:
    source = "import os\n\ndef f(x):\n    if x[0] > 1:\n        os.kill(os.getpid(), 9)\n    return 0.0\n"
    with Function(1, source=source).opened() as executor:
        function = Secret(executor, Instance.plain(1))
        assert function.value(np.array([0.0])) == 0
        with pytest.raises(FunctionLost, match="SIGKILL"):
            function.value(np.array([2.0]))


def test_a_secret_function_that_ends_its_own_process_has_no_value_there() -> None:
    source = "import os\n\ndef f(x):\n    if x[0] > 1:\n        os._exit(3)\n    return 0.0\n"
    with Function(1, source=source).opened() as executor:
        function = Secret(executor, Instance.plain(1))
        assert np.isnan(function.value(np.array([2.0])))
        assert function.value(np.array([0.0])) == 0


def test_noise_is_the_same_for_the_same_seed_and_differs_from_call_to_call() -> None:
    source = b"def gradient(f, x):\n    return [f(x), f(x)]\n"
    found = []
    for _ in range(2):
        with secret(noise=0.1) as function:
            found.append(sit(source, [(Task("gradient", 2, 9, (1.0, 1.0)), function)], Rules())[0].answers)
            assert function.quiet().value(np.array([1.0, 1.0])) == 2
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]


def test_without_the_lock_the_contract_is_the_same() -> None:
    with PARABOLA.opened(Sandbox.BASIC) as executor:
        calls = [(Task("descend", 2, 9, (1.0, 2.0)), Secret(executor, Instance.plain(2)))]
        (sitting,) = sit(b"def descend(f, s):\n    return [f(s), 0]\n", calls, Rules(sandbox=Sandbox.BASIC))
    assert sitting.result is not None
    assert sitting.result.tolist() == [5, 0]
