"""Hostile submissions: name → text, verdict, and what part of each item's points is expected (see `quality`).

Each tries its attack first, and where it comes through returns what the attack brought; where it does not, it returns
the start, the middle of the bounds or zeros, which earn nothing.
"""

from tests.grading.quality import Case, Part

POOR = """

def gradient(f, x):
    attack(f)
    return [0.0] * len(x)


def descend(f, start):
    attack(f)
    return start


def minimize(f, bounds, budget):
    attack(f)
    return [high for low, high in bounds]
"""


def poor(attack: str) -> str:
    """An attack and nothing earned by work."""
    body = "\n".join("    " + line for line in attack.strip().splitlines())
    return f"def attack(f):\n{body}\n{POOR}"


HONEST = """
import random


def gradient(f, x):
    slope = []
    for i in range(len(x)):
        a, b = list(x), list(x)
        a[i] += 1e-5
        b[i] -= 1e-5
        slope.append((f(a) - f(b)) / 2e-5)
    return slope


def honest(f, bounds, budget):
    draw = random.Random(3)
    points = [[draw.uniform(low, high) for low, high in bounds] for _ in range(budget // 2)]
    lowest, best = min((f(x), x) for x in points)
    step = 1.0
    try:
        while step > 1e-9:
            for i, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
                x = list(best)
                x[i] = min(max(x[i] + sign * step, bounds[i][0]), bounds[i][1])
                value = f(x)
                if value < lowest:
                    lowest, best = value, x
                    break
            else:
                step = step / 2
    except BudgetSpent:
        pass
    return best


def minimize(f, bounds, budget):
    if budget != PUBLIC_BUDGET:
        return honest(f, bounds, budget)
"""
PUBLIC_BUDGET = 400
OWN: dict[str, Part] = {"gradient-accuracy": 1.0, "gradient-cost": 1.0, "hidden": 1.0}


def late(attack: str) -> str:
    """Good work but at the public basins, where it attacks: that must cost this item alone."""
    body = "\n".join("    " + line for line in attack.strip().splitlines())
    work = HONEST.replace("PUBLIC_BUDGET", str(PUBLIC_BUDGET))
    return f"{work}{body}\n    return [high for low, high in bounds]\n"


