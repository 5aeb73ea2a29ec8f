"""What tests ask of the plan and expect of a setup."""

from __future__ import annotations

from cartwheel.core.warehouse import open_warehouse
from load.objects.catalogue import CATALOGUE
from load.plan.session import PlanSession

# what an empty account lacks: a group and our properties of each object, and the pipeline
SET_UP = 1 + sum(1 + len(each.ours) for each in CATALOGUE.values())


def planned(settings):
    """The plan of a load now."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return PlanSession(connection).refresh()


def why(found, object_name: str) -> dict[str, int]:
    """How many records of an object a plan holds back for which reason."""
    of_object = (each for each in found.held_back if each.object == object_name)
    return {each.reason: each.records for each in of_object}


def asked(log) -> list[dict]:
    """What HubSpot was asked, but for the first question: which account the token is of."""
    return [each for each in log.entries("hubspot") if "/account-info/" not in each["path"]]
