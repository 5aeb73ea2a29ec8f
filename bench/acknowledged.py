"""A ledger as a first load of hubspot.* would leave it, made in DuckDB: nothing is sent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from cartwheel.core.warehouse import open_warehouse
from load.ledger.ledger import Ledger
from load.objects.catalogue import CATALOGUE
from load.plan.session import PlanSession

RUN, NOW = "bench", datetime(2026, 1, 1)


def acknowledge(warehouse: Path) -> int:
    """Write down all that a first plan would send as acknowledged; gives its number."""
    with open_warehouse(warehouse) as connection:
        Ledger(connection, RUN, NOW)
        session = PlanSession(connection)
        for object_type in CATALOGUE.values():
            session.open()
            session.plan_writes(object_type.name)
            connection.execute("create or replace temp table load_window as from load_plan")
            connection.execute(
                f"""
                insert into ops.hubspot_records
                select
                    '{object_type.name}', planned.key, hash(?, planned.key)::varchar,
                    planned.fingerprint, planned.desired, null, ?, ?, 'living'
                from load_{object_type.name}_to_create as planned
                """,
                [object_type.name, NOW, RUN],
            )
        session.open()
        session.plan_associations()
        connection.execute(
            f"""
            insert into ops.hubspot_associations
            select
                association_type, from_object, from_key, from_id, to_object, to_key, to_id,
                ?, ?, false
            from {session.PLANNED_ASSOCIATIONS}
            """,
            [NOW, RUN],
        )
        return _number(connection, "records") + _number(connection, "associations")


def _number(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"select count(*) from ops.hubspot_{name}").fetchone()
    return int(row[0]) if row else 0
