"""Stops a load that would delete a large share of an object's records."""

from __future__ import annotations

from decimal import Decimal

from cartwheel.core.errors import DeletionsRefused
from load.plan.session import PlanSession

COUNT = 20  # this many may always be deleted


def check_deletes(session: PlanSession, share: Decimal, *, allowed: bool) -> None:
    """Raise DeletionsRefused for more deletes than COUNT and than the share of an object."""
    living = session.living()
    alarming = [
        f"{counts.delete:,} of {living[name]:,} {name}"
        for name, counts in session.counts.objects.items()
        if name in living and counts.delete > COUNT and counts.delete > share * living[name]
    ]
    if alarming and not allowed:
        raise DeletionsRefused(
            f"The load would delete {', '.join(alarming)} in HubSpot, more than the "
            f"{share:.0%} that CARTWHEEL_DELETE_LIMIT allows, so nothing was sent. See which: "
            f"cartwheel plan --object {alarming[0].rpartition(' ')[2]}. To delete them: "
            "cartwheel load --allow-deletes, or cartwheel sync --allow-deletes"
        )
