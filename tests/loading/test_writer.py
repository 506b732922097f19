"""Which Python wrote a file: fixtures of every version, the interpreters of this machine, and the standard library."""

import importlib.util
import json
import opcode
import os
import pickle
import shutil
import subprocess
import sys
import sysconfig
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.loading.bytecode import NEWER, Code, possible_versions, without_foreign_idioms
from blackbox.loading.bytecode_tables import TABLES
from blackbox.loading.opcode_machine import run
from blackbox.loading.symbols import Text, descend
from blackbox.loading.writer import Writer, find_codes, find_writer

DATA = Path(__file__).parent / "data"
MATERIAL = Path(__file__).parent / "writer_material.py"
VERSIONS = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
LIBRARIES = ["cloudpickle", "dill"]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

TWINS = {
    "3.6": ("3.6", "3.7"),
    "3.7": ("3.6", "3.7"),
    "3.8": ("3.8", "3.9"),
    "3.9": ("3.8", "3.9"),
    "3.11": ("3.11", "3.12"),
    "3.12": ("3.11", "3.12"),
}
"""Versions that compile plain arithmetic to identical bytes: nobody can tell these files apart."""


def writer_of(data):
    program = run(data)
    writer = find_writer(program, find_codes(program))
    assert writer is not None
    return writer


def expected(version, kind):
    """What can be known of each kind of function."""
    if kind == "arithmetic" or (version in ("3.6", "3.7") and kind == "handler"):
        return TWINS.get(version, (version,))
    if version in ("3.8", "3.9") and kind != "handler":
        return TWINS[version]
    return (version,)


def interpreters():
    """Version → interpreter, of those that pyenv, or whatever installed this one beside others, keeps here."""
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions", *Path(sys.base_prefix).parents]
    found = {}
    for root in roots:
        for folder in sorted(root.glob("*")) if root.name == "versions" else ():
            version = ".".join(folder.name.split(".")[:2])
            if (folder / "bin" / "python").exists():
                found.setdefault(version, folder / "bin" / "python")
    return found


def interpreter(version):
    found = interpreters().get(version)
    if found is None:
        pytest.skip(f"no Python {version} on this machine")
    return found


@pytest.mark.parametrize("kind", ["arithmetic", "calls", "handler", "instance"])
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_writer_of_a_stored_file_is_known_as_far_as_it_can_be(version, library, kind):
    writer = writer_of((DATA / f"{version}-{library}-{kind}.pkl").read_bytes())
    assert writer.versions == expected(version, kind)
    assert writer.python == (version if len(writer.versions) == 1 else None)


