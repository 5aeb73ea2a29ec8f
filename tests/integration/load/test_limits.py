"""A setup foresees the account's limits, and creates nothing where not all of it fits."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import silent
from load.objects.catalogue import CATALOGUE
from load.setup.run import check_access, set_up

WAYS = {
    "setup": lambda settings: set_up(settings, silent),
    "setup --dry-run": lambda settings: set_up(settings, silent, dry_run=True),
    "sync": lambda settings: check_access(settings, silent),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_too_many_properties_are_foreseen(settings, account, log, way):
    """Each object that has no room is named with both numbers; nothing is created."""
    account.behaviours.order({"most_custom_properties": 3})

    with pytest.raises(SettingsError) as refused:
        way(settings)

    for name, object_type in CATALOGUE.items():
        if len(object_type.ours) > 3:
            number = len(object_type.ours)
            assert f"{name}: {number} properties to create, room for 3" in str(refused.value)
    assert log.writes() == []


def test_too_many_pipelines_are_foreseen(settings, account, log):
    """A plan without room for one more pipeline is named before anything is created."""
    account.behaviours.order({"most_pipelines": len(account.pipelines.all())})

    with pytest.raises(SettingsError, match="deals: 1 pipeline to create, room for 0"):
        set_up(settings, silent)

    assert log.writes() == []


def test_what_is_there_needs_no_room(ready, account):
    """An account that is set up is not full for it."""
    account.behaviours.order({"most_custom_properties": 1, "most_pipelines": 1})

    assert set_up(ready, silent).created == []


def test_a_limit_that_is_not_told_stops_nothing(settings, account):
    """Where HubSpot answers 403, the setup goes on."""
    account.faults.order("forbidden", where="/crm/limits/", times=2)

    assert set_up(settings, silent).created
