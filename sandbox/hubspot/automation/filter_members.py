"""The members that branches, filters and operations have, so that a misspelt one surfaces.

HubSpot ignores what it does not know; a filter would then ask for something else than was
meant. They are those of its OpenAPI documents, as far as the sandbox knows the operation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

BRANCH = {"filterBranchType", "filterBranchOperator", "filters", "filterBranches"}
BRANCHES = {
    "ASSOCIATION": {"objectTypeId", "operator", "associationCategory", "associationTypeId"},
    "UNIFIED_EVENTS": {"eventTypeId", "operator", "pruningRefineBy", "coalescingRefineBy"},
}
FILTER = {"filterType", "property", "operation"}
OPERATION = {"operationType", "operator", "includeObjectsWithNoValueSet"}
OPERATIONS = {
    "ALL_PROPERTY": set[str](),
    "BOOL": {"value"},
    "ENUMERATION": {"values"},
    "NUMBER": {"value"},
    "NUMBER_RANGED": {"lowerBound", "upperBound"},
    "STRING": {"value"},
    "MULTISTRING": {"values"},
    "ROLLING_DATE_RANGE": {"numberOfDays", "requiresTimeZoneConversion"},
    "TIME_POINT": {"type", "timePoint", "endpointBehavior", "propertyParser"},
    "TIME_RANGED": {
        "type",
        "propertyParser",
        "lowerBoundTimePoint",
        "lowerBoundEndpointBehavior",
        "upperBoundTimePoint",
        "upperBoundEndpointBehavior",
    },
}


def unknown_members(given: Any) -> Iterator[str]:
    """The members of branches, filters and operations, wherever in JSON, that there are not."""
    if isinstance(given, list):
        for each in given:
            yield from unknown_members(each)
    elif isinstance(given, dict):
        known = _known(given)
        yield from (name for name in given if known is not None and name not in known)
        for each in given.values():
            yield from unknown_members(each)


def _known(given: dict[str, Any]) -> set[str] | None:
    """The members that an object may have, None where it is not a part of a filter."""
    if "filterBranchType" in given:
        return BRANCH | BRANCHES.get(str(given["filterBranchType"]), set())
    if given.get("filterType") == "PROPERTY":
        return FILTER
    more = OPERATIONS.get(str(given.get("operationType")))
    return None if more is None else OPERATION | more
