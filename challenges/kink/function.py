"""A price that grows with the distance from the agreed weight."""


def f(x):
    """Price of a parcel of weight x."""
    return abs(x - 123.456) + 2.0
