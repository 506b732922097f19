"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -11.0831

WEIGHTS = {
    "hits of restarts": 0.2629,
    "hits of populations": 0.5437,
    "hits of axis searches": 0.1081,
    "share of restarts": 0.0000,
    "seen by any": 0.1140,
    "few values": 0.3961,
    "found long since": 20.1719,
    "landed": 0.5030,
    "evaluations a dimension": 0.2162,
    "few dimensions": 0.1498,
    "boxed": 0.0000,
    "moved": 7.4601,
    "not level": 1.0137,
    "firm": 0.7600,
}
