"""The time as the warehouse keeps it: UTC, without a zone.

What a run is *about* goes by Settings.clock(), which CARTWHEEL_NOW can fix; when a run began
and ended goes by the machine.
"""

from __future__ import annotations

from datetime import UTC, datetime


def machine_time() -> datetime:
    """The machine's time now, in UTC without a zone."""
    return without_zone(datetime.now(UTC))


def without_zone(moment: datetime) -> datetime:
    """A moment in UTC, its zone left out; one that has none is taken as UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
