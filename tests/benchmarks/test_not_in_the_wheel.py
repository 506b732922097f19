"""The ruler stands outside the package: nothing in the package knows it, and it loads without the peers."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imported(file: Path, *, everywhere: bool) -> Iterator[str]:
    """Top-level names that a file imports; those inside functions too, where asked."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_the_package_never_imports_the_ruler() -> None:
    files = list((ROOT / "blackbox").rglob("*.py"))
    assert len(files) > 100
    assert not [file for file in files if "benchmarks" in imported(file, everywhere=True)]


def test_the_ruler_imports_no_peer_before_it_runs() -> None:
    """Every suite but bbob (and applied, where it solves programs), and every table, works without the libraries."""
    peers = {"scipy", "nlopt", "cma", "fcmaes", "nevergrad", "optuna", "pybobyqa", "cobyqa", "cocoex", "cocopp"}
    files = list((ROOT / "benchmarks").rglob("*.py"))
    assert len(files) > 30
    assert not [file for file in files if peers & set(imported(file, everywhere=False))]


def test_peers_are_development_dependencies_and_no_part_of_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    group = {line.partition(">")[0] for line in project["dependency-groups"]["bench"]}
    extras = project["project"]["optional-dependencies"].values()
    named = [*project["project"]["dependencies"], *(line for extra in extras for line in extra)]
    assert not group & {line.partition(">")[0].partition("[")[0] for line in named}
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["blackbox"]
