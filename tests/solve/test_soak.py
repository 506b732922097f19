"""Wild functions by the hundred: nothing crashes, hangs, leaves the bounds or piles up memory."""

import json
import resource
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.report.contract import answer_facts
from blackbox.report.text import answer_lines
from blackbox.solve.minimize import minimize
from tests.fakes.wild import Wild, wild_functions

MEMORY = 400 * 1024
"""KiB by which the process may grow over a whole soak."""


def soak(f: Wild, options: dict[str, Any]) -> None:
    d = len(f.scales)
    answer = minimize(f, f.pairs, dimension=d, **options)
    assert answer.evaluations == f.calls <= options["budget"]
    assert not f.outside
    if answer.x is not None:
        assert answer.bounds is None or answer.bounds.contain(answer.x)
    facts = json.loads(json.dumps(answer_facts(answer), allow_nan=False))
    assert (facts["x"] is None) == (facts["value"] is None)
    assert facts["value_error"] is None or facts["value_error"] >= 0
    assert facts["ray"] is None or (facts["stop"] in ("unbounded", "infimum") and len(facts["ray"]) == d)
    if facts["region"] is not None:
        within = Bounds.from_pairs(f.pairs, d) if f.pairs else Bounds.unbounded(d)
        assert within.contain(answer.region.lower)
        assert within.contain(answer.region.upper)
    assert answer_lines(answer)


options = st.fixed_dictionaries(
    {"budget": st.sampled_from((1, 5, 30, 300, 1500)), "seed": st.integers(0, 3), "maximize": st.booleans()}
)


@settings(max_examples=60)
@given(f=wild_functions(), options=options)
def test_sixty_wild_functions_are_answered(f: Wild, options: dict[str, Any]) -> None:
    soak(f, options)


@pytest.mark.long
def test_a_thousand_wild_functions_are_answered_in_bounded_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @settings(max_examples=1000, phases=(Phase.generate,))
    @given(f=wild_functions(), options=options)
    def run(f: Wild, options: dict[str, Any]) -> None:
        soak(f, options)

    run()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


@pytest.mark.long
@settings(max_examples=40, phases=(Phase.generate,))
@given(f=wild_functions(), seed=st.integers(0, 3), maximize=st.booleans())
def test_a_whole_default_budget_ends(f: Wild, seed: int, maximize: bool) -> None:
    soak(f, {"budget": 20_000, "seed": seed, "maximize": maximize})
