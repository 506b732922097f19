"""One hand of the grader: a process that does one job after the other.

    python -P -m blackbox.grading.hand SUITE SEED SANDBOX DIGEST

Jobs come in as lines of JSON on standard input, results go out as lines of JSON; both ends are ours. It ends with its
grader.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from blackbox.core.errors import BlackboxError, ChallengeError, SafetyError
from blackbox.core.evaluations import FunctionLost
from blackbox.grading.jobs import BASELINE, Job, do_baseline, do_entry, spoilt, unpack_job
from blackbox.grading.store import plain
from blackbox.grading.suite import Suite, read_suite
from blackbox.loading.printable import printable
from blackbox.loading.sandbox import Sandbox, Unlocked

TRIES = 5
"""A secret function that dies may have been killed by anybody: its job is done again from the beginning."""
LOOK_SECONDS = 0.2
LOST = "secret-lost"
"""The outcome of an item whose questions killed the secret function."""
FAULT = "grader-fault"
"""The outcome of an item that we could not judge."""


def do(suite: Suite, data: dict[str, Any], sandbox: Sandbox) -> dict[str, Any]:
    """The result of one job, or why there is none."""
    job, source, baseline = unpack_job(data)
    for attempt in range(TRIES):
        try:
            if job.entry == BASELINE:
                return {"key": job.key, "body": do_baseline(suite, job, sandbox)}
            return {"key": job.key, "body": plain(do_entry(suite, job, source, baseline, sandbox))}
        except (ChallengeError, FunctionLost) as trouble:
            if attempt == TRIES - 1:
                return _given_up(suite, job, trouble)
        except Unlocked as trouble:
            reason = "to lock a solution in; --i-trust-this-candidate runs it without protection from malice."
            return {"key": job.key, "trouble": "safety", "text": f"This system lacks {trouble.lacking} {reason}"}
        except SafetyError as trouble:
            return {"key": job.key, "trouble": "safety", "text": str(trouble)}
        except BlackboxError as trouble:
            return {"key": job.key, "trouble": "usage", "text": f"Challenge {job.challenge}: {trouble}"}
        except Exception as fault:  # a fault of ours must cost this item alone, and be seen in the report
            if job.entry == BASELINE:
                raise
            reason = f"a fault of the grader: {type(fault).__name__}: {fault}"
            return {"key": job.key, "body": plain(spoilt(suite, job, FAULT, printable(reason, 200)))}
    raise AssertionError("every attempt returns or is the last")


def _given_up(suite: Suite, job: Job, trouble: BlackboxError) -> dict[str, Any]:
    """A secret function that cannot be asked is the suite's fault, and one that died at a question the solution's."""
    if job.entry == BASELINE or isinstance(trouble, ChallengeError):
        return {"key": job.key, "trouble": "challenge", "text": f"Challenge {job.challenge}: {trouble}"}
    reason = f"the secret function died at what it was asked: {trouble}"
    return {"key": job.key, "body": plain(spoilt(suite, job, LOST, printable(reason, 300)))}


def main() -> None:
    """Serve until the grader has gone."""
    parent = os.getppid()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    suite = read_suite(Path(sys.argv[1]), int(sys.argv[2]))
    sandbox = Sandbox.from_word(sys.argv[3])
    if suite.digest != sys.argv[4]:
        raise SystemExit(f"{sys.argv[1]} has changed since the grading began.")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(do(suite, json.loads(line), sandbox)) + "\n")
        sys.stdout.flush()


def _leave_with(parent: int) -> None:
    """A hand whose grader was killed has nobody to work for."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
