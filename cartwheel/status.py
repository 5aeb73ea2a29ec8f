"""What stands where: records in HubSpot, the last run of each step, what is held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

# the steps in their order: the table of their runs, and what its last run says in one line;
# an extract has a line for each store
_LAST_RUNS = {
    "extract": (
        "extract_runs",
        """
        select max(finished_at), if(bool_and(status = 'succeeded'), 'succeeded', 'failed'),
            format('{:,} rows seen, {:,} landed from {}', sum(rows_seen)::bigint,
                sum(rows_landed)::bigint, shop)
        from ops.extract_runs
        where run_id in (select arg_max(run_id, started_at) from ops.extract_runs group by shop)
        group by shop order by shop
        """,
    ),
    "transform": (
        "transform_runs",
        """
        select finished_at, status,
            format('{} passed, {} warned, {} failed', passed, warned, failed)
        from ops.transform_runs order by started_at desc limit 1
        """,
    ),
    "check": (
        "quality_runs",
        """
        select started_at, if(success, 'succeeded', 'failed'),
            format('{} checks, {} failed, {} warned', checks, failures, warnings)
        from ops.quality_runs order by started_at desc limit 1
        """,
    ),
    "load": (
        "load_runs",
        """
        select finished_at, status, format('{:,} writes', writes)
        from ops.load_runs order by started_at desc limit 1
        """,
    ),
}
_SYNCED = """
select object, count(*) from ops.hubspot_records where status = 'living'
group by object order by object
"""
_QUARANTINED = """
select object, reason, count(*), min(detail), '' from ops.hubspot_quarantined
group by object, reason order by 3 desc
"""
_REFUSED = """
select object, coalesce(category, 'unknown') as category, count(*) as records,
    arg_max(reason, rejected_at), coalesce(arg_max(request_id, rejected_at), '')
from ops.hubspot_rejections group by all order by records desc
"""


@dataclass(frozen=True)
class LastRun:
    """The last run of a step; finished_at is UTC, None while it runs or after a kill."""

    step: str
    finished_at: datetime | None
    status: str
    detail: str


@dataclass(frozen=True)
class HeldBack:
    """Records of an object that were not sent, or that HubSpot refused, and why.

    example is HubSpot's message about one of them, request its correlation id: what
    HubSpot's support asks for.
    """

    object: str
    reason: str
    records: int
    example: str
    request: str = ""


@dataclass(frozen=True)
class Status:
    """synced: living records in HubSpot per object, as acknowledged."""

    synced: dict[str, int]
    runs: list[LastRun]
    quarantined: list[HeldBack]


def read_status(connection: duckdb.DuckDBPyConnection) -> Status:
    """Read the state from ops and hubspot; tables that are not made yet count as empty."""
    tables = set(
        connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    )
    synced = []
    if ("ops", "hubspot_records") in tables:
        synced = connection.execute(_SYNCED).fetchall()
    runs = [
        LastRun(step, *row)
        for step, (table, sql) in _LAST_RUNS.items()
        if ("ops", table) in tables
        for row in connection.execute(sql).fetchall()
    ]
    held_back = []
    if ("ops", "hubspot_quarantined") in tables:
        held_back += connection.execute(_QUARANTINED).fetchall()
    if ("ops", "hubspot_rejections") in tables:
        held_back += connection.execute(_REFUSED).fetchall()
    for schema, table in sorted(tables):
        if schema == "hubspot" and table.startswith("quarantined_"):
            held_back += connection.execute(
                "select ?, reason, count(*), '' from hubspot." + table + " group by all",
                [table.removeprefix("quarantined_")],
            ).fetchall()
    return Status(dict(synced), runs, [HeldBack(*row) for row in held_back])
