"""A clock of the test's own."""

from __future__ import annotations


class StandingClock:
    """A clock that moves only when someone sleeps, and notes for how long."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.now += seconds
        self.waits.append(seconds)
