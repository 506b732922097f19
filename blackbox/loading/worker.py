# pyright: basic
"""The process that holds the untrusted function: a program of its own, imported by nobody.

    python -s -B worker.py REQUESTS REPLIES REASONS PROGRESS PARENT MEMORY SANDBOX PROCESSOR_TIME

The first four are descriptors (two pipe ends for frames, one for error text, one for a page of shared memory), then
the parent's process id, the bytes of address space that the function may add, the word `strict` or `basic`, and the
seconds of processor time that a strict worker may use. Standard library alone, Python 3.6 to the newest; numpy only
where the payload or the call style needs it. `wire.py` describes the frames, `lock.py` is what `strict` adds.
"""

import os
import sys

if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
    del sys.path[0]  # or the modules beside this file would shadow those that the payload means

import itertools
import json
import mmap
import numbers
import signal
import struct
import time
import types
import warnings

MAGIC = b"BBX1"
HEADER = struct.Struct("<4sBBHIII")
HEADER_SIZE = HEADER.size
REASON_MAGIC = b"BBXR"
REASON = struct.Struct("<4sBBHII")
READY, LOAD, DESCRIPTION, PREPARE, PREPARED, EVALUATE, VALUES = 1, 2, 3, 4, 5, 6, 7
OWN_SESSION, DIES_WITH_PARENT, NOT_DUMPABLE, LIMITED, LOCKED = 1, 2, 4, 8, 0x7FF0
SCALARS, ARRAY, LIST, TUPLE, BATCH, KEYWORDS, DICT = 0, 1, 2, 3, 4, 5, 6
INTEGERS, IMAGINARY = 0x80, 0x40
OK, EXCEPTION, NOT_A_NUMBER, INFINITE, WRONG_TYPE = 0, 1, 2, 3, 4

FLUSH_INTERVAL = 0.010
"""Seconds. Slow functions show progress and lose little when they hang; fast batches still go out in one write."""
READ_SIZE = 64 * 1024
"""Bytes: what a pipe holds."""
SMALL = 4096
"""Bytes to read at least: more costs time to allocate, and few requests are longer."""
MAX_REASON = 500
MAX_REASONS = 16
MAX_DESCRIPTION = 128 * 1024
MAX_NAMES = 64
"""Parameters and callables that are described: more than the 50 inputs that the parent looks for."""
MAX_NAME = 64
"""Characters of a name; with MAX_NAMES it keeps the description within MAX_DESCRIPTION, however it is escaped."""
MAX_DEFAULT = 40
"""Characters of a default: numbers and short texts fit."""
MAX_DIMENSION = 50
"""The largest number of inputs that the parent looks for."""
MAX_NESTING = 4
"""How deep an answer may wrap its number: `[[x]]` and `{"value": array([x])}` do, deeper ones are no numbers. And how
deep a container may hold a function."""
MAX_PARTS = 100000
"""Things in containers that are looked at: one that holds itself has no end."""
OPEN_FILES = 256
METHODS = "predict evaluate objective fitness score cost loss energy func fun function f value compute eval run".split()
"""What the function of an object that cannot be called is known by, the likeliest first."""
WHOLE_NUMBERS = {"range", "factorial", "comb", "perm", "gcd", "lcm", "isqrt", "bin", "hex", "oct", "chr", "bit_length"}
"""Names in the code of functions that take whole numbers alone."""
ARRAYS_MODULE = b"joblib.numpy_pickle"
"""In a file of joblib's with arrays in it."""
MAX_FUNCTIONS = 20
"""Functions, called by the function, whose code is looked at for such names."""
DIMENSION_ATTRIBUTES = ("n_features_in_", "dimension", "dimensions", "n_dims", "n_dim", "ndims", "ndim", "dim", "D")
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


class Unusable(Exception):  # noqa: N818 - it says what happened
    """An answer that is no finite number."""

    def __init__(self, status, reason):
        Exception.__init__(self, reason)
        self.status, self.reason = status, reason


class Refusal(Exception):  # noqa: N818 - it says what happened
    """The payload cannot be used. `problem` is a word that the parent knows, `detail` goes into its sentence."""

    def __init__(self, problem, detail, names=()):
        Exception.__init__(self, problem)
        self.problem, self.detail, self.names = problem, detail, names


# ---------------------------------------------------------------------------------------------------------- boot


