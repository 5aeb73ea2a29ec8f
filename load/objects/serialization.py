"""A mart row in HubSpot's form: one JSON object of strings, always written the same way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from cartwheel.core.errors import WarehouseError
from load.objects.catalogue import ObjectType

LONGEST_TEXT = 65_536  # characters: docs/reference/hubspot.md#values


def columns(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> dict[str, str]:
    """The columns of hubspot.<object> with their types.

    Raises WarehouseError if the table is missing or its columns are not the catalogue's.
    """
    table = f"hubspot.{object_type.name}"
    try:
        found = connection.execute("select name, type from pragma_table_info(?)", [table])
    except duckdb.CatalogException:
        raw = "select 1 from information_schema.schemata where schema_name = 'raw'"
        lacking = "built" if connection.execute(raw).fetchone() else "landed"
        raise WarehouseError(
            f"The warehouse has no table {table}, since nothing was {lacking} yet. "
            "Run: cartwheel sync"
        ) from None
    types = dict(found.fetchall())
    if differing := types.keys() ^ object_type.columns:
        raise WarehouseError(
            f"{table} and its description in dbt_project/models/marts/hubspot disagree about "
            f"{', '.join(sorted(differing))}: the table comes from another version. "
            "Run: cartwheel transform"
        )
    return types


def desired_properties(
    types: Mapping[str, str], resolved: Mapping[str, str], without: Collection[str] = ()
) -> str:
    """The SQL expression of a row of hubspot.<object>, named `source`, as JSON text.

    Keys in alphabetical order, blank values left out, so that equal rows have equal
    texts. types are those of the columns; resolved maps each property that the loader
    fills to its SQL expression; without are properties to leave out.
    """
    expressions = {name: as_text(f'source."{name}"', kind) for name, kind in types.items()}
    expressions.update(resolved)
    names = sorted(expressions.keys() - set(without))
    pairs = ", ".join(f"'{name}', {expressions[name]}" for name in names)
    # a merge patch drops the nulls (RFC 7386)
    return f"json_merge_patch('{{}}', json_object({pairs}))::varchar"


def fingerprint(
    types: Mapping[str, str], resolved: Mapping[str, str], without: Collection[str] = ()
) -> str:
    """The SQL expression of a 64-bit hash of what desired_properties takes of a row.

    Equal fingerprints mean equal properties; different ones need a comparison, since
    DuckDB's hash may change with its version and a blank can be null or empty.
    """
    expressions = {name: f'source."{name}"' for name in types} | dict(resolved)
    names = sorted(expressions.keys() - set(without))
    return f"hash('{' '.join(names)}', {', '.join(expressions[name] for name in names)})"


def problem(object_name: str) -> str:
    """The SQL expression of why HubSpot would refuse a row of `source`, null if nothing.

    Empty for an object of which it refuses none. A line item's price is not negative
    (docs/reference/hubspot.md#line-items). Begins with HubSpot's code.
    """
    if object_name == "line_items":
        return "case when source.price < 0 then 'INVALID_PRICE: the price is negative' end"
    return ""


def as_text(column: str, kind: str) -> str:
    """The SQL expression of a column of a DuckDB type as HubSpot's string, null if blank.

    Decimals lose their trailing zeros, times are UTC to the millisecond
    (docs/reference/hubspot.md#values).
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


def check_keys(connection: duckdb.DuckDBPyConnection, object_type: ObjectType) -> None:
    """Raise WarehouseError if a key of hubspot.<object> is missing or occurs twice."""
    table, key = f"hubspot.{object_type.name}", object_type.key
    query = (
        f"select {key}, count(*) from {table} group by {key} "
        f"having count(*) > 1 or {key} is null"
    )
    if connection.execute(f"{query} limit 1").fetchone():
        raise WarehouseError(
            f"{table} has rows without a unique key. To see them: {query}. "
            "Find the cause in the models, then run: cartwheel transform"
        )
