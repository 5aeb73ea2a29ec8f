"""The quality gate: measure, judge, record, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cartwheel.core.clock import machine_time, without_zone
from cartwheel.core.counts import counted
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Progress, Say, Watch, silent, told_to
from cartwheel.core.quarantine import past_limit
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, transaction
from quality.docs import write_docs
from quality.figures import FigureValue, measure_figures
from quality.finding import Finding, verdict
from quality.history import earlier_figures, record
from quality.judge import judge, result_of_table
from quality.measure import Measured, measure
from quality.suite import SUITES, Suite, read_suites


@dataclass(frozen=True)
class CheckReport:
    """What the gate decided; failures and warnings are sentences for a person.

    docs_path is the Data Docs' first page; message is what stops or warns, in short; suites are
    the files of the checks that failed.
    """

    success: bool
    checks: int
    failures: list[str]
    warnings: list[str]
    docs_path: Path
    message: str = ""
    suites: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Such as: 41 checks, 0 failed, 1 warned: warns: hubspot.deals: negative_amounts: …"""
        counts = f"{counted(self.checks, 'check')}, {len(self.failures)} failed, "
        counts += f"{len(self.warnings)} warned"
        return f"{counts}: {self.message}" if self.message else counts


def check(
    settings: Settings, say: Say, suites: Path = SUITES, watch: Watch | None = None
) -> CheckReport:
    """Judge hubspot.* and core.sales by the suites, keep the result, and write Data Docs.

    It also fails where more of a shop's object is quarantined than the setting allows.

    Data Docs go to data_docs/ beside the warehouse. The warehouse is held open only while it is
    measured and while the result is written. watch is told how many tables are measured, and
    then judged, say where nobody watches. The caller handles a failure, after which the load
    must not run.

    Raises WarehouseError if a table is missing, naming it and the command that makes it;
    SettingsError if a suite cannot be used; OutputError, when the result is kept, if the Data
    Docs cannot be written.
    """
    started_at, now = machine_time(), without_zone(settings.clock())
    read = read_suites(suites)
    say(f"judging the rows of {len(read)} tables")
    findings, results = judge_warehouse(settings, read, now, watch or told_to(say))
    findings.append(_quarantine_limit(settings))
    run_id = new_run_id("quality", now)
    docs = settings.warehouse.parent / "data_docs"
    with write_docs(docs, run_id, now) as finish:
        with open_warehouse(settings.warehouse) as connection, transaction(connection):
            message = record(connection, run_id, started_at, findings)
        finish(findings, results)

    failures = [str(each) for each in findings if each.stops]
    warnings = [str(each) for each in findings if each.warns]
    for line in warnings:
        say(f"warning: {line}")
    for line in failures:
        say(f"stop: {line}")
    say(verdict(findings))
    stopped_by = {
        f"quality/suites/{each.file}" for each in findings if each.stops and each.file
    }
    return CheckReport(
        not failures,
        len(findings),
        failures,
        warnings,
        docs / "index.html",
        message,
        tuple(sorted(stopped_by)),
    )


def judge_warehouse(
    settings: Settings, suites: Sequence[Suite], now: datetime, watch: Watch | None = None
) -> tuple[list[Finding], dict[str, Any]]:
    """Judge the warehouse by suites: the findings, and Great Expectations' result per table.

    Nothing is written. now is naive UTC. watch is told how many tables are measured and judged.
    """
    on_measured, on_judged = (
        Progress("", watch or told_to(silent), step="check", verb=verb)
        for verb in ("measured", "judged")
    )
    asked: list[tuple[Suite, list[Measured], list[FigureValue]]] = []
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        earlier = earlier_figures(connection)
        on_measured.begin("tables", len(suites))
        for number, suite in enumerate(suites, 1):
            figures = measure_figures(connection, suite, now, earlier)
            asked.append((suite, measure(connection, suite, now), figures))
            on_measured.advance("tables", number)
    findings: list[Finding] = []
    results: dict[str, list[Any]] = {}
    on_judged.begin("tables", len(asked))
    for number, (suite, measured, figures) in enumerate(asked, 1):
        found, judged = judge(suite, measured, figures)
        findings += found
        results.setdefault(suite.table, []).extend(judged)
        on_judged.advance("tables", number)
    return findings, {
        table: result_of_table(table, each, now) for table, each in results.items()
    }


def _quarantine_limit(settings: Settings) -> Finding:
    """Whether more is quarantined than the setting allows now, whatever it was in the build."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        too_much = past_limit(connection, settings.quarantine_limit)
    return Finding(
        table="hubspot.quarantine_shares",
        name="past_limit",
        severity="critical",
        success=not too_much,
        observed=float(len(too_much)),
        judged=0,
        why="; ".join(too_much) or "The source itself may be wrong, not only single records.",
        of_rows=False,
        high=0,
    )
