"""A person's files and lines are read as they are, without evaluating a word of them."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.loading.array_text import DEEPEST, DataError, read_nested
from blackbox.loading.tables import read_point, read_points, read_value, read_values

numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
rows = st.integers(1, 5).flatmap(lambda d: st.lists(st.lists(numbers, min_size=d, max_size=d), min_size=1, max_size=6))


def file(tmp_path: Path, text: str | bytes, name: str = "data.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@given(rows)
def test_what_python_and_numpy_print_reads_back(table: list[list[float]]) -> None:
    array = np.array(table)
    assert read_nested(repr(table)) == [table]
    with np.printoptions(precision=8):
        assert np.allclose(np.array(read_nested(repr([np.array(row) for row in table]))[0]), array, rtol=1e-7, atol=0)
    assert read_nested(repr(array.tolist()).replace("\n", "")) == [table]
    with np.printoptions(precision=17, threshold=10**6):
        assert np.array_equal(np.array(read_nested(str(array))[0]), array)
        assert np.array_equal(np.array(read_nested(repr(array))[0]), array)
    assert read_nested(" ".join(repr(np.float64(value)) for value in table[0])) == table[0]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        read_nested(text)
    except DataError as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true')", "[1, 2", "open('x')", "[1, lambda: 2]", "1 + 1", "[" * 10**5, "array()"]
)
def test_what_is_no_array_is_not_evaluated(text: str) -> None:
    with pytest.raises(DataError):
        read_nested(text)


def test_types_are_passed_over() -> None:
    assert read_nested("array([1, 2], dtype=float32)") == [[1.0, 2.0]]
    assert read_nested("array([1., 2.], dtype='<f8')") == [[1.0, 2.0]]
    assert DEEPEST > 3


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("0.1,0.2", [0.1, 0.2]),
        ("0.1, 0.2", [0.1, 0.2]),
        ("0.1 0.2", [0.1, 0.2]),
        ("[0.1, 0.2]", [0.1, 0.2]),
        ("(0.1, 0.2)", [0.1, 0.2]),
        ("array([0.1, 0.2])", [0.1, 0.2]),
        ("np.array([0.1 , 0.2])", [0.1, 0.2]),
        ("[[0.1, 0.2]]", [0.1, 0.2]),
        ("0.123456-0.654321-0.500000", [0.123456, 0.654321, 0.5]),
        ("-0.100000--0.200000", [-0.1, -0.2]),
        ("-1.500000-2.250000", [-1.5, 2.25]),
        ("-3.5", [-3.5]),
        ("1e-3,2E+2", [0.001, 200.0]),
        ("0.1,zwei", None),
        ("", None),
        ("0.1-", None),
        ("[[1, 2], [3, 4]]", None),
    ],
)
def test_one_point(text: str, point: list[float] | None) -> None:
    assert read_point(text) == point


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8))
def test_hyphens_read_back(units: list[int]) -> None:
    values = [unit / 10**6 for unit in units]
    assert read_point("-".join(f"{value:.6f}" for value in values)) == values


@pytest.mark.parametrize("text", ["nan", "NaN", "none", "None", "failed", "FAILED", "inf", "-inf"])
def test_a_failure(text: str) -> None:
    value = read_value(text)
    assert value is not None
    assert math.isnan(value)


@pytest.mark.parametrize(("text", "value"), [("-3.5", -3.5), ("1e-120", 1e-120), ("np.float64(2.5)", 2.5), ("7", 7.0)])
def test_a_value(text: str, value: float) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize("text", ["1,5", "1 2", "much", "[1]", "0x10", "1.2.3"])
def test_what_is_no_value(text: str) -> None:
    assert read_value(text) is None


TABLE = [[0.1, 0.2], [0.3, 0.4]]


@pytest.mark.parametrize(
    "text",
    [
        "0.1,0.2\n0.3,0.4\n",
        "x1,x2\n0.1,0.2\n0.3,0.4",
        "0.1;0.2\n\n0.3;0.4",
        "# a note\n0.1\t0.2\n0.3\t0.4",
        "\ufeff0.1 0.2\r\n0.3 0.4\r\n",
        "[array([0.1, 0.2]), array([0.3, 0.4])]",
        "array([0.1, 0.2])\narray([0.3, 0.4])",
        "[[0.1 0.2]\n [0.3 0.4]]",
        "[0.1, 0.2]\n[0.3, 0.4]",
        "[[array([0.1, 0.2])], [array([0.3, 0.4])]]",
    ],
)
def test_tables_of_points(tmp_path: Path, text: str) -> None:
    assert read_points(file(tmp_path, text), 2).tolist() == TABLE


@pytest.mark.parametrize(
    "text", ["1.5\nnan\n-2\n", "y\n1.5\nfailed\n-2", "[1.5, nan, -2.0]", "[np.float64(1.5), None, np.float64(-2.0)]"]
)
def test_tables_of_values(tmp_path: Path, text: str) -> None:
    assert np.array_equal(read_values(file(tmp_path, text)), [1.5, np.nan, -2.0], equal_nan=True)


def test_lists_that_hold_one_array_for_each_of_several_functions(tmp_path: Path) -> None:
    inputs = file(tmp_path, "[array([0.1, 0.2]), array([0.5, 0.6, 0.7])]\n[array([0.3, 0.4]), array([0.8, 0.9, 0.1])]")
    outputs = file(tmp_path, "[1.0, 10.0]\n[2.0, np.float64(20.0)]", "outputs.txt")
    assert read_points(inputs, 2, 1).tolist() == TABLE
    assert read_points(inputs, 3, 2).tolist() == [[0.5, 0.6, 0.7], [0.8, 0.9, 0.1]]
    assert read_values(outputs, 2).tolist() == [10.0, 20.0]
    with pytest.raises(DataError, match="--which K"):
        read_points(inputs, 2)
    with pytest.raises(DataError, match="--which 3"):
        read_points(inputs, 2, 3)


@pytest.mark.parametrize("shape", [(5, 3), (1, 3), (3,), (5, 1, 3)])
def test_arrays(tmp_path: Path, shape: tuple[int, ...]) -> None:
    held = np.random.default_rng(0).random(shape)
    np.save(tmp_path / "a.npy", held)
    assert np.array_equal(read_points(tmp_path / "a.npy", 3), held.reshape(-1, 3))
    assert np.array_equal(read_values(tmp_path / "a.npy"), held.reshape(-1))


def test_one_input_is_a_number_a_point(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(4))
    assert read_points(tmp_path / "a.npy", 1).tolist() == [[0], [1], [2], [3]]
    assert read_points(file(tmp_path, "[0.5, 0.6]"), 1).tolist() == [[0.5], [0.6]]


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "words.npy", np.array(["a"]))
    np.save(tmp_path / "wide.npy", np.zeros((2, 5)))
    broken = (tmp_path / "wide.npy").read_bytes()[:-9]
    for path, words in [
        (tmp_path / "nowhere.npy", "no file"),
        (tmp_path, "is a folder"),
        (tmp_path / "objects.npy", "plain numbers"),
        (tmp_path / "words.npy", "plain numbers"),
        (tmp_path / "wide.npy", "points of 5 numbers"),
        (file(tmp_path, broken, "broken.npy"), "plain numbers"),
        (file(tmp_path, b"\xff\xfe\x00", "binary.txt"), "UTF-8"),
        (file(tmp_path, "0.1,0.2\n0.3,oops", "oops.csv"), "line 2 holds 'oops'"),
        (file(tmp_path, "[1, 2", "open.txt"), "not closed"),
    ]:
        with pytest.raises(DataError, match=words):
            read_points(path, 2)
