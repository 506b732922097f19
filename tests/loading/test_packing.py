"""What is packed can be loaded: the same function, the same text, the same bytes every time."""

import ast
import contextlib
import dataclasses
import functools
import importlib.util
import inspect
import keyword
import pickle
import pickletools
import subprocess
import sys
import traceback
import unicodedata
from pathlib import Path

import cloudpickle
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blackbox.core.errors import BlackboxError, ChallengeError, UsageError
from blackbox.loading.packing import execute, load_entry, needed_modules, pack_bytecode, pack_source, write_atomically

SQUARE = "def f(x):\n    return x * x\n"
FILE_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ONE_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"))
NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8).filter(
    lambda name: name.isidentifier() and not keyword.iskeyword(unicodedata.normalize("NFKC", name))
)


def write(folder: Path, text: str, name: str = "author.py") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@given(text=st.text(), remark=ONE_LINE)
def test_any_text_in_the_source_survives(text, remark):
    source = f"# {remark}\nTEXT = {text!r}\ndef f():\n    return TEXT\n"
    assert pickle.loads(pack_source(source, "f"))() == text


@given(remark=ONE_LINE)
def test_tracebacks_show_the_right_line_below_any_comment(remark):
    function = pickle.loads(pack_source(f"# {remark}\ndef f(x):\n    return 1 / x\n", "f"))
    with pytest.raises(ZeroDivisionError) as caught:
        function(0)
    last = traceback.extract_tb(caught.tb)[-1]
    assert (last.lineno, last.line) == (3, "return 1 / x")


@given(name=NAMES)
def test_any_identifier_can_be_the_name(name):
    assert pickle.loads(pack_source(f"def {name}(x):\n    return x + 1\n", name))(1) == 2


@given(source=FILE_TEXT)
def test_any_text_is_packed_or_refused_with_an_error_of_ours(source):
    with contextlib.suppress(BlackboxError):
        assert list(pickletools.genops(pack_source(source, "f")))


@given(name=NAMES)
def test_a_name_that_is_not_there_is_refused(name):
    assume(unicodedata.normalize("NFKC", name) != "f")
    with pytest.raises(UsageError, match="it defines f"):
        pack_source(SQUARE, name)


def test_the_pickle_is_of_protocol_2_and_imports_eval_alone():
    operations = [(code.name, argument) for code, argument, _ in pickletools.genops(pack_source(SQUARE, "f"))]
    assert operations[0] == ("PROTO", 2)
    assert [argument for name, argument in operations if name == "GLOBAL"] == ["builtins eval"]
    assert [name for name, _ in operations if name in ("REDUCE", "BUILD", "INST", "OBJ")] == ["REDUCE"]


def test_the_source_is_in_the_pickle_as_it_was_written():
    texts = [
        argument for code, argument, _ in pickletools.genops(pack_source(SQUARE, "f")) if code.name == "BINUNICODE"
    ]
    assert SQUARE in texts


def test_the_same_source_gives_the_same_bytes_in_another_process_and_folder(tmp_path):
    program = f"import sys, blackbox.loading.packing as p; sys.stdout.buffer.write(p.pack_source({SQUARE!r}, 'f'))"
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True)
    assert run.stdout == pack_source(SQUARE, "f")


def test_signature_and_source_of_the_loaded_function_can_be_asked_for():
    function = pickle.loads(pack_source("def f(x1, x2=3.0):\n    return x1\n", "f"))
    assert str(inspect.signature(function)) == "(x1, x2=3.0)"
    assert inspect.getsource(function) == "def f(x1, x2=3.0):\n    return x1\n"
    assert function.__module__ == "challenge"


def test_two_challenges_in_one_process_keep_their_own_lines():
    first, second = (pickle.loads(pack_source(f"def f(x):\n    return x + {n}\n", "f")) for n in (1, 2))
    assert inspect.getsource(first) != inspect.getsource(second)
    assert (first(0), second(0)) == (1, 2)


def test_a_dataclass_with_postponed_annotations_loads():
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass Bowl:\n"
        "    height: float\n    def __call__(self, x):\n        return x * x + self.height\nf = Bowl(3.0)\n"
    )
    function = pickle.loads(pack_source(source, "f"))
    assert function(2.0) == 7.0
    assert dataclasses.is_dataclass(function)


