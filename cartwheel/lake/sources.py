"""Which tables the models read, and how a column of DuckDB's is written for Spark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import yaml

from cartwheel.build.dbt import PROJECT
from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import tables

# the one model that remembers: what it holds cannot be computed again
MEMORY = "ops.enrolments"
_STAGING = PROJECT / "dbt_project" / "models" / "staging"
_UNREAD = {"BLOB", "JSON"}  # in ops: records as they came, and what HubSpot acknowledged


@dataclass(frozen=True)
class Source:
    """A table that models read, with its columns and how each is written."""

    schema: str
    table: str
    columns: dict[str, str]

    @property
    def name(self) -> str:
        """Such as raw.orders."""
        return f"{self.schema}.{self.table}"

    @property
    def is_history(self) -> bool:
        """Whether it holds former versions, several of an id."""
        return self.schema == "raw" and self.table.endswith("_history")

    @property
    def is_versioned(self) -> bool:
        """Whether its rows are versions of records, of which only new ones are added."""
        return self.schema == "raw"

    def version(self) -> str:
        """SQL that tells a version of a record from the others, by what lands with it."""
        told = "shop, id, run_id, payload_hash, deleted_at"
        # a former version loses its payload in time (CARTWHEEL_HISTORY_DAYS)
        return (
            f"hash({told}, landed_at, payload is null)" if self.is_history else f"hash({told})"
        )


def sources(connection: duckdb.DuckDBPyConnection) -> list[Source]:
    """Every table that models read, by the descriptions of dbt's sources, and their memory.

    Raises WarehouseError if one of them has not been made by an extract yet.
    """
    declared, there = list(_declared()), tables(connection)
    missing = [name for name in declared if name not in there]
    if missing == declared:
        raise WarehouseError(
            "Nothing has been extracted into this warehouse yet. Run: cartwheel extract"
        )
    if missing:
        raise WarehouseError(
            f"The warehouse lacks {', '.join(missing)}, which an extract makes. Run: "
            "cartwheel extract"
        )
    if MEMORY in there:
        declared.append(MEMORY)
    return [_source(connection, *name.split(".")) for name in declared]


def _declared() -> Iterator[str]:
    for path in sorted(_STAGING.glob("*/*sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                yield f"{source.get('schema', source['name'])}.{table['name']}"


def _source(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> Source:
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = "
        "current_database() and schema_name = ? and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    columns = {
        name: _written(f'"{name}"', kind)
        for name, kind in rows
        if schema == "raw" or kind not in _UNREAD
    }
    return Source(schema, table, columns)


def _written(column: str, kind: str) -> str:
    """A column as Spark reads it: Parquet has no such wide numbers, and JSON is text there.

    A time is an instant: Spark's timestamp is one, shown in UTC.
    """
    if kind == "TIMESTAMP":
        return f"timezone('UTC', {column})"
    if kind in ("JSON", "UHUGEINT", "HUGEINT", "UBIGINT"):
        return f"{column}::varchar"
    return column
