"""crm_object, crm_objects and crm_associations, answered from the records of the account.

They are what makes an e-mail programmable. What a query may say beyond limit, offset and a
value to match is little documented; the sandbox refuses what it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from sandbox.hubspot.content.filters import datetimeformat
from sandbox.hubspot.core.object_types import resolve
from sandbox.hubspot.core.problems import Problem
from sandbox.hubspot.records.associations import TYPES
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

MOST_FUNCTIONS, MOST_INVOCATIONS = 5, 10
DEFAULT_LIMIT, LARGEST_LIMIT = 10, 100
SIDES = {type_id: pair for pair, ids in TYPES.items() for type_id in ids}
IDS = re.compile(r"\d+(,\d+)*")
ALWAYS = ("hs_object_id",)

Test = Callable[[str], bool]
Shown = dict[str, Any]


class CannotRender(Exception):
    """Why an e-mail cannot be rendered for a contact, so that it is not sent."""


class CrmFunctions:
    """The functions for one e-mail to one contact, with what has been used of its limits.

    place is where in the e-mail the HubL stands that is being rendered: in which module.
    """

    def __init__(self, crm: Crm) -> None:
        self.place = ""
        self._crm = crm
        self._used: Counter[tuple[str, int]] = Counter()

    def crm_object(
        self,
        object_type: object,
        asked: object,
        properties: object = "",
        formatting: object = True,
        *,
        _site: int = 0,
    ) -> Shown:
        """One record by its id, or the first that a query finds; empty if there is none."""
        self._count(_site)
        name = _resolved(object_type)
        text = _text(asked)
        if IDS.fullmatch(text):
            found = self._living(name, text.split(",")[:1])
        else:
            found = self._queried(name, self._crm.records[name].all(), text)[0]
        shown = [self._shown(name, record, properties, formatting) for record in found[:1]]
        return shown[0] if shown else {}

    def crm_objects(
        self,
        object_type: object,
        asked: object = "",
        properties: object = "",
        formatting: object = True,
        *,
        _site: int = 0,
    ) -> Shown:
        """The records of some ids, or those that a query finds."""
        self._count(_site)
        name, text = _resolved(object_type), _text(asked)
        if IDS.fullmatch(text):
            found = self._living(name, text.split(","))[:LARGEST_LIMIT]
            return self._page(name, found, len(found), 0, properties, formatting)
        return self._answer(name, self._crm.records[name].all(), text, properties, formatting)

    def crm_associations(
        self,
        record_id: object,
        category: object,
        type_id: object,
        query: object = "",
        properties: object = "",
        formatting: object = True,
        *,
        _site: int = 0,
    ) -> Shown:
        """The records that a record is associated with by a type of HubSpot's own."""
        self._count(_site)
        if category != "HUBSPOT_DEFINED":
            raise CannotRender(f"crm_associations: there is no category {category!r}")
        if not isinstance(type_id, int) or type_id not in SIDES:
            raise CannotRender(f"crm_associations: there is no association type {type_id!r}")
        from_object, name = SIDES[type_id]
        linked = self._crm.links.of(from_object, _text(record_id), name)
        ids = sorted((each for each, types in linked.items() if type_id in types), key=int)
        return self._answer(name, self._living(name, ids), _text(query), properties, formatting)

    def _count(self, site: int) -> None:
        self._used[self.place, site] += 1
        if len(self._used) > MOST_FUNCTIONS:
            raise CannotRender(f"An email has at most {MOST_FUNCTIONS} CRM functions")
        if self._used[self.place, site] > MOST_INVOCATIONS:
            raise CannotRender(f"A CRM function is called at most {MOST_INVOCATIONS} times")

    def _living(self, name: str, ids: Iterable[str]) -> list[Record]:
        found = (self._crm.records[name].get(each) for each in ids)
        return [record for record in found if record is not None]

    def _answer(
        self,
        name: str,
        records: list[Record],
        query: str,
        properties: object,
        formatting: object,
    ) -> Shown:
        found, limit, offset = self._queried(name, records, query)
        shown = found[offset : offset + limit]
        return self._page(name, shown, len(found), offset, properties, formatting)

    def _page(
        self,
        name: str,
        records: list[Record],
        total: int,
        offset: int,
        properties: object,
        formatting: object,
    ) -> Shown:
        results = [self._shown(name, record, properties, formatting) for record in records]
        after = offset + len(results)
        return {
            "results": results,
            "total": total,
            "has_more": after < total,
            "offset": after,
        }

    def _queried(
        self, name: str, records: list[Record], query: str
    ) -> tuple[list[Record], int, int]:
        """The records that a query lets through, in its order, with its limit and offset."""
        limit, offset, orders = DEFAULT_LIMIT, 0, []
        for key, value in parse_qsl(query, keep_blank_values=True):
            if key == "limit":
                limit = _whole(value, LARGEST_LIMIT)
            elif key == "offset":
                offset = _whole(value, 1_000_000)
            elif key in ("order", "orderBy"):
                orders = value.split(",")
            else:
                property_name, _, operator = key.partition("__")
                self._check_property(name, property_name)
                holds = _test(operator or "eq", value)
                records = [
                    record
                    for record in records
                    if holds(record.properties.get(property_name, ""))
                ]
        for order in reversed(orders):
            property_name = order.removeprefix("-")
            self._check_property(name, property_name)
            records = _ordered(records, property_name, descending=order.startswith("-"))
        return records, limit, offset

    def _check_property(self, name: str, property_name: str) -> None:
        if property_name not in self._crm.properties[name].definitions:
            raise CannotRender(f"Property {property_name!r} does not exist on {name}")

    def _shown(
        self, name: str, record: Record, properties: object, formatting: object
    ) -> Shown:
        wanted = [each.strip() for each in _text(properties).split(",") if each.strip()]
        for each in wanted:
            self._check_property(name, each)
        shown: Shown = {"id": record.id}
        for each in (*ALWAYS, *wanted):
            value = record.properties.get(each)
            shown[each] = value
            if value and formatting is True:
                shown[each] = _formatted(self._crm.properties[name].get(each), value)
        return shown


