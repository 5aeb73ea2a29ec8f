"""The schema ops: the tables in which the steps record what they did, and run ids."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.sql import SqlFiles

sql = SqlFiles(__file__)

# the column that tells this version's table from earlier ones
_NEWEST = {
    "transform_runs": "command",
    "quality_runs": "message",
    "quality_results": "expectation",
}

Step = Literal["extract", "build", "load", "setup", "workflows", "lake"]


def create_reported_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that the reports read, those that are missing: runs and records."""
    connection.execute(sql.text("ops_reported"))


def create_ops_tables(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Create the tables that a step writes, and those of all runs, if they are missing."""
    create_reported_tables(connection)
    connection.execute(sql.text(f"ops_{step}"))


def expect_run_logs_of_this_version(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise WarehouseError if the run log of a build or of the gate is of another version.

    The rule: docs/reference/rules.md#a-warehouse-of-another-version
    """
    needed = {table: [column] for table, column in _NEWEST.items()}
    for table, lacking in lacking_columns(connection, needed):
        raise WarehouseError(
            f"This warehouse comes from another version of Cartwheel: ops.{table} lacks "
            f"{', '.join(lacking)}. Name a new file in CARTWHEEL_WAREHOUSE, then run: "
            "cartwheel sync. It reads everything again, and what HubSpot already has is "
            "recognised by its keys."
        )


def lacking_columns(
    connection: duckdb.DuckDBPyConnection, needed: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[str]]]:
    """The tables of ops that are there without columns that are needed, with these."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'ops'"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    for table, columns in needed.items():
        lacking = [name for name in columns if name not in found.get(table, columns)]
        if lacking:
            yield table, lacking


def new_run_id(kind: str, now: datetime) -> str:
    """An id for a run, such as load-20261123T120000-5f1c2a: what runs, since when, which."""
    return f"{kind}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
