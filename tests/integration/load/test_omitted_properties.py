"""A property that HubSpot refuses, or that is no option of its list, harms only itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.progress import silent
from cartwheel.status import current_status
from load.hubspot.client import Answer, HubSpotClient
from load.run import load
from tests.nightly import mostly_nightly

ONE, TWO, THREE = (f"person{number}@example.com" for number in (1, 2, 3))
BAD_PHONE = {
    "object": "contacts",
    "property": "phone",
    "pattern": "^555",
    "code": "INVALID_PHONE",
    "message": "The phone is not valid",
}
COUNTRIES = {
    "type": "enumeration",
    "fieldType": "select",
    "options": [{"label": "Germany", "value": "DE"}, {"label": "France", "value": "FR"}],
}


def set_contact(shop, email, **values):
    """Let a customer have other values in Shopify."""
    for name, value in values.items():
        shop.run(f'update hubspot.contacts set "{name}" = ? where email = ?', value, email)


def omitted(shop):
    """The properties that records go without, by record."""
    return shop.run(
        "select object, key, property, value, category "
        "from ops.hubspot_omitted_properties order by all"
    )


@pytest.mark.parametrize("version", mostly_nightly(["2026-03", "2026-09"], 0))
def test_a_record_goes_without_the_property_that_hubspot_refuses(
    shop, ready, account, held, deals_of, contact, version
):
    """The contact is there with all else, its deal associated, and the property reported."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    set_contact(shop, THREE, phone="+44 20 1")
    said: list[str] = []

    report = load(replace(ready, hubspot_api_version=version), said.append)

    assert len(held("contacts")) == 5
    assert held("contacts")[TWO]["firstname"] == "Ana2"
    assert "phone" not in held("contacts")[TWO]
    assert held("contacts")[THREE]["phone"] == "+44 20 1"
    assert deals_of(contact(TWO)["id"]) == ["#2"]
    assert report.rejected == 0
    assert omitted(shop) == [("contacts", TWO, "phone", "555-1", "INVALID_PHONE")]
    (line,) = (line for line in said if "phone" in line)
    assert "1 without phone" in line
    assert "555" not in line


def test_the_plan_and_the_status_say_what_is_left_out(shop, ready, account):
    """What a load has left out stands in each plan and status after it, by number."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    assert current_status(ready).omitted == []
    load(ready, silent)
    environ = {"CARTWHEEL_WAREHOUSE": str(ready.warehouse)}

    plan = CliRunner(env=environ).invoke(main, ["plan", "--offline"])
    data = CliRunner(env=environ).invoke(main, ["plan", "--offline", "--json"])

    assert "contacts: 1 without phone" in plan.output
    assert [each["property"] for each in json.loads(data.stdout)["omitted"]] == ["phone"]
    assert [each.property for each in current_status(ready).omitted] == ["phone"]


def test_a_first_name_with_a_link_is_left_out(shop, ready, held):
    """HubSpot takes no links in names; the contact is there with its last name."""
    set_contact(shop, TWO, firstname="see https://spam.example", lastname="Costa")

    report = load(ready, silent)

    assert report.rejected == 0
    assert "firstname" not in held("contacts")[TWO]
    assert held("contacts")[TWO]["lastname"] == "Costa"
    assert [row[2] for row in omitted(shop)] == ["firstname"]


def test_an_omitted_property_is_not_planned_again(shop, ready, account, log):
    """The second load sends nothing, and a change of another property sends only that."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    load(ready, silent)
    log.forget()
    assert load(ready, silent).plan.writes == 0
    assert log.writes() == []

    set_contact(shop, TWO, firstname="New")
    load(ready, silent)

    assert {entry["status"] for entry in log.writes()} == {200}
    assert len(omitted(shop)) == 1


def test_an_omission_ends_with_its_value_its_record_or_on_request(shop, ready, account, held):
    """A phone that was mended goes, one of a customer that is gone is forgotten, the third
    is tried again with --retry-rejected."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    for email in (ONE, TWO, THREE):
        set_contact(shop, email, phone="555-1")
    load(ready, silent)
    set_contact(shop, TWO, phone="+44 20 1")
    shop.run("delete from hubspot.contacts where email = ?", THREE)
    shop.run("delete from hubspot.associations where to_key = ?", THREE)

    load(ready, silent)

    assert held("contacts")[TWO]["phone"] == "+44 20 1"
    assert [row[1] for row in omitted(shop)] == [ONE]
    account.behaviours.forget()

    load(ready, silent, retry_rejected=True)

    assert held("contacts")[ONE]["phone"] == "555-1"
    assert omitted(shop) == []


@pytest.mark.nightly
def test_an_existing_record_goes_on_being_updated(loaded, shop, account, held, log):
    """A phone that turns bad leaves the old one in HubSpot, and the first name arrives."""
    set_contact(shop, TWO, phone="+44 20 1")
    load(loaded, silent)
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1", firstname="New")

    report = load(loaded, silent, verify="all")

    assert held("contacts")[TWO].items() >= {"firstname": "New", "phone": "+44 20 1"}.items()
    assert report.objects["contacts"].update == 1
    assert shop.run(
        "select property, old, new from ops.hubspot_written_properties "
        "where run_id = ? and object = 'contacts'",
        report.run_id,
    ) == [("firstname", "Ana2", "New")]


def test_an_update_of_which_nothing_is_left_is_no_write(loaded, shop, account):
    """Where the only change is refused nothing was written, and the audit has no line."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")

    report = load(loaded, silent)

    assert report.writes == 0
    assert shop.run("from ops.hubspot_writes where run_id = ?", report.run_id) == []
    assert load(loaded, silent).plan.writes == 0