@pytest.mark.parametrize(("one", "other"), [("3.6", "3.7"), ("3.11", "3.12")])
def test_files_that_cannot_be_told_apart_are_the_same_to_the_byte(one, other):
    """Were they not, the rule would have something to go by."""
    name = "cloudpickle-arithmetic.pkl"
    assert (DATA / f"{one}-{name}").read_bytes() == (DATA / f"{other}-{name}").read_bytes()


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_kind_of_function_saved_by_an_interpreter_here_is_recognised(version, library, tmp_path):
    python = interpreter(version)
    packages, files = tmp_path / "packages", tmp_path / "files"
    files.mkdir()
    own = importlib.util.find_spec(library)
    if own is None or own.origin is None:
        pytest.skip(f"no {library} here")
    shutil.copytree(Path(own.origin).parent, packages / library)
    saved = subprocess.run(
        [str(python), str(MATERIAL), str(files), library],
        env={**os.environ, "PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if saved.returncode:
        pytest.skip(f"this {library} does not run under Python {version}: {saved.stderr.strip().splitlines()[-1]}")
    written = sorted(files.iterdir())
    assert len(written) >= 12
    for file in written:
        writer = writer_of(file.read_bytes())
        assert version in writer.versions, file.name
        assert writer.versions in ((version,), TWINS.get(version)), file.name


@pytest.mark.parametrize("version", VERSIONS)
def test_the_opcode_tables_are_those_of_the_interpreters(version):
    python = sys.executable if version == HERE else interpreter(version)
    program = (
        "import json, opcode; print(json.dumps([opcode.opmap,"
        " dict(getattr(opcode, '_inline_cache_entries', {}))"
        " if isinstance(getattr(opcode, '_inline_cache_entries', {}), dict)"
        " else {opcode.opname[i]: n for i, n in enumerate(opcode._inline_cache_entries)}]))"
    )
    answer = subprocess.run([str(python), "-c", program], capture_output=True, text=True, timeout=60, check=True)
    numbers, caches = json.loads(answer.stdout)
    internal = ("INSTRUMENTED_", "RESERVED", "INTERPRETER_EXIT", "ENTER_EXECUTOR")
    plain = {number: name for name, number in numbers.items() if number < 256 and not name.startswith(internal)}
    assert TABLES[version].names == plain
    in_use = {name: count for name, count in caches.items() if count and name in plain.values()}
    assert {name: count for name, count in TABLES[version].caches.items() if name in plain.values()} == in_use


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


@pytest.mark.skipif(HERE not in TABLES, reason="this Python is newer than the tables")
@pytest.mark.parametrize("module", ["argparse", "ast", "asyncio/base_events", "dataclasses", "inspect", "statistics"])
def test_code_compiled_here_is_never_said_to_come_from_elsewhere(module):
    source = (Path(sysconfig.get_path("stdlib")) / f"{module}.py").read_bytes()
    among = [version for version in TABLES if opcode.opmap.get("RESUME") is None or TABLES[version].minor >= 11]
    certain = total = 0
    for code in code_objects(compile(source, module, "exec")):
        cells = len(code.co_freevars) + len(code.co_cellvars)
        facts = Code(code.co_code, len(code.co_consts), code.co_names, len(code.co_varnames), cells)
        possible = possible_versions(facts, among)
        likely = without_foreign_idioms(facts, possible)
        assert HERE in possible
        assert HERE in likely
        certain, total = certain + (likely == (HERE,)), total + 1
    assert certain > 0.9 * total


@given(st.sampled_from(sorted(DATA.glob("*.pkl"))), st.integers(0, 200), st.integers(0, 255))
def test_changed_bytecode_is_never_an_exception(path, offset, value):
    program = run(path.read_bytes())
    for code in find_codes(program):
        changed = bytearray(code.facts.code)
        changed[offset % len(changed)] = value
        facts = Code(bytes(changed), code.facts.constants, code.facts.names, code.facts.locals, code.facts.cells)
        assert set(possible_versions(facts, code.versions)) <= set(code.versions)


def test_bytecode_that_nobody_wrote_fits_nobody():
    data = (DATA / "3.11-cloudpickle-calls.pkl").read_bytes().replace(b"\x97\x00", b"\xff\xff")
    writer = writer_of(data)
    assert (writer.versions, writer.python) == ((), None)


def code_pickle(*arguments):
    """A pickle that calls `types.CodeType` with these."""
    body = pickle.dumps(arguments, 4)[2:-1]
    return b"\x80\x04ctypes\nCodeType\n" + body + b"R."


def test_a_version_after_the_tables_is_not_guessed():
    code = b"\x80\x00\x56\x00\x23\x00"  # 3.14: RESUME, LOAD_FAST_BORROW, RETURN_VALUE
    made = code_pickle(1, 0, 0, 1, 1, 3, code, (None,), (), ("x",), "f", "f", "f", 1, b"", b"", (), ())
    writer = writer_of(made)
    assert (writer.versions, writer.python, writer.phrase) == ((NEWER,), None, "Python 3.14 or newer")


def test_an_old_library_on_3_10_leaves_3_10_possible():
    """It wrote the line table of 3.9; only the library's own names would tell, and here there are none."""
    arguments = (1, 0, 0, 1, 1, 67, b"|\x00S\x00", (None,), (), ("x",), "f", "f", 1, b"\x00\x01", (), ())
    assert writer_of(code_pickle(*arguments)).versions == ("3.8", "3.9", "3.10")


def test_the_line_table_of_3_10_is_recognised():
    arguments = (1, 0, 0, 1, 1, 67, b"|\x00S\x00", (None,), (), ("x",), "f", "f", 1, b"\x04\x01", (), ())
    assert writer_of(code_pickle(*arguments)).versions == ("3.10",)


@pytest.mark.parametrize("protocol", range(5))
def test_old_protocols_carry_bytecode_as_text_and_are_read(protocol):
    cloudpickle = pytest.importorskip("cloudpickle")
    namespace = {"__name__": "__main__"}
    exec("import math\ndef f(x):\n    return math.sin(x) + len(str(x))", namespace)
    writer = writer_of(cloudpickle.dumps(namespace["f"], protocol))
    assert HERE in writer.versions


def test_data_has_no_writer():
    program = run(pickle.dumps([1, 2, 3]))
    assert find_writer(program, find_codes(program)) is None


def test_code_objects_that_share_a_name_table_cost_no_more_than_one():
    names = b"(" + b"".join(b"\x8c\x04%04d" % (n % 1000) for n in range(50_000)) + b"t\x94"
    one = b"h\x00(" + b"K\x01" * 6 + b"C\x04\x97\x00S\x00(Nth\x01)\x8c\x01f\x8c\x01f\x8c\x01fK\x01C\x00C\x00))tR"
    program = run(b"\x80\x04ctypes\nCodeType\n\x94" + names + b"](" + one * 500 + b"e.")
    codes = find_codes(program)
    assert len(codes) == 500
    assert find_writer(program, codes) is not None


def test_the_phrase_names_every_version_left():
    assert Writer(("3.8", "3.9")).phrase == "Python 3.8 or 3.9"
    assert Writer(("3.12",)).phrase == "Python 3.12"
    assert Writer(()).phrase == "no Python known here"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.pkl")), ids=lambda path: path.stem)
def test_stored_files_name_no_folder_of_the_machine_that_made_them(path):
    calls = run(path.read_bytes()).calls
    texts = [symbol.value for call in calls for symbol in descend(call, 1000) if isinstance(symbol, Text)]
    assert "material.py" in texts
    assert not any("/" in text or "\\" in text for text in texts)
