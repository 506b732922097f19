"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -11.6294

WEIGHTS = {
    "hits of restarts": 0.3902,
    "hits of populations": 0.4233,
    "hits of axis searches": 0.1081,
    "share of restarts": 0.0000,
    "seen by any": 0.1450,
    "few values": 0.0847,
    "found long since": 26.4275,
    "landed": 0.4405,
    "evaluations a dimension": 0.0819,
    "few dimensions": 0.1074,
    "boxed": 0.0000,
    "moved": 7.7329,
    "not level": 0.0000,
    "firm": 0.6297,
}
