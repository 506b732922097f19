"""Our counting and our targets against COCO's own logs: `python -m benchmarks.coco_check FOLDER`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.counting import Counter
from benchmarks.figures.scores import TARGETS
from benchmarks.item import Item, Record
from benchmarks.suites import bbob
from blackbox.core.asking import Floats

FUNCTIONS = (1, 3, 8, 15, 21)
DIMENSIONS = (2, 5)
INSTANCES = (1, 2, 3)
EVALUATIONS = 400
"""For each input: enough for all targets of the sphere and some of the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One function in one dimension: evaluations to each target, shape `(instances, 51)`."""

    function: int
    dimension: int
    ours: Floats
    theirs: Floats

    @property
    def equal(self) -> bool:
        """Whether both say the same, target by target."""
        return np.array_equal(self.ours, self.theirs)


def compare(folder: Path) -> list[Pair]:
    """Run one simple search under COCO's observer and under our counter, and read both back."""
    import cocoex
    import cocopp

    chosen = ",".join(map(str, FUNCTIONS))
    suite = cocoex.Suite(
        "bbob",
        f"instances: {','.join(map(str, INSTANCES))}",
        f"dimensions: {','.join(map(str, DIMENSIONS))} function_indices: {chosen}",
    )
    observer = cocoex.Observer("bbob", f"outer_folder: {folder} result_folder: check")
    ours: dict[tuple[int, int], list[Floats]] = {}
    for problem in suite:
        function, d, instance = problem.id_function, problem.dimension, problem.id_instance
        problem.observe_with(observer)
        counter = Counter(bbob.problem(f"f{function}", d, instance), EVALUATIONS * d, np.random.default_rng())
        for x, value in _search(counter):
            assert problem(x) == value
        ours.setdefault((function, d), []).append(_evaluations_to_targets(counter))
        problem.free()
    found: list[Pair] = []
    for data in cocopp.load(str(Path(observer.result_folder))):
        theirs = np.array(data.detEvals(TARGETS), dtype=np.float64).T
        key = (int(data.funcId), int(data.dim))
        found.append(Pair(*key, np.array(ours[key]), np.where(np.isnan(theirs), np.inf, theirs)))
    return found


def _search(counter: Counter) -> Iterator[tuple[Floats, float]]:
    """A (1+1)-ES with the 1/5 rule: every point and its value."""
    d = counter.problem.dimension
    rng = np.random.default_rng([d, counter.problem.instance])
    x, sigma = rng.uniform(-4, 4, d), 2.0
    best = counter.value(x)
    yield x, best
    while counter.left:
        trial = x + sigma * rng.standard_normal(d)
        value = counter.value(trial)
        yield trial, value
        better = value <= best
        sigma *= 1.5 if better else 1.5**-0.25
        if better:
            x, best = trial, value


def _evaluations_to_targets(counter: Counter) -> Floats:
    problem = counter.problem
    item = Item("check", "bbob", problem.function, problem.dimension, problem.instance, 0, counter.budget)
    record = Record(
        item, problem.group, problem.minimum, problem.unit, counter.evaluations, 0.0, "budget", counter.trace
    )
    return record.evaluations_to(TARGETS)


def main() -> int:
    """Print one line a function; 1 where a number differs."""
    pairs = compare(Path(sys.argv[1]))
    for pair in pairs:
        met = int(np.isfinite(pair.ours).sum())
        print(f"f{pair.function}, d = {pair.dimension}: {met} targets met, {'equal' if pair.equal else 'DIFFERENT'}")
    return 0 if pairs and all(pair.equal for pair in pairs) else 1


if __name__ == "__main__":
    sys.exit(main())
