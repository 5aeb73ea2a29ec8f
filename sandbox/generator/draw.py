"""Drawn values: one mixed 64-bit number per thing, so that a thing is the same at each look."""

from __future__ import annotations

import math
import random
from functools import cache

_MASK = (1 << 64) - 1


@cache
def _start(seed: int, salt: int) -> int:
    return (seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03 + 1) & _MASK


def mixed(seed: int, salt: int, index: int) -> int:
    """A 64-bit number that depends on all three (splitmix64), the same on every machine."""
    value = ((_start(seed, salt) + index) * 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def token(seed: int, salt: int, index: int) -> str:
    """A token of 32 hexadecimal digits."""
    return f"{mixed(seed, salt, index):016x}{mixed(seed, salt + 1, index):016x}"


@cache
def _log_of_failure(mean: float) -> float:
    return math.log(1 - 1 / (1 + mean))


def geometric(rng: random.Random, mean: float, most: int) -> int:
    """A whole number from 0 with the given mean, cut off at the most."""
    return min(most, int(math.log(1 - rng.random()) / _log_of_failure(mean)))


def lognormal(rng: random.Random, median: int, sigma: float) -> int:
    """A whole number from a lognormal distribution with the given median."""
    return int(median * rng.lognormvariate(0, sigma))
