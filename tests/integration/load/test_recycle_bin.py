"""Contacts that a person deleted in HubSpot are known from its recycle bin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.core.progress import silent
from load.hubspot.batch_read import ARCHIVED_PAGE
from load.run import load
from tests.integration.load.plans import planned
from tests.integration.load.test_load_run import account_contact, archive


def test_a_contact_deleted_before_we_knew_it_is_never_created(
    marts, build, ready, account, held
):
    """A person made it and deleted it; then the customer arrives from Shopify."""
    account_contact(ready, "person1@example.com")
    archive(account, held, "contacts", "person1@example.com")
    marts.insert("contacts", [build.contact(1), build.contact(2)])

    load(ready, silent)
    marts.run("update hubspot.contacts set firstname = 'New'")
    load(ready, silent)

    assert set(held("contacts")) == {"person2@example.com"}
    assert planned(ready).objects["contacts"].skipped == 1


def test_a_contact_made_anew_by_hand_is_adopted(marts, build, ready, account, held):
    """What lives in HubSpot is updated, whatever of that e-mail lies in the recycle bin."""
    account_contact(ready, "person1@example.com")
    archive(account, held, "contacts", "person1@example.com")
    account_contact(ready, "person1@example.com", lastname="Silva")
    marts.insert("contacts", [build.contact(1)])

    load(ready, silent)

    contact = held("contacts")["person1@example.com"]
    assert (contact["lastname"], contact["firstname"]) == ("Silva", "Ana1")


def test_the_recycle_bin_is_read_once_a_day(loaded, shop, build, log):
    """A second load of new contacts on the same day lists nothing; on the next day it does."""
    shop.insert("contacts", [build.contact(50)])
    load(loaded, silent)
    assert listings(log) == 0

    shop.insert("contacts", [build.contact(51)])
    load(replace(loaded, now=loaded.now + timedelta(days=1)), silent)
    assert listings(log) == 1

    shop.insert("contacts", [build.contact(52)])
    load(replace(loaded, now=loaded.now + timedelta(days=1)), silent, sweep=True)
    assert listings(log) == 2


def test_a_full_recycle_bin_is_read_page_by_page(marts, build, ready, account, held):
    """Of 101 contacts that people deleted none comes back."""
    rows = [build.contact(number) for number in range(ARCHIVED_PAGE + 1)]
    for row in rows:
        made = account.create("contacts", {"email": row["email"]})
        account.archive("contacts", made["id"])
    marts.insert("contacts", [*rows, build.contact(500)])

    load(ready, silent)

    assert set(held("contacts")) == {"person500@example.com"}


def test_what_was_found_in_the_recycle_bin_is_not_sent(loaded, shop, build, account, held, log):
    """A contact of ours that a person deleted is skipped, though its values changed."""
    account.archive("contacts", held("contacts")["person2@example.com"]["hs_object_id"])
    shop.run("update hubspot.contacts set firstname = 'New' where firstname = 'Ana2'")
    shop.insert("contacts", [build.contact(50)])

    report = load(loaded, silent, sweep=True)

    assert report.objects["contacts"].skipped == 1
    assert [
        each for each in log.entries("hubspot") if each["path"].endswith("batch/update")
    ] == []


@pytest.mark.nightly
def test_a_contact_that_is_restored_is_ours_again(loaded, shop, build, account, held):
    """A person deletes a contact and takes it back: from the next sweep on it is updated."""
    record = held("contacts")["person2@example.com"]["hs_object_id"]
    account.archive("contacts", record)
    shop.run("update hubspot.contacts set firstname = 'New' where firstname = 'Ana2'")
    load(loaded, silent)
    assert planned(loaded).objects["contacts"].skipped == 1
    account.restore("contacts", record)
    shop.insert("contacts", [build.contact(50)])

    load(loaded, silent, sweep=True)

    assert held("contacts")["person2@example.com"]["firstname"] == "New"


def listings(log):
    """How often records were listed."""
    return sum(
        entry["method"] == "GET" and entry["path"].endswith("objects/2026-03/contacts")
        for entry in log.entries("hubspot")
    )
