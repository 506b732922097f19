"""A surrogate for campaigns of tens of evaluations: a Gaussian process and what to ask it."""
