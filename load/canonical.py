"""A mart row as HubSpot wants it: one JSON object of strings, always written the same way."""

from __future__ import annotations

import duckdb

from cartwheel.errors import WarehouseError
from load.catalogue import ObjectType


def desired_properties(
    connection: duckdb.DuckDBPyConnection, object_type: ObjectType, resolved: dict[str, str]
) -> str:
    """The SQL expression of a row of hubspot.<object>, named `source`, as JSON text.

    Keys in alphabetical order, blank values left out, so that equal rows have equal
    texts. resolved maps each property that the loader fills to its SQL expression.

    Raises WarehouseError if the table is missing or its columns are not the catalogue's.
    """
    types = _columns(connection, object_type)
    expressions = {name: as_text(f'source."{name}"', kind) for name, kind in types.items()}
    expressions.update({name: resolved[name] for name in object_type.resolved})
    pairs = ", ".join(f"'{name}', {expressions[name]}" for name in sorted(expressions))
    # a merge patch drops the nulls (RFC 7386)
    return f"json_merge_patch('{{}}', json_object({pairs}))::varchar"


def as_text(column: str, kind: str) -> str:
    """The SQL expression of a column of a DuckDB type as HubSpot's string, null if blank.

    Decimals lose their trailing zeros, times are UTC to the millisecond (hubspot.md 3.7).
    """
    kind = kind.upper()
    if kind.startswith("DECIMAL"):
        return f"regexp_replace({column}::varchar, '\\.0+$|(\\.\\d*[1-9])0+$', '\\1')"
    if kind in ("DOUBLE", "FLOAT"):
        return as_text(f"{column}::decimal(28, 6)", "DECIMAL")
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}::timestamp, '%Y-%m-%dT%H:%M:%S.%gZ')"
    if kind == "DATE":
        return f"strftime({column}, '%Y-%m-%d')"
    if kind == "VARCHAR":
        return f"case when trim({column}) <> '' then {column} end"
    return f"{column}::varchar"


def _columns(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> dict[str, str]:
    table = f"hubspot.{object_type.name}"
    types = dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'hubspot' and table_name = ?",
            [object_type.name],
        ).fetchall()
    )
    if not types:
        raise WarehouseError(f"The warehouse has no table {table}. Run: cartwheel transform")
    if differing := types.keys() ^ object_type.columns:
        raise WarehouseError(
            f"{table} and its description in dbt_project/models/marts/hubspot disagree about "
            f"{', '.join(sorted(differing))}: the table is of another version. "
            "Run: cartwheel transform"
        )
    return types


def check_keys(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Raise WarehouseError if a key of hubspot.<object> is missing or occurs twice."""
    table, key = f"hubspot.{object_type.name}", object_type.key
    query = (
        f"select {key}, count(*) from {table} group by {key} "
        f"having count(*) > 1 or {key} is null"
    )
    if connection.execute(f"{query} limit 1").fetchone():
        raise WarehouseError(
            f"{table} has rows without a key of their own. See which: {query}. "
            "Look for the cause in the models, then run: cartwheel transform"
        )
