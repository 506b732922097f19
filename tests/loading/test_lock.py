import errno
import functools
import os
import pickle
import re
import runpy
import sys
from pathlib import Path

import cloudpickle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.errors import OptionError, SafetyError
from blackbox.core.evaluations import Status
from blackbox.loading.launch import PROGRAM
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox, Unlocked, check_prefix, chosen, insist
from blackbox.loading.wire import Boot, CallStyle
from tests.loading.attacks.arena import program
from tests.loading.test_worker import VERSIONS, interpreter

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the lock is Linux's")
LOCK = runpy.run_path(str(PROGRAM.with_name("lock.py")), run_name="lock")
FAKES = Path(__file__).parents[1] / "fakes"
EVERYTHING = Boot(0x7FFF)
FACTS = [Boot(1 << place) for place in range(15)]
SHA256 = "0123456789abcdef" * 4
POINT = np.zeros((1, 1))
MACHINES = ["x86_64", "aarch64"]
SELF = 4242


def evaluate(function, points=POINT, **options):
    with WorkerProcess(WorkerOptions(call_timeout=90.0, **options)) as worker:
        worker.load(function if isinstance(function, bytes) else cloudpickle.dumps(function))
        reply = worker.evaluate(points, CallStyle.SCALARS)
    assert reply.statuses.tolist() == [Status.OK] * len(points), reply.reasons
    return reply.values.tolist()


# ------------------------------------------------------------------------------------------------- the whole lock


@linux
@pytest.mark.parametrize("version", VERSIONS)
def test_the_lock_holds_under_every_interpreter(version):
    with WorkerProcess(WorkerOptions(python=interpreter(version))) as worker:
        worker.load(pickle.dumps(functools.partial(pow, 2.0), protocol=2))
        assert worker.boot == EVERYTHING
        assert worker.evaluate(POINT, CallStyle.SCALARS).values.tolist() == [1.0]
        reply = worker.load(b"cbuiltins\neval\n(S'lambda x: len(open(\"/etc/passwd\").read())'\ntR.")
        assert reply.parameters is not None
        assert "PermissionError" in worker.evaluate(POINT, CallStyle.SCALARS).reasons[0]


@linux
def test_numpy_and_its_threads_work_behind_the_lock():
    def heavy(x):
        import numpy as np

        matrix = np.random.default_rng(0).normal(size=(200, 200))
        u, s, v = np.linalg.svd(matrix @ matrix.T)
        return float(np.abs(u * s @ v - matrix @ matrix.T).max() < 1e-8)

    assert evaluate(heavy) == [1.0]


@linux
def test_threads_of_python_work_behind_the_lock():
    def threaded(x):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(4) as pool:
            return float(sum(pool.map(abs, range(10))))

    assert evaluate(threaded) == [45.0]


@pytest.mark.long
@linux
def test_scipy_works_behind_the_lock():
    pytest.importorskip("scipy")

    def heavy(x):
        import scipy.fft
        import scipy.integrate
        import scipy.optimize
        import scipy.sparse.linalg
        import scipy.stats

        assert scipy.fft.fft([1.0] * 64, workers=2)[0] == 64
        return float(scipy.optimize.minimize(lambda v: (v[0] - 1) ** 2, [0.0]).x[0] > 0.99)

    assert evaluate(heavy) == [1.0]


@pytest.mark.long
@linux
def test_scikit_learn_works_behind_the_lock():
    pytest.importorskip("sklearn")

    def heavy(x):
        import numpy as np
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.gaussian_process import GaussianProcessRegressor

        points = np.arange(40.0).reshape(20, 2)
        GaussianProcessRegressor().fit(points, points[:, 0]).predict(points)
        forest = RandomForestRegressor(n_estimators=5, n_jobs=2, random_state=0).fit(points, points[:, 0])
        return float(np.isfinite(forest.predict(points)).all())

    assert evaluate(heavy) == [1.0]


