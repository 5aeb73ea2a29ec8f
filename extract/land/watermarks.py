"""Up to when a resource's changes have landed, and when a shop was first read as a whole."""

from __future__ import annotations

from datetime import datetime

from extract.land.run_log import Connection, Run


def watermark(connection: Connection, shop: str, resource: str) -> datetime | None:
    """The time (UTC) up to which a resource's changes have landed; None before the first."""
    row = connection.execute(
        "select max(watermark) from ops.watermarks where shop = ? and resource = ?",
        [shop, resource],
    ).fetchone()
    return row[0] if row else None


def move_watermark(
    connection: Connection, run: Run, resource: str, latest: datetime | None
) -> None:
    """Move a watermark up to latest (UTC); never back, and not at all for None."""
    held = watermark(connection, run.shop, resource)
    if latest is None or (held is not None and latest <= held):
        return
    connection.execute(
        "delete from ops.watermarks where shop = ? and resource = ?", [run.shop, resource]
    )
    connection.execute(
        "insert into ops.watermarks values (?, ?, ?, ?, ?)",
        [run.shop, resource, latest, run.run_id, run.now()],
    )


def note_initial_import(connection: Connection, run: Run) -> None:
    """Record when the shop's first complete extract was done; never changed again."""
    connection.execute(
        "insert into ops.initial_imports select ?, ?, ? "
        "where not exists (from ops.initial_imports where shop = ?)",
        [run.shop, run.run_id, run.now(), run.shop],
    )
