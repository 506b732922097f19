"""The calibration: its suite, its fit, its table, and the promise that the stored table keeps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.calibration import RECORDS
from benchmarks.calibration_fit import LAWFUL, fit, weights_module
from benchmarks.calibration_records import RunRecord, read, run_suite, write
from benchmarks.calibration_suite import BUDGETS, Item, first_half, items
from benchmarks.calibration_table import Calibration, calibration, document
from benchmarks.suites import basins
from blackbox.answer.claim import global_probability
from blackbox.answer.claim_weights import INTERCEPT, WEIGHTS
from blackbox.answer.evidence import Evidence, Tally
from blackbox.core.stops import Stop

WITHIN = 0.1
"""Of a claim must be the part that was true, in each fifth of the range."""

FEW_RUNS = 50


@pytest.fixture(scope="module")
def stored() -> list[RunRecord]:
    return read(RECORDS)


def halves(records: list[RunRecord]) -> tuple[list[RunRecord], list[RunRecord]]:
    fitted = [record for record in records if first_half(record.item.function)]
    return fitted, [record for record in records if not first_half(record.item.function)]


def test_on_held_out_functions_what_is_claimed_is_true_as_often_as_claimed(stored: list[RunRecord]) -> None:
    _, held = halves(stored)
    found = calibration(held)
    for claim, true, runs in found.bins():
        assert runs >= 10
        # A fifth of the range with few runs cannot be told better than to its standard error.
        assert abs(claim - true) <= WITHIN + (0.5 / np.sqrt(runs) if runs < FEW_RUNS else 0)
    assert found.brier < 0.75 * found.base


def test_the_installed_weights_are_those_that_the_stored_records_give(stored: list[RunRecord]) -> None:
    intercept, weights = fit(stored)
    assert intercept == pytest.approx(INTERCEPT, abs=2e-3)
    assert weights == pytest.approx(WEIGHTS, abs=2e-3)


def test_the_suite_is_large_and_its_halves_share_no_name(stored: list[RunRecord]) -> None:
    suite = items()
    assert len(suite) == len(set(suite)) >= 150
    assert {record.item for record in stored} <= set(suite)
    assert len({record.item for record in stored}) >= 150
    fitted, held = halves(stored)
    assert not {r.item.function.partition("+")[0] for r in fitted} & {r.item.function.partition("+")[0] for r in held}
    assert len({record.budget for record in stored}) == len(BUDGETS)


@pytest.mark.parametrize("name", ["wells-01", "ripples-01", "twins-01", "funnels-01", "needles-01", "valleys-01"])
@pytest.mark.parametrize("instance", [1, 2])
def test_nothing_in_a_family_of_basins_is_lower_than_its_minimum_and_something_reaches_it(
    name: str, instance: int
) -> None:
    problem = basins.problem(name, 2, instance)
    rng = np.random.default_rng(3)
    low, width = (problem.lower, problem.upper - problem.lower) if problem.boxed else (-1e3, 2e3)
    values = problem.surface(low + rng.random((20_000, 2)) * width)
    assert values.min() >= problem.minimum
    assert np.isfinite(values).all()


def test_a_fit_finds_the_signs_that_decide(stored: list[RunRecord]) -> None:
    rng = np.random.default_rng(0)
    made: list[RunRecord] = []
    for record in stored[:600]:
        landed = bool(rng.random() < 0.5)
        true = bool(rng.random() < (0.9 if landed else 0.2))
        made.append(replace(record, evidence=replace(record.evidence, landed=landed), is_global=true))
    _, weights = fit(made)
    assert weights["landed"] == pytest.approx(np.log(9) + np.log(4), abs=0.8)
    assert all(weights[name] > 0 for name in LAWFUL)
    assert min(weights.values()) >= 0


def test_the_weights_are_written_as_a_module(stored: list[RunRecord]) -> None:
    namespace: dict[str, object] = {}
    exec(weights_module(INTERCEPT, WEIGHTS), namespace)
    assert namespace["WEIGHTS"] == WEIGHTS
    assert namespace["INTERCEPT"] == INTERCEPT


def test_records_come_back_from_their_file(tmp_path: Path) -> None:
    seen = Evidence(2, True, Stop.BUDGET, 100, 7, Tally(5, 2, 3), Tally(1, 1, 0), Tally(), landed=True, kind="kink")
    made = [RunRecord(Item("wild", "sphere+holes", 2), "50 d", True, 1e-9, seen)]
    write(tmp_path / "records.csv", made)
    assert read(tmp_path / "records.csv") == made


def test_bins_and_brier_scores_are_what_they_are_called() -> None:
    found = Calibration(np.array([0.1, 0.1, 0.9, 0.9]), np.array([0.0, 1.0, 1.0, 1.0]))
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)
    assert found.base == pytest.approx(0.75 * 0.25)
    assert [n for *_, n in found.bins()] == [2, 0, 0, 0, 2]
    assert found.bins()[0][:2] == (pytest.approx(0.1), 0.5)


def test_the_table_tells_both_halves(stored: list[RunRecord]) -> None:
    told = document(stored[:50])
    assert told.count("Brier score") == 2
    assert "Held-out functions" in told


@pytest.mark.long
def test_claims_on_a_small_sample_tell_something_and_come_out_the_same_again() -> None:
    sample = items(24)
    records = run_suite(sample)
    found = calibration(records)
    assert found.brier < found.base
    assert 0.01 <= found.claims.min() < 0.2
    assert 0.7 < found.claims.max() <= 0.99
    again = run_suite(sample[:3])
    assert again == records[: len(again)]
    for record in again:
        assert global_probability(record.evidence) is not None
