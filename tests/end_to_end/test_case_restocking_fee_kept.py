"""#1016: goods of 110 came back, and 15 of the money were kept as an adjustment."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("restocking-fee-kept")


def test_the_ledger_keeps_the_fee(synced):
    """What is left of the order is 15."""
    assert synced.value("select sum(all_sales) from core.sales where shop = ?") == 15


def test_the_deal_has_no_amount_but_a_net_amount(synced):
    """Nothing is left on the order, so its amount is 0; it was worth the 15 that were kept."""
    [deal] = synced.hubspot_records("deals")

    assert Decimal(deal["amount"]) == 0
    assert Decimal(deal["shopify_net_amount"]) == 15


def test_the_person_spent_the_fee(synced):
    """Total spent is 15, and so is the lifetime value, whatever Shopify's own total says."""
    [contact] = [c for c in synced.hubspot_records("contacts") if c["shopify_total_spent"]]

    assert Decimal(contact["shopify_total_spent"]) == 15
    assert Decimal(contact["shopify_lifetime_value"]) == 15
