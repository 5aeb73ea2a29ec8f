"""How a step reports its progress, in lines and at intervals, whoever listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Say = Callable[[str], None]
LABEL_WIDTH = 12
EVERY = 4.0  # seconds between two reports of one resource: no 5 pass without a sign of life
# a rate of fewer, or of a shorter time, is a guess
_ENOUGH, _ENOUGH_SHARE, _ENOUGH_SECONDS = 10, 0.05, 2.0


def labelled(say: Say, label: str, width: int = LABEL_WIDTH) -> Say:
    """Put a label, such as the step's name, before each line, so that all lines align."""
    return lambda message: say(f"{label:<{width}}{message}")


def told_to(say: Say) -> Watch:
    """A watcher that says each report, where nobody draws bars."""
    return lambda update: say(str(update))


def silent(message: str) -> None:
    """Say nothing: for tests and for callers that print the report themselves."""
    del message


@dataclass(frozen=True)
class Update:
    """The progress of a step with one resource.

    read and total count what verb says, such as records read or models built (total None: not
    known); per_second is the mean so far, None while too little is done to tell; seconds_left
    is None if unknown.
    """

    shop: str
    resource: str
    read: int
    total: int | None
    per_second: float | None
    seconds_left: float | None
    step: str = "extract"
    verb: str = "read"

    def __str__(self) -> str:
        """The progress as a sentence."""
        of = f" of {self.total:,}" if self.total else ""
        left = "" if self.seconds_left is None else f", {_span(self.seconds_left)} left"
        return f"{self.resource}: {self.read:,}{of} {self.verb}{self._rate()}{left}"

    def _rate(self) -> str:
        if self.per_second is None:
            return ""
        digits = 0 if self.per_second >= 10 else 1
        rate = f"{self.per_second:,.{digits}f}".removesuffix(".0")
        return f", {rate} a second"


Watch = Callable[[Update], None]


@dataclass
class _Begun:
    total: int | None
    at: float
    told: float = field(init=False)
    first: tuple[int, float] | None = None

    def __post_init__(self) -> None:
        self.told = self.at

    def rate(self, read: int, now: float) -> float | None:
        """How many are done in a second, None while that would be a guess.

        Counted from the first report on, so that what came before it is not taken for
        slowness: dbt reads its project, Great Expectations its libraries.
        """
        before, since = self.first or (read, now)
        is_guess = (
            read - before < _ENOUGH
            or read < _ENOUGH_SHARE * (self.total or 0)
            or now - since < _ENOUGH_SECONDS
        )
        return None if is_guess else (read - before) / (now - since)


class Progress:
    """Collects the progress of each resource, and reports it at most every few seconds."""

    def __init__(
        self,
        shop: str,
        watch: Watch,
        *,
        step: str = "extract",
        verb: str = "read",
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shop, self._step, self._verb = shop, step, verb
        self._watch = watch
        self._every = every
        self._clock = clock
        self._begun: dict[str, _Begun] = {}
        self._lock = threading.Lock()

    def begin(self, resource: str, total: int | None) -> None:
        """Start the clock of a resource, with the number that is expected."""
        with self._lock:
            self._begun[resource] = _Begun(total, self._clock())

    def advance(self, resource: str, read: int) -> None:
        """Note the number of all that is done."""
        with self._lock:
            begun = self._begun.get(resource)
            now = self._clock()
            if begun is None or not read:
                return
            begun.first = begun.first or (read, now)
            if now - begun.told < self._every:
                return
            begun.told = now
        self._watch(self._update(resource, begun, read, now))

    def _update(self, resource: str, begun: _Begun, read: int, now: float) -> Update:
        rate = begun.rate(read, now)
        left = max(begun.total - read, 0) / rate if begun.total and rate else None
        return Update(
            self._shop, resource, read, begun.total, rate, left, self._step, self._verb
        )


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
