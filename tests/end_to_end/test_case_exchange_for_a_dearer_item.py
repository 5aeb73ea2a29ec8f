"""#1001: goods of 100 came back for goods of 250, and 150 were paid on top."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("exchange-for-a-dearer-item")


def test_the_ledger_has_both_days(synced):
    """Gross 350, returns 100, net 250, on the day of the order and that of the exchange."""
    days = synced.rows(
        "select sale_date::varchar, sum(gross_sales), sum(returns), sum(net_sales)"
        " from core.sales where shop = ? group by all order by 1"
    )

    assert days == [
        ("2026-03-01", Decimal(100), Decimal(0), Decimal(100)),
        ("2026-03-09", Decimal(250), Decimal(100), Decimal(150)),
    ]


def test_the_deal_is_worth_the_new_item(synced):
    """Amount and net amount of the deal in HubSpot are 250."""
    [deal] = synced.hubspot_records("deals")

    assert Decimal(deal["amount"]) == 250
    assert Decimal(deal["shopify_net_amount"]) == 250


def test_the_new_item_is_the_only_line_item(synced):
    """The line that came back is gone from the deal."""
    [line_item] = synced.hubspot_records("line_items")

    assert (line_item["name"], line_item["quantity"]) == ("Exchange", "1")
    assert Decimal(line_item["price"]) == 250


def test_the_person_spent_what_the_order_is_worth(synced):
    """Total spent is 250; the average order value comes from the 100 as ordered."""
    [contact] = [c for c in synced.hubspot_records("contacts") if c["shopify_total_spent"]]

    assert Decimal(contact["shopify_total_spent"]) == 250
    assert Decimal(contact["shopify_average_order_value"]) == 100
