"""Drawn values: one mixed 64-bit number per thing, so that a thing is the same at each look."""

from __future__ import annotations

import math
import random
from functools import cache

_MASK = (1 << 64) - 1
_LANE = 128
"""Bits between two of the values that are mixed at once: products of 64 bits do not meet."""


@cache
def _start(seed: int, salt: int) -> int:
    return (seed * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03 + 1) & _MASK


def mixed(seed: int, salt: int, index: int) -> int:
    """A 64-bit number that depends on all three (splitmix64), the same on every machine."""
    value = ((_start(seed, salt) + index) * 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@cache
def _starts(seed: int, salt: int, count: int) -> tuple[int, int, int]:
    """The starts of so many salts, in lanes, the first on top; a one and the mask in each."""
    lanes = range(0, count * _LANE, _LANE)
    starts = [_start(seed, salt + place) for place in reversed(range(count))]
    ones = sum(1 << lane for lane in lanes)
    return (
        sum(start << lane for start, lane in zip(starts, lanes, strict=True)),
        ones,
        ones * _MASK,
    )


def tokens(seed: int, salt: int, index: int, count: int) -> list[str]:
    """So many tokens, of this salt and every second one after it.

    Their values are mixed all at once, in lanes of one long number, which takes a third of
    the time of one by one.
    """
    starts, ones, mask = _starts(seed, salt, 2 * count)
    value = ((starts + index * ones) * 0x9E3779B97F4A7C15) & mask
    value = (((value ^ (value >> 30)) & mask) * 0xBF58476D1CE4E5B9) & mask
    value = (((value ^ (value >> 27)) & mask) * 0x94D049BB133111EB) & mask
    value = (value ^ (value >> 31)) & mask
    # a token is the values of two lanes: the upper one goes beside the lower one
    digits = f"{value | value >> 64:0{64 * count}x}"
    return [digits[place : place + 32] for place in range(32, 64 * count, 64)]


def token(seed: int, salt: int, index: int) -> str:
    """A token of 32 hexadecimal digits."""
    return tokens(seed, salt, index, 1)[0]


def order_tokens(seed: int, slot: int) -> list[str]:
    """An order's four: for its confirmation number, cart, status page and checkout."""
    return tokens(seed, 41, slot, 4)


def checkout_token(seed: int, slot: int) -> str:
    """The last of an order's tokens."""
    return token(seed, 47, slot)


@cache
def _log_of_failure(mean: float) -> float:
    return math.log(1 - 1 / (1 + mean))


def geometric(rng: random.Random, mean: float, most: int) -> int:
    """A whole number from 0 with the given mean, cut off at the most."""
    return min(most, int(math.log(1 - rng.random()) / _log_of_failure(mean)))


def lognormal(rng: random.Random, median: int, sigma: float) -> int:
    """A whole number from a lognormal distribution with the given median."""
    return int(median * rng.lognormvariate(0, sigma))
