"""Every attack of the corpus: it works without the lock, and fails with it, and with each layer that should stop it."""

import os
import platform
import sys

import pytest

from blackbox.loading.inspection import inspect_bytes
from tests.loading.attacks.arena import NOBODY, Arena, attack_payload, common_python, gain, program, strict, unlocked
from tests.loading.attacks.corpus import ANYBODY, ATTACKS, ROOT

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the lock is Linux's"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks use numbers of x86-64"),
]
DEADLY = {"reaching-second_numbers", "reaching-second_machine"}
"""The kernel ends a process that calls with another table of numbers."""
BLUNDERS = ("NameError", "SyntaxError", "IndentationError", "TypeError", "AttributeError")
"""An attack that fails for a fault of its own proves nothing."""
IDS = [attack.id for attack in ATTACKS]
UNSUPPORTED = ("Errno 38", "Errno 95", "Errno 97", "Errno 93", "Errno 19]")
"""ENOSYS, EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT, ENODEV: this kernel has no such thing."""
is_root = hasattr(os, "geteuid") and os.geteuid() == 0
as_root = pytest.mark.skipif(not is_root, reason="only root can start a worker as another user")


@pytest.fixture(scope="module")
def arena():
    arena = Arena()
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def python_of_all():
    python = common_python()
    if python is None:
        pytest.skip("no interpreter that an ordinary user can start")
    return python


def check_held(arena, attack, options, *, user=None, loading=False):
    facts = arena.lay_out(os.geteuid() if user is None else user)
    outcome = gain(options, attack_payload(attack.run, facts, loading=loading))
    assert outcome != 1.0
    assert not any(word in str(outcome) for word in BLUNDERS), outcome
    assert arena.marks() == []
    if attack.id in DEADLY:
        assert "SIGSYS" in str(outcome)


SAMPLE = [
    pytest.param(attack, id=attack.id, marks=[] if place % 2 == 0 else [pytest.mark.long])
    for place, attack in enumerate(ATTACKS)
]
"""One in two belongs to the quick tests."""


@pytest.mark.parametrize("attack", SAMPLE)
def test_a_call_gets_nothing(arena, attack):
    check_held(arena, attack, strict())


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_loading_gets_nothing(arena, attack):
    check_held(arena, attack, strict(), loading=True)


@pytest.mark.long
@as_root
@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_an_ordinary_user_gets_nothing(arena, attack, tmp_path, python_of_all):
    options = strict(program=program(tmp_path, user=NOBODY), python=python_of_all)
    check_held(arena, attack, options, user=NOBODY)


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_the_attack_works_without_the_lock(arena, attack):
    if attack.control not in ((ANYBODY, ROOT) if is_root else (ANYBODY,)):
        pytest.skip("needs other rights, or would do harm")
    facts = arena.lay_out(os.geteuid())
    outcome = gain(unlocked(), attack_payload(attack.run, facts))
    left = arena.marks()
    if any(word in str(outcome) for word in UNSUPPORTED):
        pytest.skip(f"this kernel has no such thing: {outcome}")
    assert outcome == 1.0 or any("marker" in words for words in left), outcome


ABLATIONS = [(attack, layer) for attack in ATTACKS for layer in attack.layers]


@pytest.mark.long
@pytest.mark.parametrize(("attack", "layer"), ABLATIONS, ids=[f"{attack.id}-{layer}" for attack, layer in ABLATIONS])
def test_one_layer_alone_holds(arena, attack, layer, tmp_path):
    """The other layers are left out: one that is silently missing cannot hide behind them."""
    check_held(arena, attack, unlocked(program=program(tmp_path, layers=(layer,))))


def test_the_corpus_is_large_enough():
    assert len(ATTACKS) == len(set(IDS)) >= 100


def test_inspection_runs_no_attack_and_names_what_it_asks_for(arena):
    facts = arena.lay_out(os.geteuid())
    for attack in ATTACKS:
        report = inspect_bytes(attack_payload(attack.run, facts, loading=True), attack.id)
        assert report.by_value
        assert "builtins.eval" in report.imports
    assert arena.marks() == []
