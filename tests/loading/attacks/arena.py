"""Where attacks are let loose: bait, bystanders, and a look round afterwards whether anything is amiss."""

import ast
import contextlib
import inspect
import json
import os
import pickle
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from blackbox.core.errors import BlackboxError
from blackbox.core.evaluations import Status
from blackbox.loading.launch import PROGRAM
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.wire import CallStyle
from tests.loading.attacks import world

FAKES = Path(__file__).parents[2] / "fakes"
REPOSITORY = Path(__file__).parents[3]
NOBODY = 65534
POINT = np.zeros((1, 1))
TIMEOUT = 10.0
"""Seconds of an attack. None needs one; a machine under load may."""
LOADED = 5.0
"""Seconds by which a loaded machine may be late with what it does at once when idle."""


class Ready:
    """Pickled, it is the function that `source` defines under the name `serve`."""

    def __init__(self, source):
        self.source = source

    def __reduce__(self):
        return eval, (f"(lambda names: (exec({self.source!r}, names), names['serve'])[1])({{'__name__': 'attack'}})",)


def payload(source):
    return pickle.dumps(Ready(source), protocol=2)


def attack_payload(run, facts, *, loading=False):
    """The attack as a file: it runs when it is called, or while it is loaded."""
    module = without_our_imports(inspect.getsource(inspect.getmodule(run)))
    attempt = f"1.0 if {run.__name__}(World({facts!r})) else 0.0"
    body = f"GAIN = {attempt}\ndef serve(x):\n    return GAIN" if loading else f"def serve(x):\n    return {attempt}"
    return payload("\n".join([inspect.getsource(world), module, body]))


