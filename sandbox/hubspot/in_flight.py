"""Writes that are not answered yet: too many at once, or two to one record, meet 423.

That HubSpot locks under parallel writes is sourced, how it does so is not
(docs/reference/hubspot.md#statuses-that-are-tried-again). Here the whole request is refused and
nothing of it is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sandbox.hubspot.problems import Problem
from sandbox.hubspot.records import Records

if TYPE_CHECKING:
    from sandbox.hubspot.calls import Call

Ids = frozenset[str]


class InFlight:
    """The record ids that each unanswered write holds, by object type."""

    def __init__(self, most_writers: int) -> None:
        self.most_writers = most_writers
        self._writes: dict[str, list[Ids]] = {}

    @property
    def busy(self) -> bool:
        """Whether any write is under way."""
        return any(self._writes.values())

    def check(self, object_type: str, ids: Ids) -> None:
        """Raise Problem 423 if there are too many writers, or one holds any of the ids."""
        writes = self._writes.get(object_type, [])
        if len(writes) >= self.most_writers:
            raise locked(f"{len(writes)} writes of {object_type} are under way.")
        held = sorted(set().union(*(ids & write for write in writes)))
        if held:
            raise locked(f"Another request is writing {object_type} {', '.join(held[:5])}.")

    @contextmanager
    def held(self, object_type: str, ids: Ids) -> Iterator[None]:
        """Hold the ids while the block runs."""
        writes = self._writes.setdefault(object_type, [])
        writes.append(ids)
        try:
            yield
        finally:
            writes.remove(ids)


def locked(message: str) -> Problem:
    """423: try again later."""
    return Problem(423, "LOCKED", message)


def named_by(call: Call) -> Ids:
    """The living records that a write names: by id, by unique property, by unique value."""
    object_type = call.object_type
    records, unique = call.account.records[object_type], call.account.books[object_type].unique
    found: set[str] = set()
    for row in _rows(call):
        record_id, id_property = row.get("id"), row.get("idProperty")
        properties = row.get("properties")
        values = dict(properties) if isinstance(properties, dict) else {}
        if isinstance(id_property, str):
            values[id_property] = record_id
        elif isinstance(record_id, str):
            found.add(record_id)
        found.update(_owners(records, {name: values.get(name) for name in unique}))
    return frozenset(found)


def written_by(body: object) -> Ids:
    """The records that the answer to a write tells of."""
    if not isinstance(body, dict):
        return frozenset()
    results = body.get("results", [body])
    return frozenset(str(each["id"]) for each in results if "id" in each)


def _rows(call: Call) -> list[Mapping[str, Any]]:
    if "record_id" in call.path:
        one = {"id": call.path["record_id"], "idProperty": call.query.get("idProperty")}
        return [{**call.body, **one}]
    if "objectId" in call.body:
        return [{**call.body, "id": call.body["objectId"]}]
    inputs = call.body.get("inputs", [call.body])
    return [row for row in inputs if isinstance(row, dict)] if isinstance(inputs, list) else []


def _owners(records: Records, values: Mapping[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        if isinstance(value, str):
            owner = records.owner(name, value.strip().lower() if name == "email" else value)
            if owner:
                yield owner
