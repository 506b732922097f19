"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -11.6248

WEIGHTS = {
    "hits of restarts": 0.3017,
    "hits of populations": 0.5023,
    "hits of axis searches": 0.1084,
    "share of restarts": 0.0000,
    "seen by any": 0.1519,
    "few values": 0.0844,
    "found long since": 27.6792,
    "landed": 0.3511,
    "evaluations a dimension": 0.0783,
    "few dimensions": 0.1245,
    "boxed": 0.0000,
    "moved": 7.7019,
    "not level": 0.0000,
    "firm": 0.6971,
}