def without_our_imports(source):
    """The text of a module without what it imports from the tests."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines)


class Arena:
    """One for all tests of a process. Its bait is open to all users, so that nothing but the lock protects it."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="blackbox-arena-"))
        self.root.chmod(0o755)
        self.hidden, self.folder = self.root / "hidden", self.root / "open"
        self.hidden.mkdir()
        self.token = secrets.token_hex(12)
        self._bait()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.packets.bind(self.listener.getsockname())
        self.names = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        self.abstract = f"blackbox-{self.token}"
        for name, place in zip(self.names, [str(self.hidden / "socket"), f"\0{self.abstract}"], strict=True):
            name.bind(place)
            name.listen()
        (self.hidden / "socket").chmod(0o777)
        for door in [self.listener, self.packets, *self.names]:
            door.setblocking(False)
        self.victims: dict[int, subprocess.Popen] = {}

    def _bait(self):
        (self.hidden / "secret.txt").write_text(self.token)
        (self.hidden / "stolen.py").write_text(f"TOKEN = {self.token!r}\n")
        (self.hidden / "link").symlink_to(self.hidden / "secret.txt")
        with contextlib.closing(sqlite3.connect(self.hidden / "data.db")) as base:
            base.execute("create table t (x)")
            base.execute("insert into t values (?)", [self.token])
            base.commit()
        mapped = [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
        library = next((path for path in mapped if "/libm.so" in path or "/libm-" in path), mapped[0])
        shutil.copy(library, self.hidden / "library.so")
        for path in self.hidden.iterdir():
            if not path.is_symlink():
                path.chmod(0o755)

    def lay_out(self, user):
        """The bait that attacks may have spoilt, fresh; the facts for one attack."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        (self.folder / "empty").mkdir()
        for name in ("spoil", "copy"):
            (self.folder / name).write_text(name)
        self.state = self._look()
        for path in [*self.folder.iterdir(), self.folder]:
            if os.geteuid() == 0:
                os.chown(path, user, user)
            path.chmod(0o777)
        victim = self._victim(user)
        facts = {
            "secret": self.hidden / "secret.txt",
            "link": self.hidden / "link",
            "library": self.hidden / "library.so",
            "database": self.hidden / "data.db",
            "unix": self.hidden / "socket",
            "folder": self.folder,
            "spoil": self.folder / "spoil",
            "copy": self.folder / "copy",
            "empty": self.folder / "empty",
            "repository": REPOSITORY,
        }
        numbers = {"parent": os.getpid(), "victim": victim.pid, "port": self.listener.getsockname()[1]}
        maps = Path(f"/proc/{victim.pid}/maps").read_text().splitlines()
        numbers["address"] = next(int(line.partition("-")[0], 16) for line in maps if line.endswith("[stack]"))
        words = {name: str(path) for name, path in facts.items()}
        return json.loads(json.dumps({**words, **numbers, "token": self.token, "abstract": self.abstract}))

    def _victim(self, user):
        """Somebody else's process, of the same user: what an attacker without a lock can reach."""
        victim = self.victims.get(user)
        if victim is None or victim.poll() is not None:
            command = [shutil.which("sleep") or "sleep", "1000"]
            identity = {"user": user, "group": user, "extra_groups": []} if user != os.geteuid() else {}
            victim = subprocess.Popen(command, env={"TOKEN": self.token}, cwd="/", start_new_session=True, **identity)
            while b"sleep" not in Path(f"/proc/{victim.pid}/cmdline").read_bytes():
                time.sleep(0.001)
            self.victims[user] = victim
        return victim

    def _look(self):
        return {path.name: path.stat().st_size for path in self.folder.iterdir()}

    def marks(self):
        """What an attack has left or changed, in words."""
        found = [f"files: {self._look()}"] if self._look() != self.state else []
        found += [f"victim of user {user} ended" for user, victim in self.victims.items() if victim.poll() is not None]
        for door in [self.listener, *self.names]:
            with contextlib.suppress(BlockingIOError):
                door.accept()[0].close()
                found.append("a connection")
        with contextlib.suppress(BlockingIOError):
            self.packets.recv(99)
            found.append("a packet")
        return found

    def close(self):
        for victim in self.victims.values():
            victim.kill()
            victim.wait()
        for door in [self.listener, self.packets, *self.names]:
            door.close()
        shutil.rmtree(self.root, ignore_errors=True)


def program(folder, **wishes):
    """A program that is the worker with wishes of `tests.fakes.guinea`."""
    path = Path(folder) / "program.py"
    words = ", ".join(f"{name}={value!r}" for name, value in wishes.items())
    path.write_text(
        f"import sys\nsys.path.insert(0, {str(FAKES)!r})\nimport guinea\nguinea.run({str(PROGRAM.parent)!r}, {words})\n"
    )
    return path


def gain(options, data, rounds=1):
    """What a payload made of this worker: a number, or the text of what came instead. With every invariant checked."""
    before = set(os.listdir("/proc/self/fd")), children()
    with WorkerProcess(options) as worker:
        try:
            worker.load(data)
            pid = worker.pid
            began = time.monotonic()
            try:
                for _ in range(rounds):
                    began = time.monotonic()
                    reply = worker.evaluate(POINT, CallStyle.SCALARS)
                outcome = reply.values[0] if reply.statuses[0] == Status.OK else reply.reasons.get(0, "failed")
            finally:
                assert time.monotonic() - began < options.call_timeout + LOADED
        except BlackboxError as error:
            pid, outcome = None, f"{type(error).__name__}: {error}"
    assert set(os.listdir("/proc/self/fd")) <= before[0]
    assert children() <= before[1]
    assert pid is None or alone_soon(pid)
    return outcome


def children():
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for listed in lists for pid in listed.read_text().split()}


def alone_soon(session):
    """Whether the session empties: what was killed takes a moment to go."""
    deadline = time.monotonic() + LOADED
    while session_members(session):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def session_members(session):
    """Processes whose session this is, zombies left aside."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its = path.read_text().rpartition(")")[2].split()[:4]
            if int(its) == session and state != "Z":
                found.append(path.parent.name)
    return found


def strict(**wishes):
    return WorkerOptions(**{"call_timeout": TIMEOUT, "load_timeout": 30.0, **wishes})


def unlocked(**wishes):
    return strict(sandbox=Sandbox.BASIC, **wishes)


def common_python():
    """An interpreter that an ordinary user can start, or None."""
    for python in [sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"]:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            words = [python, "-c", "import ctypes, encodings"]
            if subprocess.run(words, cwd="/", capture_output=True, check=False, **identity).returncode == 0:
                return python
    return None


__all__ = ["Arena", "attack_payload", "common_python", "gain", "payload", "program", "strict", "unlocked"]