@linux
def test_common_modules_work_behind_the_lock():
    def wide(x):
        import asyncio  # noqa: F401
        import datetime
        import hashlib
        import multiprocessing  # noqa: F401
        import platform
        import random
        import ssl  # noqa: F401
        import subprocess  # noqa: F401
        import tempfile  # noqa: F401
        import uuid
        import zoneinfo

        uuid.uuid4()
        random.SystemRandom().random()
        assert len(hashlib.sha256(os.urandom(8) + platform.machine().encode()).digest()) == 32
        return float(datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")).year)

    assert evaluate(wide) == [2020.0]


@linux
def test_the_null_device_can_be_written_and_nothing_else():
    def hushes(x):
        import contextlib

        with open(os.devnull, "w") as quiet, contextlib.redirect_stdout(quiet):
            print("noise")
        os.close(os.open(os.devnull, os.O_RDWR))
        return float(open(os.devnull).read() == "")

    assert evaluate(hushes) == [1.0]


@linux
def test_what_the_search_path_names_beside_libraries_is_forgotten():
    def foreign(x):
        return float(sum(not path.rstrip("/").endswith(("-packages", "lib-dynload")) for path in sys.path) <= 2)

    assert evaluate(foreign) == [1.0]


@linux
def test_existence_and_size_of_a_known_file_stay_visible():
    """Documented: no layer hides metadata. The test is here so that the documents change when this does."""
    assert evaluate(lambda x: os.stat("/etc/passwd").st_size > x) == [1.0]


@linux
def test_a_restart_is_locked_again():
    with WorkerProcess() as worker:
        worker.load(pickle.dumps(abs))
        worker.reload()
        assert worker.boot == EVERYTHING


# --------------------------------------------------------------------------------------------------- fail closed


@pytest.mark.parametrize("missing", FACTS, ids=[str(fact.name) for fact in FACTS])
def test_one_missing_fact_is_refused_before_anything_is_sent(missing, tmp_path):
    path = tmp_path / "program.py"
    mode = f"facts{int(EVERYTHING & ~missing)}"
    path.write_text(f"import sys\nsys.path.insert(0, {str(FAKES)!r})\nimport liar\nliar.run({mode!r})\n")
    worker = WorkerProcess(WorkerOptions(program=path))
    with pytest.raises(Unlocked, match=r"--sandbox basic .*--trust SHA256-PREFIX") as caught:
        worker.load(b"secret payload")
    assert caught.value.missing == missing
    assert caught.value.exit_code == 4
    assert worker.pid is None


@linux
@pytest.mark.parametrize("fault", ["limit", "landlock", "filter_calls", "threads", "account", "probe_files", "system"])
def test_a_step_that_fails_ends_in_a_refusal(fault, tmp_path):
    with pytest.raises(SafetyError, match="cannot lock the function in"):
        evaluate(abs, program=program(tmp_path, faults=(fault,)))


@linux
@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
def test_a_layer_that_silently_does_nothing_is_found_out(layer, tmp_path):
    layers = tuple(name for name in ("limits", "capabilities", "landlock", "seccomp") if name != layer)
    with pytest.raises(Unlocked) as caught:
        evaluate(abs, program=program(tmp_path, layers=layers))
    assert caught.value.missing & {"landlock": Boot.NO_READING, "seccomp": Boot.NO_SOCKETS}[layer]


@linux
def test_a_broken_lock_is_a_refusal_and_no_riddle(tmp_path):
    for name in ("worker.py", "lock.py"):
        (tmp_path / name).write_text(PROGRAM.with_name(name).read_text())
    (tmp_path / "lock.py").write_text("import no_such_module")
    with pytest.raises(Unlocked, match=r"missing: limits of files .*Landlock"):
        evaluate(abs, program=tmp_path / "worker.py")


def test_basic_insists_on_nothing():
    insist(Sandbox.BASIC, Boot(0))
    with pytest.raises(Unlocked):
        insist(Sandbox.STRICT, Boot(0))
    insist(Sandbox.STRICT, EVERYTHING)


# -------------------------------------------------------------------------------------------------- words and trust


def test_a_word_is_a_sandbox_and_no_other_is():
    assert [Sandbox.from_word(word) for word in ("strict", "basic")] == [Sandbox.STRICT, Sandbox.BASIC]
    with pytest.raises(OptionError, match="must be one of strict, basic"):
        Sandbox.from_word("none")


@given(st.integers(8, 64), st.booleans())
def test_the_beginning_of_the_sum_is_trust_in_this_file(length, upper):
    prefix = SHA256[:length].upper() if upper else SHA256[:length]
    assert chosen("strict", prefix, SHA256) is Sandbox.BASIC


@given(st.text("0123456789abcdef", min_size=8, max_size=64))
def test_other_digits_are_refused_for_safety(prefix):
    if not SHA256.startswith(prefix):
        with pytest.raises(SafetyError, match="is not this file, whose sha256 is 0123"):
            chosen("basic", prefix, SHA256)


@pytest.mark.parametrize("typed", ["", "0123456", "0123456g", "0x123456", "0" * 65, " 01234567"])
def test_what_cannot_begin_a_sum_is_wrong_usage(typed):
    with pytest.raises(OptionError, match="first 8 or more digits"):
        check_prefix(typed)


# ------------------------------------------------------------------------------------------------------ the filter


def verdict(machine, number, arguments=(), architecture=None):
    """What the kernel makes of the filter: an interpreter of its few instructions."""
    words = {0: number & 0xFFFFFFFF, 4: LOCK["MACHINES"][machine][1] if architecture is None else architecture}
    for place, value in enumerate([*arguments, *[0] * (6 - len(arguments))]):
        words[16 + 8 * place], words[20 + 8 * place] = value & 0xFFFFFFFF, value >> 32 & 0xFFFFFFFF
    lines, line, accumulator = LOCK["program"](LOCK["MACHINES"][machine], SELF), 0, 0
    tests = {0x15: lambda k: accumulator == k, 0x35: lambda k: accumulator >= k, 0x45: lambda k: accumulator & k}
    while True:
        code, yes, no, k = lines[line]
        line += 1
        if code == 0x06:
            return k
        if code == 0x20:
            accumulator = words[k]
        elif code == 0x54:
            accumulator &= k
        else:
            line += yes if tests[code](k) else no


ALLOWED, REFUSED, UNKNOWN, KILLED = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000


def harmless(machine):
    column = LOCK["MACHINES"][machine][0]
    calls = [call.split() for call in LOCK["HARMLESS"].replace("·", "\n").strip().splitlines()]
    return {words[0]: int(words[1 + column]) for words in calls if words[1 + column] != "-"}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_off_the_list_is_refused(machine):
    column = LOCK["MACHINES"][machine][0]
    guarded = [LOCK[name][column] for name in ("OPEN", "OPENAT", "FUTEX", "FCNTL", "IOCTL", "KILL", "TGKILL", "PRCTL")]
    guarded += [LOCK[name][column] for name in ("PRLIMIT", "CLONE")]
    newer = [numbers[column] for numbers in LOCK["NEWER"]]
    allowed = set(harmless(machine).values())
    assert not allowed & {*guarded, *newer}
    for number in range(1200):
        if number in allowed:
            assert verdict(machine, number) == ALLOWED
        elif number in newer:
            assert verdict(machine, number) == UNKNOWN
        elif number not in guarded:
            assert verdict(machine, number) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(0, 2**32 - 1), architecture=st.integers(0, 2**32 - 1))
