"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -13.6991

WEIGHTS = {
    "hits of restarts": 0.0503,
    "hits of populations": 0.9670,
    "hits of axis searches": 0.3352,
    "share of restarts": 0.6613,
    "seen by restarts": 0.0000,
    "seen by any": 0.1202,
    "few values": 0.9673,
    "found long since": 48.2669,
    "landed": 0.6861,
    "converged": 0.0000,
    "evaluations a dimension": 0.4610,
    "few dimensions": 1.0948,
    "boxed": 0.0000,
    "moved": 7.9898,
    "not level": 0.6820,
    "firm": 1.2588,
    "looked at": 0.0000,
}
