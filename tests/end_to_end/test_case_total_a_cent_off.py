"""#1015: Shopify's total is a cent off its sales."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

DETAIL = "its sales as ordered sum to 99.99, Shopify's total as ordered says 100.00"


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("total-a-cent-off")


def test_the_message_names_the_order_and_both_figures(synced, said):
    """The sync says which order of which shop is not sent and why."""
    assert [line for line in said if f"order #1015 of {synced.shop}: {DETAIL}" in line]


def test_the_order_is_in_the_table(synced):
    """It is quarantined under its name, with the key that its deal would have."""
    [(record, key, detail)] = synced.rows(
        "select record, key, detail from hubspot.quarantined_deals where shop = ?"
    )

    assert (record, key) == ("#1015", f"{synced.shop}/order:1015")
    assert DETAIL in detail


def test_the_plan_and_the_status_name_it(synced):
    """The plan counts the deals of this case and of the other that are quarantined, with
    their lines, and lists this one; status says the same."""
    plan = json.loads(synced.together.cartwheel("plan", "--json"))
    listed = synced.together.cartwheel("plan", "--object", "deals")
    status = synced.together.cartwheel("status")

    assert plan["objects"]["deals"]["quarantined"] == 2
    assert plan["objects"]["line_items"]["quarantined"] == 3 + 1
    assert plan["writes"] == 0
    for said in (listed, status):
        assert "#1015" in said
        assert DETAIL in said


def test_everything_else_is_sent(synced):
    """The customer, with the order as Shopify has it, and the products are in HubSpot."""
    [contact] = synced.hubspot_records("contacts")
    variants = synced.value("select count(*) from core.variants where shop = ?")

    assert Decimal(contact["shopify_total_spent"]) == Decimal("99.99")
    assert len(synced.hubspot_records("products")) == variants
    assert synced.hubspot_records("deals") == synced.hubspot_records("line_items") == []
