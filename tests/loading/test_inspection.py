import gzip
import hashlib
import json
import lzma
import math
import pickle
import random
import subprocess
import sys
import time
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.errors import ChallengeError
from blackbox.loading.inspection import inspect_bytes, inspect_file
from blackbox.loading.references import has_module, missing

DATA = Path(__file__).parent / "data"
CHALLENGES = Path(__file__).parents[2] / "challenges"
CALLS = (DATA / "3.11-cloudpickle-calls.pkl").read_bytes()
KEYS = [
    *("schema", "sha256", "size", "container", "protocol", "python", "imports", "by_value", "by_reference"),
    *("callables", "findings", "usable", "remedy", "interpreter"),
]
SECRET = b"\x80\x04c__main__\nsecret\n."
cloudpickle = pytest.importorskip("cloudpickle")
dill = pytest.importorskip("dill")


def made(source, name="f", **more):
    """A function, class or value of a script: its module is `__main__`."""
    namespace = {"__name__": "__main__", **more}
    exec(compile(source, "script.py", "exec"), namespace)
    return namespace[name]


def look(data, here=None):
    inspection = inspect_bytes(data, "challenge.pkl", here) if here else inspect_bytes(data, "challenge.pkl")
    assert inspection.usable == (inspection.remedy is None)
    assert "safe" not in " ".join(inspection.findings).lower()
    return inspection


def test_the_json_is_the_contract():
    facts = json.loads(json.dumps(look(CALLS, "3.11").as_json()))
    assert list(facts) == KEYS
    assert facts == {
        **facts,
        "schema": "blackbox.inspection/1",
        "sha256": hashlib.sha256(CALLS).hexdigest(),
        "size": len(CALLS),
        "container": "cloudpickle",
        "protocol": 5,
        "python": "3.11",
        "by_value": True,
        "by_reference": [],
        "callables": ["calls"],
        "usable": True,
        "remedy": None,
    }
    assert "cloudpickle.cloudpickle.subimport" in facts["imports"]
    assert "math" in facts["imports"]


def test_a_file_is_inspected_by_its_path(tmp_path):
    path = tmp_path / "challenge.pkl"
    path.write_bytes(CALLS)
    assert inspect_file(path) == look(CALLS)
    with pytest.raises(ChallengeError, match="There is no file"):
        inspect_file(tmp_path / "absent.pkl")


@pytest.mark.parametrize(
    ("wrap", "container"),
    [
        (gzip.compress, "cloudpickle in gzip"),
        (lzma.compress, "cloudpickle in xz"),
        (lambda data: lzma.compress(gzip.compress(data)), "cloudpickle in gzip in xz"),
    ],
)
def test_a_compressed_file_is_described_with_its_layers_and_the_digest_of_the_file(wrap, container):
    wrapped = wrap(CALLS)
    inspection = look(wrapped, "3.11")
    assert (inspection.container, inspection.callables, inspection.usable) == (container, ("calls",), True)
    assert (inspection.sha256, inspection.size) == (hashlib.sha256(wrapped).hexdigest(), len(wrapped))


def test_a_name_without_code_asks_the_sender_for_the_code():
    inspection = look(SECRET)
    assert inspection.remedy == (
        "It holds only the name __main__.secret, not its code: ask the sender to save it with cloudpickle "
        "(cloudpickle.dump) or to send the .py file as well."
    )
    assert (inspection.by_value, inspection.by_reference) == (False, ("__main__.secret",))
    assert (inspection.container, inspection.callables) == ("pickle", ("__main__.secret",))


def test_an_instance_of_a_class_of_the_script_is_such_a_name_too():
    inspection = look(b"\x80\x04c__main__\nModel\n)\x81}\x8c\x01wK\x01sb.")
    assert inspection.by_reference == ("__main__.Model",)
    assert not inspection.usable


def test_a_module_that_is_missing_is_named():
    inspection = look(b"\x80\x04cno_such_package.inside\nf\n.")
    assert inspection.by_reference == ("no_such_package.inside.f",)
    assert "install the package that provides it" in (inspection.remedy or "")


