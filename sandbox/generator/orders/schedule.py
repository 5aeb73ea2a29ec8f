"""Who orders when: people arrive with the season and come back by BG/NBD.

Season index and parameters (r 0.243, alpha 4.414 weeks, a 0.793, b 2.426) are those of
docs/reference/store-shape.md#the-generated-store.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sandbox.generator.core.times import DAY, HOUR, NOW, OPENED, WEEK
from sandbox.generator.shop.cast import CAST
from sandbox.generator.shop.people import person

SEASON = (0.75, 0.63, 0.85, 0.80, 0.95, 0.90, 0.85, 0.90, 1.27, 1.38, 1.81, 1.10)
HOURS = (5, 4, 4, 3, 2, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 6, 6, 7, 6, 6, 6, 6, 6, 6)
"""How busy each hour of the UTC day is; the evening in New York is past midnight here."""

_UP_TO_HOUR = list(accumulate(HOURS))

Moment = tuple[int, int]
"""When (seconds since 1970) and who (index of the person)."""


class Season:
    """Draws of a moment between the shop's opening and the present."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._days: list[int] = []
        self._weights: list[float] = []
        whole = 0.0
        day = datetime.fromtimestamp(OPENED, UTC)
        for start in range(OPENED, NOW, DAY):
            self._days.append(start)
            whole += SEASON[day.month - 1]
            self._weights.append(whole)
            day += timedelta(days=1)

    def moment(self) -> int:
        """A second within the shop's life, by season and hour."""
        day = self._rng.choices(self._days, cum_weights=self._weights)[0]
        hour = self._rng.choices(range(24), cum_weights=_UP_TO_HOUR)[0]
        return day + hour * HOUR + self._rng.randrange(HOUR)


def _returns(rng: random.Random, first: int) -> list[int]:
    """The later purchases of somebody who bought first at that second."""
    pace = rng.gammavariate(0.243, 1 / 4.414)
    leaves = rng.betavariate(0.793, 2.426)
    moments: list[int] = []
    moment = float(first)
    while rng.random() >= leaves and pace > 1e-6:
        moment += max(600.0, rng.expovariate(pace) * WEEK)
        if moment >= NOW - 600:
            break
        moments.append(int(moment))
    return moments


def schedule(orders: int, seed: int) -> tuple[list[Moment], int]:
    """Exactly so many moments in time order, and how many people had one.

    The cast comes first, as far as it fits in a half of the orders; one person, the whale,
    places half a per cent of them.
    """
    rng = random.Random(f"schedule {seed}")
    season = Season(rng)
    moments: list[Moment] = []
    for index, role in enumerate(CAST):
        if len(moments) + role.orders > orders // 2:
            continue
        times = role.at or tuple(season.moment() for _ in range(role.orders))
        moments += [(time, index) for time in times]
    whale = len(CAST)
    while person(seed, whale).guest or person(seed, whale).email is None:
        whale += 1
    moments += [(season.moment(), whale) for _ in range(orders // 200)]
    index = len(CAST)
    while len(moments) < orders:
        first = season.moment()
        moments.append((first, index))
        if person(seed, index).guest:
            if rng.random() < 0.1:
                moments.append((min(first + rng.randrange(DAY, 60 * DAY), NOW - 900), index))
        else:
            moments += [(moment, index) for moment in _returns(rng, first)]
        index += 1
    del moments[orders:]
    return sorted(moments), max(index, whale + 1)
