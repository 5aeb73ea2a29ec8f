"""What the gate found, run by run: ops.quality_runs, quality_results and quality_rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from cartwheel.core.clock import machine_time
from cartwheel.core.ops import create_reported_tables, expect_run_logs_of_this_version
from cartwheel.core.warehouse import tables
from quality.finding import Finding

COMPARED = 20  # earlier runs that a figure is compared with
_TOLD = 10  # failures that the message of a run names

_EARLIER = f"""
with compared as (
    select run_id from ops.quality_runs where success order by started_at desc limit {COMPARED}
)
select table_name, expectation, part, observed, judged
from ops.quality_results
semi join compared using (run_id)
where observed is not null and not of_rows
"""
_LAST = "select started_at, success from ops.quality_runs order by started_at desc limit 1"
_FORGET = f"""
delete from ops.quality_rows where run_id not in (
    select run_id from ops.quality_runs order by started_at desc limit {COMPARED}
)
"""


@dataclass(frozen=True)
class Earlier:
    """A figure of an earlier run that passed: its value, and how many rows it rested on."""

    table: str
    name: str
    part: str
    value: float
    judged: int


@dataclass(frozen=True)
class LastCheck:
    """When the gate judged last (naive UTC), and whether it opened."""

    started_at: datetime
    success: bool


def last_check(connection: duckdb.DuckDBPyConnection) -> LastCheck | None:
    """The last run of the gate; None before the first."""
    if "ops.quality_runs" not in tables(connection):
        return None
    row = connection.execute(_LAST).fetchone()
    return LastCheck(*row) if row else None


def earlier_figures(connection: duckdb.DuckDBPyConnection) -> list[Earlier]:
    """The figures of the latest runs that passed; none before the first.

    Raises WarehouseError if the tables are those of another version.
    """
    expect_run_logs_of_this_version(connection)
    if not {"ops.quality_runs", "ops.quality_results"} <= tables(connection):
        return []
    return [Earlier(*row) for row in connection.execute(_EARLIER).fetchall()]


def record(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    started_at: datetime,
    findings: Sequence[Finding],
) -> str:
    """Append one run and all its findings; started_at is naive UTC.

    Of the rows that fail only those of the latest runs are kept, by key. Gives what stops or
    warns, in short.
    """
    create_reported_tables(connection)
    stops = [each for each in findings if each.stops]
    warns = [each for each in findings if each.warns]
    message = _message(stops, warns)
    connection.execute(
        "insert into ops.quality_runs values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run_id,
            started_at,
            machine_time(),
            not stops,
            len(findings),
            len(stops),
            len(warns),
            message,
        ],
    )
    connection.executemany(
        f"insert into ops.quality_results values ({', '.join('?' * 14)})",
        [
            [
                run_id,
                each.table,
                each.name,
                each.part,
                each.severity,
                each.success,
                each.of_rows,
                each.observed,
                each.judged,
                each.allowed if each.of_rows else None,
                each.low,
                each.high,
                each.usual,
                each.earlier_runs,
            ]
            for each in findings
        ],
    )
    rows = [
        [run_id, each.table, each.name, row.key]
        for each in findings
        if not each.success
        for row in each.rows
    ]
    if rows:
        connection.executemany("insert into ops.quality_rows values (?, ?, ?, ?)", rows)
    connection.execute(_FORGET)
    return message


def _message(stops: Sequence[Finding], warns: Sequence[Finding]) -> str:
    """Such as: stops: hubspot.deals: malformed_keys: 1 of 9 rows (x) / warns: …"""
    parts, left = [], _TOLD
    for does, found in (("stops", stops), ("warns", warns)):
        told = [each.in_short() for each in found[:left]]
        left -= len(told)
        if len(told) < len(found):
            told.append(f"{'and ' if told else ''}{len(found) - len(told)} more")
        if told:
            parts.append(f"{does}: {'; '.join(told)}")
    return " / ".join(parts)
