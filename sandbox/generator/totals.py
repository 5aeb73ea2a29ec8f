"""The money fields of an order node, and the sums over its sales behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sandbox.generator.charges import Sale
from sandbox.generator.orders import Order

Node = dict[str, Any]


class Sums(NamedTuple):
    """Sums over sales in cents; those of goods and shipping as prices are shown.

    Prices are shown with tax where they include it. The subtotal is that of products and
    gift cards. Adjustments are in none of the sums.
    """

    total: int
    tax: int
    discount: int
    subtotal: int
    shipping: int
    tips: int
    duties: int


def sums(sales: Iterable[Sale], *, included: bool) -> Sums:
    """Sum up sales in one pass; `included` says that prices include tax."""
    total = tax = discount = subtotal = shipping = tips = duties = 0
    for sale in sales:
        line_type, whole = sale.line_type, sale.total
        if line_type == "ADJUSTMENT":
            continue
        total += whole
        tax += sale.tax
        discount += sale.discount_after
        if line_type in ("PRODUCT", "GIFT_CARD"):
            subtotal += whole if included else whole - sale.tax
        elif line_type == "SHIPPING":
            shipping += whole if included else whole - sale.tax
        elif line_type == "TIP":
            tips += whole
        elif line_type == "DUTY":
            duties += whole
    return Sums(total, tax, discount, subtotal, shipping, tips, duties)


def money_fields(order: Order) -> Node:
    """The order's money fields. Totals without `current` are before returns, after edits."""
    bag, included = order.currency.bag, order.basket.included
    sales = order.sales
    given = [sale for sale in sales if sale.action != "RETURN"]
    before = sums(given, included=included)
    now = sums(sales, included=included) if len(given) < len(sales) else before
    first = order.agreements[0]
    duties = [sale.total for sale in first.sales if sale.line_type == "DUTY"]
    refunded_shipping = sum(
        sale.total if included else sale.total - sale.tax
        for refund in order.refunds
        for sale in refund.sales
        if sale.line_type == "SHIPPING"
    )
    discrepancy = order.discrepancy
    net = order.received - order.refunded
    return {
        "subtotalPriceSet": bag(before.subtotal),
        "currentSubtotalPriceSet": bag(now.subtotal),
        "totalPriceSet": bag(before.total),
        "originalTotalPriceSet": bag(sum([sale.total for sale in first.sales])),
        "currentTotalPriceSet": bag(order.owed - discrepancy),
        "refundDiscrepancySet": bag(discrepancy),
        "totalDiscountsSet": bag(before.discount),
        "cartDiscountAmountSet": bag(sum([line.order_discount for line in order.line_items])),
        "currentTotalDiscountsSet": bag(now.discount),
        "totalTaxSet": bag(before.tax),
        "currentTotalTaxSet": bag(now.tax),
        "totalShippingPriceSet": bag(before.shipping),
        "currentShippingPriceSet": bag(now.shipping),
        "totalRefundedShippingSet": bag(-refunded_shipping),
        "totalRefundedSet": bag(order.refunded),
        "totalReceivedSet": bag(order.received),
        "totalOutstandingSet": bag(order.owed - net),
        "totalTipReceivedSet": bag(now.tips),
        "netPaymentSet": bag(net),
        "originalTotalDutiesSet": bag(sum(duties)) if duties else None,
        "currentTotalDutiesSet": bag(now.duties) if duties else None,
    }
