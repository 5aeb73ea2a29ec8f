"""A load sends what changed, once, and leaves HubSpot as the marts say."""

from __future__ import annotations

from decimal import Decimal
from shutil import copy

import pytest
import requests

from cartwheel.core.errors import AccountNotSetUp, LoadFailed
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.plan.session import PlanSession
from load.run import load
from load.setup.run import set_up
from load.verify.control_totals import control_totals
from tests.integration.load.plans import asked, planned

SHOP = "demo.myshopify.com"


def test_first_load_creates_exactly_the_rows(shop, ready, account, held):
    """HubSpot then holds the rows of the marts, each with its values as strings."""
    report = load(ready, silent)

    assert {
        name: len(held(name)) for name in ("products", "contacts", "deals", "line_items")
    } == {
        "products": 3,
        "contacts": 5,
        "deals": 6,
        "line_items": 12,
    }
    deal = held("deals")[f"{SHOP}/order:1"]
    assert deal["amount"] == "10.01"
    assert deal["dealstage"] == "processed"
    assert deal["closedate"] == "2026-05-06T07:08:09Z"
    assert held("contacts")["person1@example.com"]["shopify_accepts_marketing"] == "true"
    assert report.rejected == 0


def test_associations_join_deals_with_contacts_and_line_items(loaded, account, held):
    """Each deal has its contact, each line item its deal and its product."""
    assert len(account.associations("deals", "contacts")) == 6
    assert len(account.associations("line_items", "deals")) == 12
    product = held("products")[f"{SHOP}/variant:1"]
    assert held("line_items")[f"{SHOP}/line:1"]["hs_product_id"] == product["hs_object_id"]


def test_second_load_sends_no_write(loaded, log):
    """A load with nothing new sends nothing at all."""
    report = load(loaded, silent)

    assert asked(log) == []
    assert report.writes == 0


def test_plan_needs_no_network_and_counts_the_first_load(shop, settings, log):
    """Before the first load the plan creates every row and association."""
    found = planned(settings)

    assert log.entries() == []
    assert found.as_json()["objects"]["deals"] == {
        "create": 6,
        "update": 0,
        "unchanged": 0,
        "delete": 0,
        "quarantined": 0,
        "rejected": 0,
        "skipped": 0,
    }
    assert found.writes == 3 + 5 + 6 + 12 + 18


def test_plan_after_a_load_writes_nothing(loaded):
    """After a load the plan is empty."""
    found = planned(loaded)

    assert found.writes == 0
    assert found.objects["associations"].unchanged == 18


def test_changed_row_sends_only_the_changed_property(loaded, shop, account, held, log):
    """An amount that changed is one write of one property."""
    before = held("deals")[f"{SHOP}/order:2"]
    shop.run("update hubspot.deals set amount = 99 where dealname = '#2'")
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        assert session.refresh().properties["deals"] == {"amount": 1}
        assert [row.changes for row in session.changes("deals")] == [{"amount": "99"}]

    load(loaded, silent)

    after = held("deals")[f"{SHOP}/order:2"]
    assert after["amount"] == "99"
    assert {name for name in after if after[name] != before.get(name)} <= {
        "amount",
        "amount_in_home_currency",
        "hs_lastmodifieddate",
    }
    assert len(log.writes()) == 1


def test_dry_run_sends_and_writes_nothing(shop, ready, log):
    """With dry_run the plan is reported, HubSpot is only read, the ledger stays empty."""
    log.forget()

    report = load(ready, silent, dry_run=True)

    assert log.writes() == []
    assert report.plan.writes == 44
    assert shop.run("select count(*) from ops.hubspot_records") == [(0,)]


def test_blank_never_overwrites_what_cartwheel_did_not_write(
    marts, build, ready, account, held
):
    """A blank last name leaves a person's own entry alone, on create and on update."""
    account_contact(ready, "person1@example.com", lastname="Silva", firstname="Anna")
    marts.insert("contacts", [build.contact(1)])
    load(ready, silent)
    assert held("contacts")["person1@example.com"]["lastname"] == "Silva"
    assert held("contacts")["person1@example.com"]["firstname"] == "Ana1"

    marts.run("update hubspot.contacts set shopify_note = 'likes red'")
    load(ready, silent)

    assert held("contacts")["person1@example.com"]["lastname"] == "Silva"
    assert len(account.objects("contacts")) == 1


def test_blank_clears_what_cartwheel_wrote(loaded, shop, held):
    """A note that Shopify no longer has is cleared, since Cartwheel wrote it."""
    shop.run("update hubspot.contacts set shopify_note = '  ' where firstname = 'Ana3'")

    load(loaded, silent)

    assert "shopify_note" not in held("contacts")["person3@example.com"]


def test_blank_leaves_what_a_person_wrote_over_it(loaded, shop, held):
    """A first name that a person wrote over Cartwheel's stays when Shopify has none more."""
    edit_contact(loaded, "person3@example.com", firstname="Anna")
    shop.run("update hubspot.contacts set firstname = null where firstname = 'Ana3'")

    load(loaded, silent)

    assert held("contacts")["person3@example.com"]["firstname"] == "Anna"


def test_blank_alone_does_not_bring_a_deleted_contact_back(loaded, shop, account, held):
    """A contact that a person archived is known as gone when all that changed is a blank."""
    archive(account, held, "contacts", "person3@example.com")
    shop.run("update hubspot.contacts set firstname = null where firstname = 'Ana3'")

    load(loaded, silent)

    assert planned(loaded).objects["contacts"].skipped == 1


