"""An error is one sentence for a person and one exit code for a program."""

import pytest

from blackbox.core.errors import BlackboxError, ChallengeError, OptionError, SafetyError, UsageError


def test_an_option_error_names_the_field_the_value_and_the_rule() -> None:
    error = OptionError("step", 0, "must be positive")
    assert str(error) == "step=0: must be positive"
    assert (error.field, error.value, error.rule) == ("step", 0, "must be positive")


def test_an_option_error_is_a_value_error_for_callers_who_know_only_python() -> None:
    with pytest.raises(ValueError, match="seed='a': must be a whole number"):
        raise OptionError("seed", "a", "must be a whole number")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BlackboxError("x"), 1),
        (UsageError("x"), 2),
        (OptionError("a", 1, "x"), 2),
        (ChallengeError("x"), 3),
        (SafetyError("x"), 4),
    ],
)
def test_every_kind_has_the_exit_code_of_the_contract(error: BlackboxError, code: int) -> None:
    assert error.exit_code == code
    assert isinstance(error, BlackboxError)


def test_a_challenge_error_tells_the_reason_then_the_remedy() -> None:
    error = ChallengeError("The file is empty.", "Ask the sender for it again.")
    assert str(error) == "The file is empty. Ask the sender for it again."
    assert (error.reason, error.remedy) == ("The file is empty.", "Ask the sender for it again.")
    assert str(ChallengeError("The file is empty.")) == "The file is empty."
