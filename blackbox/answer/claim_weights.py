"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -3.0

WEIGHTS = {
    "hits of restarts": 0.5,
    "hits of populations": 0.5,
    "hits of axis searches": 0.5,
    "share of restarts": 0.5,
    "seen by restarts": 0.1,
    "seen by any": 0.3,
    "few values": 0.2,
    "found early": 0.3,
    "evaluations a dimension": 0.1,
    "few dimensions": 0.1,
    "boxed": 0.1,
    "landed": 1.0,
    "converged": 0.5,
    "firm": 0.5,
    "not level": 0.5,
}
