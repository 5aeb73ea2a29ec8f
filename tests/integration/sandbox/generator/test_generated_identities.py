"""The money identities, on every generated order, exactly.

The rule: docs/reference/metrics.md#identities-of-an-order
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.generator import generate
from sandbox.shopify.control.refund import RefundError, refunded

Node = dict[str, Any]
NOTHING = Decimal(0)
NOW = "2026-11-23T00:00:00Z"


def money(bag: Node) -> Decimal:
    """The shop's amount of a MoneyBag."""
    return Decimal(bag["shopMoney"]["amount"])


def sales_of(order: Node) -> list[Node]:
    """All sales of all agreements of an order."""
    return [sale for each in order["agreements"]["nodes"] for sale in each["sales"]["nodes"]]


def total(sales: list[Node], amount: str = "totalAmount") -> Decimal:
    """The sum of one amount over sales."""
    return sum((money(sale[amount]) for sale in sales), NOTHING)


def placed_total(order: Node) -> bool:
    """Sales of the order agreement = original total price."""
    first = order["agreements"]["nodes"][0]
    original = total(first["sales"]["nodes"]) == money(order["originalTotalPriceSet"])
    unedited = order["edited"] or order["originalTotalPriceSet"] == order["totalPriceSet"]
    return first["__typename"] == "OrderAgreement" and original and unedited


def current_total(order: Node) -> bool:
    """All sales = current total price + the refunds' discrepancy adjustments."""
    current = money(order["currentTotalPriceSet"]) + money(order["refundDiscrepancySet"])
    return total(sales_of(order)) == current


def discrepancy(order: Node) -> bool:
    """The refunds' adjustments = the order's refund discrepancy."""
    adjustments = [
        money(adjustment["amountSet"])
        for refund in order["refunds"]
        for adjustment in refund["orderAdjustments"]["nodes"]
    ]
    return sum(adjustments, NOTHING) == money(order["refundDiscrepancySet"])


def taxes(order: Node) -> bool:
    """Taxes of all sales = current total tax; each sale's taxes add up to its tax."""
    sales = sales_of(order)
    split = all(
        sum((money(tax["amount"]) for tax in sale["taxes"]), NOTHING)
        == money(sale["totalTaxAmount"])
        for sale in sales
    )
    return split and total(sales, "totalTaxAmount") == money(order["currentTotalTaxSet"])


def quantities(order: Node) -> bool:
    """Quantities of a line's sales = its current quantity, never below zero."""
    units = Counter[str]()
    for sale in sales_of(order):
        if "lineItem" in sale:
            units[sale["lineItem"]["id"]] += sale["quantity"]
    return all(
        units[line["id"]] == line["currentQuantity"] >= 0
        for line in order["lineItems"]["nodes"]
    )


def parts_of_current_total(order: Node) -> bool:
    """Current subtotal, shipping, tax (where added), tip, duties and fees = current total."""
    included = order["taxesIncluded"]
    rest = [
        s for s in sales_of(order) if s["lineType"] in ("TIP", "DUTY", "FEE", "ADDITIONAL_FEE")
    ]
    parts = (
        money(order["currentSubtotalPriceSet"])
        + money(order["currentShippingPriceSet"])
        + total(rest)
    )
    if not included:
        parts += money(order["currentTotalTaxSet"]) - total(rest, "totalTaxAmount")
    return parts == money(order["currentTotalPriceSet"])


def outstanding(order: Node) -> bool:
    """What is outstanding = all sales - money received + money refunded."""
    net = money(order["totalReceivedSet"]) - money(order["totalRefundedSet"])
    owed = total(sales_of(order)) - net
    return net == money(order["netPaymentSet"]) and owed == money(order["totalOutstandingSet"])


def transactions(order: Node) -> bool:
    """Successful sales and captures = received; successful refunds = refunded."""
    done = [each for each in order["transactions"] if each["status"] == "SUCCESS"]
    held = any(each["status"] == "HELD_FOR_REVIEW" for each in order["transactions"])
    received = [money(t["amountSet"]) for t in done if t["kind"] in ("SALE", "CAPTURE")]
    refunded = [money(t["amountSet"]) for t in done if t["kind"] == "REFUND"]
    return held or (
        sum(received, NOTHING) == money(order["totalReceivedSet"])
        and sum(refunded, NOTHING) == money(order["totalRefundedSet"])
    )


