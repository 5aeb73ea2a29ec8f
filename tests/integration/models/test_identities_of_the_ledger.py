"""An order of which what Shopify says does not add up is named, and not sent.

The rule: docs/data-model.md#one-bad-record
"""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.orders_by_hand import LONDON, Order, Refund, Sale

AT = "2026-01-02T12:00:00Z"
GOODS = Sale("PRODUCT", "12.00", tax="2.00", discount="1.00", quantity=2)
BACK = Sale("PRODUCT", "-6.00", tax="-1.00", quantity=-1)
SHIPPING = Sale("SHIPPING", "6.00", tax="1.00")
WHOLE, EDITED = 20, 21


def _bag(amount):
    return {"shopMoney": {"amount": amount, "currencyCode": "GBP"}}


def _refunded(number, **fields):
    return Order(number, AT, GOODS, SHIPPING, refunds=[Refund(number, AT, (BACK,))], **fields)


@pytest.fixture(scope="module")
def shop(build):
    """A shop where each identity is out for one order, and where dates are impossible."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        raw.customer(1, "ann@example.com")
        ann = {"customer": {"id": "gid://shopify/Customer/1"}}
        _refunded(2, originalTotalPriceSet=_bag("18.01"), **ann).land(raw)
        _refunded(3, currentTotalPriceSet=_bag("12.01"), cartToken="cart3").land(raw)
        _refunded(4, currentTotalTaxSet=_bag("2.01")).land(raw)
        _refunded(5, currentShippingPriceSet=_bag("5.01")).land(raw)
        for number in (6, 7, 8, 12):
            _refunded(number).land(raw)
        _refunded(WHOLE, cartToken=f"cart{WHOLE}").land(raw)
        _change(raw, "order_line_items", "LineItem/60", '"currentQuantity": 1', 2)
        _change(raw, "order_line_items", "LineItem/70", '"amount": "1.00"', "1.01")
        _change(raw, "refund_line_items", "RefundLineItem/80", '"amount": "1.00"', "1.01")
        _refunded(9, processedAt="0001-01-01T00:00:00Z", **ann).land(raw)
        _refunded(10, closedAt="9999-12-31T23:59:59Z").land(raw)
        _refunded(11, createdAt="1989-12-31T23:59:59Z").land(raw)
        _change(
            raw, "order_agreements", "OrderAgreement/12", f'"happenedAt": "{AT}"', "2028-01-01"
        )
        for number in (3, WHOLE):
            _lines_gone_and_checkout_replaced(raw, number)
        _refunded(EDITED, updatedAt="2027-12-31T23:59:59Z").land(raw)

    return build(fill)


def _lines_gone_and_checkout_replaced(raw, number):
    """Take a line off the order, and let two checkouts have become it."""
    order = f"gid://shopify/Order/{number}"
    raw.line(9000 + number, order, "1.00", shop=LONDON, deleted_at="2026-05-01")
    for checkout in (100 + number, 200 + number):
        link = f"https://shop.example/1/checkouts/cart{number}/recover"
        raw.checkout(checkout, "2026-01-01T10:00:00Z", abandonedCheckoutUrl=link)
        line = {"id": f"gid://shopify/AbandonedCheckoutLineItem/{checkout}", "quantity": 1}
        line |= {"title": "Thing", "originalUnitPriceSet": _bag("5.00")}
        parent = f"gid://shopify/AbandonedCheckout/{checkout}"
        raw.land("abandoned_checkout_line_items", LONDON, line, parent)


def _change(raw, table, id, field, value):
    """Give a field of a landed node, written as JSON writes it, another value."""
    name, old = field.split(": ")
    new = f'"{value}"' if old.startswith('"') else str(value)
    raw.connection.execute(
        f"update raw.{table} set payload = replace(payload::varchar, ?, ?)::json where id = ?",
        [field, f"{name}: {new}", f"gid://shopify/{id}"],
    )


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("#2", "its sales as ordered sum to 18.00, Shopify's total as ordered says 18.01"),
        ("#3", "its sales sum to 12.00, Shopify's current total says 12.01"),
        ("#4", "the taxes of its sales sum to 2.00, Shopify's current tax says 2.01"),
        ("#5", "its shipping sales sum to 5.00, Shopify's current shipping price says 5.01"),
        (
            "#6",
            "the quantities of the sales of its line 60 sum to 1, the line's current quantity "
            "says 2",
        ),
        (
            "#7",
            "the sales of its line 70 sum to 12.00 with a tax of 2.00, the line itself says "
            "11.99 with a tax of 2.00",
        ),
        (
            "#8",
            "the sales of its refund 8 (goods) sum to -6.00 with a tax of -1.00, the refund "
            "itself says -6.01 with a tax of -1.01",
        ),
    ],
)
def test_a_penny_out_quarantines_the_order(shop, name, detail):
    """What is out by a penny or a unit is told with both figures."""
    found = shop("select reason, detail from hubspot.quarantined_deals where record = ?", name)

    assert found == [("figures that disagree", detail)]


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("#9", "processedAt is 0001-01-01 00:00:00"),
        ("#10", "closedAt is 9999-12-31 23:59:59"),
        ("#11", "createdAt is 1989-12-31 23:59:59"),
        ("#12", "agreements.happenedAt is 2028-01-01 00:00:00"),
    ],
)
def test_an_impossible_date_quarantines_the_order(shop, name, detail):
    """A date before 1990 or after next year is told with the field and its value."""
    found = shop("select reason, detail from hubspot.quarantined_deals where record = ?", name)

    assert found == [
        ("an impossible date", f"{detail}, a date before 1990 or after next year"),
    ]


def test_only_they_are_quarantined(shop):
    """An order that agrees with itself, and one that ends next year, are sent."""
    assert shop("select dealname from hubspot.deals order by 1") == [
        (f"#{WHOLE}",),
        (f"#{EDITED}",),
    ]


def test_their_line_items_are_quarantined_with_them(shop):
    """The line of an order that is not sent is not sent, and is told by its key."""
    found = shop(
        "select key, record, is_ordinary from hubspot.quarantined_line_items "
        "where source_id = 'line:30'"
    )

    assert found == [(f"{LONDON}/line:30", "line 30 of #3", True)]


def test_an_order_that_disagrees_is_in_the_ledger_as_shopify_has_it(shop):
    """A penny out changes nothing in the ledger, in the reports or in the person's figures."""
    [(ledger,)] = shop("select sum(all_sales) from core.sales where order_id = '3'")
    [(spent,)] = shop("select net_sales from core.people where email = 'ann@example.com'")

    assert str(ledger) == "12.0000"
    assert str(spent) == "10.0000"


