"""The tables of raw and of extract's part of ops."""

from __future__ import annotations

from cartwheel.core.errors import MixedStores
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.shop_name import is_made_up
from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run
from extract.shopify.resources import ALL

sql = SqlFiles(__file__)


def create_tables(connection: Connection) -> None:
    """Create every table that extract writes, if it is missing."""
    create_ops_tables(connection, "extract")
    connection.execute("create schema if not exists raw")
    for resource in ALL:
        for table in resource.tables:
            connection.execute(sql("create_raw_table", table=table.name))
            connection.execute(sql("create_raw_table", table=f"{table.name}_history"))
            connection.execute(sql("create_as_of", table=table.name))


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


def prune_history(connection: Connection, run: Run, days: int) -> None:
    """Remove former versions of the shop's records that are too old.

    A version is removed that many days after it was replaced. Of the first one of each
    record an empty row stays, because it tells when the record first came.
    """
    set_variables(connection, shop=run.shop, now=run.now(), days=days)
    for resource in ALL:
        for table in resource.tables:
            connection.execute(sql("prune_history", table=table.name))
