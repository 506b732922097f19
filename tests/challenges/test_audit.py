"""The audit of every challenge: the packed file is what it should be, and nothing is lower than what is stated.

The proofs that nothing lower exists anywhere are in `test_proofs.py`; here optimisers that know nothing look for it.
"""

import inspect
import json
import math
import os
import pickle
import pickletools
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import differential_evolution, minimize

from blackbox.loading.packing import needed_modules
from challenges.build import pack
from challenges.catalogue import Challenge, catalogue

CHALLENGES = catalogue()
EVERY = pytest.mark.parametrize("challenge", CHALLENGES, ids=lambda challenge: challenge.id)

# Where a blind optimiser looks, one pair for all axes: wide enough for every minimum that the manifest speaks of.
BOXES = {
    "bowl-and-wave": (-10, 10),
    "far-basins": (-600, 600),
    "few-queries": (0, 1000),
    "holes": (-5, 10),
    "ill-conditioned": (-50, 50),
    "kink": (-1000, 1000),
    "rastrigin-shifted": (-5.12, 5.12),
    "rosenbrock-10": (-5, 5),
    "siam-4": (-1, 1),
    "valley": (-2000, 2000),
}
HARD = {"siam-4"}  # the lowest of hundreds of minima: a blind optimiser may miss it, `test_proofs.py` does not

# Numbers of the answer that the formula cannot be written without.
IN_THE_FORMULA = {"kink": {"123.4"}, "few-queries": {"344", "389.5"}, "ill-conditioned": {"4.625"}}

EXTRA_POINTS = 5
MINORS = range(6, 15)
CHILD = """
import json, pickle, sys
answers = []
for path, array, points in json.load(sys.stdin):
    with open(path, "rb") as stream:
        f = pickle.load(stream)
    for point in points:
        try:
            answers.append(repr(float(f(point) if array else f(*point))))
        except ValueError:
            answers.append("ValueError")
print(json.dumps(answers))
"""


@lru_cache
def loaded(challenge: Challenge):
    return pickle.loads(challenge.packed.read_bytes())


def height(challenge: Challenge, point) -> float:
    """The value of the packed function, infinite where it has none."""
    numbers = [float(x) for x in point]
    try:
        value = loaded(challenge)(numbers) if challenge.takes_array else loaded(challenge)(*numbers)
    except (ValueError, OverflowError):
        return math.inf
    return value if math.isfinite(value) else math.inf


def test_the_ten_challenges_are_there():
    assert set(BOXES) <= {challenge.id for challenge in CHALLENGES}
    assert len(BOXES) == 10


def test_at_least_half_of_them_need_nothing_but_python():
    bare = [challenge for challenge in CHALLENGES if not needed_modules(challenge.source.read_text("utf-8"))]
    assert len(bare) >= len(CHALLENGES) / 2


@EVERY
def test_the_packed_file_is_made_from_the_source(challenge):
    assert challenge.packed.read_bytes() == pack(challenge), "run: make challenges"


@EVERY
def test_the_manifest_shows_the_signature_of_the_packed_function(challenge):
    assert challenge.call == f"{challenge.entry}{inspect.signature(loaded(challenge))}"


@EVERY
def test_the_dimension_is_the_only_one_that_the_function_takes(challenge):
    if challenge.takes_array:
        for wrong in {1, 2, challenge.dimension - 1, challenge.dimension + 1} - {challenge.dimension}:
            with pytest.raises(ValueError, match=f"must hold {challenge.dimension} numbers"):
                loaded(challenge)([0.5] * wrong)


@EVERY
def test_the_value_at_every_stated_place_is_the_stated_one(challenge):
    for place in challenge.known.at:
        assert height(challenge, place) == pytest.approx(challenge.known.value, rel=0, abs=challenge.known.tolerance)


@EVERY
def test_polishing_from_around_a_stated_place_finds_nothing_lower_and_comes_back(challenge):
    known, rng = challenge.known, np.random.default_rng(0)
    options = {"xatol": known.reach / 100, "fatol": 0, "maxfev": 4000, "adaptive": True}
    for place in known.at:
        for spread in (1.0, 30.0):
            start = np.asarray(place) + spread * known.reach * rng.uniform(-1, 1, challenge.dimension)
            start = place if math.isinf(height(challenge, start)) else start
            simplex = np.vstack([start, np.asarray(start) + spread * known.reach * np.eye(challenge.dimension)])
            found = minimize(
                lambda x: height(challenge, x),
                start,
                method="Nelder-Mead",
                options={**options, "initial_simplex": simplex},
            )
            assert known.value - known.tolerance <= found.fun
            if challenge.id != "few-queries":  # there every place between the two stated ones is as low
                assert np.abs(found.x - place).max() <= known.reach


