"""The last run of each step, from the run log and from the file beside the warehouse.

The run log says what a run did and how it ended; the file says which one is at work, was
killed, or failed where nothing could be logged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import duckdb

from cartwheel.build.run_log import COMMAND, NOTHING_NEW
from cartwheel.core.counts import counted
from cartwheel.core.ops import expect_run_logs_of_this_version
from cartwheel.core.warehouse import tables
from cartwheel.step_runs import (
    FAILED,
    INTERRUPTED,
    RUNNING,
    SUCCEEDED,
    SYNC,
    UNCHANGED,
    Noted,
    StepRun,
)

STEPS = ("extract", "transform", "check", "load")  # those that have a run log, in their order
_ORDER = (SYNC, "extract", "transform", "check", "setup", "load")


def _counted(column: str, noun: str) -> str:
    """The SQL of what counted() says of a column."""
    return f"concat(format('{{:,}}', {column}), if({column} = 1, ' {noun}', ' {noun}s'))"


# the table of a step's runs, and of the last run its shop, times, state, and what it says in
# one line; an extract has a line for each store
_LOGGED = {
    "extract": (
        "extract_runs",
        f"""
        select
            shop,
            min(started_at),
            if(bool_or(status in ('running', 'interrupted')), null, max(finished_at)),
            case
                when bool_or(status = 'failed') then 'failed'
                when bool_or(status = 'interrupted') then 'interrupted'
                when bool_or(status = 'running') then 'running'
                else 'succeeded'
            end,
            concat_ws(': ', format('{{}} seen, {{:,}} landed from {{}}',
                {_counted("sum(rows_seen)::bigint", "row")}, sum(rows_landed)::bigint, shop),
                min(message) filter (status <> 'succeeded'))
        from ops.extract_runs
        where run_id in (select arg_max(run_id, started_at) from ops.extract_runs group by shop)
        group by shop order by shop
        """,
    ),
    "transform": (
        "transform_runs",
        f"""
        select '', started_at, finished_at, status,
            if(message = '{NOTHING_NEW}', message, concat_ws(': ',
                nullif(command, '{COMMAND}') || ' by hand',
                format('{{}} models and tests passed, {{}} warned, {{}} failed',
                    passed, warned, failed),
                nullif(message, '')))
        from ops.transform_runs order by started_at desc limit 1
        """,
    ),
    "check": (
        "quality_runs",
        f"""
        select '', started_at, finished_at, if(success, 'succeeded', 'failed'),
            concat_ws(': ',
                format('{{}}, {{}} failed, {{}} warned',
                    {_counted("checks", "check")}, failures, warnings),
                nullif(message, ''))
        from ops.quality_runs order by started_at desc limit 1
        """,
    ),
    "load": (
        "load_runs",
        f"""
        select '', started_at, finished_at, status,
            concat_ws(': ', {_counted("writes", "write")}, nullif(message, ''))
        from ops.load_runs order by started_at desc limit 1
        """,
    ),
}
# of a load that never noted its end: what HubSpot acknowledged batch by batch
_ACKNOWLEDGED = """
with last as (
    select run_id from ops.load_runs order by started_at desc limit 1
)
select (select count(*) from ops.hubspot_journal semi join last using (run_id))
    + (select count(*) from ops.hubspot_writes semi join last using (run_id))
"""
_LANDED = """
select shop from ops.extract_runs group by shop having sum(rows_landed) > 0
"""
_KILLED = "it was killed or the machine stopped; what was done is kept. Run: cartwheel sync"


@dataclass(frozen=True)
class LastRun:
    """The last run of a step: when it began, and when it finished, None if it did not (yet).

    Times are UTC. shop is that of an extract, detail what it did or why it failed.
    """

    step: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    detail: str
    shop: str = ""

    @property
    def at(self) -> datetime:
        """When it finished, or else when it began."""
        return (self.finished_at or self.started_at).replace(tzinfo=UTC)

    @property
    def named(self) -> str:
        """The step, with the shop where it has one."""
        return f"{self.step} of {self.shop}" if self.shop else self.step


def logged_runs(connection: duckdb.DuckDBPyConnection) -> list[LastRun]:
    """The last run of each step in the run log; none of a table that is not made yet.

    Raises WarehouseError if a table is that of another version.
    """
    present = tables(connection)
    expect_run_logs_of_this_version(connection)
    runs = [
        LastRun(step, began, ended, status, detail or "", shop)
        for step, (table, sql) in _LOGGED.items()
        if f"ops.{table}" in present
        for shop, began, ended, status, detail in connection.execute(sql).fetchall()
    ]
    if {"ops.hubspot_journal", "ops.hubspot_writes"} <= present:
        runs = [_with_writes(connection, run) for run in runs]
    return runs


def landed_shops(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The stores of which anything was ever landed."""
    if "ops.extract_runs" not in tables(connection):
        return set()
    return {shop for (shop,) in connection.execute(_LANDED).fetchall()}


