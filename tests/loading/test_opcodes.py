import collections
import datetime
import functools
import math
import operator
import os.path
import pickle
import pickletools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.loading.opcode_actions import ACTIONS, CONSTANTS
from blackbox.loading.opcode_machine import run
from blackbox.loading.opcodes import OPCODES, instructions
from blackbox.loading.symbols import Call, Global, Mapping, Number, Sequence, Text, arguments_of, descend

FUNCTIONS = [math.sin, os.path.join, functools.reduce, operator.add, len, datetime.date, collections.OrderedDict, range]
LEAVES = st.one_of(
    st.integers(), st.floats(), st.text(max_size=20), st.booleans(), st.none(), st.binary(max_size=20)
) | st.sampled_from(FUNCTIONS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5) | st.tuples(inner, inner)
    ),
    max_leaves=25,
)


def names(data):
    return [name.path for name in run(data).names]


def functions_in(value):
    if isinstance(value, dict):
        return {function for item in value.values() for function in functions_in(item)}
    if isinstance(value, (list, tuple)):
        return {function for item in value for function in functions_in(item)}
    return {f"{value.__module__}.{value.__qualname__}"} if value in FUNCTIONS else set()


def test_the_table_is_that_of_the_standard_library():
    assert {code: name for code, (name, _) in OPCODES.items()} == {ord(op.code): op.name for op in pickletools.opcodes}
    assert {name for name, _ in OPCODES.values()} == set(ACTIONS) | set(CONSTANTS)


@given(VALUES, st.integers(0, 5))
def test_opcodes_and_their_places_are_those_of_pickletools(value, protocol):
    data = pickle.dumps(value, protocol)
    ours = [(name, position) for name, _, position in instructions(data)]
    assert ours == [(op.name, position) for op, _, position in pickletools.genops(data)]


@given(VALUES, st.integers(0, 5))
def test_the_names_asked_for_are_those_of_the_functions_inside(value, protocol):
    program = run(pickle.dumps(value, protocol))
    assert program.fault is None
    helpers = {"_codecs.encode", "builtins.bytes"} if protocol < 3 else set()  # how bytes travel in old protocols
    asked = {name.path.replace("posixpath", "os.path").replace("ntpath", "os.path") for name in program.names}
    expected = {name.replace("posixpath", "os.path").replace("ntpath", "os.path") for name in functions_in(value)}
    # Pickle asks for a builtin function under whichever of its two modules it finds first.
    asked, expected = ({name.replace("_functools.", "functools.") for name in names} for names in (asked, expected))
    assert expected <= asked <= expected | helpers


@given(VALUES, st.integers(0, 5))
def test_an_honest_pickle_is_read_to_its_last_byte(value, protocol):
    data = pickle.dumps(value, protocol)
    program = run(data)
    assert (program.consumed, program.fault) == (len(data), None)
    assert program.protocol == (protocol if protocol >= 2 else 0)


def test_values_are_rebuilt_as_symbols():
    top = run(pickle.dumps({"a": [1, (2.5, "b")]}, 4)).top
    assert isinstance(top, Mapping)
    [(key, value)] = top.pairs()
    assert isinstance(key, Text)
    assert key.value == "a"
    assert isinstance(value, Sequence)
    one, pair = value.items
    assert isinstance(one, Number)
    assert isinstance(pair, Sequence)
    assert (one.value, pair.kind, [item.value for item in pair.items]) == (1, "tuple", [2.5, "b"])


def test_a_call_keeps_its_arguments_and_its_state():
    top = run(pickle.dumps(functools.partial(pow, 2, mod=7), 4)).top
    assert isinstance(top, Call)
    assert isinstance(top.target, Global)
    assert top.target.path == "functools.partial"
    assert [item.path for item in arguments_of(top)] == ["builtins.pow"]
    assert len(top.state) == 1


