"""Unknown functions have values near the largest float: products of them overflow, and that is no news to a person."""

from typing import TypeVar

import numpy as np

from blackbox.core.asking import Asking

T = TypeVar("T")


def quietly(asking: Asking[T]) -> Asking[T]:
    """The same questions and result, with numpy's warnings held back inside the method, and only there."""
    try:
        with np.errstate(all="ignore"):
            question = next(asking)
        while True:
            answer = yield question
            with np.errstate(all="ignore"):
                question = asking.send(answer) if isinstance(question, np.ndarray) else next(asking)
    except StopIteration as finished:
        return finished.value