def boot(parent, memory):
    """Make this process harmless to leave alone. The facts that hold; the parent decides whether they suffice."""
    facts = OWN_SESSION if os.getsid(0) == os.getpid() else 0
    facts |= tie_to_parent(parent)
    facts |= limit(memory)
    os.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return facts


def tie_to_parent(parent):
    """Die with the parent (Linux), and be opaque to other processes of the same user."""
    facts = 0
    if sys.platform.startswith("linux"):
        try:
            import ctypes

            prctl = ctypes.CDLL(None, use_errno=True).prctl
        except (ImportError, OSError, AttributeError):
            return 0
        if prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) == 0:
            facts |= DIES_WITH_PARENT
        if prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
            facts |= NOT_DUMPABLE
    if os.getppid() != parent:
        os._exit(0)  # it died before the kernel was asked to tell
    return facts


def limit(memory):
    """No core dumps, and bounds that no honest function meets."""
    try:
        import resource
    except ImportError:
        return 0
    wanted = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, OPEN_FILES)]
    try:
        if sys.platform.startswith("linux"):
            with open("/proc/self/statm") as file:
                used = int(file.read().split()[0]) * resource.getpagesize()
            wanted.append((resource.RLIMIT_AS, used + memory))
        for name, bound in wanted:
            hard = resource.getrlimit(name)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(name, (bound, bound))
    except (OSError, ValueError):
        return 0
    return LIMITED


def lock(parent, processor_time):
    """Give up every right that no function needs. The facts that hold now: LOCKED, or this process must end."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lock.py")
    names = {}
    try:
        exec(part_of_program(path) or "", names)  # no module: the payload cannot import it
        return names["lock"](parent, processor_time)
    except Exception:
        return 0  # the parent says what is missing


def part_of_program(path):
    """The code of a file beside this one. Compiling takes longer than locking, so that it is kept as imports are."""
    from importlib.machinery import SourceFileLoader

    sys.dont_write_bytecode = False
    try:
        return SourceFileLoader("lock", path).get_code("lock")
    finally:
        sys.dont_write_bytecode = True


def silence():
    """From here on nothing that the function prints goes anywhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    warnings.simplefilter("ignore")


# ---------------------------------------------------------------------------------------------------------- wires


class Wires:
    """The descriptors to the parent."""

    def __init__(self, requests, replies, reasons, progress):
        self.requests, self.replies, self.reasons = requests, replies, reasons
        for descriptor in (requests, replies, reasons, progress):
            os.set_inheritable(descriptor, False)
        self.progress = shared_page(progress)
        self.buffer = b""

    def read(self, size):
        """Exactly so many bytes. The process ends with its parent."""
        data = self.buffer
        if len(data) < size:
            data = self.more(data, size)
        self.buffer = data[size:]
        return data[:size]

    def more(self, data, size):
        """At least so many bytes: a small request comes whole with its header, a large one is not copied twice."""
        parts, have = [data], len(data)
        while have < size:
            part = os.read(self.requests, min(READ_SIZE, max(SMALL, size - have)))
            if not part:
                os._exit(0)
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    def request(self):
        """The next header: kind, style, sequence, n, d."""
        magic, kind, style, _, sequence, n, d = HEADER.unpack(self.read(HEADER_SIZE))
        if magic != MAGIC:
            os._exit(1)
        return kind, style, sequence, n, d

    def send(self, kind, sequence, n, d, body=b""):
        """One frame."""
        write_all(self.replies, HEADER.pack(MAGIC, kind, 0, 0, sequence, n, d) + body)

    def tell(self, status, sequence, index, reason):
        """Why one evaluation failed. Written before its value, so that the parent need not wait for it."""
        write_all(self.reasons, REASON.pack(REASON_MAGIC, status, 0, len(reason), sequence, index) + reason)


def shared_page(descriptor):
    """One 64-bit number shared with the parent: `sequence << 32 | index` of what is being evaluated."""
    try:
        return memoryview(mmap.mmap(descriptor, mmap.PAGESIZE)).cast("Q")
    except (OSError, ValueError):
        return [0]


