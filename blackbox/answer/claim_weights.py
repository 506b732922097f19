"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -12.2755

WEIGHTS = {
    "hits of restarts": 0.2431,
    "hits of populations": 0.6014,
    "hits of axis searches": 0.1086,
    "share of restarts": 0.0000,
    "seen by any": 0.1533,
    "few values": 0.1666,
    "found long since": 28.2395,
    "landed": 0.3170,
    "evaluations a dimension": 0.1780,
    "few dimensions": 0.0901,
    "boxed": 0.0257,
    "moved": 7.6788,
    "not level": 0.0000,
    "firm": 0.6665,
}
