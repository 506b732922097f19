"""The library's own search, driven by asking: what is timed is the search and next to nothing else."""

import inspect
from collections.abc import Iterable

import numpy as np

import blackbox
from benchmarks.task import Task
from blackbox.core.asking import Asking, Points
from blackbox.core.bounds import Bounds
from blackbox.search import default
from blackbox.search.default import Finish


def search(task: Task, without: frozenset[str] = frozenset()) -> None:
    """The default search until it returns or the budget is spent, with the parts named in `without` switched off.

    Where it ends by itself the record ends too: that is what `minimize` does.
    """
    options = {"without": without} if without else {}
    answer_all(default.default_search(Bounds(task.lower, task.upper), task.start, task.rng, **options), task)


def can_do_without() -> bool:
    """Whether this version's search has the parameter `without`: names of parts to switch off."""
    return "without" in inspect.signature(default.default_search).parameters


def parts() -> tuple[str, ...]:
    """The parts that can be switched off: `PARTS` of the search, none where it names none."""
    return tuple(getattr(default, "PARTS", ()))


def answer_all(asking: Asking[Finish], task: Task) -> None:
    """Send values until the generator returns; `Spent` passes through."""
    ask = task.counter.ask
    with np.errstate(all="ignore"):
        try:
            question = next(asking)
            while True:
                asked = isinstance(question, np.ndarray)
                question = asking.send(_numbers(ask(question))) if asked else next(asking)
        except StopIteration:
            return
        finally:
            asking.close()


def _numbers(values: Iterable[float]) -> Points:
    """The border's promise to a method: a failed evaluation is NaN, and nothing is infinite."""
    found = np.asarray(values, dtype=np.float64)
    return found if np.isfinite(found).all() else np.where(np.isfinite(found), found, np.nan)


def through_minimize(task: Task) -> None:
    """`blackbox.minimize` with everything around the search: oracle, checks, answer."""
    pairs = list(zip(task.lower.tolist(), task.upper.tolist(), strict=True))
    seed = int(task.rng.integers(2**31))
    counter = task.counter

    def fun(x: Points) -> float:
        return float(counter.ask(x[np.newaxis, :])[0])

    blackbox.minimize(
        fun,
        pairs if task.problem.boxed else None,
        task.start,
        budget=counter.left,
        seed=seed,
        dimension=task.problem.dimension,
    )
