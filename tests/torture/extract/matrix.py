"""The fault matrix as data: fault x resource x way.

The everyday suite tries a few, by a seed; CARTWHEEL_TORTURE=all tries everything.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

from tests.torture.extract.change_cases import change_cases
from tests.torture.extract.fault_cases import fault_cases

T = TypeVar("T")
SEED = 3
SHARE = 150
MATRIX = (*fault_cases(), *change_cases())


def chosen(among: Sequence[T], seed: int = SEED, share: int = SHARE) -> list[T]:
    """Every 150th (or share-th) of a seeded shuffle, or all if CARTWHEEL_TORTURE says so."""
    if os.environ.get("CARTWHEEL_TORTURE") == "all":
        return list(among)
    return random.Random(seed).sample(among, len(among))[::share]