def write_all(descriptor, data):
    """Every byte, however long the parent takes."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written : written + READ_SIZE])


# -------------------------------------------------------------------------------------------------------- loading


def load(payload, entry):
    """The callable that the payload holds, its name there, and the names of all it holds. Raises `Refusal`."""
    return pick(unpickle(payload), entry)


def unpickle(payload):
    """The object. Every exception becomes a `Refusal`, as all of them are the payload's."""
    import io

    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main  # the payload's own `__main__`, without the names of this program
    try:
        return unpickler(payload, main)(io.BytesIO(payload)).load()
    except ImportError as error:
        if getattr(error, "name", None):
            raise Refusal("missing-module", text_of(error.name))
        raise Refusal("unpickling", describe_exception(error))
    except AttributeError as error:
        raise lacking(text_of(error)) or Refusal("unpickling", describe_exception(error))
    except BaseException as error:
        raise Refusal("unpickling", describe_exception(error))


def lacking(complaint):
    """The refusal for a name that its module does not have, or None."""
    if "Can't get attribute" not in complaint:
        return None
    library = next((name for name in ("cloudpickle", "dill") if "module '%s" % name in complaint), None)
    return Refusal("library" if library else "by-name", complaint, [library] if library else [])


def unpickler(payload, main):
    """The class that reads the payload: it knows the names that dill writes for what has none, and joblib's arrays."""
    import pickle

    arrays = ARRAYS_MODULE in payload
    base = pickle._Unpickler if arrays else pickle.Unpickler  # type: ignore

    class Unpickler(base):  # type: ignore
        """Knows more names than the library's own."""

        def find_class(self, module, name):
            """The object of this name."""
            if (module, name) == ("__builtin__", "__main__"):
                return main.__dict__
            if (module, name) == ("__builtin__", "NoneType"):
                return type(None)
            if arrays and (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
                return ArrayInStream
            return base.find_class(self, module, name)

    if arrays:
        read_arrays_with(Unpickler, pickle)
    return Unpickler


class ArrayInStream:
    """What joblib writes for an array: its facts in the pickle, and its bytes behind them."""

    def read(self, file, find_class, pickle):
        """The array whose bytes come next in the file."""
        import numpy

        facts = self.__dict__
        if facts["dtype"].hasobject:
            inner = pickle._Unpickler(file)
            inner.find_class = find_class
            return inner.load()
        if facts.get("numpy_array_alignment_bytes") is not None:
            file.read(file.read(1)[0])
        count = 1
        for length in facts["shape"]:
            count *= int(length)
        data = file.read(count * facts["dtype"].itemsize)
        array = numpy.frombuffer(data, dtype=facts["dtype"], count=count).copy()
        if facts["order"] == "F":
            return array.reshape(facts["shape"][::-1]).transpose()
        return array.reshape(facts["shape"])


def read_arrays_with(kind, pickle):
    """Teach an unpickler class to replace each wrapper by its array as soon as it is built."""

    def load_build(self):
        pickle._Unpickler.load_build(self)
        if type(self.stack[-1]) is ArrayInStream:
            self.stack.append(self.stack.pop().read(self.file, self.find_class, pickle))

    def start(self, file):
        pickle._Unpickler.__init__(self, file)
        self.file = file

    kind.__init__ = start
    kind.dispatch = dict(pickle._Unpickler.dispatch)
    kind.dispatch[pickle.BUILD[0]] = load_build


def pick(thing, entry):
    """The function of the thing, or the entry that was asked for; what it is called, and what else there is."""
    members = members_of(thing)
    if entry:
        found = members[entry] if entry in members else follow(thing, entry)
        function = as_function(found)
        if function is None:
            raise Refusal("unknown-entry", entry, sorted(members) or methods_of(thing))
        return function, entry, sorted(members)
    if callable(thing):
        return thing, "", []
    method = method_of(thing)
    if method and not isinstance(thing, (dict, list, tuple)):
        return getattr(thing, method), method, sorted(members)
    functions = [name for name in members if not isinstance(members[name], type)] or list(members)
    if len(functions) == 1:
        return as_function(members[functions[0]]), functions[0], sorted(members)
    methods = methods_of(thing)
    if not functions and len(methods) == 1:
        return getattr(thing, methods[0]), methods[0], []
    if functions or methods:
        raise Refusal("several", type_name(thing), sorted(functions) or methods)
    raise Refusal("not-callable", type_name(thing))


def members_of(thing):
    """What can be called in a dict, list, tuple or object, by name or place; `a.b` in a container in a container."""
    if isinstance(thing, (dict, list, tuple)):
        pairs = itertools.islice(parts_of(thing, "", MAX_NESTING), MAX_PARTS)
    else:
        own = getattr_or_none(thing, "__dict__")
        pairs = [pair for pair in own.items() if not text_of(pair[0]).startswith("_")] if type(own) is dict else []
        pairs = [pair for pair in pairs if callable(pair[1])]  # an object's data are no functions of its own
    return {text_of(name): value for name, value in pairs if as_function(value) is not None}


def parts_of(container, prefix, nesting):
    """(dotted name, thing) of what is in a container and, so many deep, in the containers there."""
    for name, value in container.items() if isinstance(container, dict) else enumerate(container):
        name = prefix + text_of(name)[:MAX_REASON]
        yield name, value
        if nesting > 1 and isinstance(value, (dict, list, tuple)):
            for pair in parts_of(value, name + ".", nesting - 1):
                yield pair


def as_function(value):
    """The thing itself where it can be called, else the method that it is known for, or None."""
    if callable(value):
        return value
    method = method_of(value)
    return getattr(value, method) if method else None


def method_of(thing):
    """The name of the method that an object is likely to be called by, or ""."""
    return next((name for name in METHODS if is_method(thing, name)), "")


def methods_of(thing):
    """The public methods that are written in Python."""
    names = [name for name in dir(type(thing)) if not name.startswith("_")]
    return [name for name in names if is_method(thing, name)][:MAX_NAMES]


def is_method(thing, name):
    """Whether the class of a thing defines this method in Python, and the thing has it."""
    plain = (types.FunctionType, classmethod, staticmethod)
    written = any(isinstance(vars(kind).get(name), plain) for kind in type(thing).__mro__)
    # a scikit-learn meta-estimator hides a method behind a descriptor of its own
    hidden = hasattr(type(thing), name) and hasattr(thing, "get_params")
    return (written or hidden) and callable(getattr_or_none(thing, name))


def follow(thing, path):
    """The part of the thing at a dotted path of attributes, keys and places, or None."""
    for part in path.split("."):
        if isinstance(thing, dict):
            thing = thing.get(part)
        elif isinstance(thing, (list, tuple)) and part.isdigit() and int(part) < len(thing):
            thing = thing[int(part)]
        else:
            thing = getattr_or_none(thing, part)
    return thing


# ----------------------------------------------------------------------------------------------------- description


def describe(function, entry, members):
    """What the parent may know of the function: plain data, none of it proof."""
    return {
        "outcome": "loaded",
        "type": type_name(function)[:MAX_NAME],
        "name": text_of(getattr_or_none(function, "__name__") or type_name(function))[:MAX_NAME],
        "parameters": parameters_of(function),
        "entry": entry[:MAX_NAME],
        "callables": [name[:MAX_NAME] for name in members[:MAX_NAMES]],
        "whole": takes_whole_numbers(function),
        "stated": stated_dimension(function),
        "numpy": "numpy" in sys.modules,
    }


def parameters_of(function):
    """`[name, kind, required, default]` of each parameter, or None where Python does not know."""
    import inspect

    try:
        parameters = list(inspect.signature(function).parameters.values())
    except BaseException:
        inputs = getattr_or_none(function, "nin")  # numpy's own functions
        if type(inputs) is int and 1 <= inputs <= MAX_DIMENSION:
            return [["x%d" % (place + 1), "positional", True, ""] for place in range(inputs)]
        return None
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "positional",
        inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
        inspect.Parameter.VAR_POSITIONAL: "variadic",
        inspect.Parameter.KEYWORD_ONLY: "keyword",
        inspect.Parameter.VAR_KEYWORD: "keywords",
    }
    rows = []
    for parameter in parameters[:MAX_NAMES]:
        kind = kinds[parameter.kind]
        given = kind in ("positional", "keyword")
        required = parameter.default is parameter.empty and given
        default = shown(parameter.default) if given and not required else ""
        rows.append([text_of(parameter.name)[:MAX_NAME], kind, required, default])
    return rows


