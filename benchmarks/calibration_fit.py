"""The weights of the claim, fitted on one half of the functions: logistic regression with weights of 0 or more."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.calibration_records import RunRecord
from benchmarks.calibration_suite import first_half
from blackbox.answer.claim import signs
from blackbox.core.asking import Floats

RIDGE = 1.0
"""Penalty on the squared weights, in units of one run, with the signs scaled to spread 1: enough to keep two signs that
say the same from working against each other."""

LAWFUL, LEAST = ("hits of restarts", "hits of populations", "hits of axis searches", "few values"), 0.05
"""More hits must raise the claim and more values lower it: these weights are at least so large, with spread 1."""

STEPS = 4000
"""Of the projected gradient; it has long settled by then."""


def fit(records: Sequence[RunRecord]) -> tuple[float, dict[str, float]]:
    """Intercept and weights. Every function counts alike, however many of its runs claim something."""
    chosen = [record for record in records if first_half(record.item.function)]
    table = [signs(record.evidence) for record in chosen]
    names = list(table[0])
    features = np.array([[row[name] for name in names] for row in table])
    true = np.array([float(record.is_global) for record in chosen])
    middle, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    least = np.array([LEAST if name in LAWFUL else 0.0 for name in names])
    intercept, weights = _solve((features - middle) / spread, true, least)
    weights = weights / spread
    return float(intercept - weights @ middle), {name: float(w) for name, w in zip(names, weights, strict=True)}


def _solve(features: Floats, true: Floats, least: Floats) -> tuple[float, Floats]:
    """Accelerated projected gradient (Beck & Teboulle 2009) on the penalised likelihood, weights kept at `least` or more."""
    n, k = features.shape
    rows = np.hstack([np.ones((n, 1)), features])
    lipschitz = float(np.linalg.norm(rows, 2)) ** 2 / 4 + RIDGE
    penalty = np.concatenate([[0.0], np.full(k, RIDGE)])
    at = ahead = np.zeros(k + 1)
    momentum = 1.0
    for _ in range(STEPS):
        gradient = rows.T @ (1 / (1 + np.exp(-rows @ ahead)) - true) + penalty * ahead
        new = ahead - gradient / lipschitz
        new[1:] = np.maximum(new[1:], least)
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / grown * (new - at)
        at, momentum = new, grown
    return float(at[0]), at[1:]


def weights_module(intercept: float, weights: Mapping[str, float]) -> str:
    """The source of `claim_weights.py`."""
    rows = "".join(f'    "{name}": {weight:.4f},\n' for name, weight in weights.items())
    head = '"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""'
    return f"{head}\n\nINTERCEPT = {intercept:.4f}\n\nWEIGHTS = {{\n{rows}}}\n"
