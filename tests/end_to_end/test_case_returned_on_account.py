"""#1002: goods of 10 were sold on account and came back before any money moved."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(in_order):
    """The store after one sync."""
    return in_order("returned-on-account")


def test_nothing_was_sold(synced):
    """The ledger's net sales are 0: 10 sold, 10 back."""
    assert synced.rows(
        "select sum(gross_sales), sum(returns), sum(net_sales) from core.sales where shop = ?"
    ) == [(Decimal(10), Decimal(10), Decimal(0))]


def test_the_deal_is_worth_nothing(synced):
    """Amount and net amount of the deal in HubSpot are 0, and it has no line item."""
    [deal] = synced.hubspot_records("deals")

    assert Decimal(deal["amount"]) == 0
    assert Decimal(deal["shopify_net_amount"]) == 0
    assert synced.hubspot_records("line_items") == []


def test_nothing_is_warned_of(together):
    """The orders are in order: no check of the models or of the gate has a word to say."""
    _, said = together

    assert " 0 warned, 0 failed" in said
    assert " 0 stop the load, 0 warn" in said
