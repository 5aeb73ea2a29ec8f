"""The tables of raw and of extract's part of ops."""

from __future__ import annotations

import hashlib

from cartwheel.core.errors import MixedStores
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.shop_name import is_made_up
from cartwheel.core.sql import SqlFiles, set_variables
from cartwheel.core.warehouse import tables, transaction
from extract.land.run_log import Connection, Run
from extract.shopify.resources import ALL

sql = SqlFiles(__file__)


def create_tables(connection: Connection) -> None:
    """Create every table that extract writes, if it is missing, and the macros over them.

    Where those of raw were made from the same statements before, nothing is written.
    """
    create_ops_tables(connection, "extract")
    statements = [sql("create_raw_table", table=table) for table in _raw_tables()]
    statements += [sql("create_as_of", table=name) for name in _roots_and_children()]
    layout = hashlib.sha256("".join(statements).encode()).hexdigest()
    if _layout(connection) == layout:
        return
    with transaction(connection):
        connection.execute("create schema if not exists raw")
        for statement in statements:
            connection.execute(statement)
        connection.execute("delete from ops.raw_layout")
        connection.execute("insert into ops.raw_layout values (?)", [layout])


def _roots_and_children() -> list[str]:
    return [table.name for resource in ALL for table in resource.tables]


def _raw_tables() -> list[str]:
    return [name + suffix for name in _roots_and_children() for suffix in ("", "_history")]


def _layout(connection: Connection) -> str | None:
    """The digest of the statements that made the tables, None where one of them is missing."""
    if not tables(connection).issuperset(f"raw.{table}" for table in _raw_tables()):
        return None
    row = connection.execute("select digest from ops.raw_layout").fetchone()
    return str(row[0]) if row else None


def refuse_mixed_stores(connection: Connection, shop: str) -> None:
    """Raise MixedStores if a generated store and a real one would share the warehouse.

    Their deals would go to one HubSpot account.
    """
    rows = connection.execute("select distinct shop from raw.shops order by shop").fetchall()
    others = [other for (other,) in rows if is_made_up(other) != is_made_up(shop)]
    if others:
        raise MixedStores(
            f"This warehouse holds {', '.join(others)}, and {shop} would be added: a generated "
            "store and a real one cannot share a warehouse, since all of it goes to "
            "one HubSpot account. Give this store a warehouse of its own, such as "
            f"CARTWHEEL_WAREHOUSE={shop.partition('.')[0]}.duckdb in its settings, or remove "
            "the demo's if it is no longer needed"
        )


def stores_beside(connection: Connection, shop: str) -> list[str]:
    """The other stores in a warehouse in which the shop is not yet; none once it is."""
    rows = connection.execute("select distinct shop from raw.shops order by shop").fetchall()
    found = [other for (other,) in rows]
    return [] if shop in found else found


def prune_history(connection: Connection, run: Run, days: int) -> None:
    """Remove former versions of the shop's records that are too old.

    A version is removed that many days after it was replaced. Of the first one of each
    record an empty row stays, because it tells when the record first came.
    """
    set_variables(connection, shop=run.shop, now=run.now(), days=days)
    for name in _roots_and_children():
        connection.execute(sql("prune_history", table=name))