def shown(value):
    """A default as it would be written, in ASCII."""
    try:
        text = str.__str__(ascii(value))
    except BaseException:
        return "an object of type %s" % type_name(value)
    return text if len(text) <= MAX_DEFAULT else text[: MAX_DEFAULT - 3] + "..."


def stated_dimension(function):
    """What an attribute of the object, or of the object whose method it is, says about the number of inputs."""
    for thing in (function, getattr_or_none(function, "__self__")):
        for name in DIMENSION_ATTRIBUTES:
            value = getattr_or_none(thing, name)
            if isinstance(value, numbers.Integral) and type(value) is not bool and 1 <= int(value) <= MAX_DIMENSION:
                return int(value)
    return None


def takes_whole_numbers(function):
    """Whether the code looks as if it refused floats: a guess, which one trial call confirms."""
    try:
        import dis

        waiting, seen = [function], []
        while waiting and len(seen) < MAX_FUNCTIONS:
            code, parts, annotations = inside(waiting.pop())
            if code is None or code in seen:
                continue
            seen.append(code)
            # subscripts of an argument itself are those of a vector: the parameters of scalars are looked up by name
            if not WHOLE_NUMBERS.isdisjoint(code.co_names) or any(note in (int, "int") for note in annotations):
                return True
            if code.co_argcount > 1 and any(
                "SUBSCR" in i.opname or i.argrepr == "[]" for i in dis.get_instructions(code)
            ):
                return True
            waiting.extend(parts)
    except BaseException:
        return False
    return False


