"""The answer of a function of whole numbers: points were rounded to be asked, and so they are shown."""

from dataclasses import replace

import numpy as np

from blackbox.answer.answer import Answer, Minimum


def in_whole_numbers(answer: Answer) -> Answer:
    """The same answer at the points at which the function was really evaluated; minima that coincide are one."""
    minima: dict[tuple[float, ...], Minimum] = {}
    for minimum in answer.minima:
        x = np.rint(minimum.x) + 0.0
        same = minima.get(tuple(x.tolist()))
        minima[tuple(x.tolist())] = replace(minimum, x=x, hits=minimum.hits + (same.hits if same else 0))
    return replace(
        answer,
        x=None if answer.x is None else np.rint(answer.x) + 0.0,
        minima=tuple(minima.values()),
        history=replace(answer.history, x=np.rint(answer.history.x) + 0.0),
    )