def test_an_order_with_an_impossible_date_is_in_totals_and_in_no_period(shop):
    """Nine, eleven and twelve say no day: no report has their sales, but totals have."""
    dated = "select order_id from core.sales where sale_date is null group by 1 order by 1"
    without = "select order_id from core.orders where order_date is null order by 1"
    [(total,)] = shop("select sum(all_sales) from core.sales")
    [(of_days,)] = shop("select sum(all_sales) from reports.daily_sales")
    [(of_nine,)] = shop("select sum(all_sales) from core.sales where order_id = '9'")
    [(of_products,)] = shop(
        "select sum(net_sales) from reports.top_products where period = 'all_time'"
    )
    [(net,)] = shop("select sum(net_sales) from reports.daily_sales")

    assert shop(dated) == shop(without) == [("11",), ("12",), ("9",)]
    assert total - of_days == 3 * of_nine > 0
    assert of_products == net


def test_an_order_without_a_date_is_nobodys_last(shop):
    """Ann's last order is the one whose day is known; both are counted."""
    found = shop(
        "select orders, first_order_name, last_order_name from core.people "
        "where email = 'ann@example.com'"
    )

    assert found == [(2, "#2", "#2")]


def test_a_missing_date_is_told_once(shop, models, tmp_path):
    """Who is quarantined for a date is not warned of again; another order is, by its name."""
    test = "every_order_has_a_date_of_processing"
    path = Path(copy(shop.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        quarantined = models.judge(connection, test).warnings
        connection.execute(
            "update core.orders set processed_at = null where order_name = '#20'"
        )
        another = models.judge(connection, test).warnings

    assert quarantined == []
    assert another == [f"1 order has no date of processing: #20 of {LONDON} ({test})"]


def test_nothing_of_a_quarantined_order_is_deleted(shop):
    """What HubSpot has of #3 stays: its removed line, and the deals of its checkouts."""
    tombstones = shop("select key, reason from hubspot.tombstones order by key")
    numbers = {key.rpartition(":")[2] for key, _ in tombstones}

    assert numbers >= {str(9000 + WHOLE), str(100 + WHOLE), str(200 + WHOLE)}
    assert not numbers & {"9003", "103", "203", "cart3"}
