"""How often claims of each size were true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from benchmarks.calibration_records import CLOSE, RunRecord
from benchmarks.calibration_suite import BUDGETS, first_half
from benchmarks.provenance import provenance
from blackbox.answer.claim import LEAST_SURE, SUREST, global_probability, signs
from blackbox.core.asking import Floats

BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Claims and what came true, each of shape `(n,)`."""

    claims: Floats
    true: Floats

    @property
    def brier(self) -> float:
        """Mean squared error of the claims."""
        return float(np.mean((self.claims - self.true) ** 2))

    @property
    def base(self) -> float:
        """Brier score of claiming the mean of all every time."""
        return float(np.mean(self.true) * (1 - np.mean(self.true)))

    def bins(self) -> list[tuple[float, float, int]]:
        """Mean claim, part that was global, runs, for each fifth of the range; NaN where no claim fell."""
        place = np.clip(np.searchsorted(BINS, self.claims, side="right") - 1, 0, len(BINS) - 2)
        found: list[tuple[float, float, int]] = []
        for k in range(len(BINS) - 1):
            chosen = place == k
            n = int(chosen.sum())
            mean = (float(self.claims[chosen].mean()), float(self.true[chosen].mean())) if n else (np.nan, np.nan)
            found.append((*mean, n))
        return found


Model = tuple[float, Mapping[str, float]]


def calibration(records: Sequence[RunRecord], model: Model | None = None) -> Calibration:
    """The claims of the model given, or of the one that is installed."""
    claims = [_claim(record, model) for record in records]
    return Calibration(np.array(claims), np.array([float(record.is_global) for record in records]))


def document(records: Sequence[RunRecord], model: Model | None = None) -> str:
    """Both halves, the held-out one by budget and by suite, and where it comes from."""
    fitted = [record for record in records if first_half(record.item.function)]
    held = [record for record in records if not first_half(record.item.function)]
    functions = len({(record.item.suite, record.item.function) for record in records})
    origin = provenance()
    parts = [
        "# Are the claims true?",
        f"{len(records):,} runs on {functions} functions. An answer is global when its true value is within {CLOSE:g} "
        "· max(1, |minimum|) of the lowest. The weights were fitted on the one half of the functions; the other half, "
        "split by name, took no part in the fit. (Signs and families of the suite were chosen with both in view.)",
        "## Held-out functions",
        _table(calibration(held, model)),
        "## Functions on which the weights were fitted",
        _table(calibration(fitted, model)),
        "## Held-out functions by budget and by suite",
        _groups(held, model),
        f"`make calibration`, commit {origin['commit']}; {origin['versions']}; {origin['machine']}.",
    ]
    return "\n\n".join(parts)


def _claim(record: RunRecord, model: Model | None) -> float:
    if model is None:
        claim = global_probability(record.evidence)
        assert claim is not None
        return claim
    total = model[0] + sum(model[1][name] * sign for name, sign in signs(record.evidence).items())
    return min(max(1 / (1 + exp(-total)), LEAST_SURE), SUREST)


def _table(found: Calibration) -> str:
    rows = ["| claimed | mean claim | global | runs |", "|---|---|---|---|"]
    for low, high, (claim, true, n) in zip(BINS, BINS[1:], found.bins(), strict=False):
        rows.append(f"| {low:.1f} to {high:.1f} | {claim:.3f} | {true:.3f} | {n} |")
    return (
        "\n".join(rows)
        + f"\n\nBrier score {found.brier:.4f}; claiming the mean every time would score {found.base:.4f}."
    )


def _groups(records: Sequence[RunRecord], model: Model | None) -> str:
    rows = ["| runs | mean claim | global | n | Brier |", "|---|---|---|---|---|"]
    groups = {f"budget {name}": [r for r in records if r.budget == name] for name in BUDGETS}
    for suite in sorted({record.item.suite for record in records}):
        groups[suite] = [record for record in records if record.item.suite == suite]
    for name, chosen in groups.items():
        if chosen:
            found = calibration(chosen, model)
            rows.append(
                f"| {name} | {found.claims.mean():.3f} | {found.true.mean():.3f} | {len(chosen)} | {found.brier:.4f} |"
            )
    return "\n".join(rows)
