"""The audit of the exercises: stubs fail, references pass, every fault is called by its name. `make audit` runs it."""

import pytest

from blackbox.judging.faults import Fault
from blackbox.judging.sitting import Rules
from blackbox.practice.checks import Status, check
from blackbox.practice.exercise import STAGES, exercise, exercises
from challenges.exercises import amiss
from tests.locks import needs_lock
from tests.practice.faulty import FAULTY
from tests.practice.otherwise import OTHERWISE
from tests.practice.unusual import UNUSUAL

EVERY = pytest.mark.parametrize("found", exercises(), ids=lambda found: found.id)
SEEDS = range(10)


def test_there_are_enough_exercises_and_every_stage_has_some() -> None:
    assert len(exercises()) >= 16
    assert sorted({found.stage for found in exercises()}) == list(range(1, len(STAGES) + 1))


def test_the_folders_are_what_the_specifications_make() -> None:
    assert [path.name for path, _ in amiss()] == [], "run: make challenges"


@needs_lock
@EVERY
def test_the_stub_fails_and_earns_nothing(found) -> None:
    verdict = check(found, found.stub.encode(), user=0)
    assert not verdict.passed
    assert verdict.score == 0


def hold(found, seeds) -> None:
    for seed in seeds:
        verdict = check(found, found.solution.encode(), user=seed, rules=Rules(seconds=20))
        told = [(seed, result.spec.name, result.message, result.finding) for result in verdict.results]
        assert verdict.passed, told
        assert all(result.finding is None for result in verdict.results), told


@needs_lock
@EVERY
def test_the_reference_passes_and_nothing_is_diagnosed(found) -> None:
    hold(found, [0])


@pytest.mark.long
@needs_lock
@EVERY
def test_the_reference_passes_on_ten_instances(found) -> None:
    hold(found, SEEDS)


CASES = [(fault, name, source) for fault, rows in FAULTY.items() for name, source in rows]


def test_every_fault_has_two_faulty_solutions() -> None:
    assert {fault: len(FAULTY.get(fault, [])) >= 2 for fault in Fault} == dict.fromkeys(Fault, True)


OTHER_CASES = [(fault, name, source) for fault, rows in OTHERWISE.items() for name, source in rows]


def test_every_fault_has_two_in_another_style() -> None:
    assert {fault: len(OTHERWISE.get(fault, [])) >= 2 for fault in Fault} == dict.fromkeys(Fault, True)


def hold_named(fault: Fault, name: str, source: str, user: int) -> None:
    verdict = check(exercise(name), source.encode(), user=user)
    told = [(r.spec.name, r.status, r.message, r.finding) for r in verdict.results]
    assert not verdict.passed, told
    named = {r.finding.fault for r in verdict.results if r.finding is not None}
    assert named == {fault}, told
    for result in verdict.results:
        if result.finding is not None:
            assert result.status in (Status.FAIL, Status.ERROR)
            assert any(letter.isdigit() for letter in result.finding.evidence)


@needs_lock
@pytest.mark.parametrize(("fault", "name", "source"), CASES, ids=lambda case: getattr(case, "value", None))
def test_a_fault_is_named(fault: Fault, name: str, source: str) -> None:
    hold_named(fault, name, source, user=1)


@pytest.mark.long
@needs_lock
@pytest.mark.parametrize(("fault", "name", "source"), OTHER_CASES, ids=lambda case: getattr(case, "value", None))
def test_a_fault_is_named_in_whatever_style_it_is_made(fault: Fault, name: str, source: str) -> None:
    hold_named(fault, name, source, user=5)


@pytest.mark.long
@needs_lock
@pytest.mark.parametrize(("name", "source"), UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_right_in_an_unusual_way_passes_and_nothing_is_diagnosed(name: str, source: str) -> None:
    verdict = check(exercise(name), source.encode(), user=1, rules=Rules(seconds=20))
    told = [(r.spec.name, r.message, r.finding) for r in verdict.results]
    assert verdict.passed, told
    assert all(result.finding is None for result in verdict.results), told
