"""Rows about records that the marts no longer have."""

from __future__ import annotations

from load.objects.catalogue import ASSOCIATIONS, CATALOGUE
from load.plan.session import PlanSession

_LIVING = """
create or replace temp table kept_rows as
select old.key
from {table} as old
join ({keys}) as living on living.key = old.key
where old.object = ?
"""


def forget_vanished(session: PlanSession, table: str) -> None:
    """Delete a table's rows whose object and key are not in the marts.

    The rows are few and the keys may be millions: a join keeps the few in memory.
    """
    connection, keys = session.connection, _keys_of_marts()
    found = connection.execute(f"select distinct object from {table}").fetchall()
    for name in {name for (name,) in found} & keys.keys():
        connection.execute(_LIVING.format(table=table, keys=keys[name]), [name])
        connection.execute(
            f"delete from {table} where object = ? and key not in (select key from kept_rows)",
            [name],
        )


def _keys_of_marts() -> dict[str, str]:
    """Object or kind of association -> the query of the keys that the marts have of it."""
    records = {
        name: f"select {object_type.key} as key from {PlanSession.mart(name)}"
        for name, object_type in CATALOGUE.items()
    }
    return records | {
        kind.name: "select from_key || ' > ' || to_key as key "
        f"from {PlanSession.mart('associations')} where association_type = '{kind.name}'"
        for kind in ASSOCIATIONS
    }
