"""Rows about records that the marts no longer have."""

from __future__ import annotations

import duckdb

from load.objects.catalogue import ASSOCIATIONS, CATALOGUE

# object or kind of association -> the keys that the marts have of it
_KEYS = {
    **{
        name: f"select {object_type.key} as key from load_{name}"
        for name, object_type in CATALOGUE.items()
    },
    **{
        kind.name: "select from_key || ' > ' || to_key as key from load_associations "
        f"where association_type = '{kind.name}'"
        for kind in ASSOCIATIONS
    },
}

_LIVING = """
create or replace temp table load_living as
select old.key
from {table} as old
join ({keys}) as living on living.key = old.key
where old.object = ?
"""


def forget_vanished(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Delete a table's rows whose object and key are none of the marts'; plan() comes before.

    The rows are few and the keys may be millions: a join keeps the few in memory.
    """
    found = connection.execute(f"select distinct object from {table}").fetchall()
    for name in {name for (name,) in found} & _KEYS.keys():
        connection.execute(_LIVING.format(table=table, keys=_KEYS[name]), [name])
        connection.execute(
            f"delete from {table} "
            "where object = ? and key not in (select key from load_living)",
            [name],
        )
