"""One contestant, one function, one seed: the best value after each question, in a file of JSON lines."""

import json
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.campaign.functions import CampaignFunction
from benchmarks.campaign.peers import CONTESTANTS, Known

QUESTIONS = 13
FIRST_SEEDS = {"tuning": 1000, "reported": 0, "classics": 0}
"""Seeds are held out too."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one run."""

    contestant: str
    function: str
    seed: int
    regrets: list[float]
    """Before the first question and after each: what the best point lacks, without noise."""
    seconds: float
    """For all questions."""
    failure: str | None = None
    """Why the contestant gave up, if it did; what it had by then counts."""


def play(name: str, function: CampaignFunction, seed: int, questions: int = QUESTIONS) -> Record:
    """The regrets of one run. The initial points and the noise depend on the function and the seed alone."""
    root = [seed, zlib.crc32(function.name.encode())]
    points = np.random.default_rng([*root, 0]).random((function.initial, function.dimension))
    noise = function.noise * np.random.default_rng([*root, 1]).standard_normal(function.initial + questions)
    true = np.array([function.value(point) for point in points])
    best = [float(true.max())]
    failure = None
    began = time.perf_counter()
    proposing = CONTESTANTS[name](Known(points, true + noise[: function.initial], seed))
    try:
        point = next(proposing)
        for turn in range(questions):
            value = function.value(np.asarray(point))
            best.append(max(best[-1], value))
            if turn + 1 < questions:
                point = proposing.send(value + float(noise[function.initial + turn]))
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"[:200]
    best += [best[-1]] * (questions + 1 - len(best))
    regrets = [function.best - value for value in best]
    return Record(name, function.name, seed, regrets, time.perf_counter() - began, failure)


def load(path: Path) -> list[Record]:
    """What was played before."""
    if not path.exists():
        return []
    return [Record(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def append(path: Path, record: Record) -> None:
    """Keep a record: a contest that was stopped goes on where it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")
