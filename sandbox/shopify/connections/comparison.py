"""One comparison of Shopify's search syntax: a comparator and a value against a fact.

Peculiarities (docs/reference/shopify.md#search): a date-time that is
not quoted counts as its date only; `>` behaves like `>=` on times; a filter "matching a
whole day" ignores the time of day on both sides.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.store.facts import Kind

Test = Callable[[Any], bool]

DAY = 86_400.0
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Shopify's words for states whose enum value is another
_SYNONYMS = {
    "unshipped": "unfulfilled",
    "shipped": "fulfilled",
    "partial": "partially_fulfilled",
    "canceled": "cancelled",
}


def matcher(kind: Kind, comparator: str, value: str, quoted: bool, now: datetime) -> Test:
    """Make the test that a fact of this kind must pass.

    A value that cannot be read as the kind matches nothing, as in Shopify.
    """
    if value == "*":
        return lambda fact: fact not in (None, "", ())
    if kind in ("time", "day"):
        period = _period(value, quoted and kind == "time", now)
        return _within(period, comparator) if period else _nothing
    if kind == "number":
        return _numeric(comparator, value)
    if kind == "flag":
        wanted = value.casefold() == "true"
        return lambda fact: bool(fact) == wanted
    choices = [value.casefold()] if quoted else value.casefold().split(",")
    if kind == "state":
        choices = [_SYNONYMS.get(choice, choice) for choice in choices]
    return _text(choices)


def _nothing(fact: Any) -> bool:
    del fact
    return False


def _within(period: tuple[float, float], comparator: str) -> Test:
    start, end = period
    if comparator in (">", ">="):
        return lambda fact: fact is not None and fact >= start
    if comparator == "<":
        return lambda fact: fact is not None and fact < start
    if comparator == "<=":
        return lambda fact: fact is not None and fact < end
    return lambda fact: fact is not None and start <= fact < end


def _period(value: str, exact: bool, now: datetime) -> tuple[float, float] | None:
    """Give the seconds since 1970 that a time value spans: a second, day, month or year."""
    if value == "now":
        moment = now.timestamp()
        return (moment, moment + 1)
    found = _DATE.match(value)
    if not found:
        return None
    try:
        if exact and found.end() < len(value):
            stamp = datetime.fromisoformat(value)
            moment = (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()
            return (moment, moment + 1)
        year, month, day = (int(part) if part else None for part in found.groups())
        start = datetime(year or 1, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    if day:
        days = 1
    elif month:
        days = monthrange(start.year, start.month)[1]
    else:
        days = 365 + isleap(start.year)
    return (start.timestamp(), start.timestamp() + days * DAY)


def _numeric(comparator: str, value: str) -> Test:
    low, separator, high = value.rpartition("/")[2].partition("..")
    try:
        wanted, most = Decimal(low), Decimal(high or low)
    except InvalidOperation:
        return _nothing
    if comparator == ">":
        return lambda fact: fact is not None and fact > wanted
    if comparator == ">=":
        return lambda fact: fact is not None and fact >= wanted
    if comparator == "<":
        return lambda fact: fact is not None and fact < wanted
    if comparator == "<=":
        return lambda fact: fact is not None and fact <= wanted
    if separator:
        return lambda fact: fact is not None and wanted <= fact <= most
    return lambda fact: fact is not None and fact == wanted


def _text(choices: list[str]) -> Test:
    prefixes = tuple(choice[:-1] for choice in choices if choice.endswith("*"))

    def test(fact: Any) -> bool:
        values = fact if isinstance(fact, tuple) else (fact,)
        for value in values:
            text = "" if value is None else str(value).casefold()
            if text in choices or text.startswith(prefixes):
                return True
        return False

    return test