def test_future_statements_of_the_loading_program_do_not_reach_the_source():
    packed = pack_source("def f(x: float):\n    return x\n", "f")
    namespace = {"packed": packed}
    exec("from __future__ import annotations\nimport pickle\nf = pickle.loads(packed)", namespace)
    assert namespace["f"].__annotations__ == {"x": float}


@pytest.mark.parametrize("source", [SQUARE, "def f(x):\n    return x\nraise RuntimeError('broken')\n"])
def test_loading_leaves_the_module_table_as_it_was(source, monkeypatch):
    before = object()
    for held in (None, before):
        monkeypatch.delitem(sys.modules, "challenge", raising=False)
        if held is not None:
            monkeypatch.setitem(sys.modules, "challenge", held)
        with contextlib.suppress(RuntimeError):
            pickle.loads(pack_source(source, "f"))
        assert sys.modules.get("challenge") is held


def test_the_loaded_function_can_be_sent_on_by_cloudpickle(tmp_path):
    sent = tmp_path / "sent.pkl"
    sent.write_bytes(cloudpickle.dumps(pickle.loads(pack_source(SQUARE, "f"))))
    program = f"import pickle; print(pickle.load(open({str(sent)!r}, 'rb'))(3))"
    assert subprocess.check_output([sys.executable, "-c", program], cwd=tmp_path, text=True) == "9\n"


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("def f(x:\n", ChallengeError, "line 1: this is no valid Python"),
        ("return 1\nf = 2\n", ChallengeError, "outside function"),
        ("f = '\ud800'\n", ChallengeError, "no valid Python"),
        ("f = 1\0\n", ChallengeError, "no valid Python"),
        ("f = " + "(" * 10_000, ChallengeError, "no valid Python"),
        ("from . import other\ndef f(x): ...\n", ChallengeError, "relative import"),
        ("", UsageError, "it defines nothing"),
        ("def g(x): ...\ndef h(x): ...\nA = 1\n", UsageError, "it defines g, h$"),
        ("A = 1\n", UsageError, "it defines A$"),
        ("def g():\n    def f(x): ...\n", UsageError, "defines no f at its top level"),
        ("class f: ...\n", UsageError, "is a class"),
        ("async def f(x): ...\n", UsageError, "async"),
        ("f = 3\n", UsageError, "constant 3"),
    ],
)
def test_sources_that_cannot_work_are_refused(source, error, words):
    with pytest.raises(error, match=words):
        pack_source(source, "f")


@pytest.mark.parametrize(
    "source",
    [
        "f = lambda x: x * x\n",
        "if True:\n    def f(x): return x * x\nelse:\n    f = None\n",
        "try:\n    from nowhere import f\nexcept ImportError:\n    def f(x): return x ** 2\n",
        "import functools\n@functools.lru_cache(None)\ndef f(x): return x * x\n",
        "(f := lambda x: x * x)\n",
    ],
)
def test_every_way_to_bind_a_name_at_top_level_counts(source):
    assert pickle.loads(pack_source(source, "f"))(3) == 9


@pytest.mark.parametrize("spec", ["author.py", "author.py:", ":f", "author.py:two words", "author.py:1f", ""])
def test_a_spec_that_names_no_function_of_a_file_is_wrong_usage(spec):
    with pytest.raises(UsageError, match=r"FILE\.py:NAME"):
        load_entry(spec)


def test_files_that_cannot_be_read_are_said_to_be_so(tmp_path):
    with pytest.raises(ChallengeError, match="There is no file"):
        load_entry(f"{tmp_path / 'missing.py'}:f")
    with pytest.raises(ChallengeError, match="is a folder"):
        load_entry(f"{tmp_path}:f")
    binary = tmp_path / "binary.py"
    binary.write_bytes(b"f = '\xff\xfe'\n")
    with pytest.raises(ChallengeError, match="cannot be read as Python text"):
        load_entry(f"{binary}:f")


def test_looking_for_a_name_never_runs_the_file(tmp_path):
    path = write(tmp_path, f"{SQUARE}raise RuntimeError\n")
    assert load_entry(f"{path}:f").name == "f"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfA = '\xc3\xa9'\r\n", b"# -*- coding: latin-1 -*-\nA = '\xe9'\n"])
def test_marks_coding_lines_and_line_ends_are_read_as_python_reads_them(tmp_path, data):
    path = tmp_path / "author.py"
    path.write_bytes(data + b"def f():\r\n    return A\r\n")
    entry = load_entry(f"{path}:f")
    assert "\r" not in entry.source
    assert pickle.loads(pack_source(entry.source, entry.name))() == "é"


