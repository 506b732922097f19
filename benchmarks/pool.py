"""Items spread over processes; a process that dies takes only its own item with it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import numpy as np

from benchmarks.counting import Trace
from benchmarks.execute import execute
from benchmarks.item import UNKNOWN, Item, Record

WAITING = 2
"""Items handed out for each process: enough to keep it busy, few enough to suspect when one dies."""


def run_all(items: Sequence[Item], jobs: int, seconds: float) -> Iterator[Record]:
    """The records, as they come."""
    left = list(reversed(items))
    while left:
        suspects: list[Item] = []
        yield from _run_until_a_death(left, jobs, seconds, suspects)
        for item in suspects:
            yield _alone(item, seconds)


def _executor(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _run_until_a_death(left: list[Item], jobs: int, seconds: float, suspects: list[Item]) -> Iterator[Record]:
    """Empties `left`; if a process dies, stops and leaves in `suspects` what was handed out."""
    out: dict[Future[Record], Item] = {}
    with _executor(jobs) as executor:
        while left or out:
            while left and len(out) < WAITING * jobs:
                item = left.pop()
                out[executor.submit(execute, item, seconds)] = item
            done, _ = wait(out, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    record = future.result()
                except BrokenProcessPool:
                    suspects.extend(out.values())
                    return
                del out[future]
                yield record


def _alone(item: Item, seconds: float) -> Record:
    with _executor(1) as executor:
        try:
            return executor.submit(execute, item, seconds).result()
        except BrokenProcessPool:
            nothing = Trace(np.zeros(0, dtype=np.int64), np.zeros(0))
            return Record(item, UNKNOWN, np.nan, 1.0, 0, 0.0, "failed: the process died", nothing)
