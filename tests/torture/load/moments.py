"""When a load is killed: at a random time, or at a random write before its answer."""

from __future__ import annotations

import random
from dataclasses import dataclass

NUMBER, SEED = 100, 20
EVERYDAY = 70  # every 34th of it: kills of either way, one in each third of the load


@dataclass(frozen=True)
class Kill:
    """The moment of a kill, as the part (0 to 1) of an undisturbed load that is over.

    At a write: of its write requests, the last of them carried out and unanswered;
    otherwise of its time.
    """

    number: int
    part: float
    at_write: bool

    def __str__(self) -> str:
        """The kill's name among the tests: the moment can be read from it."""
        return f"{self.number:02}-{'write' if self.at_write else 'time'}-at-{self.part:.3f}"

    def write(self, writes: int) -> int:
        """The number of the fatal write among so many, from 1."""
        return min(int(self.part * writes) + 1, writes)


def kills() -> list[Kill]:
    """All of them: half of either way, each at random in a part of its own of the whole."""
    chance = random.Random(SEED)
    half = NUMBER // 2
    places = [*chance.sample(range(half), half), *chance.sample(range(half), half)]
    return [
        Kill(number, (place + chance.random()) / half, at_write=number < half)
        for number, place in enumerate(places)
    ]
