"""Filters of lists and of workflows, in the shape that both APIs take.

The API: docs/reference/workflows.md#filters
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Filter = dict[str, Any]
Branch = dict[str, Any]

CONTACTS, DEALS, LINE_ITEMS = "0-1", "0-3", "0-8"
# docs/reference/hubspot.md#associations
DEAL_TO_CONTACT, CONTACT_TO_DEAL, DEAL_TO_LINE_ITEM = 3, 4, 19


def any_of(*branches: Branch) -> Branch:
    """The root of a filter: a record that one of the branches lets in."""
    return branch("OR", [], *branches)


def all_of(*filters: Filter, among: Sequence[Branch] = ()) -> Branch:
    """A branch below the root: a record that all filters, and all of `among`, let in."""
    return branch("AND", filters, *among)


def branch(kind: str, filters: Sequence[Filter], *branches: Branch) -> Branch:
    """A branch of a kind (OR, AND, ASSOCIATION) with its filters and the branches below it."""
    return {
        "filterBranchType": kind,
        "filterBranchOperator": "OR" if kind == "OR" else "AND",
        "filters": [*filters],
        "filterBranches": [*branches],
    }


def associated(
    object_type_id: str, type_id: int, filters: Sequence[Filter], *branches: Branch
) -> Branch:
    """A branch that looks at the associated records of a type: one of them must match."""
    return {
        **branch("ASSOCIATION", filters, *branches),
        "objectTypeId": object_type_id,
        "operator": "IN_LIST",
        "associationTypeId": type_id,
        "associationCategory": "HUBSPOT_DEFINED",
    }


def is_any_of(name: str, values: Sequence[str]) -> Filter:
    """A property of options is one of some values."""
    return _property(name, "ENUMERATION", "IS_ANY_OF", values=[*values])


def equals_any(name: str, values: Sequence[str]) -> Filter:
    """A property of text is one of some values."""
    return _property(name, "MULTISTRING", "IS_EQUAL_TO", values=[*values])


def contains(name: str, value: str) -> Filter:
    """A property of text contains a value."""
    return _property(name, "STRING", "CONTAINS", value=value)


def equals(name: str, value: str) -> Filter:
    """A property of text is a value."""
    return _property(name, "STRING", "IS_EQUAL_TO", value=value)


def is_true(name: str) -> Filter:
    """A checkbox is ticked."""
    return _property(name, "BOOL", "IS_EQUAL_TO", value=True)


def is_not_true(name: str) -> Filter:
    """A checkbox is not ticked, or never was."""
    return _property(name, "BOOL", "IS_NOT_EQUAL_TO", blank=True, value=True)


def is_known(name: str) -> Filter:
    """A property has a value."""
    return _property(name, "ALL_PROPERTY", "IS_KNOWN")


def is_unknown(name: str) -> Filter:
    """A property has no value."""
    return _property(name, "ALL_PROPERTY", "IS_UNKNOWN", blank=True)


def compares(name: str, operator: str, value: float) -> Filter:
    """A number stands to a value as the operator says: IS_GREATER_THAN, IS_LESS_THAN, …"""
    return _property(name, "NUMBER", operator, value=value)


def is_days_ago(name: str, days: int) -> Filter:
    """A date is more than that many days ago."""
    return _property(
        name,
        "ROLLING_DATE_RANGE",
        "IS_MORE_THAN_X_DAYS_AGO",
        numberOfDays=days,
        requiresTimeZoneConversion=False,
    )


def is_recent(name: str, days: int) -> Filter:
    """A date is less than that many days ago."""
    return _property(
        name,
        "ROLLING_DATE_RANGE",
        "IS_LESS_THAN_X_DAYS_AGO",
        numberOfDays=days,
        requiresTimeZoneConversion=False,
    )


def is_since(name: str, year: int, month: int, day: int) -> Filter:
    """A date is on or after the beginning of a day, in UTC."""
    point = {
        "timeType": "DATE",
        "timezoneSource": "CUSTOM",
        "zoneId": "UTC",
        "year": year,
        "month": month,
        "day": day,
    }
    return _property(
        name,
        "TIME_POINT",
        "IS_AFTER",
        type="TIME_POINT",
        endpointBehavior="INCLUSIVE",
        propertyParser="VALUE",
        timePoint=point,
    )


def _property(
    name: str, kind: str, operator: str, *, blank: bool = False, **members: object
) -> Filter:
    return {
        "filterType": "PROPERTY",
        "property": name,
        "operation": {
            "operationType": kind,
            "operator": operator,
            **members,
            "includeObjectsWithNoValueSet": blank,
        },
    }
