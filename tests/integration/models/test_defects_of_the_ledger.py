"""Defects of the best-known peer's ledger, each as the fact that it gets wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.models.orders_by_hand import LONDON, Order, Refund, Sale

GOODS = Sale("PRODUCT", "30.00")


def _paid_in_parts(raw):
    """1: an order that was authorised, charged, captured and refunded twice."""
    money = {"amountSet": {"shopMoney": {"amount": "42.00", "currencyCode": "GBP"}}}
    transactions = [
        {"id": f"gid://shopify/OrderTransaction/{number}", "kind": kind, "status": "SUCCESS"}
        | money
        for number, kind in enumerate(("AUTHORIZATION", "SALE", "CAPTURE", "REFUND"))
    ]
    goods = Sale("PRODUCT", "36.00", tax="6.00", quantity=3)
    shipping = Sale("SHIPPING", "6.00", tax="1.00")
    one = Sale("PRODUCT", "-12.00", tax="-2.00", quantity=-1)
    refunds = [
        Refund(11, "2026-01-03T12:00:00Z", (one,)),
        Refund(12, "2026-01-04T12:00:00Z", (one, Sale("SHIPPING", "-6.00", tax="-1.00"))),
    ]
    fields = {"transactions": transactions}
    Order(1, "2026-01-02T12:00:00Z", goods, shipping, refunds=refunds, **fields).land(raw)


def _voided(raw):
    """2: on one day an order with a discount that was voided, and one that was not."""
    at = "2026-02-02T12:00:00Z"
    back = Refund(20, at, (Sale("PRODUCT", "-8.00", discount="-2.00", quantity=-1),))
    status = {"displayFinancialStatus": "VOIDED", "cancelledAt": at}
    goods = Sale("PRODUCT", "8.00", discount="2.00")
    Order(2, at, goods, refunds=[back], **status).land(raw)
    Order(3, at, GOODS).land(raw)


def _test_order(raw):
    """5: on one day an order in test mode with its refund, and one that is none."""
    at = "2026-03-02T12:00:00Z"
    back = Refund(50, at, (Sale("PRODUCT", "-30.00", quantity=-1),))
    Order(5, at, GOODS, refunds=[back], test=True).land(raw)
    Order(6, at, GOODS).land(raw)


def _gift_cards(raw):
    """7: two orders of goods and a discounted gift card, one without agreements."""
    card = Sale("GIFT_CARD", "45.00", discount="5.00")
    for number in (7, 8):
        at = "2026-04-02T12:00:00Z"
        Order(number, at, GOODS, card).land(raw, agreements=number == 7)


def _several_units(raw):
    """9: two orders of three units at 10.00, one without agreements."""
    units = Sale("PRODUCT", "30.00", quantity=3)
    for number in (9, 10):
        Order(number, "2026-05-02T12:00:00Z", units).land(raw, agreements=number == 9)


def _fill(raw):
    """A shop of which each month has the case of one defect."""
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    for case in (_paid_in_parts, _voided, _test_order, _gift_cards, _several_units):
        case(raw)


@pytest.fixture(scope="module")
def shop(build):
    """The shop."""
    return build(_fill)


@pytest.fixture(scope="module")
def shop_without_cancelled(build):
    """The shop with the var cancelled_orders excluded, among others."""
    return build(_fill, otherwise=True)


def _figures(ask, table, columns, where):
    [row] = ask(f"select {columns} from {table} where {where}")
    return row


def _money(*amounts):
    return tuple(map(Decimal, amounts))


def test_1_several_transactions_count_an_order_once(shop):
    """Tax, shipping and returns of an order are its own, however it was paid and refunded."""
    found = _figures(
        *(shop, "core.orders", "gross_sales, returns, shipping, taxes, total_refunded"),
        "order_id = '1'",
    )

    assert found == _money("30", "20", "0", "2", "30")


def test_2_a_voided_order_has_no_negative_sales(shop):
    """A voided order's discount is taken back with its sale: it comes to nothing."""
    found = _figures(
        shop, "core.orders", "gross_sales, discounts, returns, net_sales", "order_id = '2'"
    )

    assert found == _money("10", "2", "8", "0")


def test_2_a_voided_order_is_not_in_the_average(shop):
    """The average order value is that of the orders which were not cancelled."""
    found = _figures(
        shop, "reports.daily_sales", "average_order_value", "sale_date = '2026-02-02'"
    )

    assert found == _money("30")


def test_5_a_test_orders_refund_is_left_out(shop):
    """What is given back of an order in test mode lowers no day's sales, as it raised none."""
    found = _figures(
        *(shop, "reports.daily_sales", "orders, gross_sales, returns, net_sales"),
        "sale_date = '2026-03-02'",
    )

    assert found == (1, *_money("30", "0", "30"))


@pytest.mark.parametrize("order_id", ["7", "8"], ids=["given", "derived"])
def test_7_a_discount_on_a_gift_card_is_no_discount(shop, order_id):
    """A gift card is no sale, and what was taken off its price lowers no sales."""
    found = _figures(
        *(shop, "core.orders", "gross_sales, discounts, net_sales, gift_card_sales"),
        f"order_id = '{order_id}'",
    )

    assert found == _money("30", "0", "30", "45")


def test_8_cancelled_orders_stay_in_the_ledger(shop):
    """By default a cancelled order counts as placed; its reversal follows its sale."""
    columns = "orders, orders_not_cancelled, average_order_value, gross_sales, net_sales"

    found = _figures(shop, "reports.daily_sales", columns, "sale_date = '2026-02-02'")

    assert found == (2, 1, *_money("30", "40", "30"))


def test_8_cancelled_orders_can_be_left_out(shop_without_cancelled):
    """With the var cancelled_orders excluded the reports know nothing of a cancelled order."""
    columns = "orders, orders_not_cancelled, average_order_value, gross_sales, net_sales"

    found = _figures(
        shop_without_cancelled, "reports.daily_sales", columns, "sale_date = '2026-02-02'"
    )

    assert found == (1, 1, *_money("30", "30", "30"))


@pytest.mark.parametrize("order_id", ["9", "10"], ids=["given", "derived"])
def test_9_gross_sales_are_quantity_times_price(shop, order_id):
    """Three units at 10.00 are 30.00: a line's price counts its quantity once."""
    found = _figures(shop, "core.orders", "gross_sales, units", f"order_id = '{order_id}'")

    assert found == (Decimal(30), 3)
