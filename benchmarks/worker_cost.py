"""What the worker and its lock cost: `python -m benchmarks.worker_cost` prints a table.

Everything is measured side by side, in turns, so that a busy machine slows all columns alike; each number is the best
of its turns, and the ratios are what to look at. The function has two inputs and does next to nothing.
"""

import time
from collections.abc import Callable

import cloudpickle
import numpy as np

from blackbox.core.asking import Points
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.wire import CallStyle

BATCHES = (1, 100)
TURNS = 30
EVALUATIONS = 2000
"""A turn: long enough for the clock, short enough that all columns meet the same weather."""
STARTS = 15


def objective(x1: float, x2: float) -> float:
    """A parabola: what remains is the way to it and back."""
    return (x1 - 1.0) ** 2 + x2 * x2


def in_process(points: Points) -> None:
    """What an executor without a process does."""
    np.array([objective(*row) for row in points.tolist()])


def seconds_of(evaluate: Callable[[Points], object], points: Points) -> float:
    """Seconds an evaluation, in one turn."""
    rounds = max(1, EVALUATIONS // len(points))
    began = time.perf_counter()
    for _ in range(rounds):
        evaluate(points)
    return (time.perf_counter() - began) / (rounds * len(points))


def evaluation_costs() -> dict[int, dict[str, float]]:
    """Batch size → place → seconds an evaluation."""
    payload = cloudpickle.dumps(objective)
    best: dict[int, dict[str, float]] = {size: {} for size in BATCHES}
    with WorkerProcess(WorkerOptions(sandbox=Sandbox.BASIC)) as basic, WorkerProcess() as strict:
        places: dict[str, Callable[[Points], object]] = {"in-process": in_process}
        for name, worker in (("basic", basic), ("strict", strict)):
            worker.load(payload)
            places[name] = lambda points, worker=worker: worker.evaluate(points, CallStyle.SCALARS)
        for _ in range(TURNS):
            for size in BATCHES:
                points = np.linspace(-5.0, 5.0, 2 * size).reshape(size, 2)
                for name, evaluate in places.items():
                    found = seconds_of(evaluate, points)
                    best[size][name] = min(found, best[size].get(name, found))
    return best


def start_costs() -> dict[str, float]:
    """Sandbox → seconds from nothing to a loaded function."""
    payload = cloudpickle.dumps(objective)
    best: dict[str, float] = {}
    for _ in range(STARTS):
        for sandbox in Sandbox:
            began = time.perf_counter()
            with WorkerProcess(WorkerOptions(sandbox=sandbox)) as worker:
                worker.load(payload)
                found = time.perf_counter() - began
            best[sandbox.value] = min(found, best.get(sandbox.value, found))
    return best


def table() -> str:
    """The costs as Markdown."""
    lines = [
        "| µs per evaluation | in-process | basic | strict | strict − in-process | strict / basic |",
        "|" + "---|" * 6,
    ]
    for size, costs in evaluation_costs().items():
        alone, basic, strict = (1e6 * costs[name] for name in ("in-process", "basic", "strict"))
        numbers = f"{alone:.2f} | {basic:.2f} | {strict:.2f} | {strict - alone:+.2f} | {strict / basic:.2f}"
        lines.append(f"| {size} a batch | {numbers} |")
    starts = start_costs()
    basic, strict = 1e3 * starts["basic"], 1e3 * starts["strict"]
    lines.append("")
    lines.append(f"start: basic {basic:.1f} ms, strict {strict:.1f} ms, the lock {strict - basic:+.1f} ms")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
