"""What HubSpot's answers hold: its own form of a value, its own e-mail, its own product."""

from __future__ import annotations

from datetime import datetime

import pytest

from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.test_load_people import assert_at_rest, new_deal, rename

SHOP = "demo.myshopify.com"
ONE, TWO = "person1@example.com", "person2@example.com"
CLOSED = datetime(2026, 5, 6, 7, 8, 9)


def audit(shop, report, object_name):
    """The properties that a load wrote: record, action, property, old value, new value."""
    return shop.run(
        "select key, action, property, old, new from ops.hubspot_written_properties "
        "where run_id = ? and object = ? order by all",
        report.run_id,
        object_name,
    )


def test_a_phone_in_another_form_is_acknowledged(shop, ready, account, held, log):
    """HubSpot stores it without spaces: it is planned once, read back, and cleared as ours."""
    account.behaviours.order({"phones_without_spaces": True})
    shop.run("update hubspot.contacts set phone = '+44 20 1234' where email = ?", TWO)
    load(ready, silent, verify="all")
    assert_at_rest(ready, log)
    shop.run("update hubspot.contacts set phone = '+44 20 99' where email = ?", TWO)

    report = load(ready, silent, verify="all")

    assert audit(shop, report, "contacts") == [
        (TWO, "update", "phone", "+44201234", "+44 20 99")
    ]
    shop.run("update hubspot.contacts set phone = null where email = ?", TWO)
    load(ready, silent)
    assert not held("contacts")[TWO].get("phone")


@pytest.mark.nightly
def test_a_phone_in_another_form_can_be_cleared(shop, ready, account, held):
    """What HubSpot made of our value is known as ours, and goes when Shopify has none."""
    account.behaviours.order({"phones_without_spaces": True})
    shop.run("update hubspot.contacts set phone = '+44 20 1234' where email = ?", TWO)
    load(ready, silent)
    shop.run("update hubspot.contacts set phone = null where email = ?", TWO)

    load(ready, silent, verify="all")

    assert not held("contacts")[TWO].get("phone")


def test_only_values_in_another_form_take_room_in_the_ledger(shop, ready, account):
    """Of eighteen records one holds a value otherwise: moments and numbers are the same."""
    account.behaviours.order({"phones_without_spaces": True})
    shop.run("update hubspot.contacts set phone = '+44 20 1234' where email = ?", TWO)

    load(ready, silent)

    assert shop.run(
        "select key, answered::varchar from ops.hubspot_records where answered is not null"
    ) == [(TWO, '{"phone":"+44201234"}')]


def test_a_contact_whose_email_a_person_changed_is_followed(
    loaded, shop, build, account, contact, deals_of, log
):
    """It is updated by id and keeps that e-mail; the audit holds what was sent alone."""
    record = contact(TWO)["id"]
    account.edit("contacts", record, {"email": "boss@example.org"})
    rename(shop, TWO)
    new_deal(shop, build, 70, 2)

    report = load(loaded, silent, verify="all")

    assert contact("boss@example.org")["id"] == record
    assert contact("boss@example.org")["properties"]["firstname"] == "New"
    assert len(account.objects("contacts")) == 5
    assert deals_of(record) == ["#2", "#70"]
    assert audit(shop, report, "contacts") == [(TWO, "update", "firstname", "Ana2", "New")]
    assert_at_rest(loaded, log)


@pytest.mark.nightly
def test_a_contact_known_by_a_secondary_email_is_verified(shop, ready, account, contact, log):
    """It is adopted under its id, and reading back finds what was sent, the e-mail aside."""
    made = account.create("contacts", {"email": "boss@example.org", "lastname": "Costa"})
    account.add_email(made["id"], TWO)

    report = load(ready, silent, verify="all")

    assert contact("boss@example.org")["id"] == made["id"]
    assert len(account.objects("contacts")) == 5
    assert "email" not in {row[2] for row in audit(shop, report, "contacts") if row[0] == TWO}
    assert_at_rest(ready, log)


def test_an_adopted_contact_counts_as_one_with_what_was_overwritten(
    shop, ready, account, held, log
):
    """It is an update, its old values are in the audit, and the summary says how many."""
    account.create("contacts", {"email": TWO, "firstname": "Anna", "lastname": "Costa"})
    said: list[str] = []

    report = load(ready, said.append)

    counts = report.objects["contacts"]
    assert (counts.create, counts.update) == (4, 1)
    rows = [row for row in audit(shop, report, "contacts") if row[0] == TWO]
    assert {row[1] for row in rows} == {"adopt"}
    assert [row[2:] for row in rows if row[3]] == [("firstname", "Anna", "Ana2")]
    (line,) = (line for line in said if "adopted" in line)
    assert "1 updated, 1 of them adopted" in line
    assert "another firstname in 1" in line
    assert "Anna" not in line
    assert_at_rest(ready, log)


