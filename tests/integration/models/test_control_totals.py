"""What hubspot.* must hold, counted in Shopify's own data.

The rule: docs/reference/rules.md#control-totals
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from shutil import copy

import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.many_cases import LONDON, gone, money

THE_TEST = "records_equal_the_control_totals"


def _fill(raw):
    """Land of each object what is sent and, for every reason, what is left out."""
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    for number, email in enumerate([" Ann@Example.com", "ann@example.com", "broken@", None]):
        raw.customer(number, email)
    at = "2026-05-02T10:00:00Z"
    raw.order(1, at, customer=1, checkoutToken="token11")
    raw.order(2, at, price="7.00", email="tester@example.com", test=True)
    raw.order(3, at, price="8.00", email="deleted@example.com")
    raw.order(4, at, price="9.00", email="ANN@example.com")
    gone(raw, "orders", "Order", 3)
    nothing = {"quantity": 0, "currentQuantity": 0, "title": "Thing", "name": "Thing"}
    nothing |= dict.fromkeys(("originalUnitPriceSet", "originalTotalSet"), money("0.00"))
    line = {"id": "gid://shopify/LineItem/12", **nothing}
    raw.land("order_line_items", LONDON, line, "gid://shopify/Order/1")
    raw.checkout(10, "2026-06-08T10:00:00Z")
    raw.checkout(11, "2026-05-02T09:00:00Z")
    raw.checkout(12, "2026-05-02T09:00:00Z", completed_at=at)
    for number, checkout, quantity in [(1, 10, 2), (2, 10, 0), (3, 11, 1)]:
        node = {
            **{"id": f"gid://shopify/AbandonedCheckoutLineItem/{number}", "title": "Thing"},
            **{"quantity": quantity, "originalUnitPriceSet": money("2.50")},
        }
        raw.land(
            "abandoned_checkout_line_items",
            *(LONDON, node, f"gid://shopify/AbandonedCheckout/{checkout}"),
        )
    for number, variants in [(1, (1, 2, 3)), (2, (4,))]:
        product = f"gid://shopify/Product/{number}"
        raw.land("products", LONDON, {"id": product, "title": "Thing"})
        for variant in variants:
            node = {"id": f"gid://shopify/ProductVariant/{variant}", "title": f"{variant}"}
            raw.land("product_variants", LONDON, node, product)
    gone(raw, "products", "Product", 2)
    gone(raw, "product_variants", "ProductVariant", 3)


def entries(ask, object_name):
    """The entries of an object: entry -> (records, amount)."""
    found = ask(
        "select entry, records, amount from hubspot.control_totals where object = ?",
        object_name,
    )
    return {entry: (records, amount) for entry, records, amount in found}


@pytest.fixture(scope="module")
def store(build):
    """A store of which something is left out for every reason."""
    return build(_fill)


@pytest.fixture
def spoiled(store, tmp_path):
    """Change a copy of the warehouse, build models anew, and give the outcome of tests."""

    def spoiled(statement, *models, tests=(THE_TEST,)):
        altered = replace(store.settings, warehouse=tmp_path / "warehouse.duckdb")
        copy(store.settings.warehouse, altered.warehouse)
        with open_warehouse(altered.warehouse) as connection:
            connection.execute(statement)
        if models:
            dbt(altered, "run", "--select", *models)
        results = dbt(altered, "test", "--select", *tests)
        outcomes = {result.node.name: str(result.status) for result in results}
        return {test: outcomes[test] for test in tests}

    return spoiled


@pytest.mark.parametrize(
    ("object_name", "expected"),
    [
        (
            "contacts",
            {
                "distinct e-mails": (3, None),
                "malformed e-mails": (-1, None),
                "e-mails of test orders alone": (-1, None),
            },
        ),
        (
            "deals",
            {
                "orders": (3, Decimal("26.0000")),
                "test orders": (-1, Decimal("-7.0000")),
                "abandoned checkouts": (3, Decimal("15.0000")),
                "checkouts that became orders": (-1, Decimal("-5.0000")),
                "checkouts completed without a known order": (-1, Decimal("-5.0000")),
            },
        ),
        ("products", {"variants": (3, None), "variants of deleted products": (-1, None)}),
        (
            "line_items",
            {
                "lines of orders": (4, None),
                "lines of test orders": (-1, None),
                "lines of orders without units": (-1, None),
                "lines of abandoned checkouts": (3, None),
                "lines of completed checkouts": (-1, None),
                "lines of checkouts without units": (-1, None),
            },
        ),
    ],
)
def test_what_is_left_out_is_told_with_its_reason(store, object_name, expected):
    """What Shopify has and, with a minus, what of it is no record of HubSpot's, and why."""
    assert entries(store, object_name) == expected


def test_the_entries_add_up_to_what_is_sent(store):
    """Ann is the contact; orders 1 and 4 and the open checkout are the deals."""
    totals = store(
        "select object, currency, sum(records), sum(amount) from hubspot.control_totals "
        "group by all order by object"
    )

    assert totals == [
        ("contacts", None, 1, None),
        ("deals", "GBP", 3, Decimal("24.0000")),
        ("line_items", None, 3, None),
        ("products", None, 2, None),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("delete from hubspot.contacts", id="contact lost"),
        pytest.param("insert into hubspot.deals from hubspot.deals limit 1", id="deal doubled"),
        pytest.param(
            "update hubspot.deals set amount = amount + 0.01 where shopify_order_id = '1'",
            id="amount differs",
        ),
        pytest.param(
            "update hubspot.deals set deal_currency_code = 'USD' where shopify_order_id = '1'",
            id="currency differs",
        ),
    ],
)
def test_a_mart_that_differs_fails_the_build(spoiled, statement):
    """A record too few or too many, or another amount, is an error of the transform."""
    assert spoiled(statement) == {THE_TEST: "fail"}


def test_an_order_that_core_lost_is_missed(spoiled):
    """What is lost before hubspot.* shows too, where a comparison with core shows nothing."""
    with_core = "deal_amounts_are_those_of_orders_and_open_checkouts"

    outcome = spoiled(
        "delete from core.orders where order_id = '1'",
        *("int_deals", "deals", "line_items"),
        tests=(THE_TEST, with_core),
    )

    assert outcome == {THE_TEST: "fail", with_core: "pass"}


def test_test_orders_and_products_count_where_asked_for(build):
    """With both vars set nothing is left out for being a test, and products are counted."""
    ask = build(_fill, otherwise=True)

    assert entries(ask, "products") == {"products": (1, None)}
    assert entries(ask, "contacts")["distinct e-mails"] == (3, None)
    kinds = ask("select entry from hubspot.control_totals where entry like '%test%'")
    assert kinds == []
    ((deals,),) = ask("select count(*) from hubspot.deals where dealname = '#2'")
    assert deals == 1


def test_a_store_without_anything_has_no_entries(empty_warehouse):
    """Where Shopify has nothing, nothing is to be held."""
    assert empty_warehouse("from hubspot.control_totals") == []
