"""The operations on dates of PROPERTY filters: some days ago, before a point, between two.

They are asked as of the sandbox's clock. A point in time is a date, or counted from now,
today, or the beginning of the week, month or year, in a time zone; one that another property
holds is refused.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.hubspot.core.problems import bad_request

Operation = Mapping[str, Any]
Point = Callable[[datetime], datetime]  # of the clock's time
Holds = Callable[[datetime, datetime], bool]  # of the property's value, at the clock's time

OPERATION_TYPES = {"ROLLING_DATE_RANGE", "TIME_POINT", "TIME_RANGED"}
ROLLING: dict[str, Callable[[timedelta, timedelta], bool]] = {
    # how long ago the value is, and how many days were asked for
    "IS_MORE_THAN_X_DAYS_AGO": lambda ago, days: ago > days,
    "IS_LESS_THAN_X_DAYS_AGO": lambda ago, days: timedelta(0) <= ago < days,
    "IS_MORE_THAN_X_DAYS_FROM_NOW": lambda ago, days: -ago > days,
    "IS_LESS_THAN_X_DAYS_FROM_NOW": lambda ago, days: timedelta(0) <= -ago < days,
}
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
REFERENCES = ("NOW", "TODAY", "WEEK", "MONTH", "YEAR")
SPANS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")
MONTHS_OF = {"years": 12, "quarters": 3, "months": 1}
MOST_DAYS, MOST_OFFSET = 36_500, 50_000


def holds_on(operator: str, operation: Operation) -> Holds:
    """The test of a moment that an operation asks for; raises Problem 400."""
    return BUILDERS[str(operation.get("operationType")).upper()](operator, operation)


def moment_of(stored: str) -> datetime:
    """The moment of a stored date-time, or midnight (UTC) of a stored date."""
    moment = datetime.fromisoformat(stored)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _rolling(operator: str, operation: Operation) -> Holds:
    days = _whole(operation.get("numberOfDays"), "numberOfDays", 0, MOST_DAYS)
    if not isinstance(operation.get("requiresTimeZoneConversion", False), bool):
        raise bad_request("requiresTimeZoneConversion must be true or false")
    if operator not in ROLLING:
        raise bad_request(f"ROLLING_DATE_RANGE has no operator {operator}")
    compare, asked = ROLLING[operator], timedelta(days=days)
    return lambda value, now: compare(now - value, asked)


def _time_point(operator: str, operation: Operation) -> Holds:
    _check_type(operation, "TIME_POINT")
    point = _point(operation.get("timePoint"))
    inclusive = _is_inclusive(operation, "endpointBehavior")
    if operator == "IS_BEFORE":
        return lambda value, now: _before(value, point(now), inclusive=inclusive)
    if operator == "IS_AFTER":
        return lambda value, now: _before(point(now), value, inclusive=inclusive)
    raise bad_request(f"TIME_POINT has no operator {operator}")


def _time_ranged(operator: str, operation: Operation) -> Holds:
    _check_type(operation, "TIME_RANGED")
    if operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        raise bad_request(f"TIME_RANGED has no operator {operator}")
    low, high = (_point(operation.get(f"{side}BoundTimePoint")) for side in ("lower", "upper"))
    from_low, to_high = (
        _is_inclusive(operation, f"{side}BoundEndpointBehavior") for side in ("lower", "upper")
    )
    expected = operator == "IS_BETWEEN"

    def holds(value: datetime, now: datetime) -> bool:
        after = _before(low(now), value, inclusive=from_low)
        return (after and _before(value, high(now), inclusive=to_high)) is expected

    return holds


def _before(first: datetime, second: datetime, *, inclusive: bool) -> bool:
    return first <= second if inclusive else first < second


def _check_type(operation: Operation, kind: str) -> None:
    if operation.get("type") != kind:
        raise bad_request(f"An operation of {kind} has that as its type as well")
    if operation.get("propertyParser", "VALUE") != "VALUE":
        raise bad_request("propertyParser can only be VALUE here")


def _is_inclusive(operation: Operation, name: str) -> bool:
    given = operation.get(name, "INCLUSIVE")
    if given not in ("INCLUSIVE", "EXCLUSIVE"):
        raise bad_request(f"{name} is INCLUSIVE or EXCLUSIVE")
    return bool(given == "INCLUSIVE")


def _point(given: object) -> Point:
    if not isinstance(given, dict):
        raise bad_request("A point in time must be an object")
    zone = _zone(given.get("zoneId"))
    if given.get("timeType") == "DATE":
        year = _whole(given.get("year"), "year", 1, 9998)
        month = _whole(given.get("month"), "month", 1, 12)
        day = _whole(given.get("day"), "day", 1, monthrange(year, month)[1])
        fixed = datetime(year, month, day, tzinfo=zone) + _time(given)
        return lambda _now: fixed
    if given.get("timeType") == "INDEXED":
        return _indexed(given, zone)
    raise bad_request(f"timeType is DATE or INDEXED here, not {given.get('timeType')}")


def _indexed(given: Mapping[str, Any], zone: tzinfo) -> Point:
    reference, offset = given.get("indexReference"), given.get("offset", {})
    if not isinstance(reference, dict) or not isinstance(offset, dict):
        raise bad_request("indexReference and offset must be objects")
    kind, time = reference.get("referenceType"), _time(reference)
    if kind not in REFERENCES:
        raise bad_request(f"referenceType is one of {', '.join(REFERENCES)} here, not {kind}")
    weekday = reference.get("dayOfWeek", "MONDAY")
    if weekday not in WEEKDAYS:
        raise bad_request(f"There is no dayOfWeek {weekday}")
    day = _whole(reference.get("day", 1), "day", 1, 28)
    month = _whole(reference.get("month", 1), "month", 1, 12)
    if unknown := set(offset) - {*SPANS, *MONTHS_OF}:
        raise bad_request(f"An offset has no {', '.join(sorted(map(str, unknown)))}")
    amounts = {
        name: _whole(amount, name, -MOST_OFFSET, MOST_OFFSET) for name, amount in offset.items()
    }
    months = sum(amounts.get(name, 0) * each for name, each in MONTHS_OF.items())
    span = timedelta(**{name: amounts.get(name, 0) for name in SPANS})
    _whole(months, "months", -1_200, 1_200)

    def point(now: datetime) -> datetime:
        local = now.astimezone(zone)
        if kind != "NOW":
            local = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if kind == "WEEK":
            local -= timedelta(days=(local.weekday() - WEEKDAYS.index(weekday)) % 7)
        elif kind == "MONTH":
            local = local.replace(day=day)
        elif kind == "YEAR":
            local = local.replace(month=month, day=day)
        return _months_later(local, months) + span + time

    return point


def _months_later(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _time(given: Mapping[str, Any]) -> timedelta:
    return timedelta(
        hours=_whole(given.get("hour", 0), "hour", 0, 23),
        minutes=_whole(given.get("minute", 0), "minute", 0, 59),
        seconds=_whole(given.get("second", 0), "second", 0, 59),
        milliseconds=_whole(given.get("millisecond", 0), "millisecond", 0, 999),
    )


def _zone(given: object) -> tzinfo:
    try:
        return ZoneInfo(given if isinstance(given, str) else "")
    except (ValueError, KeyError, OSError):
        raise bad_request(f"There is no time zone {given}") from None


def _whole(given: object, name: str, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise bad_request(f"{name} must be a whole number from {least} to {most}")
    return given


BUILDERS: dict[str, Callable[[str, Operation], Holds]] = {
    "ROLLING_DATE_RANGE": _rolling,
    "TIME_POINT": _time_point,
    "TIME_RANGED": _time_ranged,
}
