"""The sandbox's own time: it stands still until it is told to move."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """A clock for the times that are data (created, updated); rates use the machine's."""

    def __init__(self, now: datetime) -> None:
        self._now = _utc(now)

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Set the time, forwards or back; a naive one is taken as UTC."""
        self._now = _utc(now)


def stamp(moment: datetime) -> str:
    """ISO-8601 with milliseconds and Z, as HubSpot writes times: 2026-11-23T00:00:00.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}Z"
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
