"""What people do in HubSpot with contacts and deals of ours, and what a load makes of it."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import asked

SHOP = "demo.myshopify.com"
ONE, TWO = "person1@example.com", "person2@example.com"


def rename(shop, *emails, to="New"):
    """Let customers have another first name in Shopify."""
    for email in emails:
        shop.run("update hubspot.contacts set firstname = ? where email = ?", to, email)


def new_deal(shop, build, number, contact_number):
    """Let a customer order once more."""
    shop.insert("deals", [build.deal(number)])
    shop.insert("associations", build.associations(number, contact_number, []))


def skipped(settings, name="contacts"):
    """How many records of an object the next load would leave alone."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return PlanSession(connection).refresh().objects[name].skipped


def statuses(shop):
    """By e-mail, what the ledger has of a contact that is not simply living."""
    query = (
        "select key, status from ops.hubspot_records "
        "where object = 'contacts' and status <> 'living'"
    )
    return dict(shop.run(query))


def assert_at_rest(settings, log):
    """A further load asks nothing."""
    log.forget()
    load(settings, silent)
    assert asked(log) == []


def test_a_secondary_email_of_a_contact_that_was_there_adopts_it(
    shop, ready, account, log, contact, deals_of
):
    """The contact is updated, keeps the e-mail that it had first, and is the only one."""
    made = account.create("contacts", {"email": "boss@example.org", "lastname": "Costa"})
    account.add_email(made["id"], TWO)

    load(ready, silent)

    found = contact("boss@example.org")["properties"]
    assert (found["firstname"], found["lastname"]) == ("Ana2", "Costa")
    assert found["hs_additional_emails"] == TWO
    assert len(account.objects("contacts")) == 5
    assert deals_of(made["id"]) == ["#2"]
    assert_at_rest(ready, log)


def test_two_customers_of_one_contact_share_it_from_the_first_load(
    shop, ready, account, log, contact, deals_of
):
    """The one whose e-mail is the first writes; the deals of both are associated."""
    made = account.create("contacts", {"email": ONE, "lastname": "Costa"})
    account.add_email(made["id"], TWO)

    load(ready, silent)

    assert contact(ONE)["properties"]["firstname"] == "Ana1"
    assert contact(ONE)["properties"]["hs_additional_emails"] == TWO
    assert len(account.objects("contacts")) == 4
    assert deals_of(made["id"]) == ["#1", "#2"]
    assert statuses(shop) == {TWO: "merged"}
    assert skipped(ready) == 1
    assert_at_rest(ready, log)


@pytest.mark.nightly
def test_two_customers_whose_emails_are_both_secondary_share_the_contact(
    shop, ready, account, log, contact
):
    """Where no customer has the first e-mail of a contact, the first of its others writes."""
    made = account.create("contacts", {"email": "boss@example.org"})
    for email in (TWO, ONE):
        account.add_email(made["id"], email)

    load(ready, silent)

    assert contact("boss@example.org")["properties"]["firstname"] == "Ana2"
    assert statuses(shop) == {ONE: "merged"}
    assert len(account.objects("contacts")) == 4
    assert_at_rest(ready, log)


def test_a_restored_contact_gets_its_deals_back(
    loaded, shop, build, account, log, contact, deals_of
):
    """What HubSpot did not bring back with a contact that was known as deleted, a load does."""
    record = contact(TWO)["id"]
    account.archive("contacts", record)
    rename(shop, TWO)
    load(loaded, silent)
    assert skipped(loaded) == 1
    account.restore("contacts", record)
    shop.insert("contacts", [build.contact(50)])

    load(loaded, silent, sweep=True)

    assert contact(TWO)["properties"]["firstname"] == "New"
    assert deals_of(record) == ["#2"]
    assert_at_rest(loaded, log)


def test_a_deal_archived_by_a_person_stays_away_with_its_line_items(
    loaded, shop, build, account, log, held
):
    """Neither the deal nor a changed or new line of it is sent."""
    key = f"{SHOP}/order:3"
    account.archive("deals", held("deals")[key]["hs_object_id"])
    shop.run("update hubspot.deals set amount = 99 where shopify_deal_key = ?", key)
    load(loaded, silent)
    shop.run("update hubspot.deals set amount = 98 where shopify_deal_key = ?", key)
    shop.run("update hubspot.line_items set quantity = 9 where shopify_deal_key = ?", key)
    shop.insert("line_items", [build.line_item(70, 3, 1)])
    shop.insert("associations", build.associations(3, 3, [70])[1:])
    log.forget()

    load(loaded, silent)

    assert log.writes() == []
    assert key not in held("deals")
    assert (skipped(loaded, "deals"), skipped(loaded, "line_items")) == (1, 3)


def test_a_contact_erased_for_good_is_never_created_again(loaded, shop, account, log, contact):
    """Even where HubSpot has no trace of it left, the ledger remembers."""
    account.erase("contacts", contact(TWO)["id"])
    rename(shop, TWO)
    load(loaded, silent, sweep=True)
    rename(shop, TWO, to="Newer")

    load(loaded, silent, sweep=True)

    assert len(account.objects("contacts")) == 4
    assert statuses(shop) == {TWO: "deleted_in_hubspot"}
    assert skipped(loaded) == 1
    assert_at_rest(loaded, log)


def test_a_contact_edited_by_hand_keeps_what_shopify_leaves_blank(
    loaded, shop, account, contact
):
    """Values that only people gave stay, whatever else changes and is cleared in Shopify."""
    by_hand = {"lastname": "Silva", "phone": "+44 20 1234", "jobtitle": "Baker"}
    account.edit("contacts", contact(TWO)["id"], by_hand)
    rename(shop, TWO)
    shop.run("update hubspot.contacts set shopify_note = null where email = ?", TWO)

    load(loaded, silent)

    found = contact(TWO)["properties"]
    assert found.items() >= (by_hand | {"firstname": "New"}).items()
    assert "shopify_note" not in found


def test_a_contact_made_anew_by_hand_after_it_was_erased_is_ours_again(
    loaded, shop, account, contact
):
    """The new contact of a customer is updated, before the load knew that the old one went."""
    account.erase("contacts", contact(TWO)["id"])
    account.create("contacts", {"email": TWO})
    rename(shop, TWO)

    load(loaded, silent)

    assert contact(TWO)["properties"]["firstname"] == "New"
    assert statuses(shop) == {}
