"""HubSpot's property types: when two texts are the same value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def same(kind: str, one: str, other: str) -> bool:
    """Whether two texts are the same value of a HubSpot property type."""
    if one == other:
        return True
    if kind == "number":
        return _number(one) is not None and _number(one) == _number(other)
    if kind in ("datetime", "date"):
        return _moment(one) is not None and _moment(one) == _moment(other)
    return kind in ("bool", "enumeration") and one.lower() == other.lower()


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _moment(text: str) -> datetime | None:
    try:
        if text.lstrip("-").isdigit():
            return EPOCH + timedelta(milliseconds=int(text))
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