def last_runs(logged: Sequence[LastRun], noted: Noted) -> list[LastRun]:
    """The last run of each step, and for each store, in the order of the steps.

    One that runs according to the log alone, and of which no living process is noted, was
    interrupted.
    """
    known = {(run.step, run.shop): _ended(run) for run in logged}
    steps = [run for run in noted.runs if run.step in _ORDER and run.step != SYNC]
    for run in steps:
        of_step = [each for each in logged if (each.step, each.shop) == (run.step, run.shop)]
        known[run.step, run.shop] = _later(of_step[0], run) if of_step else _of(run)
    runs = sorted(known.values(), key=lambda run: (_ORDER.index(run.step), run.shop))
    whole = [run for run in noted.runs if run.step == SYNC]
    return [*(_of(run) for run in whole if _ended_between(run, runs)), *runs]


def of_interest(
    runs: Iterable[LastRun], configured: Collection[str], landed: Collection[str]
) -> list[LastRun]:
    """The runs without those of stores that are neither configured nor ever landed anything.

    Such a store was mistyped once. One that is at work is of interest in any case.
    """
    wanted = {*configured, *landed}
    return [run for run in runs if run.shop in {"", *wanted} or run.status == RUNNING]


def _with_writes(connection: duckdb.DuckDBPyConnection, run: LastRun) -> LastRun:
    """A run; of a load that has no end the writes that are known, not none."""
    if run.step != "load" or run.finished_at:
        return run
    [(writes,)] = connection.execute(_ACKNOWLEDGED).fetchall()
    return replace(
        run, detail=f"{counted(writes, 'write')} so far; the next load goes on from there"
    )


def _later(logged: LastRun, noted: StepRun) -> LastRun:
    """Of a step's last run in the log and in the file, the one that tells how things are."""
    if noted.is_confirmation and logged.status == SUCCEEDED:
        return _confirmed(logged, noted)
    if logged.started_at < noted.started_at:
        # the log does not know it: it is at work, or it ended before it could be logged
        return _ended(logged) if noted.state == SUCCEEDED else _of(noted)
    if noted.state == RUNNING:
        return replace(logged, status=RUNNING, finished_at=None)
    is_same = noted.finished_at is None or logged.started_at <= noted.finished_at
    if logged.status != RUNNING or not is_same:
        return _ended(logged)
    if noted.status == RUNNING:
        return replace(_ended(logged), finished_at=None)
    return replace(_of(noted), detail=noted.detail or logged.detail)


def _confirmed(logged: LastRun, noted: StepRun) -> LastRun:
    """A run of the log as young as the sync that had nothing left to do for its step."""
    at = noted.finished_at
    if at is None or logged.finished_at is None or at <= logged.finished_at:
        return logged
    return replace(logged, finished_at=at, detail=f"{UNCHANGED}: {logged.detail}")


def _ended(logged: LastRun) -> LastRun:
    """A run of the log of which no process is known: of one that has no end it was killed."""
    if logged.status != RUNNING:
        return logged
    detail = "; ".join(filter(None, (logged.detail, _KILLED)))
    return replace(logged, status=INTERRUPTED, detail=detail)


def _of(noted: StepRun) -> LastRun:
    ended = None if noted.state == INTERRUPTED else noted.finished_at
    was_killed = noted.state == INTERRUPTED and noted.status == RUNNING
    detail = noted.detail or (_KILLED if was_killed else "")
    return LastRun(noted.step, noted.started_at, ended, noted.state, detail, noted.shop)


def _ended_between(whole: StepRun, runs: Iterable[LastRun]) -> bool:
    """Whether a sync failed outside of its steps, and no step has run since."""
    if whole.state not in (FAILED, INTERRUPTED):
        return False
    ended = whole.finished_at or whole.started_at
    return not any(
        run.started_at > ended
        or (run.started_at >= whole.started_at and run.status in (FAILED, INTERRUPTED))
        for run in runs
    )