def refunds(order: Node) -> bool:
    """A refund's sales, taken back, = the money refunded, up to what had been received."""
    worth = {
        each["refund"]["id"]: -total(each["sales"]["nodes"])
        for each in order["agreements"]["nodes"]
        if "refund" in each
    }
    short = money(order["totalRefundedSet"]) == money(order["totalReceivedSet"])
    return all(
        money(refund["totalRefundedSet"]) == worth[refund["id"]]
        or (short and money(refund["totalRefundedSet"]) < worth[refund["id"]])
        for refund in order["refunds"]
    )


def moments(order: Node) -> bool:
    """Nothing happens after the last update, and no update after the store's present."""
    happened = [
        order["createdAt"],
        *(each["happenedAt"] for each in order["agreements"]["nodes"]),
    ]
    happened += [each["createdAt"] for each in order["transactions"] + order["fulfillments"]]
    return max(happened) <= order["updatedAt"] <= NOW


IDENTITIES = (
    placed_total,
    current_total,
    discrepancy,
    taxes,
    quantities,
    parts_of_current_total,
    outstanding,
    transactions,
    refunds,
    moments,
)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.__name__)
def test_identity_holds_on_every_order(orders, identity):
    """The identity holds on each of 600 orders."""
    assert [order["name"] for order in orders if not identity(order)] == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(count=st.integers(1, 90), seed=st.integers(0, 2**32))
def test_identities_hold_for_any_size_and_seed(count, seed):
    """All identities hold on every order of any small store."""
    with TemporaryDirectory() as folder:
        generate(Path(folder), orders=count, seed=seed)
        lines = (Path(folder) / "orders.jsonl").read_text().splitlines()

    orders = [json.loads(line) for line in lines]
    broken = [
        (order["name"], i.__name__) for order in orders for i in IDENTITIES if not i(order)
    ]
    assert broken == []


def broken(order: Node) -> list[str]:
    """The identities that do not hold on an order."""
    return [identity.__name__ for identity in IDENTITIES if not identity(order)]


def test_a_refund_of_a_line_and_then_of_the_rest_keeps_every_identity(orders):
    """A unit of a line is given back, then all that is left, after which nothing is left."""
    tried = 0
    for order in orders[::3]:
        lines = [line for line in order["lineItems"]["nodes"] if line["currentQuantity"]]
        if not lines:
            continue
        first = refunded(order, NOW, {lines[-1]["id"]: 1})
        assert (order["name"], broken(first)) == (order["name"], [])
        [given] = first["refunds"][-1]["refundLineItems"]["nodes"]
        assert (given["lineItem"]["id"], given["quantity"]) == (lines[-1]["id"], 1)
        try:
            whole = refunded(first, NOW)
        except RefundError:
            whole = first
        assert (order["name"], broken(whole)) == (order["name"], [])
        current = [
            money(whole[name])
            for name in whole
            if re.fullmatch("current.*Set", name) and whole[name]
        ]
        assert (order["name"], [*filter(None, current)]) == (order["name"], [])
        ids = [sale["id"] for sale in sales_of(whole)]
        assert len(set(ids)) == len(ids)
        tried += 1

    assert tried > 150


def test_a_refund_of_more_than_there_is_is_refused(orders):
    """Neither more units than are left, nor a line of another order, nor an empty order."""
    order = next(order for order in orders if not order["refunds"] and not order["edited"])
    line = order["lineItems"]["nodes"][0]

    with pytest.raises(RefundError, match=r"units of \S+/LineItem/\d+ cannot be refunded"):
        refunded(order, NOW, {line["id"]: line["quantity"] + 1})
    with pytest.raises(RefundError, match="sold no gid://shopify/LineItem/1"):
        refunded(order, NOW, {"gid://shopify/LineItem/1": 1})
    with pytest.raises(RefundError, match="Nothing is left of the order #"):
        refunded(refunded(order, NOW), NOW)
