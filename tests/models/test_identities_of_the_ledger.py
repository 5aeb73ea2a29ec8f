"""dbt's own tests of the ledger notice where what Shopify says does not add up."""

from __future__ import annotations

import pytest

from cartwheel.errors import TransformFailed

from .orders_by_hand import LONDON, Order, Refund, Sale

AT = "2026-01-02T12:00:00Z"
GOODS = Sale("PRODUCT", "12.00", tax="2.00", discount="1.00", quantity=2)
BACK = Sale("PRODUCT", "-6.00", tax="-1.00", quantity=-1)
SHIPPING = Sale("SHIPPING", "6.00", tax="1.00")


def _bag(amount):
    return {"shopMoney": {"amount": amount, "currencyCode": "GBP"}}


def _refunded(number, **fields):
    return Order(number, AT, GOODS, SHIPPING, refunds=[Refund(number, AT, [BACK])], **fields)


@pytest.fixture(scope="module")
def failed(build):
    """The tests that fail on a shop where each identity is out for one order, and no more."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        _refunded(1, currentShippingPriceSet=_bag("5.00")).land(raw)
        _refunded(2, originalTotalPriceSet=_bag("18.01")).land(raw)
        _refunded(3, currentTotalPriceSet=_bag("12.01")).land(raw)
        _refunded(4, currentTotalTaxSet=_bag("2.01")).land(raw)
        _refunded(5, currentShippingPriceSet=_bag("5.01")).land(raw)
        for number in (6, 7, 8):
            _refunded(number).land(raw)
        _change(raw, "order_line_items", "LineItem/60", '"currentQuantity": 1', 2)
        _change(raw, "order_line_items", "LineItem/70", '"amount": "1.00"', "1.01")
        _change(raw, "refund_line_items", "RefundLineItem/80", '"amount": "1.00"', "1.01")

    with pytest.raises(TransformFailed) as caught:
        build(fill)
    return caught.value.failed


def _change(raw, table, id, field, value):
    """Give a field of a landed node, written as JSON writes it, another value."""
    name, old = field.split(": ")
    new = f'"{value}"' if old.startswith('"') else str(value)
    raw.connection.execute(
        f"update raw.{table} set payload = replace(payload::varchar, ?, ?)::json where id = ?",
        [field, f"{name}: {new}", f"gid://shopify/{id}"],
    )


@pytest.mark.parametrize(
    "identity",
    [
        "order_agreement_equals_original_total",
        "all_sales_equal_current_total",
        "taxes_of_sales_equal_current_taxes",
        "shipping_of_sales_equals_current_shipping",
        "quantities_of_sales_equal_current_quantity",
        "sales_of_a_line_equal_its_price",
        "sales_of_a_refund_equal_what_it_says",
    ],
)
def test_a_penny_out_fails(failed, identity):
    """An order, a line or a refund that is out by a penny or a unit fails its identity."""
    assert identity in failed
