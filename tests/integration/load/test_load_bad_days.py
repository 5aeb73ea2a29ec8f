"""HubSpot's bad days: whichever write they hit, a load leaves what it leaves in peace."""

from __future__ import annotations

from contextlib import closing, contextmanager

import pytest

from cartwheel.core.errors import AccessDenied, ServiceUnreachable
from cartwheel.core.progress import silent
from load.hubspot.client import HubSpotClient
from load.run import load
from tests.nightly import mostly_nightly
from tests.torture.extract.trial import hurry
from tests.torture.load.holdings import Holdings

OBJECTS, ASSOCIATIONS = "objects/2026-03", "associations/2026-03"

# each kind of request in which a load sends or looks up records; a line item is associated in
# a request of its own only after a lost answer
REQUESTS = [
    f"{OBJECTS}/contacts/batch/read",
    *(
        f"{OBJECTS}/{name}/batch/{action}"
        for name, actions in (
            ("products", ("upsert", "update", "archive")),
            ("contacts", ("upsert", "update")),
            ("deals", ("upsert", "update", "archive")),
            ("line_items", ("create", "update", "archive")),
        )
        for action in actions
    ),
    f"{ASSOCIATIONS}/deals/contacts/batch/archive",
    f"{ASSOCIATIONS}/deals/contacts/batch/create",
]
# those that pass when the same request is sent again
PASSING = {
    "reset": {},
    "unavailable": {},
    "locked": {},
    "throttled": {},
    "migrating": {"seconds": 0.1},
    "slow": {"seconds": 0.2},
    "lost_answer": {},
    "gateway_timeout": {},
    "dropped": {},
}
# a request, and the scope that it needs
SCOPES = [
    (f"{OBJECTS}/contacts/batch/read", "crm.objects.contacts.read"),
    (f"{OBJECTS}/contacts/batch/upsert", "crm.objects.contacts.write"),
    (f"{OBJECTS}/products/batch/update", "e-commerce"),
    (f"{OBJECTS}/deals/batch/archive", "crm.objects.deals.write"),
    (f"{OBJECTS}/line_items/batch/create", "crm.objects.line_items.write"),
    (f"{ASSOCIATIONS}/deals/contacts/batch/create", "crm.objects.contacts.write"),
    ("properties/2026-03/deals", "crm.schemas.deals.read"),
    ("pipelines/2026-03/deals", "crm.schemas.deals.read"),
]


@contextmanager
def prepared(grounds):
    """An account that answers at once, its window of requests so short that waits are."""
    with grounds.before() as found:
        found.account.latency, found.account.limits.interval = 0, 0.5
        yield found


def load_in_haste(settings):
    """Load, with the waits between tries as short as they come."""
    with closing(HubSpotClient(settings, sleep=hurry)) as client:
        return load(settings, silent, hubspot=client)


def assert_undisturbed(found, grounds):
    """HubSpot and the ledger hold what a load in peace leaves, nothing of it twice."""
    left = Holdings.of(found.account, found.settings.warehouse)
    assert left.differences(grounds.undisturbed().left) == []
    assert left.duplicates() == []


def sent_twice(found):
    """Records and associations that two acknowledged writes of these loads were about."""
    return found.asked(
        "select object, key, action from ops.hubspot_writes where run_id in (select run_id "
        "from ops.load_runs order by started_at desc limit 2) group by all having count(*) > 1"
    )


@pytest.mark.parametrize("kind", mostly_nightly(PASSING, 6, 8))
def test_trouble_that_passes_leaves_no_trace(grounds, kind):
    """Each kind of request is hit once, and the load ends as an undisturbed one."""
    with prepared(grounds) as found:
        for where in REQUESTS:
            found.account.faults.order(kind, where=where, **PASSING[kind])

        load_in_haste(found.settings)

        assert found.account.faults.pending() == []
        assert_undisturbed(found, grounds)


@pytest.mark.parametrize("where", mostly_nightly(REQUESTS[::3], 3))
def test_a_day_that_is_used_up_ends_the_load_until_tomorrow(grounds, where):
    """It says so, has noted what was acknowledged, and then sends the rest and no more."""
    with prepared(grounds) as found:
        found.account.faults.order("daily", where=where)

        with pytest.raises(ServiceUnreachable, match="is renewed at midnight"):
            load_in_haste(found.settings)
        assert found.unheard() == 0
        assert found.asked("from ops.hubspot_journal") == []

        load_in_haste(found.settings)
        assert_undisturbed(found, grounds)
        assert sent_twice(found) == []


@pytest.mark.nightly
def test_an_allowance_that_ends_in_the_middle_is_enough_for_its_part(grounds):
    """With 21 requests a day a load takes some days, and then all has arrived once."""
    with prepared(grounds) as found:
        limits, days = found.account.limits, 1
        limits.daily, limits.used_today = 21, 0
        while True:
            try:
                load_in_haste(found.settings)
                break
            except ServiceUnreachable:
                assert found.unheard() == 0
                days, limits.used_today = days + 1, 0

        assert 2 <= days <= 6
        assert_undisturbed(found, grounds)


@pytest.mark.parametrize(("where", "scope"), mostly_nightly(SCOPES, 5))
def test_a_scope_that_the_token_lacks_is_named(grounds, where, scope):
    """The load ends with the scope to look at, and has noted what was acknowledged."""
    with prepared(grounds) as found:
        found.account.faults.order("forbidden", where=where)

        with pytest.raises(AccessDenied, match=f"HUBSPOT_ACCESS_TOKEN.*, here .*{scope}"):
            load_in_haste(found.settings)

        assert found.unheard() == 0


@pytest.mark.nightly
def test_with_the_scope_granted_the_load_goes_on(grounds):
    """What it lacked the scope for is sent, and nothing of the rest again."""
    with prepared(grounds) as found:
        found.account.faults.order("forbidden", where=f"{OBJECTS}/line_items/batch/create")
        with pytest.raises(AccessDenied):
            load_in_haste(found.settings)

        load_in_haste(found.settings)

        assert_undisturbed(found, grounds)
        assert sent_twice(found) == []


@pytest.mark.nightly
def test_parallel_writers_are_waited_for(grounds):
    """Where HubSpot takes two writers at once, the others come again until they are heard."""
    with prepared(grounds) as found:
        found.account.latency, found.account.locks.most_writers = 0.05, 2

        load_in_haste(found.settings)

        assert 423 in {entry["status"] for entry in found.log.entries()}
        assert_undisturbed(found, grounds)