def test_another_table_of_numbers_kills(machine, number, architecture):
    if architecture != LOCK["MACHINES"][machine][1]:
        assert verdict(machine, number, (), architecture) == KILLED
    if number >= 0x40000000:
        assert verdict(machine, number) == (KILLED if machine == "x86_64" else REFUSED)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        ("OPENAT", (0, 0, 0o2000000), ALLOWED),
        ("OPENAT", (0, 0, 0o1), REFUSED),
        ("OPENAT", (0, 0, 0o2), REFUSED),
        ("OPENAT", (0, 0, 0o100), REFUSED),
        ("OPENAT", (0, 0, 0o1000), REFUSED),
        ("OPENAT", (0, 0, 0o10000000), REFUSED),
        ("FUTEX", (0, 128 | 9 | 256), ALLOWED),
        ("FUTEX", (0, 6), REFUSED),
        ("FCNTL", (3, 1030), ALLOWED),
        ("FCNTL", (3, 4, 0o4000), ALLOWED),
        ("FCNTL", (3, 4, 0o20000), REFUSED),
        ("FCNTL", (3, 8, SELF), REFUSED),
        ("FCNTL", (3, 1031, 0), REFUSED),
        ("FCNTL", (3, 1033, 0), REFUSED),
        ("IOCTL", (0, 0x5401), ALLOWED),
        ("IOCTL", (0, 0x5412), REFUSED),
        ("IOCTL", (0, 0x8901), REFUSED),
        ("KILL", (SELF, 9), ALLOWED),
        ("KILL", (SELF + 1, 0), REFUSED),
        ("KILL", (2**64 - 1, 0), REFUSED),
        ("KILL", (0, 0), REFUSED),
        ("TGKILL", (SELF, 77, 6), ALLOWED),
        ("TGKILL", (77, 77, 6), REFUSED),
        ("PRCTL", (15,), ALLOWED),
        ("PRCTL", (1,), REFUSED),
        ("PRCTL", (4, 1), REFUSED),
        ("PRLIMIT", (0, 7, 0), ALLOWED),
        ("PRLIMIT", (SELF, 7, 0), ALLOWED),
        ("PRLIMIT", (1, 7, 0), REFUSED),
        ("PRLIMIT", (0, 7, 1), REFUSED),
        ("PRLIMIT", (0, 7, 1 << 32), REFUSED),
        ("CLONE", (0x3D0F00,), ALLOWED),
        ("CLONE", (0x7D0F00,), ALLOWED),
        ("CLONE", (17,), REFUSED),
        ("CLONE", (0x3D0F00 << 32 | 17,), REFUSED),
        ("CLONE", (0x3D0F00 | 0x10000000,), REFUSED),
        ("CLONE", (0x3D0F00 | 0x2000,), REFUSED),
        ("CLONE", (0x3D0F00 & ~0x10000,), REFUSED),
        ("EXECVE", (0,), REFUSED),
        ("SOCKET", (2, 1), REFUSED),
        ("SECCOMP", (1,), REFUSED),
    ],
)
def test_arguments_decide(machine, call, arguments, expected):
    assert verdict(machine, LOCK[call][LOCK["MACHINES"][machine][0]], arguments) == expected


