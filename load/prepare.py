"""The plan's rows: each record that a load would touch, in temporary tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import orjson

from load.canonical import desired_properties
from load.catalogue import ObjectType

WINDOW = 5_000  # rows of the plan in memory at a time

_INSERT = """
insert into load_plan
select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by key),
    ?, key, action, hubspot_id, desired, acknowledged
from load_diff
where action <> 'unchanged'
"""

# the line items' own facts: their product's HubSpot id, kept when the product is gone
_LINE_ITEM_JOINS = """
    left join load_known as product
        on product.object = 'products' and product.key = source.shopify_product_key
    left join load_known as deal
        on deal.object = 'deals' and deal.key = source.shopify_deal_key
    left join load_acknowledged as own
        on own.object = 'line_items' and own.key = source.shopify_line_item_key
        and own.status = 'living'
"""
_PRODUCT_ID = (
    "coalesce(product.hubspot_id, json_extract_string(own.properties, '$.hs_product_id'))"
)


class Row(NamedTuple):
    """A row of the plan; properties are what HubSpot should have, and last acknowledged."""

    n: int
    key: str
    action: str
    hubspot_id: str | None
    desired: dict[str, str]
    acknowledged: dict[str, str]

    @property
    def changes(self) -> dict[str, str]:
        """The properties to send: "" clears one that an earlier load wrote."""
        return {
            name: self.desired.get(name, "")
            for name in sorted(self.desired.keys() | self.acknowledged.keys())
            if self.desired.get(name) != self.acknowledged.get(name)
        }


def open_plan(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the plan's temporary tables, empty."""
    present = {
        row[0]
        for row in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'ops'"
        ).fetchall()
    }

    def table(name: str, columns: str) -> str:
        if name in present:
            return f"ops.{name}"
        nulls = ", ".join(f"null::varchar as {column}" for column in columns.split())
        return f"(select {nulls} where false)"

    connection.execute(
        sql("open_plan").format(
            acknowledged=table("load_ledger", "object key hubspot_id properties status"),
            refused=table("load_rejections", "object key properties category"),
            associated=table(
                "association_ledger",
                "association_type from_object from_key from_id to_object to_key to_id",
            ),
        )
    )


def prepare(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Put an object's rows that are not unchanged into load_plan, in place of older ones."""
    clear(connection, object_type)
    of_line_items = object_type.name == "line_items"
    connection.execute(
        sql("diff").format(
            object=object_type.name,
            key=object_type.key,
            desired=desired_properties(connection, object_type, {"hs_product_id": _PRODUCT_ID}),
            joins=_LINE_ITEM_JOINS if of_line_items else "",
            has_parent="deal.key is not null" if of_line_items else "true",
        )
    )
    connection.execute(_INSERT, [object_type.name])


def clear(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Take an object's rows out of load_plan: from then on the ledger knows what is sent."""
    connection.execute("delete from load_plan where object = ?", [object_type.name])


def prepare_deletes(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Put an object's records to archive into load_plan; contacts are never deleted."""
    if object_type.name != "contacts":
        connection.execute(sql("deletes").format(object=object_type.name, key=object_type.key))


def prepare_associations(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the associations to create and to delete into load_association_plan."""
    connection.execute("delete from load_association_plan")
    connection.execute(sql("association_plan"))


def rows(connection: duckdb.DuckDBPyConnection, object_name: str, action: str) -> Iterator[Row]:
    """The rows of the prepared plan with an action, a window of them in memory at a time."""
    last = 0
    while True:
        window = connection.execute(
            "select n, key, action, hubspot_id, desired, acknowledged from load_plan "
            "where object = ? and action = ? and n > ? order by n limit ?",
            [object_name, action, last, WINDOW],
        ).fetchall()
        for n, key, action_, hubspot_id, desired, acknowledged in window:
            last = n
            yield Row(
                n,
                key,
                action_,
                hubspot_id,
                orjson.loads(desired or "{}"),
                orjson.loads(acknowledged or "{}"),
            )
        if len(window) < WINDOW:
            return


def sql(name: str) -> str:
    """The text of load/sql/<name>.sql, to be filled by format()."""
    return Path(__file__).parent.joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
