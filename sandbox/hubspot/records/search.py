"""Search over the lagging index: filters, sorting and pages, within HubSpot's limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.records.records import Records

Values = Mapping[str, str]
Comparison = Callable[[str, str], bool]

# docs/reference/hubspot.md#searches
LARGEST_PAGE, MOST_RESULTS, LONGEST_BODY = 200, 10_000, 3_000
NO_NUMBER = Decimal("NaN")
MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18


def search(records: Records, body: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The answer to a search; archived records are never in it. Raises Problem 400."""
    try:
        return _search(records, body, names)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise bad_request(f"Invalid input JSON: {type(error).__name__} {error}") from None


def _search(records: Records, body: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    groups = body.get("filterGroups") or []
    filters = [group.get("filters", []) for group in groups]
    if len(orjson.dumps(body)) > LONGEST_BODY:
        raise bad_request(f"A search takes at most {LONGEST_BODY} characters")
    if len(groups) > MOST_GROUPS:
        raise bad_request(f"At most {MOST_GROUPS} filter groups are allowed")
    if any(len(each) > MOST_FILTERS for each in filters):
        raise bad_request(f"At most {MOST_FILTERS} filters are allowed in a group")
    if sum(map(len, filters)) > MOST_FILTERS_IN_ALL:
        raise bad_request(f"At most {MOST_FILTERS_IN_ALL} filters are allowed")
    limit, start = int(body.get("limit", 10)), int(body.get("after") or 0)
    if not 1 <= limit <= LARGEST_PAGE:
        raise bad_request(f"limit must be from 1 to {LARGEST_PAGE}")
    if start < 0:
        raise bad_request(f"after must be the cursor of a page, not {start}")
    if start + limit > MOST_RESULTS:
        raise bad_request(f"Only the first {MOST_RESULTS} results can be read")
    words = str(body.get("query") or "").lower()
    found = [
        (record, values)
        for record, values in records.indexed()
        if (not groups or any(all(_holds(test, values) for test in each) for each in filters))
        and (not words or any(words in value.lower() for value in values.values()))
    ]
    for order in reversed(body.get("sorts") or []):
        name, descending = order["propertyName"], order.get("direction") == "DESCENDING"
        found.sort(key=lambda pair: _sortable(pair[1].get(name, "")), reverse=descending)
    answer: dict[str, Any] = {
        "total": len(found),
        "results": [
            {**record.wire(names), "properties": {name: values.get(name) for name in names}}
            for record, values in found[start : start + limit]
        ],
    }
    if start + limit < len(found):
        answer["paging"] = {"next": {"after": str(start + limit)}}
    return answer


def _holds(test: Mapping[str, Any], values: Values) -> bool:
    operator, value = test.get("operator"), values.get(test["propertyName"], "")
    if operator == "HAS_PROPERTY":
        return bool(value)
    if operator == "NOT_HAS_PROPERTY":
        return not value
    if operator == "BETWEEN":
        low, high = _sortable(test["value"]), _sortable(test["highValue"])
        return low <= _sortable(value) <= high
    if operator in ("IN", "NOT_IN"):
        listed = value.lower() in {str(each).lower() for each in test["values"]}
        return listed is (operator == "IN")
    if operator not in COMPARISONS:
        raise bad_request(f"Unknown filter operator {operator}")
    comparison: Comparison = COMPARISONS[operator]
    return comparison(value, str(test.get("value", "")))


def _sortable(value: str) -> tuple[int, Decimal, str]:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = NO_NUMBER
    return (0, number, "") if number.is_finite() else (1, Decimal(0), value.lower())


COMPARISONS: dict[str, Comparison] = {
    "EQ": lambda value, wanted: _sortable(value) == _sortable(wanted),
    "NEQ": lambda value, wanted: _sortable(value) != _sortable(wanted),
    "LT": lambda value, wanted: bool(value) and _sortable(value) < _sortable(wanted),
    "LTE": lambda value, wanted: bool(value) and _sortable(value) <= _sortable(wanted),
    "GT": lambda value, wanted: bool(value) and _sortable(value) > _sortable(wanted),
    "GTE": lambda value, wanted: bool(value) and _sortable(value) >= _sortable(wanted),
    "CONTAINS_TOKEN": lambda value, wanted: wanted.strip("*").lower() in value.lower(),
    "NOT_CONTAINS_TOKEN": lambda value, wanted: wanted.strip("*").lower() not in value.lower(),
}
