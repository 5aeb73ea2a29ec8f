"""What a load would do: computed in the warehouse, from the marts and the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from load.objects.catalogue import ASSOCIATIONS, CATALOGUE
from load.objects.serialization import check_keys
from load.plan.diff import (
    WINDOW,
    Row,
    adoptions,
    pairs,
    prepare,
    prepare_adopted,
    prepare_associations,
    prepare_deletes,
    prepare_left_contacts,
    rows,
)
from load.plan.held_back import FATES, SKIPPED, Reason, find_held_back, reasons
from load.plan.omitted_properties import OmittedProperty, omitted_properties
from load.plan.state import open_plan

_CHANGED_PROPERTIES = """
select unnest(names) as name, count(*)
from load_changed
join load_plan using (n)
where object = ? and action = 'update'
group by name
order by count(*) desc, name
"""


@dataclass(frozen=True)
class Counts:
    """How many records of an object meet which fate.

    quarantined counts those that our rules do not send: the models keep them apart, or
    HubSpot would refuse a value; rejected those that HubSpot refused and that have not
    changed since; skipped those that a person deleted or merged with another in HubSpot,
    and the line items of deals that HubSpot does not have. Together they are held back.
    """

    create: int = 0
    update: int = 0
    unchanged: int = 0
    delete: int = 0
    quarantined: int = 0
    rejected: int = 0
    skipped: int = 0

    @property
    def writes(self) -> int:
        """Records that a load would send."""
        return self.create + self.update + self.delete


@dataclass(frozen=True)
class Plan:
    """Counts per object ("associations" among them).

    properties: object -> property -> how many updates touch it;
    held_back: how many records of an object are held back for which reason;
    adopted: how many of the updates are of contacts that HubSpot was found to have;
    omitted: the properties that records in HubSpot go without.
    """

    objects: dict[str, Counts]
    properties: dict[str, dict[str, int]] = field(default_factory=dict)
    held_back: list[Reason] = field(default_factory=list)
    adopted: int = 0
    omitted: list[OmittedProperty] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """Records and associations that a load would send."""
        return sum(counts.writes for counts in self.objects.values())

    def alarming(self, name: str) -> int:
        """Records of an object that are held back and that somebody has to look at."""
        return sum(
            each.records
            for each in self.held_back
            if each.object == name and each.fate != SKIPPED and not each.is_ordinary
        )

    def as_json(self) -> dict[str, Any]:
        """The plan as `cartwheel plan --json` prints it."""
        return {
            "objects": {name: asdict(counts) for name, counts in self.objects.items()},
            "writes": self.writes,
            "adopted": self.adopted,
            "held_back": [asdict(each) for each in self.held_back],
            "omitted": [each._asdict() for each in self.omitted],
        }


_NOT_UNCHANGED = ("create", "update", "adopt", *FATES)


def plan(connection: duckdb.DuckDBPyConnection) -> Plan:
    """Say what a load would do; nothing is sent and no table of the warehouse is touched.

    Raises WarehouseError if hubspot.* is missing, malformed or has a key twice.
    """
    open_plan(connection)
    actions, properties = {}, {}
    for object_type in CATALOGUE.values():
        name = object_type.name
        prepare(connection, object_type)
        check_keys(connection, object_type)
        prepare_deletes(connection, object_type)
        if name == "contacts":
            prepare_adopted(connection)
            prepare_left_contacts(connection)
        actions[name] = _actions(connection, name)
        properties[name] = dict(connection.execute(_CHANGED_PROPERTIES, [name]).fetchall())
    adopted = _one(connection, "select count(*) from load_plan where action = 'adopt'")
    prepare_associations(connection)
    actions["associations"] = _actions_of_associations(connection)
    find_held_back(connection)
    why = reasons(connection)
    objects = {
        name: Counts(**found, **{fate: _sum(why, name, fate) for fate in FATES})
        for name, found in actions.items()
    }
    return Plan(objects, properties, why, adopted, omitted_properties(connection))


def changes(connection: duckdb.DuckDBPyConnection, object_name: str) -> Iterator[Row]:
    """Each record, or association, of an object that a load would create, update or delete.

    Call plan() on the same connection before.
    """
    if object_name == "associations":
        yield from _pairs(connection)
        return
    for action in ("create", "update", "delete"):
        yield from rows(connection, object_name, action)
        if action == "update":
            yield from adoptions(connection, object_name)
            for row in rows(connection, object_name, "clear"):
                yield row._replace(action=action)


def _actions(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    """How many records of an object each action is planned for."""
    query = "select action, count(*) from load_plan where object = ? group by 1"
    found = dict(connection.execute(query, [name]).fetchall())
    total = _one(connection, f"select count(*) from hubspot.{name}")
    return {
        "create": found.get("create", 0),
        "update": sum(found.get(action, 0) for action in ("update", "clear", "adopt")),
        "unchanged": total - sum(found.get(action, 0) for action in _NOT_UNCHANGED),
        "delete": found.get("delete", 0),
    }


def _actions_of_associations(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    query = "select action, count(*) from load_association_plan group by 1"
    found = dict(connection.execute(query).fetchall())
    return {
        "create": found.get("create", 0),
        "unchanged": _one(connection, "select count(*) from load_associations")
        - _one(connection, "select count(*) from load_unassociated"),
        "delete": found.get("delete", 0),
    }


def _pairs(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    for kind in ASSOCIATIONS:
        for action in ("create", "delete"):
            for group in pairs(connection, kind.name, action, WINDOW):
                yield from (
                    Row(pair.n, kind.name, pair.key, action, None, None) for pair in group
                )


def _sum(why: list[Reason], name: str, fate: str) -> int:
    return sum(each.records for each in why if (each.object, each.fate) == (name, fate))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
