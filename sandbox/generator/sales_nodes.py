"""Agreements, refunds and transactions as the Admin API gives them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.charges import LINE_ITEMS, SALE_TYPES, Charge, Sale
from sandbox.generator.line_nodes import listing
from sandbox.generator.orders import Agreement, Order, Refund, Transaction
from sandbox.generator.product_nodes import connection
from sandbox.generator.times import iso

Node = dict[str, Any]
TaxLines = dict[int, list[Node]]
"""The tax lines of an order's charges, by the charge's id."""

APPS = {
    "web": ("gid://shopify/App/580111", "Online Store"),
    "pos": ("gid://shopify/App/129785", "Point of Sale"),
    "draft": ("gid://shopify/App/1354745", "Draft Orders"),
}
UNKNOWN_TRANSACTION_STATUS = "HELD_FOR_REVIEW"


def transaction_node(order: Order, transaction: Transaction) -> Node:
    """A transaction of an order."""
    status = transaction.status
    if order.plan.unknown == "transaction":
        status = UNKNOWN_TRANSACTION_STATUS
    parent = transaction.parent
    return {
        "id": f"gid://shopify/OrderTransaction/{transaction.id}",
        "kind": transaction.kind,
        "status": status,
        "gateway": transaction.gateway,
        "formattedGateway": transaction.gateway.replace("_", " ").title(),
        "test": order.test,
        "createdAt": iso(transaction.at),
        "processedAt": iso(transaction.at),
        "paymentId": f"c{transaction.id}.1",
        "errorCode": transaction.error,
        "amountSet": order.currency.bag(transaction.amount),
        "parentTransaction": {"id": f"gid://shopify/OrderTransaction/{parent}"}
        if parent
        else None,
    }


def _subject(charge: Charge) -> Node:
    """The field of a sale that names what was sold, given back or levied."""
    if charge.line_type in LINE_ITEMS:
        return {"lineItem": {"id": f"gid://shopify/LineItem/{charge.id}"}}
    if charge.line_type == "SHIPPING":
        gid = f"gid://shopify/ShippingLine/{charge.id}"
        return {"shippingLine": {"id": gid, "title": charge.title}}
    if charge.line_type == "DUTY":
        return {"duty": {"id": f"gid://shopify/Duty/{charge.id}"}}
    if charge.line_type == "FEE":
        return {"fee": {"id": f"gid://shopify/Fee/{charge.id}"}}
    gid = f"gid://shopify/SaleAdditionalFee/{charge.id}"
    return {"additionalFee": {"id": gid, "name": charge.title}}


def sale_node(order: Order, sale: Sale, number: int, tax_lines: TaxLines) -> Node:
    """A sale, with the number that makes its id."""
    bag = order.currency.bag
    type = SALE_TYPES[sale.line_type]
    charge = sale.charge
    node: Node = {
        "__typename": type,
        "id": f"gid://shopify/{type}/{number}",
        "actionType": sale.action,
        "lineType": sale.line_type,
        "quantity": sale.quantity,
        "totalAmount": bag(sale.total),
        "totalDiscountAmountBeforeTaxes": bag(sale.discount_before),
        "totalDiscountAmountAfterTaxes": bag(sale.discount_after),
        "totalTaxAmount": bag(sale.tax),
        "taxes": [],
    }
    if charge is not None:
        node.update(_subject(charge))
        node["taxes"] = [
            {
                "id": f"gid://shopify/SaleTax/{10 * number + place}",
                "amount": bag(cents),
                "taxLine": tax_lines[charge.id][place],
            }
            for place, cents in enumerate(sale.taxes)
        ]
    return node


def _agreement(
    order: Order, agreement: Agreement, number: int, sold: int, tax_lines: TaxLines
) -> Node:
    app, title = APPS[order.plan.source]
    node: Node = {
        "__typename": agreement.type,
        "id": f"gid://shopify/{agreement.type}/{number}",
        "happenedAt": iso(agreement.at),
        "reason": agreement.reason,
        "app": {"id": app, "title": title},
        "user": None,
        "sales": connection(
            [
                sale_node(order, sale, sale_number, tax_lines)
                for sale_number, sale in enumerate(
                    agreement.sales, start=10_000 * (order.slot + 1) + sold
                )
            ]
        ),
    }
    if agreement.refund is not None:
        node["refund"] = {"id": f"gid://shopify/Refund/{agreement.refund.id}"}
    return node


def agreement_nodes(order: Order, tax_lines: TaxLines) -> list[Node]:
    """The agreements of an order, in the order they were made."""
    nodes: list[Node] = []
    sold = 1
    for number, agreement in enumerate(order.agreements, start=100 * (order.slot + 1)):
        nodes.append(_agreement(order, agreement, number, sold, tax_lines))
        sold += len(agreement.sales)
    return nodes


def refund_node(order: Order, refund: Refund) -> Node:
    """A refund with its lines, shipping, adjustments and transaction."""
    bag = order.currency.bag
    money = refund.transaction
    transactions = [transaction_node(order, money)] if money is not None else []
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
                    "shippingLine": _subject(sale.charge)["shippingLine"],
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