@pytest.mark.parametrize(
    ("machine", "header"),
    [("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "/usr/include/asm-generic/unistd.h")],
)
def test_numbers_are_those_of_the_kernels_headers(machine, header):
    if not os.path.exists(header):
        pytest.skip(f"no {header}")
    text = Path(header).read_text()
    known = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)}
    known.setdefault("newfstatat", known.get("fstatat", -1))
    for name, number in harmless(machine).items():
        assert known[name] == number, name
    column = LOCK["MACHINES"][machine][0]
    names = {name: name.lower() for name in ("OPENAT", "FUTEX", "FCNTL", "IOCTL", "KILL", "TGKILL", "PRCTL", "CLONE")}
    for name, call in {**names, "PRLIMIT": "prlimit64", "EXECVE": "execve", "SOCKET": "socket"}.items():
        assert known[call] == LOCK[name][column], name
    assert known["seccomp"] == LOCK["SECCOMP"][column]


def test_every_jump_fits_into_a_byte():
    for machine in MACHINES:
        lines = LOCK["program"](LOCK["MACHINES"][machine], SELF)
        assert all(yes < 256 and no < 256 for _, yes, no, _ in lines)
        assert len(lines) <= 4096


# ---------------------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize("path", ["/", "/tmp", "/home", str(Path.home()), str(Path.home().parent)])
def test_a_grant_never_covers_the_home_or_all(path):
    assert LOCK["exposes_home"](path) == (path != "/home" or str(Path.home()).startswith("/home"))


def test_grants_are_libraries_and_a_few_files_of_the_kernel():
    paths = LOCK["readable"]()
    assert "/dev/null" in paths
    for path in paths:
        assert os.path.basename(path) not in ("", "root", "home", "tmp", "etc", "proc", "dev", "bin")
        assert not (str(Path(__file__).parents[2]) + "/").startswith(os.path.realpath(path) + "/")
    assert not LOCK["is_library"](str(Path(__file__).parents[2]))