@EVERY
def test_blind_optimisers_find_nothing_lower_and_most_find_the_stated_value(challenge):
    known, lowest = challenge.known, math.inf
    box = [BOXES[challenge.id]] * challenge.dimension
    for seed in range(2):
        found = differential_evolution(
            lambda x: height(challenge, x), box, seed=seed, popsize=12, maxiter=250, tol=1e-12, polish=False
        )
        options = {"xatol": 1e-10, "fatol": 1e-14, "maxfev": 4000, "adaptive": True}
        polished = minimize(lambda x: height(challenge, x), found.x, method="Nelder-Mead", options=options)
        lowest = min(lowest, found.fun, polished.fun)
    assert lowest >= known.value - known.tolerance
    if challenge.id not in HARD:
        assert lowest <= known.value + 1e-6 * max(1.0, abs(known.value))


@EVERY
def test_random_points_near_and_far_are_never_lower(challenge):
    rng = np.random.default_rng(1)
    sizes = 10.0 ** rng.uniform(-8, 4, (3000, 1))
    centres = np.asarray(challenge.known.at)[rng.integers(len(challenge.known.at), size=3000)]
    points = centres + sizes * rng.standard_normal((3000, challenge.dimension))
    assert min(height(challenge, point) for point in points) >= challenge.known.value - challenge.known.tolerance


def shown(number: float) -> str:
    """The number's first digits as a text would hold them, cut and not rounded: enough to recognise it."""
    text = repr(abs(number))
    return text[: text.index(".")] if number == round(number) else text[:5]


@EVERY
def test_the_packed_file_does_not_hold_the_answer(challenge):
    texts = [text for code, text, _ in pickletools.genops(challenge.packed.read_bytes()) if code.name == "BINUNICODE"]
    source = "\n".join(texts)
    assert "minim" not in source.lower()
    numbers = [challenge.known.value, *(x for place in challenge.known.at for x in place)]
    # One digit is no clue: 0, 1 and 2 are in every formula.
    clues = {shown(number) for number in numbers if len(shown(number)) > 1}
    leaked = {clue for clue in clues if re.search(rf"(?<![\d.]){re.escape(clue)}", source)}
    assert leaked <= IN_THE_FORMULA.get(challenge.id, set())


def interpreter(minor: int) -> str | None:
    """A Python 3.MINOR of this machine: this one, one of pyenv's, or one on the PATH."""
    if sys.version_info[:2] == (3, minor):
        return sys.executable
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for candidate in [*sorted(root.glob(f"versions/3.{minor}.*/bin/python")), shutil.which(f"python3.{minor}")]:
        # What is on the PATH may be a shim that starts nothing.
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(candidate)
    return None


def asked(python: str, challenges: list[Challenge]) -> tuple[list[str], list[str]]:
    """What that interpreter and this one answer at the stated places and a few more."""
    rng, work, here = np.random.default_rng(2), [], []
    for challenge in challenges:
        more = rng.uniform(*BOXES[challenge.id], (EXTRA_POINTS, challenge.dimension)).tolist()
        points = [[0.0] * challenge.dimension, *(list(place) for place in challenge.known.at), *more]
        work.append([str(challenge.packed), challenge.takes_array, points])
        here += [height(challenge, point) for point in points]
    run = subprocess.run(
        [python, "-I", "-c", CHILD], input=json.dumps(work), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout), here


@pytest.mark.parametrize("minor", MINORS, ids=lambda minor: f"python3.{minor}")
@pytest.mark.parametrize("with_numpy", [False, True], ids=["bare", "numpy"])
def test_every_interpreter_loads_the_packed_files_and_gets_the_same_values(minor, with_numpy):
    python = interpreter(minor)
    if python is None:
        pytest.skip(f"there is no Python 3.{minor} here")
    if with_numpy and subprocess.run([python, "-Ic", "import numpy"], capture_output=True, check=False).returncode:
        pytest.skip(f"the Python 3.{minor} here has no numpy")
    chosen = [c for c in CHALLENGES if bool(needed_modules(c.source.read_text("utf-8"))) is with_numpy]
    there, here = asked(python, chosen)
    numbers = [math.inf if answer in ("ValueError", "nan") else float(answer) for answer in there]
    assert numbers == pytest.approx(here, rel=1e-12, abs=1e-12)
    assert len(numbers) > len(chosen) * EXTRA_POINTS
