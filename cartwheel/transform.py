"""dbt in process: the same project that plain `dbt build` runs from the root."""

from __future__ import annotations

import csv
import gc
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.clock import machine_time
from cartwheel.core.errors import (
    QualityGateClosed,
    TransformFailed,
    WarehouseError,
    WarehouseLocked,
)
from cartwheel.core.file_errors import of_warehouse
from cartwheel.core.instances import is_open
from cartwheel.core.ops import create_reported_tables
from cartwheel.core.privacy import private_files
from cartwheel.core.progress import Say
from cartwheel.core.quarantine import past_limit, tell_quarantined
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.dbt_rows import tell_rows

# tests whose rows are told record by record instead
_NAMES, _LIMIT = "nothing_is_quarantined", "quarantine_is_within_its_limit"

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class TransformReport:
    """What dbt built: counts of nodes (models and tests) by outcome, and seconds.

    quarantined names the records that are not sent, a sentence each.
    """

    passed: int
    warned: int
    failed: int
    seconds: float
    warnings: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()


def transform(
    settings: Settings,
    say: Say,
    *,
    full_refresh: bool = False,
    variables: Mapping[str, object] | None = None,
) -> TransformReport:
    """Run `dbt build` over the warehouse and remember the run in ops.transform_runs.

    With full_refresh all JSON is parsed again, not only that of versions landed since.
    variables are dbt's vars (docs/data-model.md, Variables) that differ in this run from
    what dbt_project.yml says.

    Raises TransformFailed naming the models and tests that failed, QualityGateClosed if
    nothing failed but that too many records are quarantined (CARTWHEEL_QUARANTINE_LIMIT),
    and WarehouseError if nothing has been extracted yet.
    """
    _expect_raw(settings)
    started, clock = machine_time(), time.monotonic()
    # unit tests judge the models' code, not the data: the project's own tests run them
    left_out = ["unit_test"] if _seeds_differ(settings) else ["unit_test", "seed"]
    options = ["--exclude-resource-types", *left_out]
    options += ["--full-refresh"] if full_refresh else []
    if variables:
        options += ["--vars", json.dumps(dict(variables))]
    results = _build(settings, options)
    outcomes = Counter(str(result.status) for result in results)
    failed = [r.node.name for r in results if str(r.status) in ("error", "fail")]
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        named = tell_quarantined(connection)
        too_many = past_limit(connection, settings.quarantine_limit)
        warnings = [
            tell_rows(connection, result)
            for result in results
            if str(result.status) == "warn" and result.node.name != _NAMES
        ]
        reasons = [
            tell_rows(connection, result)
            for result in results
            if str(result.status) in ("error", "fail")
        ][:10]
    report = TransformReport(
        passed=outcomes["pass"] + outcomes["success"],
        warned=outcomes["warn"],
        failed=len(failed),
        seconds=time.monotonic() - clock,
        warnings=tuple(warnings),
        quarantined=tuple(named),
    )
    _remember(settings, report, started, ", ".join(failed))
    say(_summary(results, report))
    for warning in warnings:
        say(f"warning: {warning}")
    for sentence in named:
        say(f"quarantined: {sentence}")
    if too_many and failed == [_LIMIT]:
        raise QualityGateClosed(
            "Too many records are quarantined, so nothing may be loaded: "
            f"{'; '.join(too_many)}. "
            "Then run: cartwheel sync"
        )
    if failed:
        raise TransformFailed(
            f"dbt failed: {'. '.join(reasons)}. To see everything, run: dbt build "
            f"--select {failed[0]}",
            failed=failed,
        )
    return report


def _summary(results: list[Any], report: TransformReport) -> str:
    """Such as: 102 models built, 287 tests passed, 1 warned, 0 failed in 9.1 s."""
    models = sum(
        str(r.node.resource_type) == "model" and str(r.status) == "success" for r in results
    )
    tests = sum(str(r.status) == "pass" for r in results)
    return (
        f"{models} models built, {tests} tests passed, {report.warned} warned, "
        f"{report.failed} failed in {report.seconds:.1f} s"
    )


def _expect_raw(settings: Settings) -> None:
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        found = connection.execute(
            "select 1 from information_schema.schemata where schema_name = 'raw'"
        ).fetchone()
    if found is None:
        raise WarehouseError(
            f"Nothing has been extracted into {settings.warehouse} yet. Run: cartwheel extract"
        )


def _seeds_differ(settings: Settings) -> bool:
    """Whether a seed's file holds other rows than its table, if there is one."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        for path in (PROJECT / "dbt_project" / "seeds").glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as file:
                header, *rows = map(tuple, csv.reader(file))
            columns = ", ".join(f'"{name}"::varchar' for name in header)
            try:
                found = connection.execute(f'select {columns} from seeds."{path.stem}"')
            except duckdb.Error:
                return True
            if sorted(found.fetchall()) != sorted(rows):
                return True
    return False


def _build(settings: Settings, options: list[str]) -> list[Any]:
    results = dbt(settings, "build", *options)
    told = [str(r.message) for r in results if str(r.status) == "error"]
    if trouble := of_warehouse(settings.warehouse, *told):
        raise trouble
    return results


def dbt(settings: Settings, *command: str) -> list[Any]:
    """Run a dbt command over the warehouse, such as "build"; give its results, node by node.

    Raises WarehouseError if the file or its disk kept dbt from starting, or if this process
    has it open; TransformFailed if something else did; nodes that fail are in the results.
    """
    if is_open(settings.warehouse):
        raise WarehouseLocked(
            f"The warehouse {settings.warehouse} is open in this process. Close it, then build."
        )
    with _environment(settings), private_files():
        # imported here: dbt takes seconds to load, and most commands do not need it
        from dbt.cli.main import dbtRunner

        options = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--quiet"]
        # what failed is told; to write each event of each node into a log takes a tenth
        options += ["--log-level-file", "none"]
        try:
            with _rare_collections():
                answer = dbtRunner().invoke([*command, *options])
        finally:
            _let_go()
    results = getattr(answer.result, "results", None)
    if results is None:
        # our own hook says what to run; dbt wraps that in words about the hook
        told = str(getattr(answer.exception, "msg", answer.exception))
        if trouble := of_warehouse(settings.warehouse, told):
            raise trouble
        if "Run: " not in told:
            told = f"dbt could not start: {told}. To see why, run: dbt debug"
        raise TransformFailed(told, failed=[])
    return list(results)


def _let_go() -> None:
    """Close the connection that dbt keeps for its next run: it would lock others out."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage rarely: dbt's graph is large and in use, each pass takes 0.2 s."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """What dbt_project.yml and profiles.yml read, set for the time of the build."""
    wanted = {
        "CARTWHEEL_WAREHOUSE": str(settings.warehouse),
        "CARTWHEEL_NOW": settings.now.strftime("%Y-%m-%dT%H:%M:%SZ") if settings.now else "",
        "CARTWHEEL_QUARANTINE_LIMIT": str(settings.quarantine_limit),
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _remember(
    settings: Settings, report: TransformReport, started: datetime, message: str
) -> None:
    with open_warehouse(settings.warehouse) as connection:
        create_reported_tables(connection)
        connection.execute(
            "insert into ops.transform_runs values (?, ?, ?, ?, ?, ?, ?)",
            [
                started,
                machine_time(),
                "failed" if report.failed else "succeeded",
                report.passed,
                report.warned,
                report.failed,
                message,
            ],
        )
