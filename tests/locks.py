"""Whether a solution can be locked in on this system: tests that need it are skipped elsewhere, with the reason."""

from functools import cache

import pytest

from blackbox.core.errors import SafetyError
from blackbox.loading.candidate_process import CandidateProcess


@cache
def missing_lock() -> str:
    """What is missing, empty where nothing is."""
    try:
        with CandidateProcess(1) as process:
            process.load(b"")
    except SafetyError as trouble:
        return str(trouble)
    return ""


needs_lock = pytest.mark.skipif(bool(missing_lock()), reason=missing_lock() or "the lock is there")
