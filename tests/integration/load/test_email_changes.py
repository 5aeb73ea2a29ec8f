"""An e-mail that changes in Shopify changes in HubSpot: one contact, nothing counted twice."""

from __future__ import annotations

from decimal import Decimal
from shutil import copyfile

import pytest

from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.ledger.ledger import Ledger
from load.plan.session import PlanSession
from load.run import load
from load.send.email_changes import follow_email_changes
from tests.integration.load.plans import planned
from tests.nightly import mostly_nightly

SHOP = "demo.myshopify.com"
OLD, NEW, OTHER = "person1@example.com", "moved@example.com", "person2@example.com"


@pytest.fixture
def customers(shop, ready, log):
    """Five customers with a hundred spent each, loaded, and the request log emptied."""
    shop.run(
        "update hubspot.contacts set shopify_total_spent = 100, lastname = 'Silva', "
        f"shopify_customer_ids = '{SHOP}:' || email[7:7]"
    )
    load(ready, silent)
    log.forget()
    return shop


def change_email(marts, *, old=OLD, new=NEW):
    """A customer has another e-mail in Shopify, and its orders with it."""
    marts.run("update hubspot.contacts set email = ? where email = ?", new, old)
    marts.run("update hubspot.associations set to_key = ? where to_key = ?", new, old)


def spent(account):
    """What all contacts have spent by HubSpot's figures."""
    found = (
        each["properties"].get("shopify_total_spent") for each in account.objects("contacts")
    )
    return sum(Decimal(each) for each in found if each)


def test_a_new_email_is_the_same_contact(customers, ready, contact, deals_of, account):
    """The contact keeps its id and its deals, under the new e-mail; a second load is silent."""
    before = contact(OLD)
    change_email(customers)

    load(ready, silent)

    after = contact(NEW)
    assert after["id"] == before["id"]
    assert deals_of(after["id"]) == ["#1"]
    assert (len(account.objects("contacts")), spent(account)) == (5, 500)
    assert planned(ready).writes == 0


def test_the_plan_shows_the_new_email_as_an_update(customers, ready):
    """A new e-mail is one update, from the old one; no association changes."""
    change_email(customers)

    with open_warehouse(ready.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        found = session.refresh()
        (row,) = session.changes("contacts")

    assert (found.objects["contacts"].update, found.writes) == (1, 1)
    assert (row.acknowledged["email"], row.changes) == (OLD, {"email": NEW})


def test_who_leaves_an_email_that_another_has_is_a_contact_of_its_own(
    customers, ready, contact, account
):
    """Where a customer still has the old e-mail, the contact stays with that one."""
    before = contact(OLD)
    customers.run(
        "insert into hubspot.contacts (email, shopify_customer_ids, shopify_total_spent) "
        f"values ('{NEW}', '{SHOP}:9', 100)"
    )
    customers.run(
        f"update hubspot.contacts set shopify_customer_ids = '{SHOP}:9' where email = '{OLD}'"
    )
    customers.run(
        f"update hubspot.contacts set shopify_customer_ids = '{SHOP}:1' where email = '{NEW}'"
    )

    load(ready, silent)

    assert contact(OLD)["id"] == before["id"]
    assert contact(NEW)["id"] != before["id"]
    assert len(account.objects("contacts")) == 6


def test_a_contact_that_hubspot_has_by_the_new_email_takes_over(
    customers, ready, contact, deals_of, account
):
    """It gets the customer's properties and deals; ours on the old contact are cleared."""
    before = contact(OLD)
    account.create("contacts", {"email": NEW, "phone": "+44 1"})
    change_email(customers)

    load(ready, silent)

    after = contact(NEW)["properties"]
    assert (after["shopify_total_spent"], after["phone"]) == ("100", "+44 1")
    assert deals_of(contact(NEW)["id"]) == ["#1"]
    left = contact(OLD)
    assert left["id"] == before["id"]
    assert not left["properties"].get("shopify_total_spent")
    assert not left["properties"].get("lastname")
    assert deals_of(left["id"]) == []
    assert spent(account) == 500
    assert planned(ready).writes == 0


@pytest.mark.nightly
def test_a_contact_of_another_customer_takes_over(customers, ready, contact, deals_of, account):
    """Of two customers that come to have one e-mail, the contact that has it holds both."""
    customers.run("delete from hubspot.contacts where email = ?", OLD)
    customers.run(
        "update hubspot.contacts set shopify_total_spent = 200, "
        f"shopify_customer_ids = '{SHOP}:1;{SHOP}:2' where email = ?",
        OTHER,
    )
    customers.run("update hubspot.associations set to_key = ? where to_key = ?", OTHER, OLD)

    load(ready, silent)

    assert contact(OTHER)["properties"]["shopify_total_spent"] == "200"
    assert deals_of(contact(OTHER)["id"]) == ["#1", "#2"]
    assert not contact(OLD)["properties"].get("shopify_total_spent")
    assert deals_of(contact(OLD)["id"]) == []
    assert spent(account) == 500
    assert planned(ready).writes == 0


@pytest.mark.nightly
def test_what_a_person_wrote_on_the_contact_that_is_left_stays(
    customers, ready, contact, account
):
    """Only what Cartwheel wrote is cleared on a contact whose customer is in another one."""
    account.edit("contacts", contact(OLD)["id"], {"lastname": "Own"})
    account.create("contacts", {"email": NEW})
    change_email(customers)

    load(ready, silent)

    assert contact(OLD)["properties"]["lastname"] == "Own"


def test_a_contact_that_was_deleted_is_not_created_under_a_new_email(
    customers, ready, account, contact
):
    """A customer whose contact a person deleted gets none by changing its e-mail."""
    account.archive("contacts", contact(OLD)["id"])
    customers.run("update hubspot.contacts set firstname = 'New' where email = ?", OLD)
    load(ready, silent)
    change_email(customers)

    load(ready, silent)

    assert len(account.objects("contacts")) == 4
    found = planned(ready).objects["contacts"]
    assert (found.create, found.skipped) == (0, 1)


@pytest.mark.parametrize("taken", mostly_nightly([False, True], 1), ids=["free", "taken"])
def test_a_load_that_was_lost_is_repeated(customers, ready, contact, account, taken, tmp_path):
    """Where nothing of a load was noted, HubSpot is the same after the next one."""
    if taken:
        account.create("contacts", {"email": NEW, "phone": "+44 1"})
    change_email(customers)
    copyfile(ready.warehouse, tmp_path / "before.duckdb")
    load(ready, silent)
    wanted = account.objects("contacts")
    copyfile(tmp_path / "before.duckdb", ready.warehouse)

    load(ready, silent)

    def without_times(records):
        moment = "lastmodifieddate"
        return [
            {name: value for name, value in each["properties"].items() if name != moment}
            for each in records
        ]

    assert without_times(account.objects("contacts")) == without_times(wanted)
    assert planned(ready).writes == 0


def test_a_load_that_had_only_told_the_ledger_is_resumed(
    customers, ready, contact, hubspot, deals_of
):
    """Where a load was killed when only the ledger knew, the next one sends the e-mail."""
    before = contact(OLD)
    change_email(customers)
    with open_warehouse(ready.warehouse) as connection:
        ledger = Ledger(connection, "killed", ready.now)
        session = PlanSession(connection)
        session.open()
        assert follow_email_changes(session, ledger, hubspot)

    load(ready, silent)

    assert contact(NEW)["id"] == before["id"]
    assert deals_of(before["id"]) == ["#1"]
    assert planned(ready).writes == 0