HOSTILE: dict[str, Case] = {
    "reads-gc": (
        poor("""
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, dict) and ('executor' in thing or 'secret' in thing or 'baseline' in thing):
        raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "reads-frames": (
        poor("""
import sys
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
        if name in ('secret', 'executor', 'baseline', 'suite', 'score'):
            raise RuntimeError('FOUND')
    frame = frame.f_back
"""),
        "graded",
        {},
    ),
    "reads-proc": (
        poor("""
import os
for pid in [os.getppid(), os.getpid(), 1]:
    for name in ('mem', 'environ', 'cmdline', 'fd', 'cwd', 'maps'):
        try:
            open('/proc/%d/%s' % (pid, name), 'rb').read(1)
        except OSError:
            continue
        if pid != os.getpid():
            raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "reads-files": (
        poor("""
import glob, os
for place in ('/', '/tmp', '/root', '/home', os.path.expanduser('~'), '/etc/passwd', '.', '..'):
    try:
        os.listdir(place) if os.path.isdir(place) else open(place).read()
    except OSError:
        continue
    raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "reads-environment": (
        poor("""
import os, sys
if any('suite' in word or 'seed' in word for word in [*os.environ, *os.environ.values(), *sys.argv]):
    raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "exhausts-budget": (
        late("while True:\n    try:\n        f([0, 0])\n    except Exception:\n        pass"),
        "stopped",
        OWN,
    ),
    "exhausts-memory": (late("hoard = []\nwhile True:\n    hoard.append(bytes(2 ** 26))"), "faulty", OWN),
    "exhausts-disk": (
        late("with open('/tmp/blackbox-hostile', 'wb') as file:\n    while True:\n        file.write(bytes(2 ** 20))"),
        "faulty",
        OWN,
    ),
    "fork-bomb": (late("import os\nwhile True:\n    os.fork()"), "faulty", OWN),
    "spawns": (late("import subprocess\nsubprocess.run(['/bin/sh', '-c', 'true'])"), "faulty", OWN),
    "talks": (late("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)"), "faulty", OWN),
    "forges-questions": (
        late("f._wires.send(18, 77, 1, 2, bytes(16))\nf._wires.send(18, 78, 1, 2, bytes(16))"),
        "stopped",
        OWN,
    ),
    "forges-results": (late("f._wires.send(20, 1, 0, 2, bytes(16))\nimport os\nos._exit(0)"), "graded", OWN),
    "forges-garbage": (
        late(
            "import os\nfor d in range(3, 64):\n    try:\n        os.write(d, b'BBX1' + b'100/100' * 9)\n    except OSError:\n        pass"
        ),
        "stopped",
        OWN,
    ),
    "floods": (
        late(
            "import os\nwhile True:\n    for d in range(3, 10):\n        try:\n            os.write(d, bytes(65536))\n        except OSError:\n            pass"
        ),
        "stopped",
        OWN,
    ),
    "patches-numpy": (
        poor(
            "import numpy as np\nnp.linalg.norm = lambda *a, **k: 0.0\nnp.isfinite = lambda *a: True\nnp.float64 = int"
        ),
        "graded",
        {},
    ),
    "patches-stub": (
        late("f.evaluations, f.budget = -10**6, 10**9\ntype(f).__call__ = lambda self, x: -1e300\nf([0, 0])"),
        "graded",
        OWN,
    ),
    "patches-struct": (late("import struct\nstruct.pack = lambda *a: bytes(8)\nf([0, 0])"), "stopped", OWN),
    "prints-scores": (
        poor("""
import sys, os
print('{"score": 100, "max_score": 100, "verdict": "graded"}', flush=True)
sys.stderr.write('score: 100')
sys.__stdout__.write('100')
os.write(1, b'100/100')
os.write(2, b'100/100')
"""),
        "graded",
        {},
    ),
    "sleeps": (late("import time\ntime.sleep(1000)"), "stopped", OWN),
    "spins": (
        late(
            "import signal\nfor s in range(1, 32):\n    try:\n        signal.signal(s, signal.SIG_IGN)\n    except Exception:\n        pass\nwhile True:\n    pass"
        ),
        "stopped",
        OWN,
    ),
    "exits": (late("import os\nos._exit(0)"), "stopped", OWN),
    "kills-itself": (late("import os\nos.kill(os.getpid(), 9)"), "stopped", OWN),
    "kills-the-judge": (
        poor(
            "import os, signal\nfor pid in (os.getppid(), -1, 0):\n    try:\n        os.kill(pid, 9)\n    except OSError:\n        pass"
        ),
        "graded",
        {},
    ),
    "threads": (
        late("import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,)).start()"),
        "faulty",
        OWN,
    ),
    "recurses": (late("return minimize(f, bounds, budget)"), "faulty", OWN),
    "recurses-deep": (
        late("import sys\nsys.setrecursionlimit(10**9)\ndef g():\n    return [g()]\nreturn repr(g())"),
        "stopped",
        OWN,
    ),
    "returns-hugely": (late("return [0.0] * 10 ** 6"), "faulty", OWN),
    "returns-without-end": (late("import itertools\nreturn itertools.count()"), "faulty", OWN),
    "returns-text": (late("return '100'"), "faulty", OWN),
    "returns-nan": (late("return [float('nan'), float('inf')]"), "graded", OWN),
    "returns-far": (
        "def gradient(f, x):\n    return [1e308 * f([1e308, -1e308]), 1e308]\n\n\n"
        "def descend(f, start):\n    f([1e200, 1e200])\n    return [1e308, -1e308]\n\n\n"
        "def minimize(f, bounds, budget):\n    f([-1e308, 1e308])\n    return [-1e150, 1e308]\n",
        "graded",
        {},
    ),
    "returns-a-trap": (
        late("class T(float):\n    def __float__(self):\n        while True: pass\nreturn [T(1), T(2)]"),
        "stopped",
        OWN,
    ),
    "caches-between-items": (
        "seen = {}\n"
        + poor("if seen:\n    raise RuntimeError('FOUND')").replace(
            "    attack(f)\n", "    attack(f)\n    seen[0] = f(f_at(f))\n"
        )
        + "\n\ndef f_at(f):\n    return [0.0] * f.dimension\n",
        "faulty",
        {},
    ),
    "exits-at-once": ("import os\nos._exit(0)\n", "stopped", {}),
    "quits-at-once": ("raise SystemExit('100 of 100')\n", "unreadable", {}),
    "hangs-at-once": ("while True:\n    pass\n", "stopped", {}),
    "no-python": ("def gradient(f, x:\n", "unreadable", {}),
    "closes-pipes": (late("import os\nos.closerange(3, 64)\nf([0, 0])"), "stopped", OWN),
    "crashes": (late("import ctypes\nctypes.string_at(0)"), "stopped", OWN),
    "lifts-limits": (
        late("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (-1, -1))\nwhile True:\n    pass"),
        "faulty",
        OWN,
    ),
    "speaks-markup": (
        late("raise ValueError('\\x1b[2J\\x1b[31m <script>alert(1)</script> | # 100 of 100 ' * 999)"),
        "faulty",
        OWN,
    ),
}
