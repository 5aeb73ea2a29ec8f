"""#1051: a return that the line's quantity shows already and the sales do not yet."""

from __future__ import annotations

import json

import pytest

DETAIL = "sum to 2, the line's current quantity says 1"


@pytest.fixture(scope="module")
def store(case):
    """The store, and the first sync of it."""
    made = case("open-return")
    return made, made.attempt("sync")


def test_the_message_names_the_order_and_both_figures(store):
    """The sync says which order of which shop is not sent and why, and ends with 3."""
    _, sync = store
    told = (sync.stdout + sync.stderr).splitlines()

    assert [
        line for line in told if "order #1051 of case.myshopify.com" in line and DETAIL in line
    ]
    assert sync.returncode == 3


def test_the_plan_and_the_status_name_it(store):
    """The plan counts one deal that is quarantined, and status names it with both figures."""
    made, _ = store

    plan = json.loads(made.cartwheel("plan", "--json"))
    status = made.cartwheel("status")

    assert plan["objects"]["deals"]["quarantined"] == 1
    assert plan["writes"] == 0
    assert "#1051" in status
    assert DETAIL in status


def test_the_ledger_has_it_as_shopify_has_it(store):
    """The sales are those that Shopify agreed to, in the ledger and in the report."""
    made, _ = store

    assert made.value("select sum(all_sales) from core.sales") == 200
    assert made.value("select sum(all_sales) from reports.daily_sales") == 200


def test_everything_else_is_sent(store):
    """The customer and the products are in HubSpot, the deal and its lines are not."""
    made, _ = store

    variants = made.value("select count(*) from core.variants")

    assert len(made.hubspot_records("contacts")) == 1
    assert len(made.hubspot_records("products")) == variants
    assert made.hubspot_records("deals") == made.hubspot_records("line_items") == []
