"""#1004: two units of 48, 20 % off, taxed; one came back."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("one-of-two-units-returned")


def test_the_line_item_is_of_the_unit_that_was_kept(synced):
    """Quantity 1, discount 9.60 and tax 3.84 in HubSpot."""
    [line_item] = synced.hubspot_records("line_items")

    found = {
        name: Decimal(line_item[name]) for name in ("quantity", "price", "discount", "tax")
    }
    assert found == {
        "quantity": Decimal(1),
        "price": Decimal(48),
        "discount": Decimal("9.60"),
        "tax": Decimal("3.84"),
    }


def test_the_line_item_adds_up_to_the_deal(synced):
    """Price less discount plus tax is 42.24, the deal's amount."""
    [line_item] = synced.hubspot_records("line_items")
    [deal] = synced.hubspot_records("deals")

    price, discount, tax = (Decimal(line_item[name]) for name in ("price", "discount", "tax"))
    assert price - discount + tax == Decimal(deal["amount"]) == Decimal("42.24")
