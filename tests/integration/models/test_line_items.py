"""A line item in HubSpot's own arithmetic is what the line cost in Shopify.

The rule: docs/reference/rules.md#line-items
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from load.objects.serialization import as_text
from tests.integration.models.orders_by_hand import (
    CURRENCIES,
    KUWAIT,
    LONDON,
    TOKYO,
    Order,
    Refund,
    Sale,
)

AT, LATER = "2026-03-01T15:00:00Z", "2026-03-09T15:00:00Z"
SMALLEST = {LONDON: Decimal("0.01"), TOKYO: Decimal(1), KUWAIT: Decimal("0.001")}
LINES, SEED = 200, 20261129
THIRDS = Order(
    *(1, AT, Sale("PRODUCT", "151.01", discount="16.77", quantity=2)),
    *(Sale("PRODUCT", "90.00", discount="10.00", quantity=3),),
    email="case@example.com",
)
TIP = Order(
    2, AT, Sale("PRODUCT", "100.00"), Sale("TIP", "7.00"), Sale("GIFT_CARD", "50.00"),
    email="tip@example.com",
)  # fmt: skip
TIP_WITHOUT_AGREEMENT = Order(
    3, AT, Sale("PRODUCT", "100.00"), Sale("TIP", "7.00"),
    email="tip@example.com", totalTipReceivedSet=TIP.bag("7.00"),
)  # fmt: skip
NUMBERS = {LONDON: 100, TOKYO: 200, KUWAIT: 300}


def _at_random(shop, number, random):
    """An order of many lines at random, some of whose units came back, with their amounts.

    Gives the order and, by the position of its line, what is left: quantity, amount, tax.
    """
    sales, back, left = [], [], {}
    smallest = SMALLEST[shop]
    for position in range(LINES):
        quantity = random.choice([1, 2, 3, 6, 7, 9, 11, 13, 60, 99, 101, 997, 9999, 30011])
        price = random.randrange(1, 30_000)
        discount = random.choice([0, random.randrange(price * quantity + 1)])
        total = price * quantity - discount
        tax = random.choice([0, total // 5])
        sales.append(
            Sale(
                *("PRODUCT", str((total + tax) * smallest), str(tax * smallest)),
                *(str(discount * smallest), quantity),
            )
        )
        gone = random.choice([0, random.randrange(quantity)])
        given, untaxed = total * gone // quantity, tax * gone // quantity
        if gone:
            money = str(-(given + untaxed) * smallest), str(-untaxed * smallest)
            back.append(Sale("PRODUCT", *money, quantity=-gone, line=position))
        left[position] = (
            quantity - gone,
            (total - given) * smallest,
            (tax - untaxed) * smallest,
        )
    refunds = [Refund(number, LATER, tuple(back))]
    return Order(number, AT, *sales, refunds=refunds, shop=shop, email="r@example.com"), left


AT_RANDOM = {
    shop: _at_random(shop, number, Random(SEED + number)) for shop, number in NUMBERS.items()
}


@pytest.fixture(scope="module")
def lines(build):
    """Discounts that do not divide evenly, in currencies of two, no and three decimals."""

    def fill(raw):
        for shop in NUMBERS:
            raw.shop(shop, "Europe/London", CURRENCIES[shop], "2025-01-01T00:00:00Z")
        THIRDS.land(raw)
        TIP.land(raw)
        TIP_WITHOUT_AGREEMENT.land(raw, agreements=False)
        for order, _ in AT_RANDOM.values():
            order.land(raw)

    return build(fill)


def _sent(ask, shop, number):
    """The line items of an order as they are sent: price, discount, quantity, tax, by line."""
    discount = as_text("discount", "DECIMAL(28,10)")
    found = ask(
        f"select shopify_line_item_id, price, {discount}, quantity, tax"
        " from hubspot.line_items where shopify_deal_key = ?",
        f"{shop}/order:{number}",
    )
    return {line[len(str(number)) :]: values for line, *values in found}


@pytest.mark.parametrize("shop", NUMBERS, ids=lambda shop: CURRENCIES[shop])
def test_a_line_item_adds_up_to_the_smallest_unit(lines, shop):
    """quantity x (price - discount), rounded, is what the units that are left cost."""
    _, left = AT_RANDOM[shop]
    smallest = SMALLEST[shop]

    found = {
        int(position): ((Decimal(price) - Decimal(discount)) * quantity, quantity, tax)
        for position, (price, discount, quantity, tax) in _sent(
            lines, shop, NUMBERS[shop]
        ).items()
    }

    rounded = {
        position: (quantity, worth.quantize(smallest, ROUND_HALF_UP), tax)
        for position, (worth, quantity, tax) in found.items()
    }
    assert rounded == {position: line for position, line in left.items() if line[0]}
    # nor do ten lines make a smallest unit of their differences
    assert all(abs(worth - left[p][1]) <= smallest / 20 for p, (worth, *_) in found.items())


def test_a_discount_that_halves_a_cent(lines):
    """16.77 off two units of 83.89 leave 151.01, and 10.00 off three of 33.3333 leave 90."""
    found = _sent(lines, LONDON, 1)

    price, discount, quantity, _ = found["0"]
    assert (price, discount) == (Decimal("83.89"), "8.385")
    assert (price - Decimal(discount)) * quantity == Decimal("151.01")
    assert found["1"][1] == "3.3333"


def test_a_tip_is_no_line_item(lines):
    """The goods and the gift card are line items; the tip is not, agreements or none."""
    assert set(_sent(lines, LONDON, 2)) == {"0", "2"}
    assert set(_sent(lines, LONDON, 3)) == {"0"}


def test_a_tip_is_not_in_the_price_of_the_line_items(lines):
    """Goods and gift card are in it, and the amount has all that was paid."""
    assert lines(
        "select shopify_order_id, shopify_total_line_items_price, amount from hubspot.deals"
        " where shopify_order_id in ('2', '3') order by 1"
    ) == [("2", Decimal(150), Decimal(157)), ("3", Decimal(100), Decimal(107))]


def test_a_tip_that_was_sent_once_goes(lines):
    """A tip has a tombstone, so that a load deletes the line item that it was before."""
    assert lines("select key from hubspot.tombstones where reason = 'tip' order by 1") == [
        (f"{LONDON}/line:21",),
        (f"{LONDON}/line:31",),
    ]


def test_tips_are_left_out_of_the_control_totals(lines):
    """The lines that Shopify counts hold the tips, as left out by name."""
    assert lines(
        "select records from hubspot.control_totals"
        " where object = 'line_items' and entry = 'tips'"
    ) == [(-2,)]
