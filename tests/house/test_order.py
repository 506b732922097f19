"""The order of the house: quick imports, commands that are told, nothing personal in the files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def files() -> list[Path]:
    """Every file under version control that still exists."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()]


def modules_after(code: str) -> set[str]:
    """The modules that are loaded once a fresh interpreter has run `code`."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not modules_after("import blackbox") & {"scipy", "numpy", "click", "rich", "sqlite3", "cloudpickle"}


@pytest.mark.parametrize("name", ["minimize", "Search", "Answer", "Stop", "solve"])
def test_what_the_package_promises_is_there_when_used_and_brings_in_no_scipy(name: str) -> None:
    assert not modules_after(f"import blackbox\nassert callable(blackbox.{name})") & {"scipy", "matplotlib"}


def test_every_name_the_package_lists_exists_and_no_other_does() -> None:
    import blackbox

    for name in blackbox.__all__:
        assert name in dir(blackbox)
        assert getattr(blackbox, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'maximise'"):
        _ = blackbox.maximise


@pytest.mark.parametrize("command", ["make solve", "make test"])
def test_the_readme_tells_the_commands_that_the_makefile_has(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
    job = command.removeprefix("make ")
    assert re.search(rf"^{job}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_make_command_in_the_readme_exists() -> None:
    told = set(re.findall(r"`?\bmake ([a-z]+(?:-[a-z]+)*)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    jobs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert told <= jobs


def test_the_challenge_that_make_solve_solves_exists() -> None:
    (path,) = re.findall(r"blackbox solve (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert (ROOT / path).is_file()


PERSONAL = re.compile(rb"/(?:home|Users)/[a-z][\w.-]*/|[A-Z]:\\\\Users\\\\|/root/[\w.]")
REGISTRY = re.compile(rb"https?://[^\s\"'>]*(?:pypi|/simple\b|pythonhosted|artifactory|nexus|registry)[^\s\"'>]*", re.I)


@pytest.mark.parametrize("pattern", [PERSONAL, REGISTRY], ids=["home", "registry"])
def test_no_file_tells_where_it_was_made_or_where_packages_came_from(pattern: re.Pattern[bytes]) -> None:
    found = []
    for path in files():
        if path == Path(__file__).resolve():
            continue
        hit = pattern.search(path.read_bytes())
        if hit:
            found.append((str(path.relative_to(ROOT)), hit.group()))
    assert found == []


def test_the_constraints_hold_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)
