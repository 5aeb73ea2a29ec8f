"""The throttle: uses the shop's bucket of points fully, without overrunning it.

Shopify takes the cost of a query out of the bucket before it runs it, gives back what it
did not need, and tells the level with every answer (docs/reference/shopify.md#throttling).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# until the first answer tells: the smallest bucket that was ever documented
SMALLEST, SLOWEST = 1000.0, 50.0
LOOK_AGAIN = 0.1  # seconds: an answer that gives points back may come while we wait
SHORTEST = 0.001  # seconds


@dataclass(frozen=True)
class Reservation:
    """Points set aside for a request under way.

    charged is what all requests together had cost when it was made.
    """

    points: float
    charged: float


class Throttle:
    """The bucket as far as we can know it; safe for several threads.

    The level that is kept is never above what Shopify has once it has taken every
    request under way, so a request that is let through finds its points.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._most, self._rate = SMALLEST, SLOWEST
        self._level = SMALLEST
        self._under_way = 0.0
        self._charged = 0.0
        self._at = clock()
        self._closed_until = self._at
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def reserve(self, cost: float) -> Reservation:
        """Wait until the bucket holds a request's cost, and set it aside.

        One thread waits at the head, the others behind it, so that cheap requests do not
        overtake a costly one forever. A request above the bucket's size waits for a full one.
        """
        with self._turn:
            while True:
                with self._lock:
                    self._refill()
                    points = min(cost, self._most)
                    wait = self._wait(points)
                    if wait <= 0:
                        self._level -= points
                        self._under_way += points
                        return Reservation(points, self._charged)
                self._sleep(max(min(wait, LOOK_AGAIN), SHORTEST))

    def settle(self, reservation: Reservation, cost: Mapping[str, Any] | None) -> None:
        """Account for a request that has ended.

        cost is extensions.cost of the answer, empty where it was refused before it cost
        anything, None where no answer came: its points then count as taken until an
        answer tells otherwise.
        """
        with self._lock:
            self._refill()
            self._under_way -= reservation.points
            if cost is None:
                self._charged += reservation.points
                return
            meanwhile = self._charged - reservation.charged
            actual = float(cost.get("actualQueryCost") or 0)
            self._charged += actual
            self._level += reservation.points - actual
            if cost.get("throttleStatus"):
                self._correct(cost["throttleStatus"], meanwhile)

    def pause(self, seconds: float) -> None:
        """Let no request begin for that long: Shopify asked for it (429, Retry-After)."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)

    def _wait(self, points: float) -> float:
        """Seconds until a request may begin, as far as can be told now."""
        return max((points - self._level) / self._rate, self._closed_until - self._at)

    def _refill(self) -> None:
        now = self._clock()
        self._level += (now - self._at) * self._rate
        # a full bucket gains nothing, also while requests under way have not reached it
        self._level = min(self._level, self._most - self._under_way)
        self._at = now

    def _correct(self, status: Mapping[str, Any], meanwhile: float) -> None:
        """Take over the level that an answer states.

        It is an upper bound: others spend too. Less whatever may have been taken since
        (requests still under way, and those that ended in the meantime) it is a lower one.
        """
        self._most = float(status.get("maximumAvailable") or self._most)
        self._rate = float(status.get("restoreRate") or self._rate)
        told = float(status.get("currentlyAvailable") or 0)
        least = told - self._under_way - meanwhile
        self._level = min(max(self._level, least), told)
