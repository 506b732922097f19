"""The one exception tree.

    BlackboxError                 every error a caller may want to catch
    ├── UsageError                exit 2: what was asked makes no sense
    │   └── OptionError           a field, its value and the rule that it breaks
    ├── ChallengeError            exit 3: the file cannot be used; reason and remedy
    │   └── MisfitError           a number of inputs that the function does not take
    └── SafetyError               exit 4: refused or stopped for safety

Some have children where they arise: `ProtocolViolation` (SafetyError), `JournalError`, and the worker's deaths, which
an executor turns into failed evaluations.

Budgets, clocks and Ctrl-C are signals, no errors: they end a run with a `Stop` (see `stops`).
"""


class BlackboxError(Exception):
    """Every error of this package. Its text is one sentence for a person."""

    exit_code = 1


class UsageError(BlackboxError):
    """What was asked makes no sense: exit code 2."""

    exit_code = 2


class OptionError(UsageError, ValueError):
    """A field has a value that its rule forbids."""

    def __init__(self, field: str, value: object, rule: str) -> None:
        super().__init__(f"{field}={value!r}: {rule}")
        self.field, self.value, self.rule = field, value, rule


class ChallengeError(BlackboxError):
    """The challenge cannot be used: exit code 3. Reason first, then the remedy."""

    exit_code = 3

    def __init__(self, reason: str, remedy: str | None = None) -> None:
        super().__init__(reason if remedy is None else f"{reason} {remedy}")
        self.reason, self.remedy = reason, remedy


class MisfitError(ChallengeError):
    """A number of inputs that the function does not take. `taken` says, in a sentence, what it takes."""

    def __init__(self, taken: str, dimension: int) -> None:
        super().__init__(f"{taken}; --dimension {dimension} does not fit.")
        self.taken = taken


class SafetyError(BlackboxError):
    """Refused, or stopped, for safety: exit code 4."""

    exit_code = 4
