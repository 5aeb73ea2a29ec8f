"""Progress of a run, reported at intervals: as a sentence or as a record for a program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

EVERY = 5.0  # seconds between two reports of one resource


@dataclass(frozen=True)
class Update:
    """The progress of reading one resource.

    read and total count records (total None: not known); per_second is the mean since
    the beginning; seconds_left is None if unknown.
    """

    shop: str
    resource: str
    read: int
    total: int | None
    per_second: float
    seconds_left: float | None

    def __str__(self) -> str:
        """The progress as a sentence."""
        of = f" of {self.total:,}" if self.total else ""
        left = "" if self.seconds_left is None else f", {_span(self.seconds_left)} left"
        return f"{self.resource}: {self.read:,}{of} read, {self.per_second:,.0f} a second{left}"


Watch = Callable[[Update], None]


@dataclass
class _Begun:
    total: int | None
    at: float
    told: float = field(init=False)

    def __post_init__(self) -> None:
        self.told = self.at


class Progress:
    """Collects the progress of each resource, and reports it at most every few seconds."""

    def __init__(
        self,
        shop: str,
        watch: Watch,
        *,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shop = shop
        self._watch = watch
        self._every = every
        self._clock = clock
        self._begun: dict[str, _Begun] = {}
        self._lock = threading.Lock()

    def begin(self, resource: str, total: int | None) -> None:
        """Start the clock of a resource, with the number of records expected."""
        with self._lock:
            self._begun[resource] = _Begun(total, self._clock())

    def advance(self, resource: str, read: int) -> None:
        """Note the number of records read in all."""
        with self._lock:
            begun = self._begun.get(resource)
            now = self._clock()
            if begun is None or now - begun.told < self._every or not read:
                return
            begun.told = now
        self._watch(self._update(resource, begun, read, now))

    def _update(self, resource: str, begun: _Begun, read: int, now: float) -> Update:
        rate = read / max(now - begun.at, 0.001)
        left = max(begun.total - read, 0) / rate if begun.total else None
        return Update(self._shop, resource, read, begun.total, rate, left)


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
