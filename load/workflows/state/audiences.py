"""How many are in an audience, as the warehouse computes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import tables

_SHOPS = "staging.stg_shopify__shops"
_COUNTS = """
select
    count(*) filter (where is_enrolled),
    count(*) filter (where is_enrolled and can_be_mailed),
    count(*) filter (where is_enrolled and can_be_mailed and entered_at > $since),
    count(*)
from {table}
"""


@dataclass(frozen=True)
class Audience:
    """How many are in it now, how many of them can be mailed, and how many ever entered.

    recent are those that can be mailed and entered lately enough to be enrolled by HubSpot.
    """

    now: int
    mailable: int
    recent: int
    ever: int


def count_audience(
    connection: duckdb.DuckDBPyConnection, table: str, since: datetime
) -> Audience:
    """The counts of a workflow's audience, in its table; since is UTC, without a zone.

    Raises WarehouseError if the marts are not built, or by an earlier version.
    """
    if table not in tables(connection):
        raise WarehouseError(
            "The audiences are not computed yet. Run: cartwheel extract && cartwheel transform"
        )
    try:
        (counts,) = connection.execute(_COUNTS.format(table=table), {"since": since}).fetchall()
    except duckdb.BinderException:
        raise WarehouseError(
            "The audiences in the warehouse are of an earlier version. Run: cartwheel transform"
        ) from None
    return Audience(*counts)


def first_shop_name(connection: duckdb.DuckDBPyConnection) -> str:
    """The name of the store that was opened first, which e-mails are sent from."""
    if _SHOPS not in tables(connection):
        return ""
    found = connection.execute(
        f"select shop_name from {_SHOPS} order by created_at, shop limit 1"
    ).fetchone()
    return str(found[0] or "") if found else ""


def shops(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The stores in the warehouse, by their domains."""
    if _SHOPS not in tables(connection):
        return []
    return [
        row[0]
        for row in connection.execute(f"select shop from {_SHOPS} order by shop").fetchall()
    ]
