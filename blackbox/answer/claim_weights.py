"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -12.0243

WEIGHTS = {
    "hits of restarts": 0.3892,
    "hits of populations": 0.6697,
    "hits of axis searches": 0.1085,
    "share of restarts": 0.0000,
    "seen by any": 0.0218,
    "few values": 0.0850,
    "found long since": 29.8074,
    "landed": 0.5688,
    "evaluations a dimension": 0.0701,
    "few dimensions": 0.2042,
    "boxed": 0.0000,
    "moved": 7.7440,
    "not level": 0.0000,
    "firm": 1.3329,
}
