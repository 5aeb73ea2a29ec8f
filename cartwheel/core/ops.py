"""The schema ops: the tables in which the steps record what they did, and run ids."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

import duckdb

from cartwheel.core.sql import SqlFiles

sql = SqlFiles(__file__)

Step = Literal["extract", "build", "quality", "load", "setup", "workflows"]


def create_reported_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that the reports read, those that are missing: runs and records."""
    connection.execute(sql.text("ops_reported"))


def create_ops_tables(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Create the tables that a step writes, and those of all runs, if they are missing."""
    create_reported_tables(connection)
    connection.execute(sql.text(f"ops_{step}"))


def new_run_id(kind: str, now: datetime) -> str:
    """An id for a run, such as load-20261123T120000-5f1c2a: what runs, since when, which."""
    return f"{kind}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
