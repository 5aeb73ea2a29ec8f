"""Agreements, refunds and transactions as the Admin API gives them."""

from __future__ import annotations

from functools import cache
from typing import Any

from orjson import Fragment

from sandbox.generator.core.json_text import (
    connection,
    connection_text,
    fields,
    flag,
    plain,
    written,
)
from sandbox.generator.core.times import iso
from sandbox.generator.nodes.lines import listing
from sandbox.generator.orders.charges import LINE_ITEMS, SALE_TYPES, Charge, Sale
from sandbox.generator.orders.orders import Agreement, Order, Refund, Transaction

Node = dict[str, Any]
TaxLines = dict[int, list[str]]
"""The tax lines of an order's charges, as JSON text, by the charge's id."""

APPS = {
    "web": ("gid://shopify/App/580111", "Online Store"),
    "pos": ("gid://shopify/App/129785", "Point of Sale"),
    "draft": ("gid://shopify/App/1354745", "Draft Orders"),
}
UNKNOWN_TRANSACTION_STATUS = "HELD_FOR_REVIEW"


@cache
def _gateway(gateway: str) -> str:
    shown = gateway.replace("_", " ").title()
    return fields({"gateway": gateway, "formattedGateway": shown})


def transaction_text(order: Order, transaction: Transaction) -> str:
    """A transaction of an order as JSON text."""
    status = transaction.status
    if order.plan.unknown == "transaction":
        status = UNKNOWN_TRANSACTION_STATUS
    at, parent = iso(transaction.at), "null"
    if transaction.parent:
        parent = f'{{"id":"gid://shopify/OrderTransaction/{transaction.parent}"}}'
    return (
        f'{{"id":"gid://shopify/OrderTransaction/{transaction.id}",'
        f'"kind":"{transaction.kind}","status":"{status}",{_gateway(transaction.gateway)},'
        f'"test":{flag(order.test)},"createdAt":"{at}","processedAt":"{at}",'
        f'"paymentId":"c{transaction.id}.1","errorCode":{plain(transaction.error)},'
        f'"amountSet":{order.currency.bag_text(transaction.amount)},'
        f'"parentTransaction":{parent}}}'
    )


def _subject(charge: Charge) -> str:
    """The field of a sale that names what was sold, given back or levied, as JSON text."""
    if charge.line_type in LINE_ITEMS:
        return f'"lineItem":{{"id":"gid://shopify/LineItem/{charge.id}"}}'
    if charge.line_type == "SHIPPING":
        return f'"shippingLine":{written(_shipping_reference(charge))}'
    if charge.line_type == "DUTY":
        return f'"duty":{{"id":"gid://shopify/Duty/{charge.id}"}}'
    if charge.line_type == "FEE":
        return f'"fee":{{"id":"gid://shopify/Fee/{charge.id}"}}'
    gid = f"gid://shopify/SaleAdditionalFee/{charge.id}"
    return f'"additionalFee":{written({"id": gid, "name": charge.title})}'


def _shipping_reference(charge: Charge) -> Node:
    return {"id": f"gid://shopify/ShippingLine/{charge.id}", "title": charge.title}


def _sale(order: Order, sale: Sale, number: int, taxes: TaxLines) -> str:
    """A sale, with the number that makes its id."""
    bag = order.currency.bag_text
    type = SALE_TYPES[sale.line_type]
    charge = sale.charge
    levied = subject = ""
    if charge is not None:
        lines = taxes[charge.id]
        levied = ",".join(
            [
                f'{{"id":"gid://shopify/SaleTax/{10 * number + place}",'
                f'"amount":{bag(cents)},"taxLine":{lines[place]}}}'
                for place, cents in enumerate(sale.taxes)
            ]
        )
        subject = "," + _subject(charge)
    return (
        f'{{"__typename":"{type}","id":"gid://shopify/{type}/{number}",'
        f'"actionType":"{sale.action}","lineType":"{sale.line_type}",'
        f'"quantity":{"null" if sale.quantity is None else sale.quantity},'
        f'"totalAmount":{bag(sale.total)},'
        f'"totalDiscountAmountBeforeTaxes":{bag(sale.discount_before)},'
        f'"totalDiscountAmountAfterTaxes":{bag(sale.discount_after)},'
        f'"totalTaxAmount":{bag(sale.tax)},"taxes":[{levied}]{subject}}}'
    )