def test_contact_deleted_in_hubspot_is_never_created_again(loaded, shop, account, held, log):
    """A changed contact that a person archived stays away, now and later."""
    archive(account, held, "contacts", "person2@example.com")
    shop.run("update hubspot.contacts set firstname = 'New' where firstname = 'Ana2'")

    load(loaded, silent)
    shop.run("update hubspot.contacts set firstname = 'Newer' where firstname = 'New'")
    log.forget()
    load(loaded, silent)

    assert "person2@example.com" not in held("contacts")
    assert log.writes() == []
    assert planned(loaded).objects["contacts"].skipped == 1


def test_merged_contact_is_followed_to_its_new_record(loaded, shop, account, held):
    """A contact whose id is gone but whose e-mail lives on another record is updated there."""
    archive(account, held, "contacts", "person2@example.com")
    new_id = account_contact(loaded, "person2@example.com")
    shop.run("update hubspot.contacts set firstname = 'New' where firstname = 'Ana2'")

    load(loaded, silent)

    contact = held("contacts")["person2@example.com"]
    assert contact["hs_object_id"] == new_id
    assert contact["firstname"] == "New"
    assert contact["shopify_note"] == "likes blue"


def test_pipeline_of_another_id_is_translated(shop, settings, account, held):
    """Deals go into the pipeline that has our label, whatever ids it has."""
    account.pipelines.create(
        {
            "pipelineId": "mine",
            "label": "E-commerce",
            "displayOrder": 4,
            "stages": [
                {
                    "stageId": "mine-paid",
                    "label": "Processed",
                    "displayOrder": 0,
                    "metadata": {"probability": "1.0"},
                }
            ],
        }
    )
    set_up(settings, silent)

    load(settings, silent)

    deal = held("deals")[f"{SHOP}/order:1"]
    assert (deal["pipeline"], deal["dealstage"]) == ("mine", "mine-paid")


def test_load_before_setup_names_the_command(shop, settings, log):
    """Without setup nothing is sent, and the message says what to run."""
    with pytest.raises(AccountNotSetUp, match="cartwheel setup"):
        load(settings, silent)

    assert log.writes() == []


def test_control_totals_count_records_and_amounts(shop, ready):
    """After a load the sum of deal amounts is acknowledged in full, per currency."""
    totals = load(ready, silent).totals

    assert totals.records["line_items"].acknowledged == 12
    assert totals.amounts["GBP"].mart == Decimal("60.15")
    assert totals.amounts["GBP"].acknowledged == Decimal("60.15")


def test_rows_that_were_not_acknowledged_fail_the_control_totals(loaded, shop, build):
    """A deal that HubSpot never acknowledged is a difference, and named as such."""
    shop.insert("deals", [build.deal(77)])

    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        session.refresh()
        with pytest.raises(LoadFailed, match="deals: 7 in the warehouse, 6 acknowledged"):
            control_totals(session)


def test_records_that_the_ledger_lacks_fail_the_control_totals(loaded, shop):
    """What is acknowledged is counted in the ledger, whatever the plan says."""
    with open_warehouse(loaded.warehouse) as connection:
        session = PlanSession(connection)
        session.refresh()
        connection.execute("delete from ops.hubspot_records where key like '%line:1'")

        with pytest.raises(LoadFailed, match="line_items: 12 in the warehouse, 11 acknowl"):
            control_totals(session)


def test_each_load_leaves_a_record_of_itself(loaded, shop):
    """ops.load_runs says when, how it ended and how much was written."""
    assert shop.run("select status, writes from ops.load_runs") == [("succeeded", 44)]


def test_what_hubspot_has_already_is_told_from_what_is_created(loaded, shop, small_shop):
    """A load of a new warehouse says of each object which records it adopts and creates."""
    copy(small_shop, shop.path)
    shop.run(
        "update hubspot.deals set shopify_deal_key = 'new' where shopify_deal_key like '%:5'"
    )
    shop.run("delete from hubspot.line_items where shopify_deal_key like '%:5'")
    shop.run("delete from hubspot.associations where '5' in (from_key[-1], to_key[-1])")
    said: list[str] = []

    report = load(loaded, said.append)

    told = {line.partition(": ")[0]: line.partition(": ")[2] for line in said if ": " in line}
    had = "of them adopted: HubSpot had them"
    assert told["products"] == f"3 created or adopted, 3 {had}"
    assert told["deals"] == f"6 created or adopted, 5 {had}"
    assert told["line_items"] == f"10 created or adopted, 10 {had}"
    for name in ("products", "deals", "line_items"):
        assert told[name].split()[0] == str(report.objects[name].create)


def archive(account, held, object_name, key):
    """Delete a record as a person would."""
    account.archive(object_name, held(object_name)[key]["hs_object_id"])


def edit_contact(settings, email, **properties):
    """Change a contact as a person would."""
    answer = requests.patch(
        f"{settings.hubspot_api_url}/crm/objects/2026-03/contacts/{email}?idProperty=email",
        json={"properties": properties},
        headers={"Authorization": "Bearer pat-test"},
        timeout=10,
    )
    assert answer.status_code == 200


def account_contact(settings, email, **properties):
    """A contact that somebody made in HubSpot; its id."""
    answer = requests.post(
        f"{settings.hubspot_api_url}/crm/objects/2026-03/contacts",
        json={"properties": {"email": email, **properties}, "associations": []},
        headers={"Authorization": "Bearer pat-test"},
        timeout=10,
    )
    assert answer.status_code == 201
    return answer.json()["id"]
