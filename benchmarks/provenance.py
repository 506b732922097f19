"""Which code, libraries and machine a session of runs had."""

import json
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "numpy",
    "scipy",
    "nlopt",
    "cma",
    "fcmaes",
    "nevergrad",
    "Py-BOBYQA",
    "cobyqa",
    "optuna",
    "scikit-optimize",
    "torch",
    "cmaes",
    "coco-experiment",
)


def provenance() -> dict[str, str]:
    """Commit (with `+` where files differ from it), versions, machine."""
    return {"commit": commit(), "versions": json.dumps(versions()), "machine": machine()}


def commit() -> str:
    """The short id of the checkout's last commit; `+` where the working tree differs from it."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def versions() -> dict[str, str]:
    """Library → version, of those installed."""
    found = {"Python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """Processor, cores, system."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"
