"""The textbook walks: name → walk. A new one is one file and one line here; the conformance suite covers it."""

from dataclasses import dataclass

from blackbox.core.errors import OptionError
from blackbox.descent.adam import adam
from blackbox.descent.bfgs import bfgs
from blackbox.descent.borrowed import neighbour_descent, pattern
from blackbox.descent.conjugate_gradient import conjugate_gradient
from blackbox.descent.gradient_ascent import gradient_ascent
from blackbox.descent.gradient_descent import gradient_descent
from blackbox.descent.ground import Walk
from blackbox.descent.line_search import line_search, steepest_armijo, steepest_exact, steepest_wolfe
from blackbox.descent.momentum import momentum
from blackbox.descent.nelder_mead import nelder_mead
from blackbox.descent.nesterov import nesterov
from blackbox.descent.newton import newton
from blackbox.descent.random_local_search import random_local_search
from blackbox.descent.random_search import random_search
from blackbox.descent.sign_descent import sign_descent
from blackbox.descent.tuned import tuned_descent


@dataclass(frozen=True, slots=True)
class Method:
    """A walk and what it is, in a few words."""

    walk: Walk
    sentence: str
    ascends: bool = False


METHODS = {
    "random-search": Method(random_search, "uniform points, keep the best"),
    "random-local-search": Method(random_local_search, "a random small move, kept if lower"),
    "neighbour-descent": Method(neighbour_descent, "to the steepest neighbour until none is lower"),
    "gradient-descent": Method(gradient_descent, "θ ← θ − η ∇J"),
    "gradient-ascent": Method(gradient_ascent, "θ ← θ + η ∇J", ascends=True),
    "sign-descent": Method(sign_descent, "x ← x − ε sign(slope)"),
    "tuned-descent": Method(tuned_descent, "gradient descent at the best of several learning rates"),
    "line-search": Method(line_search, "steepest descent, the best of several step lengths"),
    "armijo": Method(steepest_armijo, "steepest descent with backtracking"),
    "wolfe": Method(steepest_wolfe, "steepest descent under the strong Wolfe conditions"),
    "exact": Method(steepest_exact, "steepest descent to the lowest point of each line"),
    "momentum": Method(momentum, "a heavy ball"),
    "nesterov": Method(nesterov, "momentum that looks ahead"),
    "adam": Method(adam, "a step per coordinate from running means"),
    "newton": Method(newton, "x ← x − H⁻¹ ∇f, safeguarded"),
    "bfgs": Method(bfgs, "a Hessian learnt from gradients"),
    "conjugate-gradient": Method(conjugate_gradient, "directions that remember the last one"),
    "nelder-mead": Method(nelder_mead, "a simplex of d + 1 points"),
    "pattern": Method(pattern, "polls along turning axes"),
}


def method(name: str) -> Method:
    """The method of that name. Raises `OptionError`."""
    if name not in METHODS:
        raise OptionError("method", name, f"must be one of {', '.join(METHODS)}")
    return METHODS[name]
