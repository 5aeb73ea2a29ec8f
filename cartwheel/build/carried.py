"""Whether everything that was built is in HubSpot already, so that a sync may end early."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import duckdb

from cartwheel.build.dbt import PROJECT
from cartwheel.build.inputs import hash_of_files
from cartwheel.build.state import read_state, write_state
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables

# what decides how a build is judged and sent, besides the settings
_FOLDERS = ["quality", "load"]


def note_carried(settings: Settings, run_id: str, *, strict: bool) -> None:
    """Remember that a load left nothing to do: all was sent, and nothing raised an alarm."""
    with open_warehouse(settings.warehouse) as connection:
        state = read_state(connection)
        if state is not None:
            left = _left(connection, run_id)
            synced = (left, _fingerprint(settings, strict=strict))
            write_state(connection, replace(state, synced=synced))


def is_carried(settings: Settings, *, strict: bool) -> bool:
    """Whether the last load left nothing to do of what was built, with the settings of now.

    Not if HubSpot was read since, by `plan --refresh` or `load --verify`, and holds other
    values than that load left: those are to be sent again.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        state = read_state(connection)
        if state is None or state.synced is None:
            return False
        if state.synced[0] != _left(connection, _last_load(connection)):
            return False
    return state.synced[1] == _fingerprint(settings, strict=strict)


def _left(connection: duckdb.DuckDBPyConnection, run_id: str | None) -> str:
    """What a load left: its run id, and how often HubSpot was found to hold something else."""
    row = None
    if "ops.hubspot_differences" in tables(connection):
        row = connection.execute("select count(*) from ops.hubspot_differences").fetchone()
    return f"{run_id} {row[0] if row else 0}"


def _last_load(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The run id of the newest load, however it ended."""
    if "ops.load_runs" not in tables(connection):
        return None
    row = connection.execute("select arg_max(run_id, started_at) from ops.load_runs").fetchone()
    return row[0] if row else None


def _fingerprint(settings: Settings, *, strict: bool) -> str:
    """A hash of the settings that a check, a setup or a load reads, and of their code."""
    labels = Path(settings.language)
    parts = [
        settings.hubspot_api_url,
        settings.hubspot_api_version,
        hashlib.sha256(settings.hubspot_access_token.encode()).hexdigest(),
        settings.language,
        labels.read_text(encoding="utf-8") if settings.language and labels.is_file() else "",
        str(settings.delete_limit),
        str(settings.held_back_limit),
        str(settings.quarantine_limit),
        str(strict),
    ]
    return hash_of_files(PROJECT, [], _FOLDERS, parts)
