"""Writing records: each row is checked first, then all that may be written is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.hubspot.core.object_types import OBJECT_TYPES, missing
from sandbox.hubspot.core.problems import Problem, already_exists, bad_request, conflict
from sandbox.hubspot.records.associations import TYPES
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record
from sandbox.hubspot.records.rules import RULES

Mode = Literal["create", "update", "upsert"]
Row = Mapping[str, Any]

MOST_INPUTS = 100


@dataclass(frozen=True)
class Change:
    """A checked row: the record to change, or None to create one."""

    row: Row
    record: Record | None
    properties: dict[str, str]
    links: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)


class Batch:
    """One batch of rows for one object type; an app's, unless it is by_person."""

    def __init__(
        self, crm: Crm, object_type: str, mode: Mode, *, by_person: bool = False
    ) -> None:
        self._crm = crm
        self._object_type = object_type
        self._mode = mode
        self._refusal = None if by_person else crm.behaviours.refusal(object_type)
        self._records = crm.records[object_type]
        self._properties = crm.properties[object_type]
        self._claimed: set[tuple[str, str]] = set()
        self._linked: list[tuple[str, str, str]] = []

    def write(self, rows: Sequence[Row]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Write the rows and give (results, errors).

        With an objectWriteTraceId on every row a bad row is an error of its own;
        without them the first bad row refuses the whole batch
        (docs/reference/hubspot.md#partial-success), save that an update of an unknown id is
        always an error of its own.
        Raises Problem where the batch as a whole is refused; nothing is written then.
        """
        self._check_rows(rows)
        traced = all(row.get("objectWriteTraceId") for row in rows)
        changes: list[Change] = []
        errors: list[dict[str, Any]] = []
        for row in rows:
            try:
                changes.append(self._prepare(row))
            except Problem as problem:
                unknown = self._mode == "update" and problem.category == "OBJECT_NOT_FOUND"
                if not traced and not unknown:
                    raise
                if traced:
                    problem.context["objectWriteTraceId"] = [row["objectWriteTraceId"]]
                errors.append(problem.row())
        return [self._commit(change) for change in changes], errors

    def write_one(self, row: Row) -> dict[str, Any]:
        """Write one row; raises Problem if it is refused."""
        return self._commit(self._prepare(row))

    def _check_rows(self, rows: Sequence[Row]) -> None:
        for key, what in (("id", "IDs"), ("objectWriteTraceId", "objectWriteTraceIds")):
            if key == "id" and self._mode == "create":
                continue
            seen: set[str] = set()
            for row in rows:
                value = row.get(key)
                if value is None and key == "objectWriteTraceId":
                    continue
                if not isinstance(value, str):
                    raise bad_request(f"Invalid input JSON: {key} must be a string")
                if value in seen:
                    raise bad_request(
                        f"Duplicate {what} found in batch input: [{value}]. "
                        f"{what} must be unique"
                    )
                seen.add(value)

    def _prepare(self, row: Row) -> Change:
        if self._refusal:
            raise bad_request(self._refusal, "RECORD_NOT_ALLOWED")
        record, cleaned = self._locate(row)
        before = record.properties if record else None
        changes = RULES[self._object_type](self._crm, before, cleaned)
        self._records.check_unique(record, changes, self._properties.unique)
        if "associations" in row and self._mode != "create":
            raise bad_request(f"associations are taken by create only, not by {self._mode}")
        links = self._links(row)
        claims = {
            (name, changes[name]) for name in self._properties.unique if changes.get(name)
        }
        if record is not None:
            claims.add(("hs_object_id", record.id))
        for name, value in claims & self._claimed:
            raise conflict(f"{name} {value} is twice in the batch", name=name)
        self._claimed |= claims
        return Change(row, record, changes, links)

    def _locate(self, row: Row) -> tuple[Record | None, dict[str, str]]:
        sent = row.get("properties", {})
        if self._mode == "create":
            return None, self._properties.clean(sent)
        id_property = id_property_of(row)
        if id_property is None and self._mode == "upsert":
            raise bad_request("Upsert needs an idProperty")
        if id_property is None:
            return self._crm.find(self._object_type, row["id"]), self._properties.clean(sent)
        if id_property not in self._properties.unique:
            type_id = OBJECT_TYPES[self._object_type][0]
            raise bad_request(
                f"Unable to perform {self._mode} by non-unique {type_id} property {id_property}"
            )
        key = self._properties.clean({id_property: row["id"]})
        owner = self._records.owner(id_property, key[id_property])
        record = self._records.get(owner) if owner else None
        if record is None and self._mode == "update":
            raise missing(self._object_type, [row["id"]])
        if not key[id_property]:
            raise bad_request(f"Upsert needs a value of {id_property}")
        cleaned = self._properties.clean(sent)
        if record is None:
            return None, {**key, **cleaned}
        if self._mode == "upsert" and record.properties[id_property] != key[id_property]:
            raise already_exists(record.id)
        return record, cleaned

    def _links(self, row: Row) -> list[tuple[str, str, tuple[int, ...]]]:
        found = []
        associations = row.get("associations") or []
        if not isinstance(associations, list):
            raise bad_request("Invalid input JSON: associations must be a list")
        for wanted in associations:
            try:
                ids = tuple(int(kind["associationTypeId"]) for kind in wanted["types"])
                to_id = str(wanted["to"]["id"])
            except (KeyError, TypeError, ValueError):
                raise bad_request(
                    "Invalid input JSON: an association needs to.id and types"
                ) from None
            to_object = self._other_end(ids)
            self._crm.find(to_object, to_id)
            found.append((to_object, to_id, ids))
        parents = [to_id for to_object, to_id, _ in found if to_object == "deals"]
        if self._object_type == "line_items" and len(parents) > 1:
            raise bad_request("A line item belongs to exactly one parent.")
        self._check_limits(found)
        return found

    def _check_limits(self, found: list[tuple[str, str, tuple[int, ...]]]) -> None:
        """Raise Problem 400 where the row's associations go past a limit."""
        new_id = f"the new record {len(self._linked)}"
        for to_object in {each[0] for each in found}:
            pairs = [
                (record, to_id)
                for record, other_end, to_id in self._linked
                if other_end == to_object
            ]
            pairs += [
                (new_id, to_id) for other_end, to_id, _ in found if other_end == to_object
            ]
            self._crm.links.check_limits(self._object_type, to_object, pairs)
        self._linked += [(new_id, to_object, to_id) for to_object, to_id, _ in found]

    def _other_end(self, ids: tuple[int, ...]) -> str:
        for to_object in OBJECT_TYPES:
            known = TYPES.get((self._object_type, to_object), ())
            if ids and set(ids) <= set(known):
                return to_object
        raise bad_request(f"No association of {self._object_type} has the types {list(ids)}")

    def _commit(self, change: Change) -> dict[str, Any]:
        record = self._records.write(
            change.record, change.properties, self._properties.unique, self._crm.clock.now()
        )
        for to_object, to_id, ids in change.links:
            self._crm.links.add(self._object_type, record.id, to_object, to_id, ids)
        shown = dict.fromkeys(["createdate", "hs_object_id", *change.properties])
        if id_property := change.row.get("idProperty"):
            shown[id_property] = None
        result = record.wire([*shown, self._records.modified_name])
        if self._mode == "upsert":
            result["new"] = change.record is None
        if trace := change.row.get("objectWriteTraceId"):
            result["objectWriteTraceId"] = trace
        return result


def inputs_of(body: Mapping[str, Any], most: int = MOST_INPUTS) -> list[dict[str, Any]]:
    """The inputs of a batch; raises Problem 400 if there are none, too many, or no objects."""
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(row, dict) for row in inputs):
        raise bad_request("Invalid input JSON: inputs must be a list of objects")
    if not inputs:
        raise bad_request("inputs must not be empty")
    if len(inputs) > most:
        raise bad_request(f"A batch takes at most {most} inputs, not {len(inputs)}")
    return inputs


def id_property_of(body: Mapping[str, Any]) -> str | None:
    """The unique property that identifies records; raises Problem 400 if it is not text."""
    name = body.get("idProperty")
    if name is not None and not isinstance(name, str):
        raise bad_request("Invalid input JSON: idProperty must be a string")
    return name
