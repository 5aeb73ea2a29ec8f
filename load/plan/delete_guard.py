"""A load that would delete a large share of an object's records stops and asks."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from cartwheel.core.errors import DeletionsRefused
from load.plan.plan import Plan

COUNT = 20  # so many may always be deleted


def check_deletes(
    connection: duckdb.DuckDBPyConnection, planned: Plan, share: Decimal, *, allowed: bool
) -> None:
    """Raise DeletionsRefused for more deletes than COUNT and than the share of an object."""
    living = dict(
        connection.execute(
            "select object, count(*) from load_acknowledged where status = 'living' group by 1"
        ).fetchall()
    )
    alarming = [
        f"{counts.delete:,} of {living[name]:,} {name}"
        for name, counts in planned.objects.items()
        if name in living and counts.delete > max(COUNT, share * living[name])
    ]
    if alarming and not allowed:
        raise DeletionsRefused(
            f"The load would delete {', '.join(alarming)} in HubSpot, more than the "
            f"{share:.0%} that CARTWHEEL_DELETE_LIMIT allows, so nothing was sent. See which: "
            f"cartwheel plan --object {alarming[0].rpartition(' ')[2]}. If they shall go: "
            "cartwheel load --allow-deletes, or cartwheel sync --allow-deletes"
        )
