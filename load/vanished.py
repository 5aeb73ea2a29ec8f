"""Rows about records that the marts no longer have."""

from __future__ import annotations

import duckdb

_LIVING = """
create or replace temp table load_living as
select old.key
from {table} as old
join ({keys}) as living on living.key = old.key
where old.object = ?
"""


def forget_vanished(
    connection: duckdb.DuckDBPyConnection, table: str, object_name: str, keys: str
) -> None:
    """Delete an object's rows of a table whose key is none of the query's.

    The rows are few and the keys may be millions: a join keeps the few in memory.
    """
    connection.execute(_LIVING.format(table=table, keys=keys), [object_name])
    connection.execute(
        f"delete from {table} where object = ? and key not in (select key from load_living)",
        [object_name],
    )
