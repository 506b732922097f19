"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -12.4693

WEIGHTS = {
    "hits of restarts": 0.0527,
    "hits of populations": 0.6534,
    "hits of axis searches": 0.1081,
    "share of restarts": 0.0000,
    "seen by any": 0.1967,
    "few values": 0.1652,
    "found long since": 29.3714,
    "landed": 0.3277,
    "evaluations a dimension": 0.2201,
    "few dimensions": 0.1605,
    "boxed": 0.0000,
    "moved": 7.6207,
    "not level": 0.0000,
    "firm": 0.7888,
}
