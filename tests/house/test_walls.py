"""Each wall of the house is guarded: a seeded violation of each contract turns `lint-imports` red and is named."""

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def names() -> dict[str, str]:
    """Contract → its name, as the configuration has them."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    head = "importlinter:contract:"
    return {part.removeprefix(head): config[part]["name"] for part in config.sections() if part.startswith(head)}


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and output of the linter on a copy of the house."""
    program = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run(
        [program, "--no-cache", "--config", ".importlinter"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, told.stdout + told.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, free to be spoilt."""
    shutil.copytree(ROOT / "blackbox", tmp_path / "blackbox", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def spoil(copy: Path, module: str, line: str) -> None:
    """One more import at the end of a module; a new module where there is none."""
    path = copy / "blackbox" / module
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else '"""New."""\n'
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")


def test_the_house_as_it_stands_keeps_every_wall(copy: Path) -> None:
    code, told = lint(copy)
    assert code == 0, told
    for name in names().values():
        assert re.search(rf"^{re.escape(name)} KEPT", told, re.MULTILINE), told


VIOLATIONS = [
    ("floors", "core/seeded.py", "import blackbox.search.default"),
    ("floors", "gradients/seeded.py", "import blackbox.descent.terrain"),
    ("floors", "report/seeded.py", "import blackbox.cli.main"),
    ("floors", "learn/seeded.py", "import blackbox.comparison.contest"),
    ("floors", "comparison/seeded.py", "import blackbox.learn.linear"),
    ("floors", "judging/seeded.py", "import blackbox.grading.suite"),
    ("floors", "practice/seeded.py", "import blackbox.grading.suite"),
    ("floors", "grading/seeded.py", "import blackbox.practice.exercise"),
    ("floors", "judging/seeded.py", "import blackbox.comparison.contest"),
    ("floors", "report/seeded.py", "import blackbox.judging.sitting"),
    ("mathematics-and-files-apart", "answer/seeded.py", "import blackbox.loading.files"),
    ("loading-knows-core-alone", "loading/seeded.py", "import blackbox.gradients.steps"),
    ("oracle-knows-no-mathematics", "oracle/seeded.py", "import blackbox.search.default"),
    ("pure", "core/seeded.py", "import time"),
    ("pure", "search/seeded.py", "import random"),
    ("pure", "gradients/seeded.py", "import scipy.optimize"),
    ("no-scipy", "solve/seeded.py", "import scipy"),
    ("no-scipy", "report/seeded.py", "def plot():\n    import matplotlib.pyplot"),
    ("one-module-unpickles", "cli/seeded.py", "import pickle"),
    ("one-module-unpickles", "loading/seeded.py", "import joblib"),
    ("worker-alone", "oracle/seeded.py", "import blackbox.loading.worker"),
    ("worker-alone", "loading/seeded.py", "import blackbox.loading.worker"),
    ("worker-alone", "loading/seeded.py", "import blackbox.loading.lock"),
    ("worker-alone", "loading/worker.py", "import blackbox.loading.lock"),
    ("worker-alone", "judging/seeded.py", "import blackbox.loading.candidate"),
    ("worker-needs-nothing", "loading/lock.py", "import blackbox.core.errors"),
    ("worker-needs-nothing", "loading/candidate.py", "import blackbox.core.errors"),
    ("worker-needs-nothing", "loading/worker.py", "import blackbox.core.errors"),
]


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_seeded_violation_is_red_and_named(copy: Path, contract: str, module: str, line: str) -> None:
    spoil(copy, module, line)
    code, told = lint(copy)
    assert code != 0, told
    assert re.search(rf"^{re.escape(names()[contract])} BROKEN", told, re.MULTILINE), told


def test_a_folder_on_no_floor_is_red(copy: Path) -> None:
    spoil(copy, "attic/__init__.py", "")
    code, told = lint(copy)
    assert code != 0
    assert "attic" in told


def test_every_contract_has_a_seeded_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(names())