def test_a_file_that_needs_its_neighbour_is_refused(tmp_path):
    write(tmp_path, "A = 1\n", "beside.py")
    path = write(tmp_path, "import json\nimport numpy as np\nfrom beside import A\ndef f(x): return A\n")
    with pytest.raises(ChallengeError, match="imports beside, which lies beside it"):
        load_entry(f"{path}:f")


def test_needed_modules_are_those_that_python_does_not_bring():
    source = "import os.path, numpy.linalg as la\nfrom math import sin\ndef f():\n    from scipy import optimize\n"
    assert needed_modules(source) == ("numpy", "scipy")


def bytecode_of(folder: Path, text: str) -> bytes:
    return pack_bytecode(execute(load_entry(f"{write(folder, text)}:f")))


@pytest.mark.parametrize(
    "text",
    [
        "import math\nA = 2\ndef g(x): return A * x\ndef f(x): return math.sqrt(g(x)) + 1\n",
        "from functools import partial\ndef g(a, x): return a + x\nf = partial(g, 1.0)\n",
        "class Bowl:\n    def __call__(self, x): return x + 1\nf = Bowl()\n",
    ],
)
def test_bytecode_loads_elsewhere_without_the_authors_file_and_path(tmp_path, text):
    packed = bytecode_of(tmp_path, text)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "f.pkl").write_bytes(packed)
    program = "import pickle; print(pickle.load(open('f.pkl', 'rb'))(2.0))"
    assert subprocess.check_output([sys.executable, "-c", program], cwd=elsewhere, text=True) == "3.0\n"
    assert str(tmp_path).encode() not in packed
    assert packed[:2] == b"\x80\x02"


def test_running_the_authors_file_tells_it_where_it_is_and_forgets_the_module(tmp_path):
    function = execute(load_entry(f"{write(tmp_path, 'HERE = __file__' + chr(10) + 'def f(): return HERE')}:f"))
    assert function() == str(tmp_path / "author.py")
    assert function.__module__ not in sys.modules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x): ...\n1 / 0\n", "cannot be run: ZeroDivisionError"),
        ("def f(x): ...\nraise SystemExit(0)\n", "cannot be run: SystemExit"),
        ("f = [1]\n", "of type list: it cannot be called"),
        ("def f(x): ...\ndel f\n", "it cannot be called"),
        ("import threading\nLOCK = threading.Lock()\ndef f(x): return LOCK\n", "cannot be packed as bytecode"),
    ],
)
def test_files_that_give_no_bytecode_are_refused_with_the_reason(tmp_path, text, words):
    with pytest.raises(ChallengeError, match=words):
        bytecode_of(tmp_path, text)


@pytest.mark.parametrize("registered", [False, True])
def test_a_live_function_takes_its_module_along_and_leaves_the_registry_alone(tmp_path, monkeypatch, registered):
    spec = importlib.util.spec_from_file_location(
        "live_module", write(tmp_path, f"{SQUARE}def g(x): return f(x) + 1\n")
    )
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "live_module", module)
    spec.loader.exec_module(module)
    if registered:
        cloudpickle.register_pickle_by_value(module)
    try:
        packed = pack_bytecode(functools.partial(module.g))
        assert ("live_module" in cloudpickle.list_registry_pickle_by_value()) is registered
    finally:
        if registered:
            cloudpickle.unregister_pickle_by_value(module)
    monkeypatch.delitem(sys.modules, "live_module")
    assert pickle.loads(packed)(3) == 10


def test_a_function_of_python_itself_is_packed_by_name():
    assert pickle.loads(pack_bytecode(ast.dump)) is ast.dump


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "challenge.pkl"
    for data in (b"old", b"new"):
        write_atomically(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_is_an_error_of_ours_and_keeps_the_folder_clean(tmp_path):
    with pytest.raises(UsageError, match="there is no folder"):
        write_atomically(tmp_path / "missing" / "challenge.pkl", b"")
    with pytest.raises(UsageError, match="this is a folder"):
        write_atomically(tmp_path, b"")
    with pytest.raises(UsageError, match="cannot be written"):
        write_atomically(tmp_path / ("long" * 100), b"")
    assert list(tmp_path.iterdir()) == []
