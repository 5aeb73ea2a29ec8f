"""A load that would delete a large share of an object's records stops and asks."""

from __future__ import annotations

import duckdb

from cartwheel.errors import LoadFailed
from load.plan import Plan

SHARE, COUNT = 0.10, 20  # both must be passed


def check_deletes(
    connection: duckdb.DuckDBPyConnection, planned: Plan, *, allowed: bool
) -> None:
    """Raise LoadFailed for more than COUNT deletes that are more than SHARE of an object."""
    living = dict(
        connection.execute(
            "select object, count(*) from load_acknowledged where status = 'living' group by 1"
        ).fetchall()
    )
    alarming = [
        f"{counts.delete:,} of {living[name]:,} {name}"
        for name, counts in planned.objects.items()
        if name in living and counts.delete > max(COUNT, SHARE * living[name])
    ]
    if alarming and not allowed:
        raise LoadFailed(
            f"The load would delete {', '.join(alarming)} in HubSpot, so nothing was sent. "
            "See which: cartwheel plan. If they shall go: cartwheel load --allow-deletes"
        )
