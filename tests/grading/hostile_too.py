"""More hostile submissions, as in `hostile`: objects that bite, forged frames, stolen wires, patched interpreters."""

from tests.grading.hostile import OWN, late, poor
from tests.grading.quality import Case

HOSTILE_TOO: dict[str, Case] = {
    "drinks-from-the-pipe": (late("import os\nwhile True:\n    os.read(f._wires.requests, 1)"), "stopped", OWN),
    "fills-the-reasons": (late("import os\nwhile True:\n    os.write(f._wires.reasons, bytes(65536))"), "stopped", OWN),
    "scribbles-on-progress": (
        late("for i in range(99):\n    f._wires.progress[0] = 2 ** 63 + i\nf([0, 0])\nreturn [bounds[0][1]] * 2"),
        "graded",
        OWN,
    ),
    "second-function": (
        late("g = type(f)(f._wires, {'dimension': 2, 'budget': 10 ** 9})\nf([0, 0])\nwhile True:\n    g([0, 0])"),
        "stopped",
        OWN,
    ),
    "copied-function": (
        late(
            "import copy\nfor g in (f, copy.copy(f), copy.copy(f)):\n"
            "    try:\n        while True:\n            g([1, 1])\n    except BudgetSpent:\n        pass"
        ),
        "graded",
        OWN,
    ),
    "forgets-that-it-is-spent": (
        late(
            "while True:\n    try:\n        f._asked[1] = 0\n        f([0, 0])\n    except BudgetSpent:\n        pass"
        ),
        "stopped",
        OWN,
    ),
    "asks-in-threads": (
        late(
            "import threading\ndef ask():\n    while True:\n"
            "        try:\n            f([0, 0])\n        except BaseException:\n            return\n"
            "crowd = [threading.Thread(target=ask) for _ in range(8)]\n"
            "for thread in crowd:\n    thread.start()\nfor thread in crowd:\n    thread.join()"
        ),
        "graded",
        OWN,
    ),
    "leaves-a-thread": (
        late(
            "import threading\ndef ask():\n    while True:\n        f([0, 0])\n"
            "threading.Thread(target=ask, daemon=True).start()"
        ),
        "graded",
        OWN,
    ),
    "catches-everything": (
        late(
            "while True:\n    try:\n        f([0, 0])\n        raise SystemExit\n"
            "    except BaseException:\n        pass"
        ),
        "stopped",
        OWN,
    ),
    "pretends-to-be-spent": (late("raise BudgetSpent('100 of 100')"), "graded", OWN),
    "spent-at-once": ("raise BudgetSpent('100 of 100')\n", "unreadable", {}),
    "forges-a-complaint": (
        late("f._wires.send(21, 1, 9, 0, b'{\"score\":')\nimport time\ntime.sleep(1)"),
        "stopped",
        OWN,
    ),
    "forges-a-long-line": (
        late(
            'b = b\'{"kind": "raised", "text": "", "line": \' + b\'9\' * 3000 + b\'}\'\n'
            "f._wires.send(21, 1, len(b), 0, b)"
        ),
        "stopped",
        OWN,
    ),
    "forges-a-huge-frame": (late("f._wires.send(20, 1, 0, 4000000000, bytes(99))"), "stopped", OWN),
    "answers-itself": (late("import os\nos.read = lambda *a: bytes(64)\nf([0, 0])"), "stopped", OWN),
    "serves-itself": (
        late("import sys\nmain = sys.modules['__main__']\nmain.serve(f._wires, str)"),
        "stopped",
        OWN,
    ),
    "patches-the-program": (
        late(
            "import sys\nmain = sys.modules['__main__']\nmain.result_of = lambda v: [-1e9, -1e9]\n"
            "main.coordinates = lambda x: [0.0, 0.0]\nf([1, 1])"
        ),
        "graded",
        OWN,
    ),
    "empties-the-builtins": (late("import builtins\nbuiltins.__dict__.clear()"), "stopped", OWN),
    "empties-the-modules": (late("import sys\nsys.modules.clear()\nf([0, 0])"), "graded", OWN),
    "turns-back-the-clock": (
        poor("import time\ntime.time = time.monotonic = time.perf_counter = lambda: -1e9\ntime.sleep = lambda s: None"),
        "graded",
        {},
    ),
    "stops-itself": (late("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"), "stopped", OWN),
    "terminates-itself": (late("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)"), "stopped", OWN),
    "aborts": (late("import os\nos.abort()"), "stopped", OWN),
    "alarms": (
        late("import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\ntime.sleep(9)"),
        "stopped",
        OWN,
    ),
    "closes-everything": (late("import os\nos.closerange(0, 64)\nreturn [0.0, 0.0]"), "stopped", OWN),
    "prints-without-end": (
        late(
            "import os, sys\nfor _ in range(200):\n    os.write(1, bytes(10 ** 6))\n    sys.stderr.write('x' * 10 ** 5)"
        ),
        "graded",
        OWN,
    ),
    "long-length": (
        late(
            "class L:\n    def __len__(self): return 10 ** 18\n    def __iter__(self): return iter(int, 1)\nreturn L()",
        ),
        "faulty",
        OWN,
    ),
    "asks-without-end": (late("import itertools\nf(itertools.count())"), "faulty", OWN),
    "tolist-is-itself": (late("class T:\n    def tolist(self): return self\nreturn T()"), "faulty", OWN),
    "tolist-is-huge": (late("class T:\n    def tolist(self): return [0.0] * 10 ** 7\nreturn T()"), "faulty", OWN),
    "float-is-text": (late("class T:\n    def __float__(self): return '1'\nreturn [T(), T()]"), "faulty", OWN),
    "float-of-another-kind": (
        late("class T(float):\n    def __lt__(self, other): return True\nreturn [T(high) for low, high in bounds]"),
        "graded",
        OWN,
    ),
    "nests-deeply": (late("x = 1.0\nfor _ in range(10 ** 5):\n    x = [x]\nreturn [x, x]"), "faulty", OWN),
    "holds-itself": (late("x = []\nx.append(x)\nreturn [x, x]"), "faulty", OWN),
    "overflows": (late("return [10 ** 400, -10 ** 400]"), "faulty", OWN),
    "complains-for-ever": (
        late("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E"),
        "stopped",
        OWN,
    ),
    "complains-with-a-bite": (
        late("class E(BaseException):\n    def __str__(self): raise self\n    __repr__ = __str__\nraise E"),
        "faulty",
        OWN,
    ),
    "complains-in-many-bytes": (late("raise ValueError('\\U0001f600' * 10 ** 5)"), "faulty", OWN),
    "dies-hard": (
        late(
            "class D:\n    def __del__(self):\n        while True: pass\nd = D()\nd.me = d\n"
            "return [high for low, high in bounds]"
        ),
        "graded",
        OWN,
    ),
    "traces": (
        late("import sys\ndef trace(frame, event, value):\n    raise SystemExit\nsys.settrace(trace)\nf([0, 0])"),
        "faulty",
        OWN,
    ),
    "steals-descriptors": (
        poor("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)
pair = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 4096)
there = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 4096)
judge = os.getppid()
calls = [(438, 3, 0, 0), (434, judge, 0), (310, judge, pair, 1, there, 1, 0), (101, 16, judge, 0, 0)]
if any(libc.syscall(*call) >= 0 for call in calls):
    raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "remembers-in-files": (
        poor("""
import os, tempfile
for place in ('/tmp', '/dev/shm', '/var/tmp', '.', os.path.dirname(os.__file__), '/run', '/proc/self'):
    path = os.path.join(place, 'blackbox-hostile-too')
    if os.path.exists(path):
        raise RuntimeError('FOUND')
    try:
        open(path, 'w').write('x')
    except OSError:
        continue
    raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "looks-into-f": (
        poor("""
import inspect, sys
words = ('executor', 'secret', 'baseline', 'suite', 'score', 'lambda', 'def f')
things = [f, type(f), f._wires, type(f._wires), f.__call__.__func__.__globals__]
for thing in things:
    fields = thing if isinstance(thing, dict) else vars(thing)
    if any(word in str(name) for name in fields for word in words[:5]):
        raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
    "hears-what-is-said-next": (
        poor("""
import os, select
ready = select.select([f._wires.requests], [], [], 0)[0]
if ready:
    raise RuntimeError('FOUND')
"""),
        "graded",
        {},
    ),
}
