"""What HubSpot would refuse is found before anything is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.plans import planned, why

SHOP = "demo.myshopify.com"


@pytest.mark.parametrize(
    ("change", "object_name", "code"),
    [
        ("update hubspot.line_items set price = -1 where shopify_line_item_key like '%line:4'",
         "line_items", "INVALID_PRICE"),
        ("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'",
         "deals", "INVALID_OPTION"),
    ],
)  # fmt: skip
def test_a_value_that_hubspot_would_refuse_is_never_sent(
    shop, ready, log, held, change, object_name, code
):
    """The row is held back with the reason, no request fails, and the others arrive."""
    shop.run(change)

    report = load(ready, silent)

    assert {entry["status"] for entry in log.writes()} <= {200, 201, 204}
    assert (report.quarantined, report.rejected) == (1, 0)
    assert shop.run("select object, reason from ops.hubspot_quarantined") == [
        (object_name, code)
    ]
    counts = planned(ready).objects[object_name]
    assert (counts.quarantined, counts.rejected) == (1, 0)
    assert why(planned(ready), object_name) == {code: 1}


def test_the_longest_text_arrives(shop, ready, held):
    """65,536 characters are not too many."""
    shop.run("update hubspot.contacts set shopify_note = repeat('é', 65536)")

    load(ready, silent)

    assert len(held("contacts")["person1@example.com"]["shopify_note"]) == 65536


def test_a_text_that_is_too_long_is_shortened_and_reported(shop, ready, held):
    """65,536 characters of it arrive, whatever the object, and the next load sends nothing."""
    shop.run("update hubspot.contacts set shopify_note = repeat('x', 70000)")
    shop.run("update hubspot.products set description = repeat('y', 65537)")
    said: list[str] = []

    report = load(ready, said.append, verify="all")

    assert report.rejected == 0
    assert held("contacts")["person1@example.com"]["shopify_note"] == "x" * 65536
    assert held("products")[f"{SHOP}/variant:1"]["description"] == "y" * 65536
    assert [line.split(" (")[0] for line in said if "shortened" in line] == [
        "contacts: 5 without shopify_note or with it shortened",
        "products: 3 without description or with it shortened",
    ]
    assert shop.run(
        "select distinct object, property, category, reason "
        "from ops.hubspot_omitted_properties order by all"
    ) == [
        ("contacts", "shopify_note", "SHORTENED", "70,000 characters, HubSpot accepts 65,536"),
        ("products", "description", "SHORTENED", "65,537 characters, HubSpot accepts 65,536"),
    ]
    assert load(ready, silent).plan.writes == 0


def test_a_mended_value_is_sent(shop, ready, held):
    """When the stage is one of ours the deal goes, and its reason is forgotten."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")

    load(ready, silent)

    assert len(held("deals")) == 6
    assert shop.run("from ops.hubspot_quarantined") == []


def test_a_property_that_is_read_only_in_the_account_is_left_out(shop, ready, account, held):
    """The rest arrives, the property is named once, and goes with a write once it may."""
    account.restrict("products", "description", read_only=True)
    shop.run("update hubspot.products set description = 'A mug'")
    said: list[str] = []

    load(ready, said.append)

    assert [line for line in said if "description is read-only" in line]
    assert len(held("products")) == 3
    assert "description" not in held("products")[f"{SHOP}/variant:1"]
    assert load(ready, silent).writes == 0

    account.restrict("products", "description", read_only=False)
    shop.run("update hubspot.products set price = 5.25 where name = 'Mug 1'")
    load(ready, silent)
    assert {product["description"] for product in held("products").values()} == {"A mug"}


@pytest.mark.nightly
def test_a_property_that_becomes_writable_is_filled(shop, ready, account, held):
    """With the next write the account is looked at again, and the property arrives."""
    account.restrict("products", "description", read_only=True)
    shop.run("update hubspot.products set description = 'A mug'")
    load(ready, silent)
    account.restrict("products", "description", read_only=False)
    shop.run("update hubspot.products set price = ? where name = 'Mug 1'", Decimal("5.25"))

    load(ready, silent)

    assert {product["description"] for product in held("products").values()} == {"A mug"}


def test_a_moment_goes_as_a_date_where_hubspot_takes_that(shop, ready, account, held):
    """A closedate that an admin made a date arrives as its day, and is not planned again."""
    account.administer("deals", "closedate", {"type": "date", "fieldType": "date"})
    said: list[str] = []

    report = load(ready, said.append)

    assert report.rejected == 0
    assert {deal["closedate"] for deal in held("deals").values()} == {"2026-05-06"}
    assert [line for line in said if "closedate is a date in this account" in line]
    assert load(ready, silent, verify="all").writes == 0


def test_a_property_of_another_type_is_left_out(shop, ready, account, held):
    """A first name that an admin made a number is named and left out; the contacts arrive."""
    account.administer("contacts", "firstname", {"type": "number", "fieldType": "number"})
    said: list[str] = []

    report = load(ready, said.append)

    assert (report.rejected, len(held("contacts"))) == (0, 5)
    assert all("firstname" not in each for each in held("contacts").values())
    assert [line for line in said if "firstname is a number in this account" in line]
