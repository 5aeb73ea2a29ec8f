"""The rate limiter of all requests: never faster than HubSpot's rate headers allow."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

# the smallest plan's allowance, until a reply tells the account's own:
# docs/reference/hubspot.md#rate-limits
FIRST_LIMIT, FIRST_INTERVAL = 100, 10.0

# seconds by which requests may take longer on their way than those before them
JITTER = 0.2


class RateLimiter:
    """Lets no more requests through in an interval than the account may send; for all threads.

    HubSpot counts in a rolling window, so the limiter remembers when it let requests pass; what
    other programs use of the same allowance shows in the Remaining header.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit, self._interval = FIRST_LIMIT, FIRST_INTERVAL
        self._clock, self._sleep = clock, sleep
        self._passed: deque[float] = deque()
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Wait until a request may be sent, and count it."""
        while (seconds := self._try()) > 0:
            self._sleep(seconds)

    def rest(self, seconds: float) -> None:
        """Wait before the next attempt of a refused request, then enter again."""
        self._sleep(seconds)
        self.enter()

    def close_for(self, seconds: float) -> None:
        """Let no request through for that long: HubSpot said that the allowance is used up."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take the account's own limit and what is left of it from a reply's headers."""
        limit = _number(headers, "X-HubSpot-RateLimit-Max")
        interval = _number(headers, "X-HubSpot-RateLimit-Interval-Milliseconds")
        remaining = _number(headers, "X-HubSpot-RateLimit-Remaining")
        with self._lock:
            if limit and interval:
                self._limit, self._interval = limit, interval / 1000
            used_by_others = len(self._passed) < 0.9 * self._limit
            if remaining == 0 and used_by_others:
                pause = self._interval / 10
                self._closed_until = max(self._closed_until, self._clock() + pause)

    @property
    def interval(self) -> float:
        """Seconds of the rolling window."""
        return self._interval

    def _try(self) -> float:
        """Count a request and return 0, or return the seconds until the next try."""
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                return self._closed_until - now
            window = self._interval + JITTER
            while self._passed and self._passed[0] <= now - window:
                self._passed.popleft()
            if len(self._passed) < self._limit:
                self._passed.append(now)
                return 0.0
            return self._passed[0] + window - now


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isdigit() else None
