"""What a build reads: the project's code, and the tables that its models read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import duckdb

from cartwheel.build.dbt import PROJECT
from cartwheel.core.settings import Settings

_FILES = ["dbt_project.yml", "profiles.yml"]
_FOLDERS = ["dbt_project", "cartwheel/build"]
_PACKAGES = ["dbt-core", "dbt-duckdb", "duckdb"]
# the JSON is as long as all else together, and a hash of it stands beside it
_UNREAD = {"payload"}
_NOTED = {"ops.initial_imports", "ops.sweeps", "ops.unreadable_records"}


def project_fingerprint(settings: Settings, variables: Mapping[str, object] | None) -> str:
    """A hash of what the models are made of besides data: files, versions, vars, settings.

    The year is among them, since it decides which dates are impossible
    (dbt_project/macros/dates.sql).
    """
    parts = [*(f"{name} {version(name)}" for name in _PACKAGES)]
    parts += [json.dumps(dict(variables or {}), sort_keys=True)]
    parts += [str(settings.quarantine_limit), str(settings.clock().year)]
    return hash_of_files(PROJECT, _FILES, _FOLDERS, parts)


def hash_of_files(
    root: Path, files: Iterable[str], folders: Iterable[str], parts: Iterable[str] = ()
) -> str:
    """A hash of texts and of files: those named and those in folders, with their paths."""
    found = [root / name for name in files]
    for folder in folders:
        found += [path for path in (root / folder).rglob("*") if _is_source(path)]
    digest = hashlib.sha256("\n".join(parts).encode())
    for path in sorted(found):
        digest.update(f"\n{path.relative_to(root)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def source_fingerprints(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str]
) -> dict[str, str]:
    """What each table (schema.name) holds, as a number of rows and a hash of their columns.

    The order of the rows does not matter. A table that is not there is left out. Payloads are
    not read: payload_hash tells them apart.
    """
    wanted = set(names)
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """
        select schema_name || '.' || table_name, column_name
        from duckdb_columns() where not internal order by column_index
        """
    ).fetchall():
        if table in wanted and column not in _UNREAD:
            columns.setdefault(table, []).append(f'"{column}"')
    found = {}
    for table, listed in columns.items():
        [(fingerprint,)] = connection.execute(
            f"select count(*) || ' ' || coalesce(sum(hash({', '.join(listed)})::hugeint), 0) "
            f"from {table}"
        ).fetchall()
        found[table] = fingerprint
    return found


def relations(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every table and view, as schema.name, with its kind and its number of columns.

    A model's that somebody dropped, or replaced by another, is made again.
    """
    found = connection.execute(
        """
        select schema_name || '.' || table_name, 'table ' || column_count from duckdb_tables()
        union all
        select schema_name || '.' || view_name, 'view ' || column_count from duckdb_views()
        where not internal
        """
    ).fetchall()
    return dict(found)


def read_by_models(relations: Iterable[str]) -> list[str]:
    """The tables whose rows decide what the models hold, of all that there are.

    All of raw, and what the extract notes in ops. The runs of the steps and what HubSpot has
    are read by views alone, which always show what there is.
    """
    return [name for name in relations if name.startswith("raw.") or name in _NOTED]