def test_a_missing_module_behind_a_by_value_function_is_named():
    data = cloudpickle.dumps(made("import math\ndef f(x): return math.sin(x)")).replace(
        b"\x8c\x04math", b"\x8c\x04nope"
    )
    inspection = look(data)
    assert "nope" in inspection.by_reference
    assert "It needs nope" in (inspection.remedy or "")


def test_a_module_imported_when_called_is_a_finding_and_no_obstacle():
    inspection = look(cloudpickle.dumps(made("def f(x):\n    import no_such_package\n    return len(x)")))
    assert inspection.by_reference == ("no_such_package",)
    assert "When called, its code imports no_such_package." in inspection.findings
    assert inspection.usable


def test_a_name_that_its_module_lacks_is_named():
    assert look(b"\x80\x04cstatistics\nno_such_name\n.").by_reference == ("statistics.no_such_name",)
    assert look(b"\x80\x04cstatistics\nmean\n.").by_reference == ()
    assert look(b"\x80\x04cbuiltins\nno_such_name\n.").by_reference == ("builtins.no_such_name",)


@pytest.mark.parametrize("value", [math.sin, Fraction, OrderedDict, json.JSONDecoder.decode, Path])
def test_what_is_installed_is_found(value):
    assert look(pickle.dumps(value, 4)).by_reference == ()


def test_looking_for_a_module_imports_nothing(tmp_path):
    """`find_spec("a.b")` would import `a`: here that would end the program."""
    (tmp_path / "loud").mkdir()
    (tmp_path / "loud" / "__init__.py").write_text("raise SystemExit('imported')")
    (tmp_path / "loud" / "inner.py").write_text("here = 1\nraise SystemExit('imported')")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from blackbox.loading.references import missing;"
        "print(missing(['loud', 'loud.inner', 'loud.absent'], [('loud.inner', 'here'), ('loud.inner', 'gone')]))"
    )
    answer = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert answer.stdout.strip() == "['loud.absent', 'loud.inner.gone']", answer.stderr


def test_modules_beside_the_person_are_not_here_for_the_worker(tmp_path, monkeypatch):
    (tmp_path / "beside.py").write_text("def f(x): return x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert look(b"\x80\x04cbeside\nf\n.").by_reference == ("beside.f",)


@pytest.mark.parametrize("module", ["../../etc", "a/b", "", ".", "a..b", "x" * 5000, "é\0", "__main__", "os\n"])
def test_a_hostile_module_name_is_simply_missing(module):
    assert not has_module(module)
    assert missing([module], [(module, "f")]) == [module, f"{module}.f"]


@pytest.mark.parametrize(
    ("path", "python"),
    [("3.12-cloudpickle-calls", "3.12"), ("3.13-dill-arithmetic", "3.13"), ("3.6-dill-calls", "3.6")],
)
def test_code_of_another_python_is_refused_with_a_remedy(path, python):
    inspection = look((DATA / f"{path}.pkl").read_bytes(), "3.11")
    assert inspection.python == python
    assert inspection.remedy == (
        f"Its code was compiled by Python {python} and this is Python 3.11, which cannot run it: "
        f"run blackbox with Python {python}, or ask the sender for the source."
    )


def test_code_that_two_versions_compile_alike_is_usable_with_both_and_with_no_other():
    data = (DATA / "3.12-cloudpickle-arithmetic.pkl").read_bytes()
    assert [look(data, here).usable for here in ("3.11", "3.12", "3.13", "3.14")] == [True, True, False, False]
    assert look(data, "3.11").python is None
    assert "Python 3.11 or 3.12" in (look(data, "3.13").remedy or "")


def test_bytecode_that_fits_no_python_is_refused():
    inspection = look(CALLS.replace(b"\x97\x00", b"\xff\xff"), "3.11")
    assert "fits no Python known here (3.6 to 3.13)" in (inspection.remedy or "")


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        (made("def f(x): return x"), ("f",)),
        (made("f = lambda x: x"), ("<lambda>",)),
        (made("import functools\ndef g(x, y): return x\nf = functools.partial(g, y=2)"), ("g",)),
        (made("def g(x): return x\nf = {'objective': g, 'bounds': [(0, 1)], 'other': abs}"), ("objective", "other")),
        (made("def g(x): return x\nf = [1, g, g]"), ("1", "2")),
        (made("def g(x): return x\nf = {'a': {'b': g, 'n': 1}, 'c': [[0, g]]}"), ("a.b", "c.0.1")),
        (made("class f:\n    def __call__(self, x): return x"), ("f",)),
        (made("class C:\n    def __call__(self, x): return x\nf = C()"), ("C",)),
        (made("class C:\n    def predict(self, x): return x\n    def _own(self): pass\nf = C()"), ("predict",)),
        (made("class C:\n    def value(self, x): return x\nf = C().value"), ("value",)),
    ],
    ids=["function", "lambda", "partial", "dict", "list", "nested", "class", "callable", "instance", "method"],
)
@pytest.mark.parametrize("library", [cloudpickle, dill])
def test_entries_that_seem_callable_are_listed(library, value, entries):
    inspection = look(library.dumps(value))
    assert inspection.callables == entries
    assert inspection.by_value


