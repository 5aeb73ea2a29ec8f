"""#1071: goods of 100 and a tip of 7; #1072: a gift card of 50."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("tip-and-gift-card")


def test_a_tip_was_not_bought(synced):
    """The products bought are the goods and the gift card."""
    [contact] = [c for c in synced.hubspot_records("contacts") if c["shopify_total_spent"]]

    assert contact["shopify_products_bought"] == "Gift card;Main"


def test_a_tip_is_no_line_item(synced):
    """HubSpot has a line item for the goods and one for the gift card."""
    names = [line_item["name"] for line_item in synced.hubspot_records("line_items")]

    assert sorted(names) == ["Gift card", "Main"]


def test_a_tip_is_not_in_the_price_of_the_line_items(synced):
    """The line items' price of #1071 is 100, of #1072 50; both amounts hold what was paid."""
    deals = {deal["dealname"]: deal for deal in synced.hubspot_records("deals")}

    prices = {
        name: Decimal(deal["shopify_total_line_items_price"]) for name, deal in deals.items()
    }
    assert prices == {"#1071": Decimal(100), "#1072": Decimal(50)}
    assert Decimal(deals["#1071"]["amount"]) == 107