def test_an_adopted_contact_was_not_created_by_the_import(shop, ready, account, held, log):
    """Only contacts that Cartwheel created carry INTEGRATION_SYNC as their source."""
    account.create("contacts", {"email": TWO})
    shop.run(
        "update hubspot.contacts set shopify_original_source_1 = 'INTEGRATION_SYNC', "
        "shopify_original_source_2 = 'integrations-sync'"
    )
    said: list[str] = []

    load(ready, said.append, verify="all")

    assert held("contacts")[ONE]["shopify_original_source_1"] == "INTEGRATION_SYNC"
    assert not held("contacts")[TWO].keys() & {
        "shopify_original_source_1",
        "shopify_original_source_2",
    }
    assert not [line for line in said if "original_source" in line]
    assert_at_rest(ready, log)
    rename(shop, TWO)
    load(ready, silent, retry_rejected=True)
    assert "shopify_original_source_1" not in held("contacts")[TWO]


def test_a_deal_keeps_its_date_when_hubspot_sets_one(loaded, shop, account, held):
    """closedate goes with every stage, so that the account's automation does not win."""
    key = f"{SHOP}/order:4"
    shop.run("update hubspot.deals set dealstage = 'checkout_pending' where dealname = '#4'")
    load(loaded, silent)
    account.behaviours.order({"closedate_automation": True})
    shop.run("update hubspot.deals set dealstage = 'cancelled' where dealname = '#4'")

    load(loaded, silent, verify="all")

    assert held("deals")[key]["dealstage"] == "cancelled"
    assert held("deals")[key]["closedate"].startswith("2026-05-06T07:08:09")


def test_a_stage_that_requires_what_we_lack_rejects_the_deal(loaded, shop, account, held):
    """HubSpot's reason is kept, and that its stage is not Shopify's any more."""
    account.behaviours.order({"required_by_stage": {"cancelled": ["description"]}})
    shop.run("update hubspot.deals set dealstage = 'cancelled' where dealname = '#4'")
    said: list[str] = []

    report = load(loaded, said.append)

    assert report.rejected == 1
    ((reason,),) = shop.run("select reason from ops.hubspot_rejections where object = 'deals'")
    assert "description" in reason
    assert "HubSpot shows the stage processed; it is cancelled in Shopify" in reason
    assert held("deals")[f"{SHOP}/order:4"]["dealstage"] == "processed"
    assert [line for line in said if "1 of them keep a stage in HubSpot that is" in line]


def add_line(shop, build, number=80):
    """Let an order have one more line, of the second product."""
    shop.insert("line_items", [build.line_item(number, 1, 1)])
    shop.insert("associations", build.associations(1, 1, [number])[1:])
    return f"{SHOP}/line:{number}"


def test_a_line_of_a_product_that_a_person_deleted_goes_without_it(
    loaded, shop, build, account, held, log
):
    """The line item is there with its deal, the property is reported, the product skipped."""
    account.archive("products", held("products")[f"{SHOP}/variant:1"]["hs_object_id"])
    key = add_line(shop, build)
    said: list[str] = []

    report = load(loaded, said.append, verify="all")

    assert "hs_product_id" not in held("line_items")[key]
    assert held("line_items")[key]["name"] == "Mug 1"
    assert (report.rejected, report.objects["line_items"].create) == (0, 1)
    assert [line for line in said if "1 without hs_product_id" in line]
    assert_at_rest(loaded, log)


def test_a_line_names_the_product_that_has_the_key_by_now(
    loaded, shop, build, account, held, log
):
    """A product made again by hand under our key takes the place of the deleted one."""
    variant = f"{SHOP}/variant:1"
    account.archive("products", held("products")[variant]["hs_object_id"])
    made = account.create("products", {"name": "Mug", "shopify_product_key": variant})
    key = add_line(shop, build)

    load(loaded, silent, verify="all")

    assert held("line_items")[key]["hs_product_id"] == made["id"]
    assert held("line_items")[f"{SHOP}/line:1"]["hs_product_id"] == made["id"]
    assert held("products")[variant]["name"] == "Mug 1"
    assert_at_rest(loaded, log)


def test_a_line_of_a_deal_that_a_person_deleted_waits(loaded, shop, build, account, held, log):
    """It is not created, nothing is rejected, and the next load asks nothing."""
    account.archive("deals", held("deals")[f"{SHOP}/order:1"]["hs_object_id"])
    key = add_line(shop, build)

    report = load(loaded, silent)

    assert key not in held("line_items")
    assert report.rejected == 0
    assert_at_rest(loaded, log)
