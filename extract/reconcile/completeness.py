"""Finds landed records that are incomplete, slice by slice, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run
from extract.shopify.resources import Table

sql = SqlFiles(__file__)

AT_ONCE = 20_000  # records that are checked together


def short_parents(
    connection: Connection, run: Run, table: Table, since: datetime | None
) -> list[str]:
    """The parents that state more children than are stored.

    Only those that landed, or whose children did, at or after since (UTC); None for all.

    Nested connections of bulk operations have been reported cut short silently
    (docs/reference/shopify.md#children-cut-short). For tables whose parent tells its number.
    """
    names = {"table": table.name, "parent": table.parent}
    touched = sql("touched_parents", **names)
    found = sql("short_parents", **names, stated=table.stated, held=table.held)
    return [row[0] for row in _sliced(connection, run, since, touched, found)]


def unbalanced_orders(
    connection: Connection, run: Run, since: datetime | None
) -> dict[str, bool]:
    """The orders whose sales do not add up to their total, and whether they have any.

    Considers those that landed, or anything of them, at or after since (UTC), None for
    all of them.
    """
    touched, found = sql("touched_orders"), sql("unbalanced_orders")
    return dict(_sliced(connection, run, since, touched, found))


def _sliced(
    connection: Connection, run: Run, since: datetime | None, touched: str, found: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement over slices of the table that another makes."""
    set_variables(connection, shop=run.shop, since=since or datetime.min, batch_size=AT_ONCE)
    connection.execute(touched)
    row = connection.execute("select count(*) from touched").fetchone()
    for first in range(0, row[0] if row else 0, AT_ONCE):
        set_variables(connection, first_place=first)
        yield from connection.execute(found).fetchall()
