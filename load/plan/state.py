"""What the plan starts from: the marts, and what earlier loads left in `ops`."""

from __future__ import annotations

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.ops import lacking_columns
from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import tables
from load.objects.catalogue import CATALOGUE
from load.objects.serialization import columns

sql = SqlFiles(__file__)

# table of ops -> the columns that the plan reads
_READ = {
    "hubspot_records": "object key hubspot_id fingerprint:ubigint properties answered status",
    "hubspot_journal": "object key hubspot_id fingerprint:ubigint properties answered status "
    "batch",
    "hubspot_rejections": "object key fingerprint:ubigint category reason request_id",
    "hubspot_quarantined": "object key fingerprint:ubigint reason detail",
    "hubspot_associations": "association_type from_object from_key from_id to_object to_key "
    "to_id stale:boolean",
    "hubspot_keys": "object key sent_key",
    "hubspot_lookups": "object key hubspot_id properties",
    "hubspot_unwritable": "object property reason",
    "hubspot_omitted_properties": "object property category reason run_id",
}

# the reason of a moment that is not left out
TAKES_DATES = "is a date"

# alias in hubspot.<table> -> column that holds a deal's key, and when it does
_DEAL_KEYS = {
    "deals": [("shopify_deal_key", "true")],
    "line_items": [("shopify_deal_key", "true")],
    "associations": [
        ("from_key", "source.from_object = 'deals'"),
        ("to_key", "source.to_object = 'deals'"),
    ],
    "tombstones": [("key", "source.object = 'deals'")],
}


def open_plan(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the plan's temporary tables, empty, and the views of the marts that it reads.

    Raises WarehouseError if a table of hubspot.* is missing or malformed.
    """
    for object_type in CATALOGUE.values():
        columns(connection, object_type)
    present = tables(connection)
    expect_this_version(connection)
    connection.execute(
        sql(
            "open_plan",
            records=_records(connection, present),
            refused=table_or_empty("hubspot_rejections", present),
            quarantined=table_or_empty("hubspot_quarantined", present),
            associated=table_or_empty("hubspot_associations", present),
            keys=table_or_empty("hubspot_keys", present),
            looked_up=table_or_empty("hubspot_lookups", present),
            unwritable=table_or_empty("hubspot_unwritable", present),
            omitted=table_or_empty("hubspot_omitted_properties", present),
        )
    )
    connection.execute(sql.text("successors"))
    if connection.execute("select 1 from load_successors limit 1").fetchone():
        associated = table_or_empty("hubspot_associations", present)
        connection.execute(sql.text("find_renamed"))
        connection.execute(sql("follow_renamed", associated=associated))
    connection.execute(sql.text("unknown_deals"))
    if connection.execute("select 1 from load_unknown limit 1").fetchone():
        connection.execute(sql.text("find_sent_keys"))
    held = connection.execute("select 1 from load_sent_keys limit 1").fetchone() is not None
    for table in (*CATALOGUE, "associations", "tombstones"):
        connection.execute(_source(table, held=held))


def expect_this_version(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise WarehouseError if a table of the ledger is that of another version.

    The rule: docs/reference/rules.md#a-warehouse-of-another-version
    """
    needed = {
        table: [column.partition(":")[0] for column in read.split()]
        for table, read in _READ.items()
    }
    for table, lacking in lacking_columns(connection, needed):
        raise WarehouseError(
            f"The ledger in this warehouse comes from another version of Cartwheel: "
            f"ops.{table} lacks {', '.join(lacking)}. Name a new file in "
            "CARTWHEEL_WAREHOUSE, then run: cartwheel sync. It reads everything again, and "
            "what HubSpot already has is recognised by its keys: nothing is created twice."
        )


def adapted_properties(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Per object, the moments that the account takes as dates, and what it does not take."""
    dates: dict[str, set[str]] = {name: set() for name in CATALOGUE}
    without: dict[str, set[str]] = {name: set() for name in CATALOGUE}
    for name, reason, listed in connection.execute(
        "select object, reason = ?, list(property) from load_unwritable group by all",
        [TAKES_DATES],
    ).fetchall():
        (dates if reason else without)[name] |= {*listed}
    return dates, without


def _source(table: str, *, held: bool) -> str:
    replaced, joins = [], []
    for column, applies in _DEAL_KEYS.get(table, []) if held else []:
        alias = f"held_{column}"
        replaced.append(f"coalesce({alias}.sent_key, source.{column}) as {column}")
        joins.append(
            f"left join load_sent_keys as {alias} "
            f"on {alias}.key = source.{column} and {applies}"
        )
    return sql(
        "source",
        object=table,
        replaced=f"replace ({', '.join(replaced)})" if replaced else "",
        joins=" ".join(joins),
    )


def _records(connection: duckdb.DuckDBPyConnection, present: set[str]) -> str:
    """The table of the ledger, or where a killed run left more than it holds, a merged one."""
    records, journal = (
        table_or_empty(name, present) for name in ("hubspot_records", "hubspot_journal")
    )
    left = connection.execute(f"select 1 from {journal} limit 1").fetchone()
    if records == "ops.hubspot_records" and not left:
        return records
    connection.execute(sql("merge_journal", records=records, journal=journal))
    return "load_merged"


def table_or_empty(name: str, present: set[str]) -> str:
    """A table of ops, or one without rows, for a query; present are the tables there are."""
    if f"ops.{name}" in present:
        return f"ops.{name}"
    typed = (column.partition(":") for column in _READ[name].split())
    nulls = ", ".join(f"null::{kind or 'varchar'} as {column}" for column, _, kind in typed)
    return f"(select {nulls} where false)"
