"""#1002: goods of 10 were sold on account and came back before any money moved."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("returned-on-account")


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


def test_nothing_is_warned_of(synced, said):
    """The orders are in order: no check of the models or of the gate has a word to say."""
    told = [line for line in said if "warning:" in line or "quarantined:" in line]

    assert [line for line in told if "warning:" in line or synced.shop in line] == []
    assert len(told) == 2  # of the two stores that have something quarantined
    assert any(line.endswith(" 0 stop the load, 0 warn") for line in said)
