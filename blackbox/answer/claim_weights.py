"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -11.8403

WEIGHTS = {
    "hits of restarts": 0.3502,
    "hits of populations": 0.4587,
    "hits of axis searches": 0.1081,
    "share of restarts": 0.0000,
    "seen by any": 0.1198,
    "few values": 0.0845,
    "found long since": 28.0231,
    "landed": 0.4335,
    "evaluations a dimension": 0.0998,
    "few dimensions": 0.1253,
    "boxed": 0.0000,
    "moved": 7.6952,
    "not level": 0.0000,
    "firm": 0.5561,
}
