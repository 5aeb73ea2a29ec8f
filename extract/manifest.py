"""What a run did, as rows of ops: manifests, watermarks, the initial import."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from cartwheel.settings import Settings
from extract.resources import ALL
from extract.statements import statement

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class TableFigures:
    """What landing did to one table; landed counts what was new, changed or deleted."""

    table: str
    seen: int = 0
    landed: int = 0
    unchanged: int = 0
    deleted: int = 0


@dataclass(frozen=True)
class Run:
    """One run of extract for one shop."""

    settings: Settings
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def shop(self) -> str:
        """The shop's name.myshopify.com."""
        return self.settings.shop

    def now(self) -> datetime:
        """The time by the run's clock, UTC without a zone, as the warehouse keeps it."""
        return self.settings.clock().replace(tzinfo=None)


@dataclass(frozen=True)
class Reading:
    """What fetching one resource took: since when by the machine's clock (aware, UTC),
    requests sent, bytes received.

    as_of is when Shopify began to write, by its own clock (UTC, no zone): what changed
    later may be missing. None where nothing is read by its time of change.
    """

    started_at: datetime
    requests: int = 0
    size: int = 0
    as_of: datetime | None = None


def create_tables(connection: Connection) -> None:
    """Create every table that extract writes, if it is missing."""
    connection.execute(statement("create_ops_tables"))
    for resource in ALL:
        for table in resource.tables:
            connection.execute(statement("create_raw_table", table=table.name))
            connection.execute(statement("create_raw_table", table=f"{table.name}_history"))


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


def record(
    connection: Connection,
    run: Run,
    resource: str,
    reading: Reading,
    figures: list[TableFigures],
    problem: str | None = None,
) -> None:
    """Write the manifest row of one resource: succeeded, or failed with its problem."""
    connection.execute(
        "insert into ops.extract_runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run.run_id,
            run.shop,
            resource,
            reading.started_at.replace(tzinfo=None),
            datetime.now(UTC).replace(tzinfo=None),
            "failed" if problem else "succeeded",
            sum(table.seen for table in figures),
            sum(table.landed for table in figures),
            sum(table.unchanged for table in figures),
            sum(table.deleted for table in figures),
            reading.requests,
            reading.size,
            problem,
        ],
    )


def note_initial_import(connection: Connection, run: Run) -> None:
    """Remember, once for ever, when the shop's first complete extract was done."""
    connection.execute(
        "insert into ops.initial_imports select ?, ?, ? "
        "where not exists (from ops.initial_imports where shop = ?)",
        [run.shop, run.run_id, run.now(), run.shop],
    )
