"""Attacks on the parent itself: floods, hangs, deaths, forged frames, hostile answers and hostile files.

Each is the source of a function `serve`, and what may come of it. The value of such a function means nothing, as any
function may return what it likes: what counts is that the parent says in bounded time and memory what happened.
"""

from dataclasses import dataclass

VALUE, FAILED, REFUSED = "number", "failed", "ChallengeError"
HUNG, DIED, BROKE, STOPPED = "WorkerHung", "WorkerDied", "ProtocolViolation", "SafetyError"

TOOLS = """
import os, stat, struct, sys, time
def pipes():
    found = []
    for descriptor in range(3, 1024):
        try:
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                found.append(descriptor)
        except OSError:
            pass
    return found
def say(data):
    for descriptor in pipes():
        try:
            os.write(descriptor, data)
        except OSError:
            pass
def frame(kind, sequence, n, first, body=b"", magic=b"BBX1"):
    return struct.pack("<4sBBHIII", magic, kind, 0, 0, sequence, n, first) + body
def good(sequence, value=42.0):
    return frame(7, sequence, 1, 0, struct.pack("<d", value) + bytes(1))
def reason(text, sequence=2, index=0, length=None, status=1):
    return struct.pack("<4sBBHII", b"BBXR", status, 0, len(text) if length is None else length, sequence, index) + text
"""


@dataclass(frozen=True, slots=True)
class Harassment:
    """`endings`: what may come of it."""

    id: str
    source: str
    endings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole source."""
        return TOOLS + self.source


def call(name, body, *endings):
    """The body is that of `serve(x)`; names before it are the caller's."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return Harassment(name, f"def serve(x):\n{lines}\n", endings)


def file(name, source, *endings):
    """The source runs while the file is loaded."""
    return Harassment(name, source + "\ndef serve(x):\n    return 0.0\n", endings)


