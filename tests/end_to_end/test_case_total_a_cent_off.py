"""#1015: Shopify's total is a cent off its sales."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

DETAIL = "its sales as ordered sum to 99.99, Shopify's total as ordered says 100.00"


@pytest.fixture(scope="module")
def store(case):
    """The store, and the first sync of it."""
    made = case("total-a-cent-off")
    return made, made.attempt("sync")


def test_the_message_names_the_order_and_both_figures(store):
    """The sync says which order of which shop is not sent and why, and ends with 3."""
    _, sync = store

    assert f"order #1015 of case.myshopify.com: {DETAIL}" in sync.stdout + sync.stderr
    assert sync.returncode == 3


def test_the_order_is_in_the_table(store):
    """It is quarantined under its name, with the key that its deal would have."""
    made, _ = store

    [(record, key, detail)] = made.rows(
        "select record, key, detail from hubspot.quarantined_deals"
    )

    assert (record, key) == ("#1015", "case.myshopify.com/order:1015")
    assert DETAIL in detail


def test_the_plan_and_the_status_name_it(store):
    """The plan counts one deal and its three lines, and lists it; status says the same."""
    made, _ = store

    plan = json.loads(made.cartwheel("plan", "--json"))
    listed = made.cartwheel("plan", "--object", "deals")
    status = made.cartwheel("status")

    assert plan["objects"]["deals"]["quarantined"] == 1
    assert plan["objects"]["line_items"]["quarantined"] == 3
    assert plan["writes"] == 0
    for said in (listed, status):
        assert "#1015" in said
        assert DETAIL in said


def test_everything_else_is_sent(store):
    """The customer, with the order as Shopify has it, and the products are in HubSpot."""
    made, _ = store

    [contact] = made.hubspot_records("contacts")
    variants = made.value("select count(*) from core.variants")

    assert Decimal(contact["shopify_total_spent"]) == Decimal("99.99")
    assert len(made.hubspot_records("products")) == variants
    assert made.hubspot_records("deals") == made.hubspot_records("line_items") == []