def inside(function):
    """The code of a function, or of the object that it is called through; the functions it may call; annotations."""
    while getattr_or_none(function, "func") is not None and not isinstance(function, types.FunctionType):
        function = function.func
    function = getattr_or_none(function, "__func__") or function
    if not isinstance(function, types.FunctionType):
        function = type.__dict__["__dict__"].__get__(type(function)).get("__call__")
    if not isinstance(function, types.FunctionType):
        return None, [], []
    code, known = function.__code__, function.__globals__
    parts = [known[name] for name in code.co_names if isinstance(known.get(name), types.FunctionType)]
    for cell in function.__closure__ or ():
        if isinstance(getattr_or_none(cell, "cell_contents"), types.FunctionType):
            parts.append(cell.cell_contents)
    return code, parts, list(function.__annotations__.values())


# ------------------------------------------------------------------------------------------------------ evaluation


def serve(wires, function):
    """Answer batches until the parent goes."""
    names, current = (), None
    way = refuse_batch
    while True:
        kind, style, sequence, n, d = wires.request()
        if kind == EVALUATE:
            body = wires.read(8 * n * d)
            if style != current:  # a search asks in one style: what that means is found out once
                current, way = style, way_of(function, style & ~INTEGERS & ~IMAGINARY, names, style)
            way(wires, body, sequence, n, d)
        elif kind == PREPARE:
            names, current = json.loads(wires.read(n).decode("ascii")), None
            wires.send(PREPARED, sequence, int(prepare(style)), 0)
        else:
            os._exit(1)


def way_of(function, style, names, flags):
    """How the points of one question are answered in this style."""
    if not prepare(style):
        return refuse_batch
    integers, imaginary = flags & INTEGERS, flags & IMAGINARY
    if style in (ARRAY, BATCH):

        def in_arrays(wires, body, sequence, n, d):
            answer_arrays(wires, function, matrix(body, n, d, integers), sequence, style)

        def in_complex_arrays(wires, body, sequence, n, d):
            points = matrix(body, n, d, 0).view(complex)
            rows = points if style == ARRAY else points[:, None, :]
            answer(wires, imaginary_part(function), zip(rows), sequence)

        return in_complex_arrays if imaginary else in_arrays
    ask = adapted(function, style, names, integers)

    def one_by_one(wires, body, sequence, n, d):
        answer(wires, ask, struct.iter_unpack("<%dd" % d, body) if d else iter([()] * n), sequence)

    def by_pairs(wires, body, sequence, _, d):
        rows = struct.iter_unpack("<%dd" % d, body)
        inputs = ([complex(row[k], row[k + 1]) for k in range(0, d, 2)] for row in rows)
        answer(wires, imaginary_part(ask), inputs, sequence)

    return by_pairs if imaginary else one_by_one


def imaginary_part(function):
    """The function, answering the imaginary part of its value; of a number in brackets, that of the number."""

    def ask(*row):
        value = function(*row)
        for _ in range(MAX_NESTING):
            if not isinstance(value, (list, tuple)) or len(value) != 1:
                break
            value = value[0]
        item = getattr_or_none(value, "item")
        if item is not None:
            value = item()
        return value if isinstance(value, (str, bytes)) or value is None else complex(value).imag  # type: ignore

    return ask


