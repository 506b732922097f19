"""What functions answer, and what that means as a number: one table for the worker and for the live callable."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from blackbox.core.evaluations import Status


class Hostile:
    """`float()` of it raises."""

    def __float__(self):
        raise RuntimeError("not today")


class Liar(float):
    """A float that says something else of itself."""

    def __float__(self):
        return 7.0

    def __sub__(self, other):
        raise RuntimeError("no arithmetic")


class Lying:
    """`float()` of it is no float."""

    def __float__(self):
        return "seven"


class Matrix:
    """Has `__array__` and nothing else."""

    def __array__(self, dtype=None, copy=None):
        raise ValueError("empty inside")


NUMBERS = [
    (1.5, 1.5),
    (3, 3.0),
    (True, 1.0),
    (np.float64(2.5), 2.5),
    (np.float32(0.5), 0.5),
    (np.int16(-4), -4.0),
    (np.bool_(True), 1.0),
    (np.longdouble(1.5), 1.5),
    (np.array([1.5], dtype=np.longdouble), 1.5),
    (np.array(1.25), 1.25),
    (np.array([1.25]), 1.25),
    (np.array([[1.25]]), 1.25),
    (np.array([Fraction(1, 2)], dtype=object), 0.5),
    ([2.0], 2.0),
    ((2,), 2.0),
    ([np.array([2.0])], 2.0),
    ([[[2.0]]], 2.0),
    (Decimal("0.1"), 0.1),
    (Fraction(1, 4), 0.25),
    ({"value": 4.0}, 4.0),
    ({"value": np.array([4.0]), "name": "f", "ok": None}, 4.0),
    (Liar(3.0), 7.0),
    (10**308, 1e308),
]
FAILURES = [
    (None, Status.WRONG_TYPE, "returned None"),
    ("ReachFunctionLimit", Status.WRONG_TYPE, "returned text 'ReachFunctionLimit'"),
    (b"1.5", Status.WRONG_TYPE, "returned text '1.5'"),
    ("1.5", Status.WRONG_TYPE, "returned text '1.5'"),
    (1j, Status.WRONG_TYPE, "returned a complex number"),
    (complex(1, 0), Status.WRONG_TYPE, "returned a complex number"),
    (np.complex64(1), Status.WRONG_TYPE, "returned a complex number"),
    (np.array([1 + 2j]), Status.WRONG_TYPE, "returned a complex number"),
    (np.zeros((2, 3)), Status.WRONG_TYPE, "returned an array of shape (2, 3)"),
    (np.zeros(0), Status.WRONG_TYPE, "returned an array of shape (0,)"),
    ([1.0, 2.0], Status.WRONG_TYPE, "returned a list of 2 elements"),
    ((), Status.WRONG_TYPE, "returned a tuple of 0 elements"),
    ({"a": 1, "b": 2}, Status.WRONG_TYPE, "returned a dict of 2 elements"),
    ([[[[[[1.0]]]]]], Status.WRONG_TYPE, "returned a list of 1 elements"),
    ({1.0}, Status.WRONG_TYPE, "returned an object of type set"),
    (object(), Status.WRONG_TYPE, "returned an object of type object"),
    (np.array(["text"]), Status.WRONG_TYPE, "returned text 'text'"),
    (float("nan"), Status.NOT_A_NUMBER, "returned NaN"),
    (np.float64("nan"), Status.NOT_A_NUMBER, "returned NaN"),
    (np.array([np.nan]), Status.NOT_A_NUMBER, "returned NaN"),
    (Decimal("NaN"), Status.NOT_A_NUMBER, "returned NaN"),
    (float("inf"), Status.INFINITE, "returned plus infinity"),
    (np.float32("-inf"), Status.INFINITE, "returned minus infinity"),
    (10**400, Status.INFINITE, "returned a number beyond the largest float"),
    (Fraction(10**400), Status.INFINITE, "returned a number beyond the largest float"),
    (Hostile(), Status.EXCEPTION, "RuntimeError: not today"),
    (Lying(), Status.EXCEPTION, "TypeError: "),
    (Matrix(), Status.EXCEPTION, ""),
]
