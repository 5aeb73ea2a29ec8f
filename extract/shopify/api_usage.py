"""The API usage of one part of a run, while others run beside it in their threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """API usage: requests sent, points of Shopify's cost bucket, bytes received."""

    requests: int = 0
    points: int = 0
    size: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            self.requests + other.requests, self.points + other.points, self.size + other.size
        )


@dataclass
class UsageMeter:
    """Counts what the thread that opened it asks for: requests, points, bytes."""

    requests: int = 0
    points: float = 0.0
    size: int = 0

    def add(self, *, requests: int = 0, points: float = 0.0, size: int = 0) -> None:
        """Count in."""
        self.requests += requests
        self.points += points
        self.size += size

    def usage(self) -> Usage:
        """What has been counted so far."""
        return Usage(self.requests, round(self.points), self.size)


class UsageMeters:
    """The whole of all threads, and the open meter of each."""

    def __init__(self) -> None:
        self.whole = UsageMeter()
        self._lock = threading.Lock()
        self._own = threading.local()

    def add(self, *, requests: int = 0, points: float = 0.0, size: int = 0) -> None:
        """Count in what the calling thread asked for."""
        with self._lock:
            self.whole.add(requests=requests, points=points, size=size)
        own: UsageMeter | None = getattr(self._own, "meter", None)
        if own is not None:
            own.add(requests=requests, points=points, size=size)

    @contextmanager
    def metered(self) -> Iterator[UsageMeter]:
        """A meter of what the calling thread asks for within the block."""
        meter = self._own.meter = UsageMeter()
        try:
            yield meter
        finally:
            self._own.meter = None
