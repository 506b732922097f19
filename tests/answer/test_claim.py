"""Laws of the claim: what speaks for an answer never lowers it, and it is never sure."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.claim import LEAST_SURE, SUREST, global_probability, signs
from blackbox.answer.claim_weights import WEIGHTS
from blackbox.answer.evidence import Evidence, Tally
from blackbox.core.stops import Stop

STOPS = [stop for stop in Stop if stop.usable]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    landings = draw(st.integers(0, 60))
    values = draw(st.integers(1, landings)) if landings else 0
    hits = draw(st.integers(0, landings - values + 1)) if landings else 0
    return Tally(landings, values, hits)


@st.composite
def runs(draw: st.DrawFn) -> Evidence:
    evaluations = draw(st.integers(1, 100_000))
    return Evidence(
        dimension=draw(st.integers(1, 20)),
        boxed=draw(st.booleans()),
        stop=draw(st.sampled_from(STOPS)),
        evaluations=evaluations,
        found=draw(st.integers(1, evaluations)),
        restarts=draw(tallies()),
        populations=draw(tallies()),
        axes=draw(tallies()),
        landed=draw(st.booleans()),
        kind=draw(st.sampled_from([None, "interior", "bound", "kink", "plateau", "stairs", "edge", "slope", "saddle"])),
    )


def claim(evidence: Evidence) -> float:
    found = global_probability(evidence)
    assert found is not None
    return found


@given(run=runs())
def test_it_is_never_zero_and_never_one(run: Evidence) -> None:
    assert LEAST_SURE <= claim(run) <= SUREST < 1


@given(run=runs(), way=st.sampled_from(["restarts", "populations", "axes"]))
def test_one_more_landing_at_the_best_value_never_lowers_the_claim(run: Evidence, way: str) -> None:
    made = getattr(run, way)
    if made.hits == 0:
        return  # its value would be one more as well
    again = replace(run, **{way: replace(made, landings=made.landings + 1, hits=made.hits + 1)})
    assert claim(again) >= claim(run)


@given(run=runs(), way=st.sampled_from(["restarts", "populations", "axes"]))
def test_one_more_value_never_raises_the_claim(run: Evidence, way: str) -> None:
    made = getattr(run, way)
    if made.values + made.hits > made.landings:
        return  # no landing is left to have another value
    assert claim(replace(run, **{way: replace(made, values=made.values + 1)})) <= claim(run)


def test_hits_and_values_really_count() -> None:
    run = Evidence(2, True, Stop.BUDGET, 1000, 300, Tally(10, 4, 3), landed=True)
    assert claim(replace(run, restarts=Tally(10, 4, 6))) > claim(run)
    assert claim(replace(run, restarts=Tally(10, 6, 3))) < claim(run)


@given(run=runs())
def test_a_run_that_was_still_falling_claims_no_more(run: Evidence) -> None:
    assert claim(replace(run, found=run.evaluations, kind="slope")) <= claim(
        replace(run, found=max(2, run.evaluations // 2), kind="slope")
    ) or (run.evaluations < 4)


@given(run=runs(), stop=st.sampled_from([Stop.UNBOUNDED, Stop.INFIMUM, Stop.NO_FINITE_VALUE]))
def test_without_a_minimum_there_is_no_claim(run: Evidence, stop: Stop) -> None:
    assert global_probability(replace(run, stop=stop)) is None


def test_of_nothing_nothing_is_claimed() -> None:
    assert global_probability(Evidence(2, True, Stop.INTERRUPTED, 0, 0)) is None


def test_bounds_that_leave_a_single_point_leave_no_doubt_but_the_cap() -> None:
    assert global_probability(Evidence(0, True, Stop.CONVERGED, 1, 1)) == SUREST


def test_every_sign_has_a_weight_that_is_not_negative() -> None:
    run = Evidence(2, True, Stop.CONVERGED, 100, 10)
    assert set(signs(run)) == set(WEIGHTS)
    assert min(WEIGHTS.values()) >= 0


def test_on_a_plateau_that_nothing_led_to_less_is_claimed_and_on_stairs_no_more() -> None:
    """Stairs show that f has other values; what the weights make of that is fitted."""
    run = Evidence(2, True, Stop.CONVERGED, 2000, 1, Tally(20, 1, 20), landed=True, kind="interior")
    assert claim(replace(run, kind="plateau")) < claim(run)
    assert claim(replace(run, kind="stairs")) <= claim(run)


@given(run=runs())
def test_stairs_that_hold_the_first_value_are_no_plateau_without_end(run: Evidence) -> None:
    """Beside stairs f was seen to have other values; on a plateau all that is known may be one."""
    first = replace(run, found=1)
    assert claim(replace(first, kind="stairs")) >= claim(replace(first, kind="plateau"))


def test_a_start_in_the_lowest_of_many_cells_is_believed_once_many_descents_end_there() -> None:
    run = Evidence(2, False, Stop.CONVERGED, 2000, 1, Tally(21, 1, 21), landed=True, kind="stairs")
    assert claim(run) > 0.5 > claim(replace(run, kind="plateau"))
