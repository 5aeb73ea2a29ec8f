"""The run log of transform: ops.transform_runs, from the begin of a build to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import duckdb

from cartwheel.core.clock import machine_time
from cartwheel.core.errors import CartwheelError
from cartwheel.core.interruptions import is_interruption
from cartwheel.core.ops import create_reported_tables, expect_run_logs_of_this_version
from cartwheel.core.redaction import redacted
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables

COMMAND = "cartwheel transform"  # of runs that are ours: others are dbt's, run by hand
NOTHING_NEW = "nothing new"  # the message of a run that had nothing to build

_LONGEST = 500  # characters of an error

_LAST_END = """
select arg_max(if(status = 'failed', message, ''), started_at) from ops.transform_runs
where command = ? and status in ('succeeded', 'failed')
"""


_LAST = """
select command, started_at from ops.transform_runs order by started_at desc limit 1
"""


_LAST_BUILT = """
select max(coalesce(finished_at, started_at)) from ops.transform_runs
where message is distinct from ?
"""


class BuildLog:
    """The row of one run, known by when it began."""

    def __init__(self, started: datetime) -> None:
        self.started, self.has_ended = started, False

    def begin(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Note that it runs, and that runs which never noted their end were interrupted.

        Raises WarehouseError if the table is that of another version.
        """
        expect_run_logs_of_this_version(connection)
        create_reported_tables(connection)
        connection.execute(
            "update ops.transform_runs set status = 'interrupted' where status = 'running'"
        )
        connection.execute(
            "insert into ops.transform_runs (started_at, status, command) "
            "values (?, 'running', ?)",
            [self.started, COMMAND],
        )

    def end(
        self,
        connection: duckdb.DuckDBPyConnection,
        status: str,
        counts: tuple[int, int, int] | None = None,
        message: str = "",
    ) -> None:
        """Note how it ended; counts are what passed, warned and failed."""
        connection.execute(
            "update ops.transform_runs set finished_at = ?, status = ?, passed = ?, "
            "warned = ?, failed = ?, message = ? where started_at = ? and command = ?",
            [
                machine_time(),
                status,
                *(counts or (None, None, None)),
                message,
                self.started,
                COMMAND,
            ],
        )
        self.has_ended = True


@contextmanager
def logged(settings: Settings, started: datetime) -> Iterator[BuildLog]:
    """A run in the log; one that an error ends without more is noted with that error."""
    log = BuildLog(started)
    with open_warehouse(settings.warehouse) as connection:
        log.begin(connection)
    try:
        yield log
    except BaseException as error:
        status = "interrupted" if is_interruption(error) else "failed"
        told = str(error) if isinstance(error, CartwheelError) else type(error).__name__
        told = redacted(told, settings.secret_values())[:_LONGEST]
        if not log.has_ended:
            # where even this cannot be written, the next run notes an interruption
            with suppress(CartwheelError), open_warehouse(settings.warehouse) as connection:
                log.end(connection, status, message=told if status == "failed" else "")
        raise


def last_built(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """When the last run ended that built anything, by hand too (naive UTC); None before it.

    Raises WarehouseError if the table is that of another version.
    """
    if "ops.transform_runs" not in tables(connection):
        return None
    expect_run_logs_of_this_version(connection)
    row = connection.execute(_LAST_BUILT, [NOTHING_NEW]).fetchone()
    return row[0] if row else None


def run_by_hand(connection: duckdb.DuckDBPyConnection) -> str:
    """Which dbt command was run by hand, and when, if that was the last run; else empty."""
    if "ops.transform_runs" not in tables(connection):
        return ""
    expect_run_logs_of_this_version(connection)
    row = connection.execute(_LAST).fetchone()
    if row is None or row[0] == COMMAND:
        return ""
    return f"{row[0] or 'dbt'} was run by hand at {row[1]:%Y-%m-%d %H:%M:%S} UTC"


def last_failure(settings: Settings) -> str:
    """What the last transform that came to an end failed by; empty if it succeeded."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if "ops.transform_runs" not in tables(connection):
            return ""
        expect_run_logs_of_this_version(connection)
        row = connection.execute(_LAST_END, [COMMAND]).fetchone()
    return str(row[0] or "") if row else ""
