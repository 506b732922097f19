"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -12.9706

WEIGHTS = {
    "hits of restarts": 0.4173,
    "hits of populations": 0.6753,
    "hits of axis searches": 0.1093,
    "share of restarts": 0.0000,
    "seen by any": 0.0065,
    "few values": 0.3225,
    "found long since": 25.7790,
    "landed": 0.5616,
    "evaluations a dimension": 0.3310,
    "few dimensions": 0.0000,
    "boxed": 0.0000,
    "moved": 7.4790,
    "not level": 1.3874,
    "firm": 0.8178,
}
