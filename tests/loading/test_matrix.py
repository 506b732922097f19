"""Files by every interpreter of this machine, opened from this one: the right values or a clear refusal, always.

Each interpreter gets an environment of its own with cloudpickle and dill, made once a session; where pip cannot make
one, its cells are skipped with the reason. The values to come to are those of the functions here, in this process.
"""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from blackbox.core.errors import ChallengeError
from blackbox.loading import interpreters
from blackbox.loading.opening import open_challenge
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.wire import CallStyle
from tests.loading import matrix_material
from tests.loading.matrix_material import KINDS, POINTS

MATERIAL = Path(matrix_material.__file__)
VERSIONS = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
LIBRARIES = ["cloudpickle", "dill"]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
WITH_NUMPY = ("3.12",)
"""Interpreters whose environment gets numpy as well: one proves the way, and numpy is large."""

PINS = {"3.6": ["cloudpickle==2.2.1", "dill==0.3.4"]}
"""For a pip too old to see for itself which releases its Python can run."""
CROSSED = ("plain", "closure", "instance", "child", "lambda", "comprehension", "handler", "loop")
"""The kinds that every interpreter is given of every other one."""

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Written:
    """What one interpreter wrote, and the interpreter that is to be found for it."""

    python: str
    folder: Path


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    made: dict[str, Written | str] = {}

    def get(version, *, skip=True):
        if version not in made:
            made[version] = make(version, tmp_path_factory.mktemp("matrix"))
        found = made[version]
        if isinstance(found, Written):
            return found
        return pytest.skip(found) if skip else None

    return get


def make(version, folder):
    """An environment with the libraries, and the files that it wrote; or why there are none."""
    base = next(
        (
            path
            for path in interpreters.candidates_for(version)
            if (found := interpreters.ask(path)) and found.version == version
        ),
        None,
    )
    if base is None:
        return f"no Python {version} on this machine"
    python = folder / "env" / "bin" / "python"
    packages = [*PINS.get(version, LIBRARIES), *(["numpy"] if version in WITH_NUMPY else [])]
    for words in (
        [base, "-m", "venv", str(folder / "env")],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
    ):
        done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            return f"Python {version}: {' '.join(words[1:4])} failed: {done.stderr.strip()[-200:]}"
    for library in LIBRARIES:
        (folder / library).mkdir()
        subprocess.run([str(python), str(MATERIAL), str(folder / library), library], check=True, timeout=120)
    return Written(str(python), folder)


def expected(kind):
    """The values in this process, NaN where the function fails here as well."""
    function = KINDS[kind](vars(matrix_material))
    return [float(function(*point)) for point in POINTS]


def serve(path, python):
    """Values through the real way: opened, the interpreter found, loaded in a worker, evaluated."""
    challenge = open_challenge(path, python=python)
    with WorkerProcess(WorkerOptions(python=challenge.python)) as worker:
        description = worker.load(challenge.content.payload or b"", challenge.content.entry)
        assert description.parameters is not None
        reply = worker.evaluate(np.array(POINTS), CallStyle.SCALARS)
    return challenge, reply


def clear(error):
    """A refusal says what is the matter and what to do, in whole sentences."""
    text = str(error)
    return text.endswith((".", "--entry NAME.")) and any(
        word in text for word in ("Python", "module", "needs", "install")
    )


def without_numpy(reply):
    return set(reply.reasons.values()) == {"ModuleNotFoundError: No module named 'numpy'"}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_files_of_every_interpreter_are_served_right_by_their_own_or_refused(version, library, written, monkeypatch):
    there = written(version)
    monkeypatch.setenv("PATH", f"{Path(there.python).parent}{os.pathsep}{os.environ['PATH']}")
    interpreters.ask.cache_clear()
    outcomes: Counter[str] = Counter()
    for kind in KINDS:
        path = there.folder / library / f"{version}-{library}-{kind}.pkl"
        try:
            challenge, reply = serve(path, None)
        except ChallengeError as refusal:
            assert clear(refusal), (kind, str(refusal))
            outcomes["refused"] += 1
            continue
        assert version in challenge.inspection.versions or HERE in challenge.inspection.versions, kind
        if kind == "numpy" and without_numpy(reply):
            outcomes["refused"] += 1
            continue
        assert reply.values.tolist() == pytest.approx(expected(kind), rel=1e-15, abs=0), (kind, reply.reasons)
        outcomes["right"] += 1
    print(f"\n{version} {library}: {dict(outcomes)}")
    assert outcomes["right"] >= len(KINDS) - 2, outcomes


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_files_of_every_interpreter_are_right_or_refused_where_it_is_gone(version, library, written, monkeypatch):
    there = written(version)
    monkeypatch.setattr(interpreters, "candidates_for", lambda _: iter(()))
    outcomes: Counter[str] = Counter()
    for kind in KINDS:
        path = there.folder / library / f"{version}-{library}-{kind}.pkl"
        try:
            challenge, reply = serve(path, None)
        except ChallengeError as refusal:
            assert clear(refusal), (kind, str(refusal))
            outcomes["refused"] += 1
            continue
        assert challenge.python == sys.executable
        assert reply.values.tolist() == pytest.approx(expected(kind), rel=1e-15, abs=0), (kind, reply.reasons)
        outcomes["right"] += 1
    print(f"\n{version} {library}, its Python gone: {dict(outcomes)}")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("reader", VERSIONS)
def test_no_interpreter_that_is_named_ever_gives_a_wrong_value(reader, library, written):
    other = written(reader)
    outcomes: Counter[str] = Counter()
    for writer in VERSIONS:
        there = written(writer, skip=False)
        for kind in CROSSED if there else ():
            path = there.folder / library / f"{writer}-{library}-{kind}.pkl"
            try:
                _, reply = serve(path, other.python)
            except ChallengeError as refusal:
                assert str(refusal).endswith("."), (writer, kind)
                outcomes["refused"] += 1
                continue
            right = reply.values.tolist() == pytest.approx(expected(kind), rel=1e-15, abs=0)
            assert right or without_numpy(reply), (writer, reader, kind, reply)
            outcomes["right" if right else "refused"] += 1
    print(f"\n{library} read by {reader}: {dict(outcomes)}")