def prepare(style):
    """Import what the style needs; whether that worked."""
    if style in (ARRAY, BATCH):
        try:
            import numpy  # noqa: F401
        except BaseException:
            return False
    return True


def matrix(body, n, d, integers):
    """The points as an array of shape (n, d), its own to change."""
    import numpy

    points = numpy.frombuffer(body, dtype="<f8").reshape(n, d).astype(float)
    if not integers:
        return points
    return numpy.clip(numpy.nan_to_num(numpy.rint(points)), -(2.0**62), 2.0**62).astype(numpy.int64)


def adapted(function, style, names, integers):
    """The function, to be called with the plain numbers of a point."""
    count = len(names)

    def whole(row):
        return tuple([round(value) for value in row]) if integers else row

    if style == SCALARS:
        return (lambda *row: function(*whole(row))) if integers else function
    if style == LIST:
        return lambda *row: function(list(whole(row)))
    if style == TUPLE:
        return lambda *row: function(whole(row))
    if style == DICT:
        return lambda *row: function(dict(zip(names, whole(row))))

    def by_name(*row):
        row = whole(row)
        first = len(row) - count
        return function(*row[:first], **dict(zip(names, row[first:])))

    return by_name


def answer_arrays(wires, function, points, sequence, style):
    """Evaluate an array for each point, or all of them in one call."""
    if style == ARRAY:
        answer(wires, function, zip(points), sequence)
        return
    values = column(function, points) if len(points) > 1 else None
    if values is None:  # one by one: a function may take one row alone, and a failure is that of its own point
        answer(wires, function, zip(points[:, None, :]), sequence)
    else:
        answer(wires, float, zip(values), sequence)


def column(function, points):
    """The n values of a batch, or None where it gives anything else than n real numbers."""
    import numpy

    try:
        values = numpy.asarray(function(points.copy()))
        if values.dtype.kind not in "fiub" or values.shape not in ((len(points),), (len(points), 1)):
            return None
        return values.astype(float).ravel().tolist()
    except BaseException:
        return None


def answer(wires, function, rows, sequence):
    """Evaluate each row and send the values: all in one write, or as they come where the function is slow."""
    values, failures, told = [], {}, set()
    sent, mark, progress = 0, sequence << 32, wires.progress
    clock = time.perf_counter
    flushed = clock()
    for index, row in enumerate(rows):
        if values and clock() - flushed > FLUSH_INTERVAL:
            flush(wires, sequence, sent, values, failures)
            sent, values, failures = index, [], {}
            flushed = clock()
        progress[0] = mark | index
        try:
            value = function(*row)
            if type(value) is not float or value - value != 0.0:
                value = number(value, MAX_NESTING)
            values.append(value)
        except BaseException as error:
            values.append(0.0)
            status, label, reason = judge(error)
            failures[index - sent] = status
            if (status, label) not in told and len(told) < MAX_REASONS:
                told.add((status, label))
                wires.tell(status, sequence, index, reason)
    flush(wires, sequence, sent, values, failures)


def flush(wires, sequence, first, values, failures):
    """Send the answers that begin at `first`."""
    statuses = bytes(len(values))
    if failures:
        statuses = bytes(bytearray([failures.get(place, OK) for place in range(len(values))]))
    wires.send(VALUES, sequence, len(values), first, struct.pack("<%dd" % len(values), *values) + statuses)


def refuse_batch(wires, _, sequence, n, *__):
    """Every evaluation failed, for want of numpy."""
    wires.tell(EXCEPTION, sequence, 0, b"this call style needs numpy, which the interpreter cannot import")
    wires.send(VALUES, sequence, n, 0, bytes(8 * n) + bytes(bytearray([EXCEPTION]) * n))


def judge(error):
    """Status, label and reason of a failed evaluation. Never raises, whatever the exception does."""
    if type(error) is Unusable:
        return error.status, "", clip(error.reason)
    label = type_name(error)
    return EXCEPTION, label, clip(describe_exception(error))