def test_a_container_that_holds_itself_is_looked_at_and_left():
    itself: list[object] = [1]
    itself += [itself, itself]
    assert look(pickle.dumps(itself)).callables == ()
    doubled: list[object] = []
    for _ in range(40):
        doubled = [doubled, doubled]
    assert not look(pickle.dumps(doubled)).usable


@pytest.mark.parametrize(
    ("value", "phrase"),
    [([1, 2, 3], "a list of 3 items"), ({"a": 1}, "a dict of 1 entry"), (3.5, "a number"), ("x", "a piece of text")],
)
@pytest.mark.parametrize("protocol", range(6))
def test_plain_data_is_said_to_be_data(value, phrase, protocol):
    inspection = look(pickle.dumps(value, protocol))
    assert f"It is {phrase}" in (inspection.remedy or "")
    assert (inspection.callables, inspection.by_value) == ((), False)


def test_an_array_is_data():
    np = pytest.importorskip("numpy")
    assert "It is data made by numpy" in (look(pickle.dumps(np.zeros(3))).remedy or "")


def test_source_text_is_by_value_whoever_wrote_it():
    body = pickle.dumps(("lambda x: x ** 2",), 2)[2:-1]
    inspection = look(b"\x80\x02cbuiltins\neval\n" + body + b"R.")
    assert (inspection.by_value, inspection.python, inspection.usable) == (True, None, True)
    assert "It holds source text, which it runs on loading." in inspection.findings
    assert "On loading it asks for builtins.eval." in inspection.findings


def test_a_packed_challenge_shows_its_function():
    variables = {"loader": "…", "source": "import math\n\ndef valley(x): return x", "name": "valley"}
    body = pickle.dumps(("exec(loader) or load(source, name)", variables), 2)[2:-1]
    assert look(b"\x80\x02cbuiltins\neval\n" + body + b"R.").callables == ("valley",)


@pytest.mark.parametrize("path", sorted(CHALLENGES.glob("*/challenge.pkl")), ids=lambda path: path.parent.name)
def test_every_challenge_of_the_catalogue_is_usable_and_holds_one_function(path):
    inspection = inspect_file(path)
    assert (inspection.usable, inspection.by_value, len(inspection.callables)) == (True, True, 1)


def test_marshalled_code_is_code():
    assert look(b"\x80\x04cmarshal\nloads\nC\x03abc\x85R.").by_value


