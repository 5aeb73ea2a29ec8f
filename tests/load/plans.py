"""What tests ask of the plan."""

from __future__ import annotations

from cartwheel.warehouse import open_warehouse
from load.plan import plan


def planned(settings):
    """The plan of a load now."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return plan(connection)
