"""#1051: a return that the line's quantity shows already and the sales do not yet."""

from __future__ import annotations

import json

import pytest

DETAIL = "sum to 2, the line's current quantity says 1"


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("open-return")


def test_the_message_names_the_order_and_both_figures(synced, said):
    """The sync says which order of which shop is not sent and why."""
    assert [line for line in said if f"order #1051 of {synced.shop}" in line and DETAIL in line]


def test_the_plan_lists_it(synced):
    """The plan lists the order with both figures."""
    plan = json.loads(synced.together.cartwheel("plan", "--object", "deals", "--json"))
    [detail] = [each["detail"] for each in plan["records"] if each["record"] == "#1051"]

    assert DETAIL in detail


def test_the_ledger_has_it_as_shopify_has_it(synced):
    """The sales are those that Shopify agreed to, in the ledger and in the report."""
    assert synced.value("select sum(all_sales) from core.sales where shop = ?") == 200
    assert synced.value("select sum(all_sales) from reports.daily_sales where shop = ?") == 200


def test_everything_else_is_sent(synced):
    """The customer and the products are in HubSpot, the deal and its lines are not."""
    variants = synced.value("select count(*) from core.variants where shop = ?")

    assert len(synced.hubspot_records("contacts")) == 1
    assert len(synced.hubspot_records("products")) == variants
    assert synced.hubspot_records("deals") == synced.hubspot_records("line_items") == []
