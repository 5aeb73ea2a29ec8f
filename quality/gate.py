"""The quality gate: measure, judge, record, report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from cartwheel.core.clock import machine_time, without_zone
from cartwheel.core.errors import WarehouseError
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.quarantine import past_limit
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, transaction
from quality.docs import write_docs
from quality.history import Finding, earlier_row_counts, record
from quality.judge import judge
from quality.rule import Table
from quality.rules import DRIFT_FROM_ROWS, TABLES


@dataclass(frozen=True)
class CheckReport:
    """What the gate decided; failures and warnings are sentences for a person.

    docs_path is the Data Docs' first page.
    """

    success: bool
    checks: int
    failures: list[str]
    warnings: list[str]
    docs_path: Path


def check(settings: Settings, say: Say, watch: Watch | None = None) -> CheckReport:
    """Judge hubspot.* and core.sales, keep the result in ops, and write Data Docs.

    It also fails where more of a shop's object is quarantined than the setting allows.

    Data Docs go to data_docs/ beside the warehouse. The warehouse is held open only while it is
    measured and while the result is written. watch is told how many tables are measured, and
    then judged, say where nobody watches. The caller handles a failure, after which the load
    must not run.

    Raises WarehouseError if a table is missing, naming it and the command that makes it;
    OutputError, when the result is kept, if the Data Docs cannot be written.
    """
    started_at, now = machine_time(), without_zone(settings.clock())
    say(f"judging the rows of {len(TABLES)} tables")
    measured, judged = (
        Progress("", watch or told_to(say), step="check", verb=verb)
        for verb in ("measured", "judged")
    )
    measured.begin("tables", len(TABLES))
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        earlier = earlier_row_counts(connection)
        profiles = {}
        for number, table in enumerate(TABLES, 1):
            profiles[table] = measure(connection, table, now, earlier.get(table.name))
            measured.advance("tables", number)
        too_much = past_limit(connection, settings.quarantine_limit)
    docs = settings.warehouse.parent / "data_docs"
    run_id = new_run_id("quality", now)
    with write_docs(docs, run_id, now) as (site, finish):
        findings = judge(profiles, site, judged)
        with open_warehouse(settings.warehouse) as connection, transaction(connection):
            record(connection, run_id, started_at, [*findings, _limit(too_much)])
        finish(findings)

    failures = [sentence(one, now) for one in findings if _failed(one, "stop")] + too_much
    warnings = [sentence(one, now) for one in findings if _failed(one, "warn")]
    for line in warnings:
        say(f"warning: {line}")
    for line in failures:
        say(f"stop: {line}")
    say(f"{len(findings) + 1} checks: {len(failures)} stop the load, {len(warnings)} warn")
    return CheckReport(not failures, len(findings) + 1, failures, warnings, docs / "index.html")


def measure(
    connection: duckdb.DuckDBPyConnection, table: Table, now: datetime, earlier: float | None
) -> dict[str, float]:
    """The figures of a table: counts of rows and shares of rows, by measure.

    now is naive UTC. rows_against_last_run is the row count over the earlier one, or 1
    where there is no earlier run or it was too small to compare.
    """
    statement = table.profile()
    values = {"now": now} if "$now" in statement else {}
    try:
        cursor = connection.execute(statement, values)
    except duckdb.CatalogException as error:
        raise WarehouseError(
            f"The gate cannot read {table.name}: {str(error).splitlines()[0]}. "
            "Run first: cartwheel transform"
        ) from error
    row = cursor.fetchone() or ()
    profile = {
        column[0]: float(value) for column, value in zip(cursor.description, row, strict=True)
    }
    if earlier is None or earlier < DRIFT_FROM_ROWS:
        profile["rows_against_last_run"] = 1.0
    else:
        profile["rows_against_last_run"] = profile["row_count"] / earlier
    return profile


def sentence(finding: Finding, now: datetime) -> str:
    """What is wrong, why it matters, and a query for the rows; holds no personal data."""
    bound = f"at least {finding.low:g}" if finding.low is not None else ""
    if finding.high is not None:
        bound = (
            f"{bound} and at most {finding.high:g}" if bound else f"at most {finding.high:g}"
        )
    text = (
        f"{finding.table}: {finding.measure} is {finding.observed:.6g}, should be {bound}. "
        f"{finding.why}"
    )
    for table in TABLES:
        for rule in table.rules:
            if (table.name, rule.measure) == (finding.table, finding.measure):
                odd = rule.odd.replace("$now", f"timestamp '{now:%Y-%m-%d %H:%M:%S}'")
                text += f" See: select {table.key} from {table.name} where {odd}"
    return text


def _limit(too_much: list[str]) -> Finding:
    """Whether too much is quarantined, as the history of the gate keeps it."""
    return Finding(
        "hubspot.quarantine_shares",
        "past_limit",
        "stop",
        not too_much,
        float(len(too_much)),
        None,
        0,
        "; ".join(too_much) or "The source itself may be wrong, not only single records.",
    )


def _failed(finding: Finding, severity: str) -> bool:
    return not finding.success and finding.severity == severity