def number(value, nesting):
    """The finite float that an answer means. Raises `Unusable`, or whatever a hostile answer raises."""
    if value is None:
        raise Unusable(WRONG_TYPE, "returned None")
    if isinstance(value, float):
        return finite(float(value))
    if isinstance(value, (str, bytes)):
        text = value if isinstance(value, str) else value.decode("latin-1")
        raise Unusable(WRONG_TYPE, "returned text %r" % text[:MAX_NAME])
    if getattr(getattr(value, "dtype", None), "kind", "") == "c" or isinstance(value, complex):
        raise Unusable(WRONG_TYPE, "returned a complex number")
    if isinstance(value, (list, tuple, dict)) or hasattr(type(value), "__array__"):
        inner = inner_number(value) if nesting else None
        if inner is None:
            raise Unusable(WRONG_TYPE, "returned %s" % shape_text(value))
        return number(inner[0], nesting - 1) if type(inner[0]) is not float else finite(inner[0])
    if not hasattr(type(value), "__float__"):
        raise Unusable(WRONG_TYPE, "returned an object of type %s" % type_name(value))
    try:
        return finite(float(value))
    except OverflowError:
        raise Unusable(INFINITE, "returned a number beyond the largest float")


def inner_number(value):
    """The one number in a container, in a list, or None."""
    if isinstance(value, dict):
        found = [
            part for part in value.values() if isinstance(part, numbers.Number) or hasattr(type(part), "__array__")
        ]
        return found if len(found) == 1 else None
    if isinstance(value, (list, tuple)):
        return list(value) if len(value) == 1 else None
    if not all(length == 1 for length in value.shape):
        return None
    inner = value.item()
    return [float(inner) if hasattr(type(inner), "__array__") else inner]  # numpy's long double has no plain twin


def shape_text(value):
    """What a container that is no number looks like."""
    if isinstance(value, (list, tuple, dict)):
        return "a %s of %d elements" % (type_name(value), len(value))
    shape = getattr(value, "shape", None)
    return "an array of shape %s" % (shape,) if type(shape) is tuple else "an object of type %s" % type_name(value)


def finite(value):
    """The float itself, unless it is none."""
    if value != value:
        raise Unusable(NOT_A_NUMBER, "returned NaN")
    if value - value != 0.0:
        raise Unusable(INFINITE, "returned %s infinity" % ("plus" if value > 0 else "minus"))
    return value


# ------------------------------------------------------------------------------------------------------- text


def type_name(value):
    """The name of the type, read past any metaclass."""
    try:
        return text_of(type.__dict__["__name__"].__get__(type(value)))
    except BaseException:
        return "object"


def text_of(value):
    """`str(value)`, or nothing where that fails."""
    try:
        return str.__str__(str(value))
    except BaseException:
        return ""


def describe_exception(error):
    """`ValueError: math domain error`."""
    text = text_of(error)
    return "%s: %s" % (type_name(error), text) if text else type_name(error)


def clip(text):
    """At most MAX_REASON bytes."""
    return text[:MAX_REASON].encode("utf-8", "replace")[:MAX_REASON]


def getattr_or_none(thing, name):
    """An attribute of an object that may be hostile."""
    try:
        return getattr(thing, name, None)
    except BaseException:
        return None


# ------------------------------------------------------------------------------------------------------- program


def receive(wires):
    """The function of the payload, or None; the parent has been told either way."""
    kind, _, sequence, size, entry_size = wires.request()
    if kind != LOAD:
        os._exit(1)
    payload = wires.read(size)
    entry = wires.read(entry_size).decode("utf-8")
    if b"dill" in payload:
        import tempfile

        tempfile.tempdir = "/tmp"  # dill asks for its name while it is imported, and a search would find none writable
    try:
        function, taken, members = load(payload, entry)
        report = describe(function, taken, members)
    except Refusal as refusal:
        function = None
        report = {"outcome": refusal.problem, "detail": refusal.detail[:MAX_REASON]}
        report["callables"] = [name[:MAX_NAME] for name in list(refusal.names)[:MAX_NAMES]]
    body = json.dumps(report).encode("ascii")
    wires.send(DESCRIPTION, sequence, len(body), 0, body)
    return function


def main():
    """Boot, lock, say so, take the payload, serve."""
    requests, replies, reasons, progress, parent, memory = [int(word) for word in sys.argv[1:7]]
    facts = boot(parent, memory)
    wires = Wires(requests, replies, reasons, progress)
    silence()
    strict = sys.argv[7] != "basic"
    if strict:
        facts |= lock(parent, int(sys.argv[8]))
    wires.send(READY, 0, facts, sys.hexversion)
    if strict and facts & LOCKED != LOCKED:
        os._exit(1)  # the parent refuses too; neither relies on the other
    function = receive(wires)
    if function is not None:
        serve(wires, function)


if __name__ == "__main__":
    main()
