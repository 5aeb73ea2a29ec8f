"""Associations that HubSpot refuses: counted, kept, and worth a handful of requests."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.plans import planned
from tests.integration.load.test_load_people import assert_at_rest
from tests.nightly import mostly_nightly

CREATES = "/associations/"


def requests_of_pairs(log):
    """How many requests asked HubSpot to associate."""
    return sum(CREATES in entry["path"] for entry in log.writes())


@pytest.fixture
def crowd(marts, build, ready):
    """400 deals, half of them of one contact, half of 100 others; nothing is loaded yet."""
    marts.insert("contacts", [build.contact(number) for number in range(101)])
    marts.insert("deals", [build.deal(number) for number in range(400)])
    pairs = [
        row
        for number in range(400)
        for row in build.associations(number, 0 if number % 2 else 1 + number // 4, [])
    ]
    marts.insert("associations", pairs)
    return ready


def limit(account, most, **more):
    """Let a contact have at most so many deals."""
    ends = {"from": "contacts", "to": "deals", "most": most}
    account.behaviours.order({"association_limits": [ends | more]})


def test_a_limit_that_every_pair_passes_costs_a_handful_of_requests(
    crowd, marts, account, log, build
):
    """Batch by batch refused as a whole: counted as rejected, kept, and not tried again."""
    limit(account, 1)
    marts.run("update hubspot.associations set to_key = 'person0@example.com'")

    report = load(crowd, silent)

    made = len(account.associations("deals", "contacts"))
    assert made == 1
    assert report.rejected == 399
    assert planned(crowd).objects["associations"].rejected == 399
    assert requests_of_pairs(log) <= 25
    assert_at_rest(crowd, log)


@pytest.mark.parametrize("named", mostly_nightly([True, False], 1), ids=["named", "unnamed"])
def test_a_limit_of_one_contact_leaves_the_others_theirs(crowd, account, log, named):
    """Whether the answer names the contact or not, all the others' deals are associated."""
    limit(account, 5, named=named)

    report = load(crowd, silent)

    made = len(account.associations("deals", "contacts"))
    assert made + report.rejected == 400
    assert made == 205
    assert requests_of_pairs(log) <= 45
    assert_at_rest(crowd, log)


def test_pairs_beyond_a_limit_are_tried_again_on_request(crowd, account):
    """When the account allows more, --retry-rejected makes the rest."""
    limit(account, 5)
    load(crowd, silent)
    account.behaviours.forget()

    load(crowd, silent, retry_rejected=True)

    assert len(account.associations("deals", "contacts")) == 400