def _agreement(
    order: Order, agreement: Agreement, number: int, sold: int, taxes: TaxLines
) -> str:
    app, title = APPS[order.plan.source]
    first_sale = 10_000 * (order.slot + 1) + sold
    sales = [
        _sale(order, sale, sale_number, taxes)
        for sale_number, sale in enumerate(agreement.sales, first_sale)
    ]
    refund = ""
    if agreement.refund is not None:
        refund = f',"refund":{{"id":"gid://shopify/Refund/{agreement.refund.id}"}}'
    return (
        f'{{"__typename":"{agreement.type}","id":"gid://shopify/{agreement.type}/{number}",'
        f'"happenedAt":"{iso(agreement.at)}","reason":"{agreement.reason}",'
        f'"app":{{"id":"{app}","title":"{title}"}},"user":null,'
        f'"sales":{connection_text(sales)}{refund}}}'
    )


def agreement_texts(order: Order, taxes: TaxLines) -> list[str]:
    """The agreements of an order, in the order they were made, each as JSON text."""
    texts: list[str] = []
    sold = 1
    for number, agreement in enumerate(order.agreements, 100 * (order.slot + 1)):
        texts.append(_agreement(order, agreement, number, sold, taxes))
        sold += len(agreement.sales)
    return texts


def refund_node(order: Order, refund: Refund) -> Node:
    """A refund with its lines, shipping, adjustments and transaction."""
    bag = order.currency.bag
    money = refund.transaction
    transactions = [Fragment(transaction_text(order, money))] if money is not None else []
    duties = [
        {"amountSet": bag(-sale.total)} for sale in refund.sales if sale.line_type == "DUTY"
    ]
    returned = {
        "id": f"gid://shopify/Return/{refund.id}",
        "name": f"{order.name}-R1",
        "status": "CLOSED",
    }
    return {
        "id": f"gid://shopify/Refund/{refund.id}",
        "legacyResourceId": str(refund.id),
        "createdAt": iso(refund.at),
        "processedAt": iso(refund.at),
        "updatedAt": iso(refund.at),
        "note": refund.note,
        "return": returned if refund.returned else None,
        "totalRefundedSet": bag(refund.amount),
        "duties": duties or None,
        "refundLineItems": connection(
            [
                _refund_line(order, refund, sale, sale.charge, place)
                for place, sale in enumerate(refund.sales)
                if sale.charge is not None and sale.line_type in LINE_ITEMS
            ]
        ),
        "refundShippingLines": connection(
            [
                {
                    "id": f"gid://shopify/RefundShippingLine/{1_000 * refund.id + place}",
                    "shippingLine": _shipping_reference(sale.charge),
                    "subtotalAmountSet": bag(sale.tax - sale.total),
                    "taxAmountSet": bag(-sale.tax),
                }
                for place, sale in enumerate(refund.sales)
                if sale.charge is not None and sale.line_type == "SHIPPING"
            ]
        ),
        "orderAdjustments": connection(
            [
                {
                    "id": f"gid://shopify/OrderAdjustment/{1_000 * refund.id + place}",
                    "reason": "REFUND_DISCREPANCY",
                    "amountSet": bag(sale.total),
                    "taxAmountSet": bag(0),
                }
                for place, sale in enumerate(refund.sales)
                if sale.line_type == "ADJUSTMENT"
            ]
        ),
        "transactions": connection(transactions),
    }


def _refund_line(order: Order, refund: Refund, sale: Sale, charge: Charge, place: int) -> Node:
    bag = order.currency.bag
    listed = listing(charge)
    units = -(sale.quantity or 0)
    worth = -sale.total if order.basket.included else sale.tax - sale.total
    return {
        "id": f"gid://shopify/RefundLineItem/{1_000 * refund.id + place}",
        "quantity": units,
        "restockType": refund.restock,
        "restocked": refund.restock != "NO_RESTOCK",
        "location": {"id": "gid://shopify/Location/1"} if refund.restock == "RETURN" else None,
        "lineItem": {
            "id": f"gid://shopify/LineItem/{charge.id}",
            "sku": listed.sku,
            "product": {"id": listed.product["id"]} if listed.product else None,
            "variant": {"id": listed.variant["id"]} if listed.variant else None,
        },
        "priceSet": bag(worth // units if units else 0),
        "subtotalSet": bag(worth),
        "totalTaxSet": bag(-sale.tax),
    }