def _resolved(object_type: object) -> str:
    try:
        return resolve(_text(object_type).lower())
    except Problem as problem:
        raise CannotRender(problem.message) from None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _whole(value: str, most: int) -> int:
    if not value.isdecimal() or int(value) > most:
        raise CannotRender(f"A query takes a whole number up to {most}, not {value!r}")
    return int(value)


def _test(operator: str, wanted: str) -> Test:
    comparisons: dict[str, Test] = {
        "eq": lambda value: _sortable(value) == _sortable(wanted),
        "neq": lambda value: _sortable(value) != _sortable(wanted),
        "lt": lambda value: bool(value) and _sortable(value) < _sortable(wanted),
        "lte": lambda value: bool(value) and _sortable(value) <= _sortable(wanted),
        "gt": lambda value: bool(value) and _sortable(value) > _sortable(wanted),
        "gte": lambda value: bool(value) and _sortable(value) >= _sortable(wanted),
        "in": lambda value: value.lower() in wanted.lower().split(","),
        "is_null": lambda value: not value,
        "not_null": bool,
    }
    if operator not in comparisons:
        raise CannotRender(f"The sandbox does not have the operator {operator!r} of a query")
    return comparisons[operator]


def _ordered(records: list[Record], name: str, *, descending: bool) -> list[Record]:
    """Records by a value; those without it come last in either direction."""
    known = [record for record in records if record.properties.get(name)]
    known.sort(key=lambda record: _sortable(record.properties[name]), reverse=descending)
    return [*known, *(record for record in records if not record.properties.get(name))]


def _sortable(value: str) -> tuple[int, Decimal, str]:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    return (0, number, "") if number.is_finite() else (1, Decimal(0), value.lower())


def _formatted(definition: dict[str, Any], value: str) -> str:
    """A value as people read it: the label of an option, a date in words."""
    if definition["type"] == "enumeration":
        labels = {option["value"]: option["label"] for option in definition.get("options", [])}
        return ", ".join(str(labels.get(each, each)) for each in value.split(";"))
    if definition["type"] in ("date", "datetime"):
        return datetimeformat(value)
    return value
