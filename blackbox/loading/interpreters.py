"""Looking for the Python that a file needs: PATH, pyenv, uv, conda, the Windows launcher, or the one that was named.

An interpreter is believed by what it says when it is started, not by its name: a pyenv shim called `python3.12` may be
none. Nothing of the challenge runs here.
"""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from blackbox.core.errors import ChallengeError, UsageError
from blackbox.loading.bytecode import NEWER

TIMEOUT = 20.0
"""Seconds for an interpreter to say who it is; on a busy machine one takes up to a second."""
_VERSION = re.compile(r"(?:python)?(\d+\.\d+)")
_QUESTION = (
    "import sys, importlib.util as u;"
    "lacks = [m for m in sys.argv[1:] if u.find_spec(m) is None];"
    "print('%d.%d' % sys.version_info[:2], sys.executable, *lacks, sep='\\n')"
)
_CONDA_HOMES = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that was started and asked."""

    path: str
    version: str
    """Such as `3.12`."""
    lacks: tuple[str, ...] = ()
    """Of the modules asked for."""


def named(wish: str, modules: Iterable[str] = ()) -> Interpreter:
    """The interpreter of `--python PATH|NAME|VERSION`. Raises `UsageError` where there is none."""
    needed = tuple(modules)
    place = Path(wish)
    inside = [place / "bin" / "python", place / "Scripts" / "python.exe"] if place.is_dir() else []
    paths = [str(path) for path in (*inside, place) if path.is_file()] or [shutil.which(wish) or ""]
    for path in filter(None, paths):
        if (found := ask(path, needed)) is not None:
            return found
    version = _VERSION.fullmatch(wish)
    for path in candidates_for(version.group(1)) if version else ():
        found = ask(path, needed)
        if found is not None and version is not None and found.version == version.group(1):
            return found
    raise UsageError(f"--python {wish}: there is no such interpreter, or it does not start.")


def find(versions: tuple[str, ...], modules: Iterable[str]) -> Interpreter:
    """An interpreter of one of these versions that has the modules. Raises `ChallengeError` with the way to get one."""
    needed = tuple(modules)
    lacking: Interpreter | None = None
    for version in reversed([version for version in versions if version != NEWER]):
        for path in candidates_for(version):
            found = ask(path, needed)
            if found is None or found.version != version:
                continue
            if not found.lacks:
                return found
            lacking = lacking or found
    if lacking is not None:
        check(lacking)
    raise _none_found(versions, needed)


def check(found: Interpreter) -> None:
    """Raises `ChallengeError` where the interpreter lacks a module that was asked for."""
    if found.lacks:
        listed = ", ".join(found.lacks)
        raise ChallengeError(
            f"The file needs {listed}, which the interpreter that would run it, {found.path} "
            f"(Python {found.version}), does not have.",
            f"Run {found.path} -m pip install {' '.join(found.lacks)}, or name another one with --python.",
        )


@lru_cache(maxsize=256)
def ask(path: str, modules: tuple[str, ...] = ()) -> Interpreter | None:
    """What an interpreter says of itself; None where it does not start."""
    import subprocess  # only here: where no other interpreter is asked, `inspect` should feel instant

    try:
        answer = subprocess.run(
            [path, "-I", "-c", _QUESTION, *modules],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            cwd=os.sep,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    version, executable, *lacks = answer.stdout.splitlines() or ("", "")
    return Interpreter(executable or path, version, tuple(lacks)) if _VERSION.fullmatch(version) else None


def candidates_for(version: str) -> Iterator[str]:
    """Where an interpreter of this version may be, the likeliest first. Each path once."""
    seen: set[str] = set()
    for path in (
        *_on_path(version),
        *_of_pyenv(version),
        *_of_uv(version),
        *_of_conda(version),
        *of_launcher(version, shutil.which("py") if sys.platform == "win32" else None),
    ):
        if str(path) not in seen and os.path.isfile(path):
            seen.add(str(path))
            yield str(path)


def _on_path(version: str) -> Iterator[Path]:
    names = (f"python{version}", "python3", "python", "python.exe")
    yield from (Path(folder) / name for name in names for folder in os.get_exec_path())


def _of_pyenv(version: str) -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for folder in sorted((root / "versions").glob(f"{version}.*"), reverse=True):
        yield folder / "bin" / "python"
    for folder in (root / "pyenv-win" / "versions").glob(f"{version}.*"):
        yield folder / "python.exe"


def _of_uv(version: str) -> Iterator[Path]:
    data = os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")
    root = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path(data) / "uv" / "python"))
    for folder in sorted(root.glob(f"cpython-{version}.*"), reverse=True):
        yield folder / "bin" / f"python{version}"
        yield folder / "python.exe"


def _of_conda(version: str) -> Iterator[Path]:
    roots = [Path.home() / name for name in _CONDA_HOMES]
    roots += [Path(os.environ[name]) for name in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX") if os.environ.get(name)]
    known = Path.home() / ".conda" / "environments.txt"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        roots += [Path(line) for line in known.read_text().split("\n") if line]
    for root in roots:
        for folder in (root, *sorted((root / "envs").glob("*"))):
            if next((folder / "conda-meta").glob(f"python-{version}.*.json"), None):
                yield folder / "bin" / "python"
                yield folder / "python.exe"


def of_launcher(version: str, launcher: str | None) -> Iterator[Path]:
    """What the Windows launcher `py` starts for this version; nothing where there is no launcher."""
    if launcher is None:
        return
    words = [launcher, f"-{version}", "-c", "import sys; print(sys.executable)"]
    import subprocess  # only here: where no other interpreter is asked, `inspect` should feel instant

    try:
        answer = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError):
        return
    yield Path(answer.stdout.strip())


def _none_found(versions: tuple[str, ...], modules: tuple[str, ...]) -> ChallengeError:
    said = " or ".join(f"{version} or newer" if version == NEWER else version for version in versions)
    this = f"{sys.version_info.major}.{sys.version_info.minor}"
    reason = (
        f"Its code was compiled by Python {said}; this is Python {this}, which cannot run it, and no other is found."
    )
    install = install_command(versions[-1])
    if versions[-1] == NEWER:
        # It may be of a version still to come, so that none is taken for the right one without a word from the user.
        return ChallengeError(
            reason, f"Name the interpreter that wrote it with --python PATH; {install} gets Python {NEWER}."
        )
    more = f" and its pip install {' '.join(modules)}" if modules else ""
    return ChallengeError(
        reason, f"Run {install}{more}, name one with --python PATH, or ask the sender for the source."
    )


def install_command(version: str) -> str:
    """The command that would get this version, with a tool that is here where there is one."""
    if shutil.which("uv"):
        return f"uv python install {version}"
    if shutil.which("pyenv"):
        return f"pyenv install {version}"
    if shutil.which("conda"):
        return f"conda create -n python{version} python={version}"
    return f"uv python install {version} (after pip install uv)"
