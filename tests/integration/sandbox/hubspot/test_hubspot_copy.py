"""A deep copy of an account is an account of its own."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.core.clock import Clock
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.core.problems import Problem
from tests.integration.sandbox.hubspot.flow_bodies import (
    delay,
    either,
    flow,
    furnish,
    list_based,
    prop,
)

CONTACT = {"email": "ana@example.com"}
NAMED = {
    "filterType": "PROPERTY",
    "property": "dealname",
    "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"},
}
WITH_DEAL = {
    "filterBranchType": "ASSOCIATION",
    "operator": "IN_LIST",
    "associationCategory": "HUBSPOT_DEFINED",
    "associationTypeId": 4,
    "objectTypeId": "0-3",
    "filters": [NAMED],
}
BUYERS = {
    "filterBranchType": "OR",
    "filterBranches": [{"filterBranchType": "AND", "filterBranches": [WITH_DEAL]}],
}


@pytest.fixture
def account() -> Account:
    """An account with one contact."""
    account = Account(Clock(datetime(2026, 11, 23, tzinfo=UTC)), ["GBP"], "pat-test")
    account.create("contacts", CONTACT)
    return account


def test_a_copy_goes_on_with_the_next_id(account):
    """What is made next has the same id in both, and is not in the other."""
    copied = copy.deepcopy(account)

    made = [each.create("contacts", {"email": "b@example.com"}) for each in (account, copied)]

    assert made[0]["id"] == made[1]["id"]
    assert len(copied.objects("contacts")) == 2


def test_a_copy_associates_its_own_records(account):
    """A record that was archived in the original can be associated in the copy, only there."""
    deal = account.create("deals", {"dealname": "#1"})["id"]
    contact = account.objects("contacts")[0]["id"]
    copied = copy.deepcopy(account)
    account.archive("deals", deal)

    copied.links.check("deals", deal, "contacts", contact)
    with pytest.raises(Problem):
        account.links.check("deals", deal, "contacts", contact)


def test_a_copy_has_its_own_faults(account):
    """What was ordered before happens in both."""
    account.faults.order("unavailable", 2)
    copied = copy.deepcopy(account)

    account.faults.take("unavailable")

    assert [each["times"] for each in copied.faults.pending()] == [2]
    assert [each["times"] for each in account.faults.pending()] == [1]


def test_a_copy_lists_its_own_records(account):
    """A list of contacts with a deal has in the copy who has one there."""
    wanted = {
        "name": "Buyers",
        "objectTypeId": "0-1",
        "processingType": "DYNAMIC",
        "filterBranch": BUYERS,
    }
    made = account.lists.create(wanted)
    contact = account.objects("contacts")[0]["id"]
    copied = copy.deepcopy(account)
    deal = copied.create("deals", {"dealname": "#1"})["id"]
    copied.links.add("contacts", contact, "deals", deal, [4])

    assert copied.lists.members(made["listId"]) == [contact]
    assert account.lists.members(made["listId"]) == []


def test_a_copy_enrols_by_its_own_clock(account):
    """A delay that ends in the copy has not ended in the original."""
    furnish(account)
    known = list_based(either([prop("dealname", "ALL_PROPERTY", "IS_KNOWN")]))
    made = account.flows.create(flow(delay("1", 60), enrollmentCriteria=known))
    account.flows.switch(made["id"], on=True)
    account.create("deals", {"dealname": "#1"})
    copied = copy.deepcopy(account)

    copied.clock.move_to(copied.clock.now() + timedelta(hours=2))
    copied.create("deals", {"dealname": "#2"})

    reasons = [
        [each["reason"] for each in one.flows.enrolled(made["id"])] for one in (account, copied)
    ]
    assert reasons == [[None], ["COMPLETED", None]]
