"""The sandbox's own time: it stands still until it is told to move."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Timer(Protocol):
    """Something that happens at times of its own while the clock moves."""

    def next_due(self, until: datetime) -> datetime | None:
        """The next moment up to another at which it is to ring, None if there is none."""

    def ring(self) -> None:
        """Do what is due at the clock's time."""


class Clock:
    """A clock for the times that are data (created, updated); rates use the machine's.

    On its way to a later time it stops wherever one of its timers is due, the earliest first.
    """

    def __init__(self, now: datetime) -> None:
        self.timers: list[Timer] = []
        self._now = _utc(now)

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Set the time, forwards or back; a naive one is taken as UTC."""
        target = _utc(now)
        while (due := self._next_due(target)) is not None:
            self._arrive(due)
        self._arrive(target)

    def _next_due(self, until: datetime) -> datetime | None:
        found = [timer.next_due(until) for timer in self.timers]
        return min((each for each in found if each is not None), default=None)

    def _arrive(self, moment: datetime) -> None:
        self._now = moment
        for timer in self.timers:
            timer.ring()


def stamp(moment: datetime) -> str:
    """ISO-8601 with milliseconds and Z, as HubSpot writes times: 2026-11-23T00:00:00.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}Z"
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