def test_what_the_file_asks_for_is_said_as_a_fact():
    inspection = look(b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R.")
    assert "On loading it asks for posix.system." in inspection.findings
    assert inspection.imports == ("posix.system",)


def test_an_object_of_an_unknown_class_may_be_the_function():
    inspection = look(b"\x80\x04cstatistics\nNormalDist\n)\x81.")
    assert (inspection.callables, inspection.usable) == ((), True)
    assert any("It gives an object made by statistics.NormalDist" in finding for finding in inspection.findings)


def test_globals_that_dill_left_behind_are_named():
    """dill saves a script's function without the script's globals: `math` would be missing when it is called."""
    inspection = look((DATA / "3.11-dill-calls.pkl").read_bytes(), "3.11")
    assert inspection.container == "dill"
    assert inspection.by_reference == ("__main__.math",)
    assert "It does not bring __main__.math" in (inspection.remedy or "")


def test_bytes_after_the_pickle_are_reported():
    inspection = look(CALLS + b"more", "3.11")
    assert "4 more bytes follow the pickle." in inspection.findings
    assert not inspection.usable


def test_line_ends_after_the_pickle_are_nothing():
    assert look(CALLS + b"\r\n\n", "3.11").usable


def test_a_truncated_pickle_keeps_what_was_seen():
    inspection = look(CALLS[:-20])
    assert not inspection.usable
    assert inspection.findings[0].startswith("The pickle is broken: it ends in the middle")


def test_references_outside_the_file_are_explained():
    assert "persistent id outside the file" in (look(b"\x80\x02K\x01Q.").remedy or "")


def test_a_foreign_file_is_called_by_its_name():
    inspection = look(b"7z\xbc\xaf\x27\x1c" + bytes(40))
    assert inspection.findings == ("challenge.pkl is a 7-Zip archive, not a pickled function.",)
    assert (inspection.container, inspection.protocol, inspection.usable) == ("7z", None, False)


def test_a_broken_compression_is_a_finding():
    inspection = look(gzip.compress(CALLS)[:-9])
    assert inspection.findings == ("Its gzip data ends in the middle.",)
    assert inspection.container == "gzip"


def test_names_cannot_steer_a_terminal():
    inspection = inspect_bytes(b"\x80\x04c\x1b[2Jevil\nf\n.", "\x1b]0;owned\x07.pkl")
    said = " ".join((*inspection.findings, *inspection.imports, *inspection.by_reference, inspection.remedy or ""))
    assert said.isprintable()
    assert "\\x1b[2Jevil.f" in said


def test_names_of_any_length_and_number_stay_readable():
    many = b"".join(b"cm%d\nn\n0" % number for number in range(5000))
    inspection = look(b"\x80\x04" + many + b"N.")
    assert len(inspection.imports) == 1000
    assert max(map(len, inspection.findings)) < 400
    assert look(b"\x80\x04cos\n" + b"a" * 900 + b"\n.").imports[0].endswith("…")


BOMBS = {
    "memo": b"]\x94" + b"".join(b"(h" + bytes([n]) + b"h" + bytes([n]) + b"l\x94" for n in range(200)),
    "partials": b"cfunctools\npartial\n\x94](" + b"h\x00)R" * 30_000 + b"e",
    "classes": b"cbuiltins\ntype\n\x94(" + b"N" * 40_000 + b"d\x94](" + b"h\x00\x8c\x01A)h\x01\x87R" * 10_000 + b"e",
    "nested": b"cbuiltins\nabs\n" + b"\x85" * 50_000,
    "calls of calls": b"cbuiltins\nabs\n" + b")R" * 50_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_of_shared_symbols_is_inspected_in_a_moment(bomb):
    start = time.thread_time()
    inspection = look(b"\x80\x04" + BOMBS[bomb] + b".")
    assert time.thread_time() - start < 4
    assert len(inspection.callables) <= 1000


@given(st.sampled_from(sorted(DATA.glob("3.1*.pkl"))), st.integers(0, 2**32))
def test_a_mutated_function_is_never_an_exception(path, seed):
    draw = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(draw.randrange(1, 8)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    json.dumps(look(bytes(data)).as_json())


@given(st.sampled_from(sorted(DATA.glob("*.pkl"))), st.integers(0, 2**32))
def test_a_truncated_function_is_never_usable(path, seed):
    data = path.read_bytes()
    assert not look(data[: seed % len(data)]).usable


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_never_an_exception(data):
    look(data)
    look(b"\x80\x04" + data)


def test_inspection_imports_no_numpy_and_nothing_that_unpickles():
    program = "import blackbox.loading.inspection, sys; print(sorted({'numpy', 'pickle', 'dill'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.strip() == "[]"
