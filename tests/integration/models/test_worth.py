"""What an order and a person are worth is what the ledger has of them.

The rule: docs/data-model.md#money
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.models.orders_by_hand import LONDON, TOKYO, Order, Refund, Sale

AT, LATER = "2026-03-01T15:00:00Z", "2026-03-09T15:00:00Z"
GOODS = Sale("PRODUCT", "110.00", tax="10.00")
BACK = Sale("PRODUCT", "-110.00", tax="-10.00", quantity=-1)
CANCELLED = {"cancelledAt": LATER, "displayFinancialStatus": "VOIDED"}

ORDERS = {
    "as ordered": ("1", {}, (), "110"),
    "returned on account": ("2", {}, [Refund(2, LATER, (BACK,), "0")], "0"),
    "cancelled before payment": ("3", CANCELLED, [Refund(3, LATER, (BACK,), "0")], "0"),
    "refund still on its way": ("4", {}, [Refund(4, LATER, (BACK,), "0")], "0"),
    "fee kept": ("5", {}, [Refund(5, LATER, (BACK, Sale("ADJUSTMENT", "15.00")))], "15"),
    "goodwill": ("6", {}, [Refund(6, LATER, (Sale("ADJUSTMENT", "-20.00"),))], "90"),
    "cancelled, fee kept": (
        *("7", CANCELLED),
        *([Refund(7, LATER, (BACK, Sale("ADJUSTMENT", "15.00")))], "15"),
    ),
}
"""By what happened: number, fields, refunds, what the order is worth after that."""


@pytest.fixture(scope="module")
def worth(build):
    """A shop where an order of 110 ends in each way, with agreements and, 1000 on, without."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        raw.shop(TOKYO, "Asia/Tokyo", "JPY", "2025-06-01T00:00:00Z")
        for number, fields, refunds, _ in ORDERS.values():
            Order(
                *(number, AT, GOODS),
                refunds=refunds,
                email=f"buyer{number}@example.com",
                **fields,
            ).land(raw)
            Order(
                *(f"100{number}", AT, GOODS),
                refunds=[Refund(f"100{refund.number}", *_rest(refund)) for refund in refunds],
                email="everything@example.com",
                **fields,
            ).land(raw, agreements=False)
        yen = Sale("PRODUCT", "900")
        Order("3000", AT, yen, shop=TOKYO, email="everything@example.com").land(raw)
        Order("3001", AT, yen, shop=TOKYO, email="abroad@example.com").land(raw)

    return build(fill)


def _rest(refund):
    return refund.at, refund.sales, refund.money


@pytest.mark.parametrize("first", ["", "100"], ids=["agreements", "derived"])
@pytest.mark.parametrize("happened", ORDERS)
def test_a_deals_net_amount_is_what_the_ledger_has(worth, happened, first):
    """It is the order's all_sales, however the order ended, whether money moved or not."""
    number, *_, left = ORDERS[happened]

    assert worth(
        "select shopify_net_amount from hubspot.deals where shopify_order_id = ?",
        f"{first}{number}",
    ) == [(Decimal(left),)]


@pytest.mark.parametrize("happened", ORDERS)
def test_a_person_spent_what_the_ledger_has(worth, happened):
    """A contact's total spent is all_sales of the person's orders, cancelled ones included."""
    number, *_, left = ORDERS[happened]

    assert worth(
        "select shopify_total_spent from hubspot.contacts where email = ?",
        f"buyer{number}@example.com",
    ) == [(Decimal(left),)]


def test_total_spent_is_in_the_home_currency(worth):
    """Orders in another currency are not in it; who has no others spent nothing that we say."""
    left = sum(Decimal(order[-1]) for order in ORDERS.values())

    assert worth(
        "select email, shopify_total_spent from hubspot.contacts"
        " where email in ('everything@example.com', 'abroad@example.com') order by 1"
    ) == [("abroad@example.com", None), ("everything@example.com", left)]


def test_the_sums_are_the_ledgers(worth):
    """Over all deals, and over all contacts in the home currency, it adds up to core.sales."""
    [(of_deals, of_contacts)] = worth(
        "select (select sum(shopify_net_amount) from hubspot.deals),"
        " (select sum(shopify_total_spent) from hubspot.contacts)"
    )
    [(everything, in_pounds)] = worth(
        "select sum(all_sales), sum(all_sales) filter (currency = 'GBP') from core.sales"
    )

    assert (of_deals, of_contacts) == (everything, in_pounds)
    assert everything > in_pounds > 0


def test_the_average_order_value_is_as_ordered(worth):
    """Gross sales less discounts of orders not cancelled, as ordered, whatever came back."""
    found = worth(
        "select email, shopify_average_order_value from hubspot.contacts"
        " where email like 'buyer%' order by 1"
    )

    assert dict(found) == {
        f"buyer{order[0]}@example.com": None if order[1] else Decimal(100)
        for order in ORDERS.values()
    }
