"""Weights of the claim, made by `make calibration-fit`; do not edit by hand."""

INTERCEPT = -14.6096

WEIGHTS = {
    "hits of restarts": 0.0848,
    "hits of populations": 1.0887,
    "hits of axis searches": 0.0996,
    "share of restarts": 0.3167,
    "seen by restarts": 0.0000,
    "seen by any": 0.0108,
    "few values": 0.9207,
    "found long since": 53.5661,
    "landed": 0.8092,
    "converged": 0.0000,
    "evaluations a dimension": 0.5065,
    "few dimensions": 0.4177,
    "boxed": 0.1500,
    "moved": 7.4649,
    "not level": 1.3587,
    "firm": 1.2291,
    "looked at": 0.0000,
}
