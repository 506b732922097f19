"""What one evaluation can come to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import ask_one
from blackbox.core.evaluations import Reply, Status
from tests.fakes.drive import drive


def test_the_numbers_on_the_wire_and_in_journals_never_change() -> None:
    assert {status.name: int(status) for status in Status} == {
        "OK": 0,
        "EXCEPTION": 1,
        "NOT_A_NUMBER": 2,
        "INFINITE": 3,
        "WRONG_TYPE": 4,
        "TIMEOUT": 5,
        "CRASH": 6,
    }


@given(values=st.lists(st.floats(), max_size=20))
def test_plain_numbers_become_values_and_all_else_becomes_nan_with_its_status(values: list[float]) -> None:
    reply = Reply.from_values(np.array(values, dtype=np.float64))
    for given_value, kept, status in zip(values, reply.values, reply.statuses, strict=True):
        if np.isnan(given_value):
            assert (np.isnan(kept), status) == (True, Status.NOT_A_NUMBER)
        elif np.isinf(given_value):
            assert (np.isnan(kept), status) == (True, Status.INFINITE)
        else:
            assert (kept, status) == (given_value, Status.OK)
    assert reply.statuses.dtype == np.uint8
    assert reply.reasons == {}


def test_asking_for_one_value_costs_one_evaluation() -> None:
    driven = drive(ask_one(np.array([3.0, 4.0])), lambda x: np.sum(x, axis=-1))
    assert (driven.result, driven.evaluations) == (7.0, 1)
    assert driven.points.shape == (1, 2)
