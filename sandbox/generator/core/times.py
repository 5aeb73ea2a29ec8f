"""The generator's time: a fixed present, whole seconds since 1970, days of the shop."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
SHOP_ZONE = ZoneInfo("America/New_York")


def at(text: str) -> int:
    """The second since 1970 of an ISO instant such as `2026-11-23T00:00:00Z`."""
    return int(datetime.fromisoformat(text).timestamp())


OPENED = at("2024-12-01T00:00:00Z")
NOW = at("2026-11-23T00:00:00Z")


@lru_cache(maxsize=4_096)
def _date(day: int) -> str:
    return date.fromordinal(719_163 + day).isoformat()


_MINUTES = [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60)]
_SECONDS = [f"{second:02d}Z" for second in range(60)]


@lru_cache(maxsize=256)
def iso(second: int) -> str:
    """A second since 1970 as Shopify writes instants: UTC, whole seconds, `Z`."""
    day, rest = divmod(second, DAY)
    return _date(day) + _MINUTES[rest // 60] + _SECONDS[rest % 60]


@lru_cache(maxsize=65_536)
def _offset(half_hour: int) -> int:
    moment = datetime.fromtimestamp(half_hour * 1_800, SHOP_ZONE)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def shop_day(second: int) -> str:
    """The day of the shop (America/New_York) in which a second lies, `YYYY-MM-DD`."""
    return _date((second + _offset(second // 1_800)) // DAY)
