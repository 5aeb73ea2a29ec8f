"""The money fields of an order node, and the sums over its sales behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sandbox.generator.orders.charges import Sale
from sandbox.generator.orders.orders import Order


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


def money_fields(order: Order) -> str:
    """The order's money fields as JSON text.

    Totals without `current` are before returns, after edits.
    """
    bag, included = order.currency.bag_text, order.basket.included
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
    cart = [line.order_discount for line in order.line_items]
    return (
        f'"subtotalPriceSet":{bag(before.subtotal)},'
        f'"currentSubtotalPriceSet":{bag(now.subtotal)},'
        f'"totalPriceSet":{bag(before.total)},'
        f'"originalTotalPriceSet":{bag(sum([sale.total for sale in first.sales]))},'
        f'"currentTotalPriceSet":{bag(order.owed - discrepancy)},'
        f'"refundDiscrepancySet":{bag(discrepancy)},'
        f'"totalDiscountsSet":{bag(before.discount)},'
        f'"cartDiscountAmountSet":{bag(sum(cart))},'
        f'"currentTotalDiscountsSet":{bag(now.discount)},'
        f'"totalTaxSet":{bag(before.tax)},'
        f'"currentTotalTaxSet":{bag(now.tax)},'
        f'"totalShippingPriceSet":{bag(before.shipping)},'
        f'"currentShippingPriceSet":{bag(now.shipping)},'
        f'"totalRefundedShippingSet":{bag(-refunded_shipping)},'
        f'"totalRefundedSet":{bag(order.refunded)},'
        f'"totalReceivedSet":{bag(order.received)},'
        f'"totalOutstandingSet":{bag(order.owed - net)},'
        f'"totalTipReceivedSet":{bag(now.tips)},'
        f'"netPaymentSet":{bag(net)},'
        f'"originalTotalDutiesSet":{bag(sum(duties)) if duties else "null"},'
        f'"currentTotalDutiesSet":{bag(now.duties) if duties else "null"}'
    )
