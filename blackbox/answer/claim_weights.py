"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -12.9219

WEIGHTS = {
    "hits of restarts": 0.2243,
    "hits of populations": 0.9722,
    "hits of axis searches": 0.1065,
    "share of restarts": 0.4151,
    "seen by any": 0.0943,
    "few values": 0.8591,
    "found long since": 25.7681,
    "landed": 0.8847,
    "evaluations a dimension": 0.3225,
    "few dimensions": 0.3942,
    "boxed": 0.0000,
    "moved": 7.9987,
    "not level": 1.0320,
    "firm": 1.1414,
}
