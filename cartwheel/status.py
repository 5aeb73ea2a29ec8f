"""The current state: records in HubSpot, each step's last run, what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from cartwheel.core.errors import StatusAlarming, WarehouseError
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import tables
from load.plan.held_back import reasons_without_plan
from load.run import open_for_plan
from load.verify.verdict import too_many

# the steps in their order: the table of their runs, and what its last run says in one line;
# an extract has a line for each store
_LAST_RUNS = {
    "extract": (
        "extract_runs",
        """
        select min(started_at), max(finished_at),
            case
                when bool_and(status = 'succeeded') then 'succeeded'
                when bool_and(status in ('succeeded', 'running')) then 'running'
                else 'failed'
            end,
            concat_ws(': ', format('{:,} rows seen, {:,} landed from {}',
                sum(rows_seen)::bigint, sum(rows_landed)::bigint, shop),
                min(message) filter (status <> 'succeeded'))
        from ops.extract_runs
        where run_id in (select arg_max(run_id, started_at) from ops.extract_runs group by shop)
        group by shop order by shop
        """,
    ),
    "transform": (
        "transform_runs",
        """
        select started_at, finished_at, status,
            if(message = 'nothing new', message,
                format('{} passed, {} warned, {} failed', passed, warned, failed))
        from ops.transform_runs order by started_at desc limit 1
        """,
    ),
    "check": (
        "quality_runs",
        """
        select started_at, started_at, if(success, 'succeeded', 'failed'),
            format('{} checks, {} failed, {} warned', checks, failures, warnings)
        from ops.quality_runs order by started_at desc limit 1
        """,
    ),
    "load": (
        "load_runs",
        """
        select started_at, finished_at, status,
            concat_ws(': ', format('{:,} writes', writes), nullif(message, ''))
        from ops.load_runs order by started_at desc limit 1
        """,
    ),
}
_SYNCED = """
select object, count(*) from ops.hubspot_records where status = 'living'
group by object order by object
"""

# whether all that was built last is in HubSpot
_CARRIED = "select 1 from ops.build_inputs where kind = 'sync'"

_REDACTED = "select shop, record from hubspot.redacted_customers order by shop, customer_id"


@dataclass(frozen=True)
class Redacted:
    """A customer whom Shopify has redacted, by number: nothing else of it remains."""

    shop: str
    record: str


@dataclass(frozen=True)
class LastRun:
    """The last run of a step: when it began, and when it finished, None if it did not (yet).

    Times are UTC.
    """

    step: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    detail: str

    @property
    def at(self) -> datetime:
        """When it finished, or else when it began."""
        return (self.finished_at or self.started_at).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Status:
    """The current state.

    synced: living records in HubSpot per object, as acknowledged; held_back: how many are
    held back for which reason, as the plan counts them; warnings: what somebody should
    look at, in sentences; portal_id: HubSpot's of the account, None before the first load;
    redacted: the customers whom Shopify has redacted; omitted: the properties that records
    in HubSpot go without.
    """

    synced: dict[str, int]
    runs: list[LastRun]
    held_back: Sequence[Any]
    warnings: list[str]
    portal_id: int | None = None
    redacted: Sequence[Redacted] = ()
    omitted: Sequence[Any] = ()


def redacted_customers(connection: duckdb.DuckDBPyConnection) -> list[Redacted]:
    """The customers whom Shopify has redacted; none before the marts are built."""
    if "hubspot.redacted_customers" not in tables(connection):
        return []
    return [Redacted(*row) for row in connection.execute(_REDACTED).fetchall()]


def read_status(
    connection: duckdb.DuckDBPyConnection,
    held_back: Sequence[Any] = (),
    warnings: Sequence[str] = (),
    omitted: Sequence[Any] = (),
) -> Status:
    """Read the state from ops; tables that are not made yet count as empty.

    held_back, warnings and omitted are what the load says of its records.
    """
    present = tables(connection)
    synced = []
    if "ops.hubspot_records" in present:
        synced = connection.execute(_SYNCED).fetchall()
    runs = [
        LastRun(step, *row)
        for step, (table, sql) in _LAST_RUNS.items()
        if f"ops.{table}" in present
        for row in connection.execute(sql).fetchall()
    ]
    if "ops.build_inputs" in present and connection.execute(_CARRIED).fetchall():
        runs = _confirmed(runs)
    portal = None
    if "ops.hubspot_account" in present:
        portal = connection.execute("select portal_id from ops.hubspot_account").fetchone()
    return Status(
        dict(synced),
        runs,
        held_back,
        list(warnings),
        portal[0] if portal else None,
        redacted_customers(connection),
        omitted,
    )


def _confirmed(runs: list[LastRun]) -> list[LastRun]:
    """The runs, of which check and load count as run when the last sync found nothing new."""
    [build] = [run for run in runs if run.step == "transform"]
    if build.detail != "nothing new":
        return runs
    return [
        replace(run, finished_at=build.finished_at, detail=f"nothing new since: {run.detail}")
        if run.step in ("check", "load") and run.at < build.at
        else run
        for run in runs
    ]


def check_age(status: Status, most: timedelta, now: datetime) -> None:
    """Raise StatusAlarming, naming each step, if a last run is too old, failed or is missing.

    So does too much that is held back. now is aware.
    """
    known = {run.step for run in status.runs}
    wrong = [f"{step}: it never ran" for step in _LAST_RUNS if step not in known]
    for run in status.runs:
        if run.status not in ("succeeded", "running"):
            wrong.append(f"{run.step}: the last run {run.status}")
        elif now - run.at > most:
            did = "finished" if run.finished_at else "has not finished; it began"
            wrong.append(f"{run.step}: the last run {did} {age(now - run.at)} ago")
    wrong += status.warnings
    if wrong:
        raise StatusAlarming(
            f"Something needs attention: {'; '.join(wrong)}. See the lines above; "
            "to run all steps: cartwheel sync"
        )


def age(passed: timedelta) -> str:
    """A duration in its largest unit: 45 s, 12 min, 3 h, 2 d."""
    seconds = max(int(passed.total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def current_status(settings: Settings) -> Status:
    """The current state; once the marts are built, a plan tells what is held back."""
    with open_for_plan(settings) as session:
        try:
            planned = session.refresh()
        except WarehouseError:
            connection = session.connection
            return read_status(connection, reasons_without_plan(connection))
        warnings = too_many(planned, settings.held_back_limit)
        return read_status(session.connection, planned.held_back, warnings, planned.omitted)