@pytest.mark.nightly
def test_an_omitted_property_goes_when_its_value_changes(shop, ready, account, held):
    """A phone that was mended in Shopify arrives, and is omitted no more."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    load(ready, silent)
    set_contact(shop, TWO, phone="+44 20 1")

    load(ready, silent)

    assert held("contacts")[TWO]["phone"] == "+44 20 1"
    assert omitted(shop) == []


@pytest.mark.nightly
def test_an_omitted_property_is_tried_again_on_request(shop, ready, account, held):
    """Once HubSpot takes the value, --retry-rejected brings it there."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    load(ready, silent)
    account.behaviours.forget()

    load(ready, silent, retry_rejected=True)

    assert held("contacts")[TWO]["phone"] == "555-1"
    assert omitted(shop) == []


def test_a_deal_without_its_amount_is_accounted_for(shop, ready, account, held):
    """The control totals count the amount that HubSpot refused as held back."""
    refused = {"object": "deals", "property": "amount", "pattern": "^10.04$"}
    account.behaviours.order({"refused_values": [refused]})

    report = load(ready, silent, verify="all")

    assert "amount" not in held("deals")["demo.myshopify.com/order:4"]
    assert str(report.totals.amounts["GBP"].held) == "10.0400"


@pytest.mark.nightly
def test_an_omitted_property_ends_with_its_record(shop, ready, account):
    """What a contact went without is forgotten when the customer is gone."""
    account.behaviours.order({"refused_values": [BAD_PHONE]})
    set_contact(shop, TWO, phone="555-1")
    load(ready, silent)
    shop.run("delete from hubspot.contacts where email = ?", TWO)
    shop.run("delete from hubspot.associations where to_key = ?", TWO)

    load(ready, silent)

    assert omitted(shop) == []


def test_a_value_of_a_list_is_matched_by_label_or_left_out(
    shop, ready, account, held, log, contact, deals_of
):
    """A dropdown takes our value by value or label, in any case; the rest goes without."""
    account.administer("contacts", "country", COUNTRIES)
    for number, country in enumerate(("Germany", "de", "FRANCE", "Atlantis")):
        set_contact(shop, f"person{number}@example.com", country=country)

    report = load(ready, silent, verify="all")

    found = [held("contacts")[f"person{number}@example.com"] for number in range(4)]
    assert [each.get("country") for each in found] == ["DE", "DE", "FR", None]
    assert omitted(shop) == [("contacts", THREE, "country", "Atlantis", "INVALID_OPTION")]
    assert {entry["status"] for entry in log.writes()} <= {200, 201, 204}
    assert report.rejected == 0
    assert deals_of(contact(THREE)["id"]) == ["#3"]
    assert load(ready, silent).plan.writes == 0


def test_a_property_of_ours_that_was_made_a_list_is_matched_too(shop, ready, account, held):
    """An admin's dropdown of the note takes what is one of its options."""
    options = [{"label": "Likes blue", "value": "blue"}]
    made = {"type": "enumeration", "fieldType": "select", "options": options}
    account.administer("contacts", "shopify_note", made)
    set_contact(shop, TWO, shopify_note="likes red")

    load(ready, silent)

    assert held("contacts")[ONE]["shopify_note"] == "blue"
    assert "shopify_note" not in held("contacts")[TWO]


def test_a_property_that_vanishes_is_left_out_of_all_rows_at_once(marts, build, ready, log):
    """A batch that HubSpot refuses for a property as such is sent once more, not halved."""
    marts.insert("contacts", [build.contact(number) for number in range(100)])
    log.forget()

    load(ready, silent, hubspot=Vanishing(ready, "shopify_note"))

    assert [each["status"] for each in log.writes()] == [200]
    assert {row[2:] for row in omitted(marts)} == {
        ("shopify_note", "likes blue", "PROPERTY_DOESNT_EXIST")
    }


class Vanishing:
    """HubSpot, which no longer knows a property that it still lists."""

    def __init__(self, settings, name):
        self.version = settings.hubspot_api_version
        self.name = name
        self.client = HubSpotClient(settings)

    def call(self, method, path, body=None, params=None):
        """Refuse a batch that holds the property, as a whole, in the list of version 1."""
        rows = (body or {}).get("inputs", [])
        if any(self.name in row.get("properties", ()) for row in rows if path[-4:] != "read"):
            refused = {
                "isValid": False,
                "message": f'Property "{self.name}" does not exist',
                "error": "PROPERTY_DOESNT_EXIST",
                "name": self.name,
            }
            return Answer(400, {"status": "error", "validationResults": [refused]})
        return self.client.call(method, path, body, params)
