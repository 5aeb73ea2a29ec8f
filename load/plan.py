"""What a load would do: computed in the warehouse, from the marts and the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from load.canonical import check_keys
from load.catalogue import CATALOGUE
from load.known import open_plan
from load.prepare import Row, prepare, prepare_associations, prepare_deletes, rows

_CHANGED_PROPERTIES = """
select unnest(names) as name, count(*)
from load_changed
join load_plan using (n)
where object = ? and action = 'update'
group by name
order by count(*) desc, name
"""

_REASONS = """
select split_part(coalesce(planned.problem, refused.category, 'unknown'), ':', 1) as reason
from load_plan as planned
left join load_refused as refused using (object, key)
where planned.object = '{object}' and planned.action in ('quarantined', 'rejected')
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
    reasons: object -> reason -> how many records are quarantined or rejected for it.
    """

    objects: dict[str, Counts]
    properties: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def writes(self) -> int:
        """Records and associations that a load would send."""
        return sum(counts.writes for counts in self.objects.values())

    def as_json(self) -> dict[str, Any]:
        """The plan as `cartwheel plan --json` prints it."""
        return {
            "objects": {name: asdict(counts) for name, counts in self.objects.items()},
            "writes": self.writes,
        }


def plan(connection: duckdb.DuckDBPyConnection) -> Plan:
    """Say what a load would do; nothing is sent and no table of the warehouse is touched.

    Raises WarehouseError if hubspot.* is missing, malformed or has a key twice.
    """
    open_plan(connection)
    objects, properties, reasons = {}, {}, {}
    for object_type in CATALOGUE.values():
        name = object_type.name
        prepare(connection, object_type)
        check_keys(connection, object_type)
        prepare_deletes(connection, object_type)
        objects[name] = _count(connection, name)
        properties[name] = dict(connection.execute(_CHANGED_PROPERTIES, [name]).fetchall())
        reasons[name] = _reasons(connection, name)
    prepare_associations(connection)
    objects["associations"] = _count_associations(connection)
    return Plan(objects, properties, reasons)


def changes(connection: duckdb.DuckDBPyConnection, object_name: str) -> Iterator[Row]:
    """Each record of an object that a load would create, update or delete.

    Call plan() on the same connection before.
    """
    for action in ("create", "update", "delete"):
        yield from rows(connection, object_name, action)


_NOT_UNCHANGED = ("create", "update", "quarantined", "rejected", "skipped")


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> Counts:
    actions = "select action, count(*) from load_plan where object = ? group by 1"
    found = dict(connection.execute(actions, [name]).fetchall())
    total = _one(connection, f"select count(*) from hubspot.{name}")
    planned = sum(found.get(action, 0) for action in _NOT_UNCHANGED)
    apart = _quarantined_by_models(connection, name)
    in_models = _one(connection, f"select count(*) from {apart}") if apart else 0
    return Counts(
        create=found.get("create", 0),
        update=found.get("update", 0),
        unchanged=total - planned,
        delete=found.get("delete", 0),
        quarantined=found.get("quarantined", 0) + in_models,
        rejected=found.get("rejected", 0),
        skipped=found.get("skipped", 0),
    )


def _count_associations(connection: duckdb.DuckDBPyConnection) -> Counts:
    actions = "select action, count(*) from load_association_plan group by 1"
    found = dict(connection.execute(actions).fetchall())
    return Counts(
        create=found.get("create", 0),
        unchanged=_one(connection, "select count(*) from load_associations")
        - _one(connection, "select count(*) from load_unassociated"),
        delete=found.get("delete", 0),
        rejected=found.get("rejected", 0),
    )


def _reasons(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    parts = [_REASONS.format(object=name)]
    if apart := _quarantined_by_models(connection, name):
        parts.append(f"select reason from {apart}")
    union = " union all ".join(parts)
    query = f"select coalesce(reason, 'unknown'), count(*) from ({union}) group by 1"
    return dict(connection.execute(query).fetchall())


def _quarantined_by_models(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    present = connection.execute(
        "select 1 from information_schema.tables "
        "where table_schema = 'hubspot' and table_name = ?",
        [f"quarantined_{name}"],
    ).fetchone()
    return f"hubspot.quarantined_{name}" if present else None


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
