"""The run log of extract: what each run did, as rows of ops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from cartwheel.core.clock import machine_time, without_zone
from cartwheel.core.ops import new_run_id
from cartwheel.core.settings import Settings
from extract.shopify.api_usage import Usage

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class TableFigures:
    """What landing did to one table; landed counts what was new, changed or deleted."""

    table: str
    seen: int = 0
    landed: int = 0
    unchanged: int = 0
    deleted: int = 0

    def plus(self, other: TableFigures) -> TableFigures:
        """Both together; they must be of one table."""
        return TableFigures(
            self.table,
            self.seen + other.seen,
            self.landed + other.landed,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
        )


@dataclass(frozen=True)
class Run:
    """One run of extract for one shop."""

    settings: Settings
    run_id: str = ""

    def __post_init__(self) -> None:
        if not self.run_id:
            run_id = new_run_id("extract", self.settings.clock())
            object.__setattr__(self, "run_id", run_id)

    @property
    def shop(self) -> str:
        """The shop's name.myshopify.com."""
        return self.settings.shop

    def now(self) -> datetime:
        """The time by the run's clock, UTC without a zone, as the warehouse keeps it."""
        return without_zone(self.settings.clock())


# the row of the run as a whole: its times and status, and requests of no single resource
WHOLE_RUN = "run"


@dataclass
class RunLogEntry:
    """The run log's row for one resource, as it grows, or for the whole run (WHOLE_RUN).

    via is how it was read: bulk, pages, events, ids, file, or all of these. status is running,
    succeeded, failed, or, where a run was killed, interrupted.
    """

    resource: str
    via: str
    started_at: datetime = field(default_factory=machine_time)
    tables: dict[str, TableFigures] = field(default_factory=dict)
    requests: int = 0
    points: int = 0
    size: int = 0
    status: str = "running"
    message: str | None = None

    def add(self, figures: Iterable[TableFigures], usage: Usage) -> None:
        """Add what one delivery brought and cost."""
        for each in figures:
            held = self.tables.get(each.table, TableFigures(each.table))
            self.tables[each.table] = held.plus(each)
        self.requests += usage.requests
        self.points += usage.points
        self.size += usage.size

    def lines(self) -> list[str]:
        """A line of text for each table."""
        return [
            f"{table.table:<30} {table.seen:>9,} read {table.landed:>9,} landed"
            for table in self.tables.values()
        ]

    def write(self, connection: Connection, run: Run) -> None:
        """Write the row to ops.extract_runs, replacing its earlier state."""
        finished = machine_time()
        connection.execute(
            "delete from ops.extract_runs where run_id = ? and shop = ? and resource = ?",
            [run.run_id, run.shop, self.resource],
        )
        row = {
            "run_id": run.run_id,
            "shop": run.shop,
            "resource": self.resource,
            "started_at": self.started_at,
            "finished_at": None if self.status == "running" else finished,
            "status": self.status,
            "rows_seen": sum(table.seen for table in self.tables.values()),
            "rows_landed": sum(table.landed for table in self.tables.values()),
            "rows_unchanged": sum(table.unchanged for table in self.tables.values()),
            "rows_deleted": sum(table.deleted for table in self.tables.values()),
            "requests": self.requests,
            "bytes": self.size,
            "message": self.message,
            "via": self.via,
            "points": self.points,
            "seconds": (finished - self.started_at).total_seconds(),
        }
        places = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into ops.extract_runs ({', '.join(row)}) values ({places})",
            list(row.values()),
        )


def interrupted(connection: Connection, shop: str) -> set[str]:
    """The ids of a shop's runs that were killed: their end was never recorded."""
    rows = connection.execute(
        "select distinct run_id from ops.extract_runs where shop = ? and status = 'running'",
        [shop],
    ).fetchall()
    return {row[0] for row in rows}


def end_interrupted(connection: Connection, run_ids: set[str]) -> None:
    """Mark killed runs as interrupted, once their exports have been cancelled."""
    connection.execute(
        "update ops.extract_runs set status = 'interrupted' "
        "where status = 'running' and run_id in (select unnest(?::varchar[]))",
        [sorted(run_ids)],
    )
