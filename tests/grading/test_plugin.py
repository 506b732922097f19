"""pytest shows each item of the rubric as a test, and never imports the solution."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.classroom import SUITE
from tests.grading.quality import GOOD
from tests.locks import needs_lock


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@needs_lock
def test_each_item_is_a_test_with_its_reason(tmp_path: Path) -> None:
    marker = tmp_path / "imported"
    source = GOOD.replace("1e-5", "0.2") + f"\ntry:\n    open({str(marker)!r}, 'w')\nexcept OSError:\n    pass\n"
    (tmp_path / "solution.py").write_text(source)
    shutil.copy(SUITE, tmp_path / "suite.toml")
    told = run(tmp_path, "--blackbox-suite", "suite.toml", "solution.py")
    assert told.returncode == 1
    assert "PASSED solution.py::gradient-cost[bowl-1]" in told.stdout
    assert "PASSED solution.py::hidden[hidden-basins-1]" in told.stdout
    assert "FAILED solution.py::gradient-accuracy[bowl-1]" in told.stdout
    assert "% of the points: at (" in told.stdout
    assert not marker.exists()


@needs_lock
def test_what_is_missing_is_skipped_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("answer = 42\n")
    shutil.copy(SUITE, tmp_path / "suite.toml")
    told = run(tmp_path, "--blackbox-suite", "suite.toml", "solution.py")
    assert told.returncode == 0
    assert "6 skipped" in told.stdout


def test_without_the_option_pytest_is_as_ever(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_it():\n    assert True\n")
    told = run(tmp_path, "test_plain.py")
    assert told.returncode == 0
    assert "1 passed" in told.stdout


@pytest.mark.parametrize("word", ["nowhere.toml", __file__])
def test_a_suite_that_is_none_is_told(tmp_path: Path, word: str) -> None:
    (tmp_path / "solution.py").write_text("answer = 42\n")
    told = run(tmp_path, "--blackbox-suite", word, "solution.py")
    assert told.returncode == 2
    assert "SuiteError" in told.stdout
