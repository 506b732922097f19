"""Why a search ended: the word programs read and the sentence people read."""

from enum import Enum


class Stop(Enum):
    """The value is the word of the JSON contract."""

    CONVERGED = "converged"
    TARGET = "target"
    BUDGET = "budget"
    TIME = "time"
    UNBOUNDED = "unbounded"
    INFIMUM = "infimum"
    INTERRUPTED = "interrupted"
    NO_FINITE_VALUE = "no-finite-value"

    @property
    def usable(self) -> bool:
        """Whether the answer is a minimum that somebody can use."""
        return self not in (Stop.UNBOUNDED, Stop.INFIMUM, Stop.NO_FINITE_VALUE)

    @property
    def sentence(self) -> str:
        """The reason, where the search has nothing more precise to say."""
        return _SENTENCES[self]


_SENTENCES = {
    Stop.CONVERGED: "more restarts are unlikely to find a new minimum",
    Stop.TARGET: "a value at or below the target was found",
    Stop.BUDGET: "the budget of evaluations is spent",
    Stop.TIME: "the time is up",
    Stop.UNBOUNDED: "the function falls without end",
    Stop.INFIMUM: "the function falls ever more slowly as x runs away and never reaches its lowest value",
    Stop.INTERRUPTED: "interrupted",
    Stop.NO_FINITE_VALUE: "no evaluation gave a finite number",
}
