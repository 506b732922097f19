"""The table of a contest."""

from collections.abc import Sequence

import numpy as np

from benchmarks.campaign.functions import CampaignFunction
from benchmarks.campaign.play import Record
from benchmarks.provenance import provenance

HEAD = """# Ask and tell: campaigns of tens of evaluations

Each contestant is told the random initial points and values of a function on [0, 1)^d that is to be maximised, then
answers 13 questions one at a time (`make bench-ask`). Figure: simple regret after them over the regret before them;
1 is no gain, 0 the maximum itself. Ranks are over the contestants of one function and seed, 1 is best.
"""


def table(records: Sequence[Record], functions: Sequence[CampaignFunction]) -> str:
    """Markdown: a row a contestant, the overall median first, best on top."""
    names = list(dict.fromkeys(record.contestant for record in records))
    gains = {(r.contestant, r.function, r.seed): _gain(r) for r in records}
    seeds = sorted({record.seed for record in records})
    cases = [(f.name, s) for f in functions for s in seeds if all((name, f.name, s) in gains for name in names)]
    if not cases:
        return "No case was played by all.\n"
    grid = np.array([[gains[(name, *case)] for case in cases] for name in names])
    ranks = np.mean([_ranks(column) for column in grid.T], axis=0)
    seconds = [np.mean([r.seconds / (len(r.regrets) - 1) for r in records if r.contestant == name]) for name in names]
    failed = [sum(r.failure is not None for r in records if r.contestant == name) for name in names]
    lines = [HEAD, *_facts(functions, seeds), ""]
    lines += ["| contestant | median | mean | mean rank | s a question | gave up |", "|---|---|---|---|---|---|"]
    order = np.argsort(np.median(grid, axis=1), kind="stable")
    for i in order:
        figures = f"{np.median(grid[i]):.4f} | {grid[i].mean():.3f} | {ranks[i]:.2f} | {seconds[i]:.2f} | {failed[i]}"
        lines.append(f"| {names[i]} | {figures} |")
    lines += ["", "Medians by function:", "", "| function | d | known | " + " | ".join(names[i] for i in order) + " |"]
    lines.append("|---|---|---|" + "---|" * len(names))
    for function in functions:
        columns = [index for index, case in enumerate(cases) if case[0] == function.name]
        if columns:
            figures = " | ".join(f"{np.median(grid[i, columns]):.3f}" for i in order)
            lines.append(f"| {function.name} | {function.dimension} | {function.initial} | {figures} |")
    return "\n".join(lines) + "\n"


def _gain(record: Record) -> float:
    return record.regrets[-1] / record.regrets[0] if record.regrets[0] > 0 else 0.0


def _ranks(column: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[float]:
    """Ties share their mean rank."""
    return [float(np.sum(column < v) + (np.sum(column == v) + 1) / 2) for v in column]


def _facts(functions: Sequence[CampaignFunction], seeds: Sequence[int]) -> list[str]:
    facts = provenance()
    return [
        f"- {len(functions)} functions, seeds {min(seeds)} to {max(seeds)}",
        f"- commit {facts['commit']}",
        f"- versions {facts['versions']}",
        f"- machine {facts['machine']}",
    ]
