"""What the gate found, run by run: ops.quality_runs and ops.quality_results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from cartwheel.core.ops import create_ops_tables
from cartwheel.core.warehouse import tables
from quality.rule import Severity


@dataclass(frozen=True)
class Finding:
    """One judged figure: observed should lie within low and high (None is open)."""

    table: str
    measure: str
    severity: Severity
    success: bool
    observed: float
    low: float | None
    high: float | None
    why: str


def earlier_row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The row count of each table in the latest run that passed; empty before the first."""
    if "ops.quality_results" not in tables(connection):
        return {}
    found = connection.execute(
        """
        select table_name, arg_max(observed, started_at)
        from ops.quality_results
        inner join ops.quality_runs using (run_id)
        where measure = 'row_count' and quality_runs.success
        group by table_name
        """
    ).fetchall()
    return dict(found)


def record(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    started_at: datetime,
    findings: list[Finding],
) -> None:
    """Append one run and all its findings; started_at is naive UTC."""
    create_ops_tables(connection, "quality")
    failed = [finding.severity for finding in findings if not finding.success]
    stops = failed.count("stop")
    connection.execute(
        "insert into ops.quality_runs values (?, ?, ?, ?, ?, ?)",
        [run_id, started_at, stops == 0, len(findings), stops, len(failed) - stops],
    )
    connection.executemany(
        "insert into ops.quality_results values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                run_id,
                finding.table,
                finding.measure,
                finding.severity,
                finding.success,
                finding.observed,
                finding.low,
                finding.high,
            ]
            for finding in findings
        ],
    )
