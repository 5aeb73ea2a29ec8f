"""One request, as its handler sees it: account, path, query, body, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from sandbox.core.clock import stamp
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.core.object_types import resolve
from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.records.records import Records

Answer = tuple[int, Any]
Json = dict[str, Any]
Ids = frozenset[str]


@dataclass(frozen=True)
class Call:
    """A request whose token, limit and version are in order."""

    account: Account
    path: Mapping[str, str]
    query: QueryParams
    body: Json

    @property
    def object_type(self) -> str:
        """The object type of the path, in the plural; raises Problem 404."""
        return resolve(self.path["object_type"])

    def flag(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(name, "false").lower() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query from 1 to most; raises Problem 400."""
        given = self.query.get(name, str(default))
        if not given.isdecimal() or not 1 <= int(given) <= most:
            raise bad_request(f"{name} must be a whole number from 1 to {most}, not {given}")
        return int(given)

    @property
    def created(self) -> int:
        """The status of a batch of associations or properties that were made."""
        return 200 if self.path["version"] == "2026-09" else 201

    def batch(self, status: int, results: list[Json], errors: list[Json]) -> Answer:
        """A batch's body; with errors the status is 207, but not in version 2026-09.

        That version reports errors in the same body and keeps its status
        (docs/reference/hubspot.md#partial-success).
        """
        moment = stamp(self.account.clock.now())
        body: Json = {
            "status": "COMPLETE",
            "results": results,
            "startedAt": moment,
            "completedAt": moment,
        }
        if errors:
            body |= {"numErrors": len(errors), "errors": errors}
            status = status if self.path["version"] == "2026-09" else 207
        return status, body


Handler = Callable[[Call], Answer]


def records_named(call: Call) -> Ids:
    """The living records that a write names: by id, by unique property, by unique value."""
    object_type = call.object_type
    records = call.account.records[object_type]
    unique = call.account.properties[object_type].unique
    named: set[str] = set()
    for row in _rows(call):
        record_id, id_property = row.get("id"), row.get("idProperty")
        properties = row.get("properties")
        values = dict(properties) if isinstance(properties, dict) else {}
        if isinstance(id_property, str):
            values[id_property] = record_id
        elif isinstance(record_id, str):
            named.add(record_id)
        named.update(_owners(records, {name: values.get(name) for name in unique}))
    return frozenset(named)


def records_written(body: object) -> Ids:
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
