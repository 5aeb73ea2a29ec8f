"""The time as the warehouse keeps it: UTC, without a zone.

Rules about data use Settings.clock(), which CARTWHEEL_NOW can fix; a run's own start and end
are the machine's time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def machine_time() -> datetime:
    """The machine's time now, in UTC without a zone."""
    return without_zone(datetime.now(UTC))


def without_zone(moment: datetime) -> datetime:
    """A time as naive UTC; one without a zone is taken as UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def rfc3339(moment: datetime, precision: Literal["seconds", "milliseconds"] = "seconds") -> str:
    """A time in UTC for other programs: 2026-11-29T12:00:00Z; one without a zone is in UTC."""
    return f"{without_zone(moment).isoformat(timespec=precision)}Z"
