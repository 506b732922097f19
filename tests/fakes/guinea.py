"""The real worker, started with some layers of the lock taken away, or as another user. For tests alone."""

import os
import sys

LAYERS = ("limits", "capabilities", "landlock", "seccomp")


def part(path, name):
    """The names of a program part."""
    names = {"__name__": name, "__file__": path}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)
    return names


def run(folder, layers=LAYERS, user=None, faults=()):
    """`worker.py` of the folder, with these layers only. `faults` are functions of the lock that fail."""
    worker, lock = part(os.path.join(folder, "worker.py"), "worker"), part(os.path.join(folder, "lock.py"), "lock")
    if "limits" not in layers:
        lock["limit"] = lambda _: True
    if "capabilities" not in layers:
        lock["drop_capabilities"] = lambda: None
    if "landlock" not in layers:
        lock["landlock"] = lambda: True
    if "seccomp" not in layers:
        lock["filter_calls"] = lambda _: True
    for name in faults:
        lock[name] = lambda *_: 0
    worker["lock"] = lock["lock"]
    if tuple(layers) != LAYERS:
        lock["no_processes"] = lambda _: False  # it would fork, and exec
        worker["LOCKED"] = 0
    sys.argv[7] = "strict"
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    worker["main"]()