HEAD, CALL = b"\x80\x04", b"\x8c\x02ls\x85R"
ATTACKS = {
    "plain": HEAD + b"\x8c\x02os\x8c\x06system\x93" + CALL + b".",
    "decoy strings after the real ones": HEAD + b"\x8c\x02os\x8c\x06system\x8c\x04math0\x8c\x03sin0\x93" + CALL + b".",
    "decoys under a mark": HEAD + b"\x8c\x02os\x8c\x06system(\x8c\x04math\x8c\x03sin1\x93" + CALL + b".",
    "from the memo": HEAD + b"\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93" + CALL + b".",
    "memo swapped": HEAD + b"\x8c\x04mathq\x00\x8c\x02osq\x0000h\x00\x8c\x06system\x93" + CALL + b".",
    "memo through PUT and MEMOIZE": HEAD
    + b"\x8c\x02os\x94\x8c\x06systemr\xff\x00\x00\x0000h\x00j\xff\x00\x00\x00\x93"
    + CALL
    + b".",
    "duplicated and popped": HEAD + b"\x8c\x02os200\x8c\x02os\x8c\x06system20\x93" + CALL + b".",
    "global": b"cos\nsystem\n(S'ls'\ntR.",
    "inst": b"(S'ls'\nios\nsystem\n.",
    "obj": b"(cos\nsystem\nS'ls'\no.",
    "newobj": HEAD + b"cos\nsystem\n\x8c\x02ls\x85\x81.",
    "newobj_ex": HEAD + b"cos\nsystem\n\x8c\x02ls\x85}\x92.",
    "result thrown away": HEAD + b"cos\nsystem\n" + CALL + b"0cmath\nsin\n.",
    "inside a frame that lies": HEAD
    + b"\x95\x02\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x8c\x06system\x93"
    + CALL
    + b".",
    "a mark as rubbish": HEAD + b"(0\x8c\x02os\x8c\x06system\x93" + CALL + b".",
    "before a broken end": HEAD + b"cos\nsystem\n" + CALL + b"\xff",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_game_with_stack_and_memo_hides_the_call(attack):
    program = run(ATTACKS[attack])
    assert "os.system" in [name.path for name in program.names]
    [call] = program.calls
    assert isinstance(call.target, Global)
    assert call.target.path == "os.system"
    [argument] = arguments_of(call)
    assert isinstance(argument, Text)
    assert argument.value == "ls"


def test_modules_of_python_2_are_called_by_their_new_names_below_protocol_3():
    assert names(b"c__builtin__\neval\n.") == ["builtins.eval"]
    assert names(b"\x80\x02c__builtin__\nreduce\n.") == ["functools.reduce"]
    assert names(b"\x80\x04c__builtin__\neval\n.") == ["__builtin__.eval"]


def test_setting_attributes_of_what_the_file_did_not_make_counts_as_a_call():
    program = run(b"\x80\x04cos\nenviron\n}\x8c\x04PATHN\x73b.")
    [call] = program.calls
    assert isinstance(call.target, Global)
    assert call.target.path == "os.environ"


@pytest.mark.parametrize(
    ("data", "need"),
    [
        (b"Pab\n.", "persistent id"),
        (b"\x80\x02K\x01Q.", "persistent id"),
        (b"\x80\x05\x97.", "buffer"),
        (b"\x80\x02\x82\x07.", "extension 7"),
    ],
)
def test_what_comes_from_outside_the_file_is_noted(data, need):
    program = run(data)
    assert program.fault is None
    assert program.needs == (need,)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "ends in the middle"),
        (b"\x80\x04", "ends in the middle"),
        (b"\x80\x09.", "protocol 9"),
        (b"\x80\x04\xff.", "no pickle opcode"),
        (b"\x80\x04R.", "too little on the stack"),
        (b"\x80\x04N(R.", "too little on the stack"),
        (b"\x80\x04N(2.", "too little on the stack"),
        (b"\x80\x04.", "too little on the stack"),
        (b"\x80\x04t.", "too little on the stack"),
        (b"\x80\x04h\x05.", "memo entry 5"),
        (b"\x80\x04(K\x01d.", "key without a value"),
        (b"\x80\x04K\x01K\x02\x93.", "no text"),
        (b"\x80\x04\x8b\xff\xff\xff\xff.", "ends in the middle"),
        (b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "ends in the middle"),
        (b"\x80\x04B\xff\xff\xff\x7f.", "ends in the middle"),
        (b"\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N.", "frame of 255 bytes"),
        (b"\x80\x04\x8c\x02\xff\xfe.", "no utf-8 text"),
        (b"Iabc\n.", "no number"),
        (b"Sabc\n.", "no quoted text"),
        (b"c" + b"a" * 2000 + b"\nb\n.", "more than 1000 characters"),
    ],
)
def test_a_broken_pickle_is_a_fault_and_no_exception(data, fault):
    program = run(data)
    assert program.fault is not None
    assert fault in program.fault
    assert program.top is None


def test_a_memo_bomb_costs_nothing():
    levels = b"".join(b"(h" + bytes([n]) + b"h" + bytes([n]) + b"l\x94" for n in range(200))
    start = time.thread_time()
    program = run(b"\x80\x04]\x94" + levels + b".")
    assert program.fault is None
    assert program.top is not None
    assert sum(1 for _ in descend(program.top, 10_000)) == 201
    assert len(repr(program.top)) < 200
    assert time.thread_time() - start < 1


def test_a_list_that_holds_itself_is_walked_once():
    top = run(b"\x80\x04]\x94h\x00a.").top
    assert top is not None
    assert list(descend(top, 100)) == [top]


def test_nesting_of_any_depth_needs_no_recursion():
    program = run(b"\x80\x04N" + b"\x85" * 100_000 + b".")
    assert program.top is not None
    assert sum(1 for _ in descend(program.top, 200_000)) == 100_001


def test_an_opcode_bomb_is_cut_off():
    program = run(b"\x80\x04" + b"N0" * 10_000 + b"N.", maximum_opcodes=5000)
    assert program.fault == "it has more than 5,000 opcodes"
    assert program.beyond
    assert not run(b"\x80\x04N").beyond


def test_the_clock_cuts_off():
    program = run(b"\x80\x04" + b"N0" * 100_000 + b"N.", seconds=0)
    assert program.fault is not None
    assert "takes longer than 0 seconds" in program.fault


def test_numbers_too_long_to_read_are_not_read():
    program = run(b"L" + b"9" * 1_000_000 + b"L\n.")
    assert isinstance(program.top, Number)
    assert program.top.value is None


@given(VALUES, st.integers(0, 5), st.integers(0, 2**32))
def test_a_mutated_pickle_is_never_an_exception(value, protocol, seed):
    draw = random.Random(seed)
    data = bytearray(pickle.dumps(value, protocol))
    for _ in range(draw.randrange(1, 6)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    program = run(bytes(data))
    assert program.consumed <= len(data)


@given(VALUES, st.integers(0, 5), st.integers(0, 2**32))
def test_a_truncated_pickle_is_a_fault(value, protocol, seed):
    data = pickle.dumps(value, protocol)
    assert run(data[: seed % len(data)]).fault is not None


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_never_an_exception(data):
    run(b"\x80\x04" + data)
