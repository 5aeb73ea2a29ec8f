"""What setup wrote as labels, remembered in ops: what differs from it, a person changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cartwheel.core.clock import without_zone
from cartwheel.core.ops import create_ops_tables, new_run_id
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables, transaction

Written = Mapping[str, frozenset[str]]  # by place: what HubSpot has if nobody changed it


def read_written(warehouse: Path) -> Written:
    """The labels that were written last, none where there is no warehouse."""
    if not warehouse.exists():
        return {}
    with open_warehouse(warehouse, read_only=True) as connection:
        if "ops.hubspot_labels" not in tables(connection):
            return {}
        rows = connection.execute("select place, label, former from ops.hubspot_labels")
        return {
            place: frozenset(text for text in (label, former) if text is not None)
            for place, label, former in rows.fetchall()
        }


def note_written(
    settings: Settings, labels: Mapping[str, str], former: Mapping[str, str] | None = None
) -> None:
    """Remember labels by place, in place of those before, where there is a warehouse.

    Before they are sent, former are those that HubSpot has; after its answers there are none.
    """
    if not labels or not settings.warehouse.exists():
        return
    now = settings.clock()
    before = former or {}
    with open_warehouse(settings.warehouse) as connection, transaction(connection):
        create_ops_tables(connection, "setup")
        connection.execute(
            "delete from ops.hubspot_labels where list_contains(?, place)", [list(labels)]
        )
        connection.execute(
            "insert into ops.hubspot_labels select unnest(?), unnest(?), unnest(?), ?, ?",
            [
                *(list(labels), list(labels.values()), [before.get(place) for place in labels]),
                *(without_zone(now), new_run_id("setup", now)),
            ],
        )