FLOODS = [
    call("memory-blocks", "kept = []\nwhile True:\n    kept.append(bytearray(1 << 24))", FAILED),
    call("memory-objects", "kept = []\nwhile True:\n    kept = [kept, kept[:], object()] * 2 + [list(range(999))]", FAILED, DIED),
    call("memory-text", "text = 'x'\nwhile True:\n    text += text", FAILED),
    call("memory-maps", "import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 1 << 24))", FAILED),
    call("memory-heap", "import ctypes\nlibc = ctypes.CDLL(None)\nwhile libc.sbrk(1 << 24) != -1:\n    pass\nreturn 1.0", VALUE, FAILED, DIED),
    call("memory-number", "return float(len(str(9 ** 9 ** 9)))", HUNG, FAILED),
    call("memory-threads", "import threading\nthreading.stack_size(1 << 20)\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", FAILED),
    call("threads-for-ever", "import threading\nthreading.stack_size(32768)\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", STOPPED, FAILED),
    call("threads-behind-fast-answers", "import threading\nthreading.stack_size(32768)\ndef breed():\n    while True:\n        threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\nthreading.Thread(target=breed).start()\ntime.sleep(0.9)\nreturn 1.0", STOPPED, FAILED),
    call("descriptors", "kept = [os.dup(0) for _ in range(99)]\nreturn 1.0", FAILED),
    call("recursion", "return serve(x)", FAILED),
    call("recursion-unbounded", "sys.setrecursionlimit(1 << 30)\nreturn serve(x) + 1", DIED, FAILED, HUNG),
    call("recursion-native", "text = '(' * 10**6\nreturn eval(text)", DIED, FAILED),
    call("recursion-compiler", "import ast\nreturn float(len(ast.parse('-' * 10**6 + '1').body))", DIED, FAILED),
    call("recursion-freeing", "deep = None\nfor _ in range(10**6):\n    deep = [deep]\ndel deep\nreturn 1.0", VALUE),
    call("output", "print('x' * 10**7)\nsys.stderr.write('y' * 10**7)\nos.write(1, b'z' * 10**6)\nreturn 1.0", VALUE),
    call("processor", "while True:\n    pass", HUNG),
    call("processor-native", "import re\nreturn bool(re.match('(a+)+$', 'a' * 99 + 'b'))", HUNG),
    call("processor-deaf", "import signal\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    time.sleep(1)", HUNG),
    call("sleep", "time.sleep(99)", HUNG),
    call("dead-lock", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", HUNG),
    call("stopped", "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", HUNG),
]  # fmt: skip
DEATHS = [
    call("exit", "sys.exit(0)", FAILED),
    call("exit-now", "os._exit(0)", DIED),
    call("abort", "os.abort()", DIED),
    call("null-pointer", "import ctypes\nctypes.string_at(0)", DIED),
    call("own-kill", "import signal\nos.kill(os.getpid(), signal.SIGKILL)", DIED),
    call("own-mess", "import gc\nfor thing in gc.get_objects():\n    if type(thing) is dict:\n        thing.clear()", DIED, FAILED, HUNG),
    call("processor-limit", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True:\n    pass", FAILED),
    call("alarm", "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(9)", DIED),
    call("trap", "import ctypes, mmap\npage = mmap.mmap(-1, 4096, prot=7)\npage.write(b'\\xcc')\nctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()", DIED),
]  # fmt: skip
FRAMES = [
    call("forged-answer", "say(good(2))\nreturn 1.0", BROKE),
    call("forged-next-answer", "say(good(3))\nreturn 1.0", BROKE),
    call("forged-last-answer", "say(good(1))\nreturn 1.0", BROKE),
    call("forged-greeting", "say(frame(1, 0, 0x7FFF, 0))\nreturn 1.0", BROKE),
    call("forged-description", "say(frame(3, 2, 2, 0, b'{}'))\nreturn 1.0", BROKE),
    call("forged-mark", "say(frame(7, 2, 1, 0, bytes(9), magic=b'EVIL'))\nreturn 1.0", BROKE),
    call("forged-count", "say(frame(7, 2, 0xFFFFFFFF, 0))\nreturn 1.0", BROKE),
    call("forged-place", "say(frame(7, 2, 1, 7, bytes(9)))\nreturn 1.0", BROKE),
    call("forged-status", "say(frame(7, 2, 1, 0, bytes(8) + b'\\xff'))\nos._exit(0)", BROKE),
    call("forged-nan", "say(good(2, float('nan')))\nos._exit(0)", BROKE),
    call("half-an-answer", "say(good(2)[:-1])\nos._exit(0)", DIED, BROKE),
    call("half-a-header", "say(good(2)[:9])\ntime.sleep(99)", HUNG),
    call("slow-answer", "for byte in good(2):\n    say(bytes([byte]))\n    time.sleep(0.2)", HUNG, DIED),
    call("noise", "say(os.urandom(999))\nreturn 1.0", BROKE),
    call("noise-for-ever", "while True:\n    say(os.urandom(65536))", BROKE, HUNG),
    call("answers-for-ever", "while True:\n    say(good(2) * 999)", BROKE, HUNG),
    call("reason-escapes", "say(reason(b'\\x1b[2J\\x1b]0;owned\\7'))\nreturn 1.0", BROKE, FAILED),
    call("reason-too-long", "say(reason(b'x' * 60000))\nraise ValueError", BROKE),
    call("reason-too-short", "say(reason(b'x', length=500))\nraise ValueError", BROKE, FAILED),
    call("reason-of-nobody", "say(reason(b'x', index=7))\nraise ValueError", BROKE),
    call("reason-of-another", "say(reason(b'x', sequence=9))\nraise ValueError", BROKE),
    call("reason-flood", "for _ in range(99):\n    say(reason(b'x' * 400))\nraise ValueError", BROKE, HUNG),
    call("closed-pipes", "for descriptor in pipes():\n    os.close(descriptor)\nreturn 1.0", DIED, HUNG),
    call("closed-everything", "os.closerange(0, 1024)\nreturn 1.0", DIED, HUNG),
    call("swapped-pipes", "a, b, c = pipes()\nos.dup2(b, c)\nraise ValueError", BROKE, HUNG, FAILED),
    call("eaten-questions", "for descriptor in pipes():\n    os.set_blocking(descriptor, False)\nreturn 1.0", VALUE, DIED, BROKE),
    call("progress-lies", "import mmap\nfor descriptor in range(3, 1024):\n    try:\n        if os.fstat(descriptor).st_size == 65536:\n            mmap.mmap(descriptor, 4096)[:8] = b'\\xff' * 8\n    except OSError:\n        pass\nos._exit(3)", DIED),
    call("inside-job", "import gc\nfor thing in gc.get_objects():\n    if type(thing).__name__ == 'Wires':\n        thing.send(7, 99, 1, 0, bytes(9))\nreturn 1.0", BROKE),
    call("inside-frames", "frame = sys._getframe()\nwhile frame.f_back:\n    frame = frame.f_back\nframe.f_globals['flush'] = lambda *words: None\nreturn 1.0", HUNG),
    call("inside-limits", "frame = sys._getframe()\nwhile frame.f_back:\n    frame = frame.f_back\nframe.f_globals['MAX_REASON'] = 10**6\nraise ValueError('x' * 10**4)", BROKE, FAILED),
]  # fmt: skip
ANSWERS = [
    call("float-raises", "class Bad(int):\n    def __float__(self):\n        raise SystemExit\nreturn Bad()", FAILED),
    call("float-lies", "class Bad:\n    def __float__(self):\n        return 'x'\nreturn Bad()", FAILED),
    call("float-hangs", "class Bad:\n    def __float__(self):\n        while True: pass\nreturn Bad()", HUNG),
    call("float-ends", "class Bad:\n    def __float__(self):\n        os._exit(1)\nreturn Bad()", DIED),
    call("array-hangs", "class Bad:\n    shape = ()\n    def __array__(self, *rest):\n        return 1\n    def item(self):\n        while True: pass\nreturn Bad()", HUNG),
    call("array-nests", "class Bad:\n    shape = (1,)\n    def __array__(self, *rest):\n        return 1\n    def item(self):\n        return self\nreturn Bad()", FAILED),
    call("class-lies", "class Bad:\n    @property\n    def __class__(self):\n        return float\nreturn Bad()", FAILED),
    call("list-of-itself", "kept = []\nkept.append(kept)\nreturn kept", FAILED),
    call("subtraction-lies", "class Bad(float):\n    def __sub__(self, other):\n        return 0.0\nreturn Bad('nan')", FAILED),
    call("text-escapes", "raise ValueError('\\x1b[2J\\x1b]0;owned\\7\\r\\n\\u202e')", FAILED),
    call("text-long", "raise ValueError('x' * 10**7)", FAILED),
    call("text-raises", "class Bad(Exception):\n    def __str__(self):\n        raise KeyboardInterrupt\nraise Bad", FAILED),
    call("text-hangs", "class Bad(Exception):\n    def __str__(self):\n        while True: pass\nraise Bad", HUNG),
    call("text-ends", "class Bad(Exception):\n    def __str__(self):\n        os._exit(1)\nraise Bad", DIED),
    call("name-escapes", "raise type('\\x1b[31mBad\\x07', (Exception,), {})", FAILED),
    call("name-lies", "class Meta(type):\n    @property\n    def __name__(self):\n        os._exit(1)\nraise Meta('Bad', (Exception,), {})", FAILED),
    call("interrupt", "raise KeyboardInterrupt", FAILED),
    call("no-exception", "raise BaseException", FAILED),
    call("generator", "return (yield)", FAILED),
    call("hash-and-equality", "class Bad:\n    __hash__ = __eq__ = __float__ = lambda *rest: 1 / 0\nreturn Bad()", FAILED),
]  # fmt: skip
INSIDE = [
    call("inside-trace", "sys.settrace(lambda *rest: os._exit(9))\nreturn (lambda: 1.0)()", DIED, VALUE),
    call("inside-trace-of-others", "frame = sys._getframe().f_back\nwhile frame:\n    frame.f_trace = lambda *rest: os._exit(9)\n    frame = frame.f_back\nsys.settrace(lambda *rest: None)\nreturn 1.0", DIED, VALUE),
    call("inside-write", "os.write = lambda descriptor, data: len(data)\nreturn 1.0", HUNG),
    call("inside-write-lies", "os.write = lambda descriptor, data: 10**9\nreturn 1.0", HUNG),
    call("inside-write-halves", "write = os.write\nos.write = lambda descriptor, data: write(descriptor, data[: len(data) // 2 + 1])\nreturn 1.0", VALUE),
    call("inside-read", "os.read = lambda *rest: b'BBX1' * 99\nreturn 1.0", VALUE, DIED, BROKE),
    call("inside-pack", "struct.pack = lambda *rest: struct.Struct('<d').pack(float('nan'))\nreturn 1.0", BROKE),
    call("inside-pack-infinite", "struct.pack = lambda *rest: struct.Struct('<d').pack(float('inf'))\nreturn 1.0", BROKE),
    call("inside-question", "import gc\nfor thing in gc.get_objects():\n    if type(thing).__name__ == 'Wires':\n        thing.buffer = frame(6, 7, 1, 1, bytes(8))\nreturn 1.0", BROKE),
    call("inside-wires", "import gc\nfor thing in gc.get_objects():\n    if type(thing).__name__ == 'Wires':\n        thing.replies, thing.reasons, thing.requests = thing.reasons, thing.requests, thing.replies\nreturn 1.0", BROKE, HUNG, DIED),
    call("inside-outlet", "for descriptor in pipes():\n    try:\n        os.dup2(descriptor, 1)\n        print('x' * 999, flush=True)\n    except OSError:\n        pass\nreturn 1.0", BROKE, HUNG),
    call("inside-types", "import builtins\nbuiltins.type = lambda *rest: float\nreturn 'seven'", DIED, FAILED, BROKE),
    call("inside-numbers", "import ctypes\nctypes.memset(id(0.0) + 16, 255, 8)\nreturn 0.0", VALUE, FAILED, DIED, BROKE, HUNG),
    call("inside-recursion-limit", "frame, depth = sys._getframe(), 0\nwhile frame:\n    frame, depth = frame.f_back, depth + 1\nsys.setrecursionlimit(depth + 3)\nreturn 1.0", VALUE, FAILED, DIED),
    call("inside-switching", "import threading\nsys.setswitchinterval(1e6)\ndef spin():\n    while True:\n        pass\nthreading.Thread(target=spin, daemon=True).start()\nreturn 1.0", HUNG, VALUE),
    call("inside-report", "import faulthandler\nfor descriptor in pipes():\n    try:\n        faulthandler.dump_traceback(descriptor)\n    except OSError:\n        pass\nreturn 1.0", BROKE, HUNG),
    call("inside-time-signal", "import signal\nsignal.signal(signal.SIGALRM, lambda *rest: 1 / 0)\nsignal.setitimer(signal.ITIMER_REAL, 0.2, 0.001)\nreturn 1.0", VALUE, DIED, FAILED),
    call("inside-stop-later", "import signal, threading\nthreading.Timer(0.05, os.kill, (os.getpid(), signal.SIGSTOP)).start()\ntime.sleep(0.5)\nreturn 1.0", HUNG),
    call("inside-end-of-thing", "class Late:\n    def __del__(self):\n        while True: pass\nlate = Late()\nreturn 1.0", HUNG),
    call("inside-end-of-answer", "class Late(float):\n    def __del__(self):\n        os._exit(9)\nreturn Late(1.0)", DIED),
    call("inside-end-of-process", "import atexit\natexit.register(say, good(2))\nsys.exit(0)", FAILED),
    call("inside-own-pipe", "for descriptor in pipes():\n    try:\n        os.read(os.open('/proc/self/fd/%d' % descriptor, os.O_RDONLY | os.O_NONBLOCK), 9)\n    except OSError:\n        pass\nreturn 1.0", VALUE, HUNG, BROKE, DIED),
    call("dict-without-end", "import itertools\nclass Bad(dict):\n    def values(self):\n        return itertools.count()\nreturn Bad()", FAILED, HUNG, DIED),
    call("list-without-end", "import itertools\nclass Bad(list):\n    def __len__(self):\n        return 1\n    def __iter__(self):\n        return itertools.count()\nreturn Bad()", FAILED, HUNG, DIED),
    call("float-of-another-kind", "class Odd(float):\n    pass\nclass Bad:\n    def __float__(self):\n        return Odd('nan')\nreturn Bad()", FAILED),
    call("index-hangs", "class Bad:\n    def __index__(self):\n        while True: pass\n    __float__ = None\nreturn Bad()", FAILED),
    call("array-of-nothing", "class Bad:\n    __array__ = shape = None\n    @property\n    def dtype(self):\n        raise SystemExit\nreturn Bad()", FAILED),
    call("array-without-shape", "class Bad:\n    __array__ = None\n    shape = property(lambda self: iter(int, 1))\nreturn Bad()", FAILED, HUNG),
    call("silent-decimal", "import decimal\nreturn decimal.Decimal('sNaN')", FAILED),
    call("vast-fraction", "import fractions\nreturn fractions.Fraction(10**400)", FAILED),
    file("load-atexit", "import atexit\natexit.register(say, good(2))\nsys.exit(0)", REFUSED),
    file("load-stops", "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", REFUSED),
    file("load-recursion-limit", "sys.setrecursionlimit(60)", VALUE, REFUSED, FAILED, DIED),
]  # fmt: skip
LOADS = [
    file("load-sleeps", "time.sleep(99)", REFUSED),
    file("load-spins", "while True: pass", REFUSED),
    file("load-exits", "sys.exit(3)", REFUSED),
    file("load-ends", "os._exit(0)", REFUSED),
    file("load-crashes", "import ctypes\nctypes.string_at(0)", REFUSED),
    file("load-eats", "kept = bytearray(1 << 40)", REFUSED),
    file("load-recurses", "def f():\n    f()\nf()", REFUSED),
    file("load-breeds", "import threading\nthreading.stack_size(32768)\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", STOPPED, REFUSED),
    file("load-prints", "print('\\x1b[2J' * 10**6)\nsys.stderr.write('x' * 10**6)", VALUE),
    file("load-escapes", "raise ValueError('\\x1b[2J\\x07')", REFUSED),
    file("load-answers", "say(good(2))", BROKE),
    file("load-describes", "say(frame(3, 1, 2, 0, b'{}'))", BROKE, REFUSED),
    file("load-describes-much", "say(frame(3, 1, 0xFFFFFFFF, 0))", BROKE),
    file("load-noise", "say(b'\\xff' * 65536)", BROKE),
    file("load-closes", "for descriptor in pipes():\n    os.close(descriptor)", REFUSED),
    file("load-breaks-json", "import json\njson.dumps = lambda *rest: '[' * 10**5", BROKE, REFUSED),
    file("load-breaks-struct", "import struct\nstruct.pack = lambda *rest: b''", BROKE, HUNG, DIED),
    file("load-breaks-builtins", "import builtins\nbuiltins.float = builtins.type = None", FAILED, DIED, HUNG, BROKE, REFUSED),
    file("load-threads", "import threading\nthreading.Thread(target=lambda: [time.sleep(0.01) or say(good(2)) for _ in range(999)]).start()\ntime.sleep(0.1)", BROKE, REFUSED),
    file("load-hooks", "sys.setprofile(lambda *rest: os._exit(9))", REFUSED, DIED),
    file("load-name", "class Bad:\n    @property\n    def __name__(self):\n        os._exit(9)\n    def __call__(self, x):\n        return x", VALUE),
]  # fmt: skip
HARASSMENTS = FLOODS + DEATHS + FRAMES + ANSWERS + INSIDE + LOADS


def nested_tuples(depth):
    """A key whose hash takes 2**depth steps: a memo bomb of a few hundred bytes."""
    body = b"(tq\x00" + b"".join(b"h%c" % n + b"h%c" % n + b"\x86q%c" % (n + 1) for n in range(depth))
    return b"\x80\x02}" + body + b"K\x01s."


PICKLES = {
    "memo-bomb": nested_tuples(60),
    "opcode-bomb": b"\x80\x02" + b"N0" * 2_000_000 + b"cbuiltins\nabs\n.",
    "deep-lists": b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
    "many-marks": b"\x80\x02" + b"(" * 2_000_000 + b".",
    "long-claimed": b"\x80\x04\x8e" + (1 << 60).to_bytes(8, "little") + b"x.",
    "frame-claimed": b"\x80\x04\x95" + (1 << 60).to_bytes(8, "little") + b"N.",
    "number-claimed": b"\x80\x02\x8b" + (1 << 30).to_bytes(4, "little") + b"x.",
    "memo-index": b"\x80\x02Nr\xff\xff\xff\x7f.",
    "text-memo-index": b"Np99999999999\n.",
    "giant-bytes": b"cbuiltins\nbytearray\n(I999999999999\ntR.",
    "giant-list": b"cbuiltins\nlist\n(cbuiltins\nrange\n(I999999999999\ntRtR.",
    "giant-power": b"cbuiltins\npow\n(I9\nI999999999\ntR.",
    "persistent": b"Pnobody\n.",
    "extension": b"\x80\x02\x82\x01.",
    "no-stop": b"\x80\x02N",
    "empty-stack": b".",
    "future": b"\xff" * 64,
    "build-module": b"csys\nmodules\n(Vos\nNd\x85b.",
    "self-reference": b"]q\x00h\x00a.",
    "exit": b"cos\n_exit\n(I0\ntR.",
    "sleep": b"ctime\nsleep\n(I99\ntR.",
    "interrupt": b"c_thread\ninterrupt_main\n(tR0cbuiltins\nabs\n.",
    "recursion": b"cbuiltins\neval\n(S'(lambda f: f(f))(lambda f: f(f))'\ntR.",
    "code-object": b"cbuiltins\ncompile\n(S'" + b"-" * 100_000 + b"1'\nS'x'\nS'eval'\ntR.",
}
