"""What HubSpot holds can be read back: to prove a load, or to plan from what is there."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import LoadFailed
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.plan.session import PlanSession
from load.run import load
from load.verify.refresh import refresh
from tests.integration.load.plans import planned
from tests.integration.load.test_load_run import account_contact, archive, edit_contact

SHOP = "demo.myshopify.com"


def test_a_load_that_is_verified_says_what_was_compared(shop, ready):
    """All 26 records come back with the values that were sent, stages and dates included.

    Keys are not compared: an update by id does not send them.
    """
    report = load(ready, silent, verify="all")

    assert report.verified.records == 26
    ((properties,),) = shop.run(
        "select sum(len(json_keys(properties))) from ops.hubspot_records"
    )
    assert report.verified.properties == properties - 26


def test_a_sample_is_of_each_object(loaded, log):
    """With 2 of each object 8 records are read, in a request an object."""
    report = load(loaded, silent, verify="2")

    assert report.verified.records == 8
    reads = [entry for entry in log.entries("hubspot") if entry["path"].endswith("batch/read")]
    assert len(reads) == 4
    assert log.writes() == []


def test_a_value_that_a_person_changed_is_found(loaded, shop):
    """Reading back names the property and no value; the table holds both values."""
    edit_contact(loaded, "person3@example.com", shopify_note="by hand")

    with pytest.raises(LoadFailed, match=r"contacts \d+: shopify_note\).*refresh"):
        load(loaded, silent, verify="all")

    assert shop.run(
        "select object, key, property, acknowledged, found from ops.hubspot_differences"
    ) == [("contacts", "person3@example.com", "shopify_note", "likes blue", "by hand")]


def test_a_record_that_is_gone_is_found(loaded, account, held):
    """A deal that a person deleted does not answer, and that is a difference."""
    archive(account, held, "deals", f"{SHOP}/order:2")

    with pytest.raises(LoadFailed, match=r"deals \d+: the record\)"):
        load(loaded, silent, verify="all")


def test_refreshing_plans_from_what_hubspot_holds(loaded, held):
    """A note written by hand is the old value of the next plan, and the load restores ours."""
    edit_contact(loaded, "person3@example.com", shopify_note="by hand")
    assert planned(loaded).writes == 0

    refresh(loaded, silent)

    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        assert session.refresh().objects["contacts"].update == 1
        (row,) = session.changes("contacts")
    assert row.acknowledged["shopify_note"] == "by hand"
    assert row.changes == {"shopify_note": "likes blue"}
    load(loaded, silent)
    assert held("contacts")["person3@example.com"]["shopify_note"] == "likes blue"


def test_refreshing_writes_nothing_to_hubspot(loaded, log):
    """It reads each record once, and the plan after it is empty."""
    found = refresh(loaded, silent)

    assert (found.records, found.differences, log.writes()) == (26, [], [])
    assert planned(loaded).writes == 0


def test_what_a_person_wrote_over_a_blank_is_not_cleared(loaded, shop, held):
    """Shopify has no first name any more, a person has written one: after refresh it stays."""
    edit_contact(loaded, "person3@example.com", firstname="Anna")
    shop.run("update hubspot.contacts set firstname = null where firstname = 'Ana3'")

    refresh(loaded, silent)
    load(loaded, silent)

    assert held("contacts")["person3@example.com"]["firstname"] == "Anna"


def test_a_deleted_contact_is_known_after_refreshing(loaded, shop, account, held, log):
    """The plan skips it before anything is sent."""
    archive(account, held, "contacts", "person2@example.com")

    refresh(loaded, silent)

    assert planned(loaded).objects["contacts"].skipped == 1


def test_a_restored_record_is_planned_again(loaded, shop, account, held):
    """A deal that came back from the recycle bin is updated as before."""
    record = held("deals")[f"{SHOP}/order:2"]["hs_object_id"]
    account.archive("deals", record)
    shop.run("update hubspot.deals set amount = 77 where dealname = '#2'")
    load(loaded, silent)
    assert planned(loaded).objects["deals"].skipped == 1
    account.restore("deals", record)

    refresh(loaded, silent)
    load(loaded, silent)

    assert held("deals")[f"{SHOP}/order:2"]["amount"] == "77"


def test_a_contact_on_another_record_is_followed(loaded, shop, account, held):
    """After a merge or a new record of the same e-mail, refresh finds the new id."""
    archive(account, held, "contacts", "person2@example.com")
    new_id = account_contact(loaded, "person2@example.com")

    refresh(loaded, silent)
    load(loaded, silent)

    contact = held("contacts")["person2@example.com"]
    assert (contact["hs_object_id"], contact["firstname"]) == (new_id, "Ana2")
