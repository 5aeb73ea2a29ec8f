"""The plan's rows: each record that a load would touch, in temporary tables.

They name rows of the marts and hold no values: those are in values.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.sql import SqlFiles
from load.objects.catalogue import ASSOCIATIONS, CATALOGUE, ObjectType
from load.objects.serialization import fingerprint, problem
from load.plan.rows import Pair, Row
from load.plan.values import ACTIONS, PlannedValues

sql = SqlFiles(__file__)

WINDOW = 2_000  # rows of the plan in memory at a time

_PRODUCT_ID = "product.hubspot_id"


def prepare(
    connection: duckdb.DuckDBPyConnection, object_type: ObjectType, values: PlannedValues
) -> None:
    """Put an object's rows that are not unchanged into load_plan, which has none of it."""
    name, written = object_type.name, values.written[object_type.name]
    if connection.execute(f"select 1 from hubspot.{name} limit 1").fetchone() is None:
        return
    of_line_items = name == "line_items"
    connection.execute(
        sql(
            "diff",
            object=name,
            key=object_type.key,
            product_id=_PRODUCT_ID if of_line_items else "null",
            fingerprint=fingerprint(
                written.types,
                dict.fromkeys(object_type.resolved, _PRODUCT_ID),
                written.without,
            ),
            joins=sql.text("joins_of_line_items") if of_line_items else "",
            parent_id="deal.hubspot_id" if of_line_items else "null",
            is_free="false" if of_line_items else "true",
        )
    )
    found = connection.execute(
        "select distinct action from load_plan where object = ?", [name]
    ).fetchall()
    if ("update",) in found:
        query = sql("compare_values", object=name, to_update=values.view(name, "update"))
        connection.execute(query)
    refused = problem(name)
    if refused and {("create",), ("update",)} & {*found}:
        connection.execute(sql("quarantine_problems", object=name, problem=refused))


def prepare_adopted(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn creates of contacts that HubSpot already has into updates."""
    connection.execute(sql.text("adopted"))


def drop(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Take an object's rows out of load_plan: the ledger covers what was sent."""
    name = object_type.name
    connection.execute(
        "delete from load_changed using load_plan "
        "where load_plan.n = load_changed.n and load_plan.object = ?",
        [name],
    )
    connection.execute("delete from load_plan where object = ?", [name])


def prepare_deletes(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Put an object's records to archive into load_plan; contacts are never deleted."""
    name = object_type.name
    if name == "contacts":
        return
    # the line items of a deleted deal go with it
    gone = [name, "deals"] if name == "line_items" else [name]
    query = "select 1 from load_tombstones where list_contains(?, object) limit 1"
    if connection.execute(query, [gone]).fetchone():
        connection.execute(sql("deletes", object=name, key=object_type.key))


def prepare_cleared_contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the contacts to clear into load_plan: their customers belong to others by now."""
    connection.execute(sql.text("left_contacts"))


def prepare_associations(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the associations to create and to delete into load_association_plan."""
    connection.execute("delete from load_association_plan")
    connection.execute("delete from load_unassociated")
    of_either = connection.execute(
        "select association_type from load_associations "
        "union select association_type from load_associated"
    )
    present = {name for (name,) in of_either.fetchall()}
    for kind in ASSOCIATIONS:
        if kind.name not in present:
            continue
        names = {
            "kind": kind.name,
            "from_object": kind.from_object,
            "from_column": CATALOGUE[kind.from_object].key,
            "to_object": kind.to_object,
        }
        connection.execute(sql("unassociated", **names))
        query = "select 1 from load_unassociated where association_type = ? limit 1"
        if connection.execute(query, [kind.name]).fetchone():
            connection.execute(sql("association_plan", **names))
        connection.execute(sql("unwanted_associations", **names))


def prepare_writes(connection: duckdb.DuckDBPyConnection, values: PlannedValues) -> None:
    """Make the view planned_writes: everything that the prepared plan would write."""
    connection.execute("create or replace temp table load_window as from load_plan")
    records = " union all ".join(
        f"select '{name}' as object, * from {values.view(name, action)} "
        f"where action = '{action}'"
        for name in CATALOGUE
        for action in ACTIONS
    )
    connection.execute(sql("planned_writes", records=records))


def adoptions(
    connection: duckdb.DuckDBPyConnection, values: PlannedValues, object_name: str
) -> Iterator[Row]:
    """The rows of the prepared plan to adopt, as updates of what HubSpot was found to hold."""
    for row in rows(connection, values, object_name, "adopt", how="adopt"):
        yield row._replace(action="update")


def rows(
    connection: duckdb.DuckDBPyConnection,
    values: PlannedValues,
    object_name: str,
    action: str,
    *,
    how: str = "",
) -> Iterator[Row]:
    """The rows of the prepared plan with an action, a window of them in memory at a time.

    how is the action for which their values are computed, if it is another one.
    """
    how = how or ("create" if action == "adopt" else action)
    last = 0
    more = "select 1 from load_plan where object = ? and action = ? and n > ? limit 1"
    while connection.execute(more, [object_name, action, last]).fetchone():
        connection.execute(
            "create or replace temp table load_window as from load_plan "
            "where object = ? and action = ? and n > ? order by n limit ?",
            [object_name, action, last, WINDOW],
        )
        found = connection.execute("select count(*), max(n) from load_window").fetchall()
        ((planned, last),) = found
        window = connection.execute(
            "select n, key, action, hubspot_id, fingerprint, parent_id, desired, kept, "
            f"answered from {values.view(object_name, how)} order by n"
        ).fetchall()
        if planned != len(window):
            raise WarehouseError(
                f"The {object_name} or their ledger were changed while they were read. "
                "What was sent is recorded. Run: cartwheel load"
            )
        for n, key, action_, hubspot_id, hashed, parent, desired, kept, answered in window:
            yield Row(
                n,
                object_name,
                key,
                action_,
                hubspot_id,
                hashed,
                parent,
                desired or "{}",
                kept or "{}",
                answered,
            )


def pairs(
    connection: duckdb.DuckDBPyConnection, kind: str, action: str, size: int
) -> Iterator[list[Pair]]:
    """The prepared associations of a kind with an action, in groups of at most size."""
    last = 0
    while True:
        found = connection.execute(
            "select n, association_type, from_key || ' > ' || to_key, from_id, to_id, "
            "fingerprint from load_association_plan "
            "where association_type = ? and action = ? and n > ? order by n limit ?",
            [kind, action, last, size],
        ).fetchall()
        if not found:
            return
        yield [Pair(*row) for row in found]
        last = found[-1][0]
