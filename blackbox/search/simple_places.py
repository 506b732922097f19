"""Simple places: where every input is 0, 1 or −1. People who write a function down often put its minimum there.

They cost three evaluations. What is found there is one more landing, and the search goes on as if nothing had been
said: no walk but one begins there, since a simple place may be a saddle or a maximum just as well.
"""

from collections.abc import Sequence

import numpy as np

from blackbox.core.asking import Asking, Effort
from blackbox.core.bounds import Bounds
from blackbox.search.landing import Start

AT_ONCE, LATER = (0.0,), (1.0, -1.0)
"""What every input is at the places that are asked at the beginning, and at those after the first descent: before it
two more evaluations cost a function of two inputs three times as much."""


def lowest_simple_place(inputs: Sequence[float], bounds: Bounds) -> Asking[Start | None]:
    """The lowest of the places where every input is one of these; None where none of them lies in the box.

    None as well where there is no box. One evaluation a place.
    """
    places = np.outer(inputs, np.ones(bounds.dimension))
    places = places[np.all((places >= bounds.lower) & (places <= bounds.upper), axis=1)]
    if not (bounds.finite and len(places)):
        return None
    yield Effort("simple places")
    values = yield places
    if np.isnan(values).all():
        return None
    lowest = int(np.nanargmin(values))
    return Start(places[lowest].copy(), float(values[lowest]))
