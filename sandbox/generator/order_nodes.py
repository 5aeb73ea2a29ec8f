"""Order nodes as the Admin API 2026-10 gives them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.addresses import address
from sandbox.generator.draw import token
from sandbox.generator.journeys import journey
from sandbox.generator.line_nodes import line_item, order_tax_lines, shipping_line
from sandbox.generator.money import SHOP_CURRENCY
from sandbox.generator.orders import Fulfillment, Order
from sandbox.generator.product_nodes import SHOP_URL, connection
from sandbox.generator.sales_nodes import (
    APPS,
    agreement_nodes,
    refund_node,
    transaction_node,
)
from sandbox.generator.times import DAY, iso
from sandbox.generator.totals import money_fields

Node = dict[str, Any]

SOURCE_NAMES = {"web": "web", "pos": "pos", "draft": "shopify_draft_order"}
UNKNOWN_FULFILLMENT = "AWAITING_DRONE"
UNKNOWN_FINANCIAL = "IN_INSTALMENTS"


def financial_status(order: Order) -> str:
    """The financial status as displayed; a value of tomorrow's API where that is planned."""
    return UNKNOWN_FINANCIAL if order.plan.unknown == "financial" else order.financial


def fulfillment_status(order: Order) -> str:
    """The fulfilment status as displayed; a value of tomorrow's API where that is planned."""
    return UNKNOWN_FULFILLMENT if order.plan.unknown == "fulfillment" else order.fulfillment


def _buyer(order: Order) -> Node:
    """The fields that tell who bought."""
    buyer = order.buyer
    customer = f"gid://shopify/Customer/{buyer.customer_id}"
    entity: Node | None = {"__typename": "Customer", "id": customer}
    if buyer.role is not None and buyer.role.company is not None:
        entity = {
            "__typename": "PurchasingCompany",
            "company": {"id": "gid://shopify/Company/1", "name": buyer.role.company},
            "location": {"id": "gid://shopify/CompanyLocation/1", "name": "HQ"},
        }
    return {
        "email": buyer.email_on_order,
        "phone": buyer.phone,
        "customerAcceptsMarketing": buyer.accepts_marketing,
        "customerLocale": {"DE": "de", "FR": "fr", "JP": "ja"}.get(buyer.place.code, "en"),
        "customer": None
        if buyer.guest
        else {"id": customer, "legacyResourceId": str(buyer.customer_id)},
        "purchasingEntity": None if buyer.guest else entity,
    }


def _fulfillment(order: Order, sent: Fulfillment) -> Node:
    gid = 5_500_000_000_000 + order.slot
    return {
        "id": f"gid://shopify/Fulfillment/{gid}",
        "legacyResourceId": str(gid),
        "name": f"{order.name}.1",
        "status": "SUCCESS",
        "displayStatus": "FULFILLED",
        "createdAt": iso(sent.at),
        "updatedAt": iso(sent.at),
        "deliveredAt": None,
        "estimatedDeliveryAt": iso(sent.at + 3 * DAY),
        "inTransitAt": None,
        "totalQuantity": sent.units,
        "requiresShipping": True,
        "trackingInfo": [{"company": "UPS", "number": f"1Z{gid}", "url": None}],
    }


def order_node(order: Order, seed: int) -> Node:
    """An order with its lines, money, agreements, refunds, transactions and fulfilments."""
    plan, buyer, basket = order.plan, order.buyer, order.basket
    app, app_name = APPS[plan.source]
    shipping = [
        shipping_line(order, charge)
        for charge in basket.others
        if charge.line_type == "SHIPPING"
    ]
    weights = [(line, line.variant.grams) for line in order.line_items if line.variant]
    gateways = dict.fromkeys(each.gateway for each in order.transactions)
    web = plan.source == "web"
    place = f"gid://shopify/MailingAddress/{order.id}"
    return {
        "id": f"gid://shopify/Order/{order.id}",
        "legacyResourceId": str(order.id),
        "name": order.name,
        "number": 1_001 + order.slot,
        "confirmationNumber": token(seed, 41, order.slot)[:9].upper(),
        "poNumber": "PO-77" if plan.source == "draft" else None,
        "createdAt": iso(order.created),
        "processedAt": iso(order.processed),
        "updatedAt": iso(order.updated),
        "closedAt": iso(order.closed) if order.closed else None,
        "cancelledAt": iso(order.cancelled) if order.cancelled else None,
        "cancelReason": ("CUSTOMER", "FRAUD", "INVENTORY", "DECLINED")[order.slot % 4]
        if order.cancelled
        else None,
        "cancellation": {"staffNote": None} if order.cancelled else None,
        "test": order.test,
        "confirmed": True,
        "edited": any(each.type == "OrderEditAgreement" for each in order.agreements),
        "fullyPaid": order.received >= order.owed,
        "unpaid": order.received == 0 and order.owed > 0,
        **_buyer(order),
        "note": "Leave at the door;\nring twice 🛎" if order.slot % 13 == 0 else None,
        "tags": ["gift", "rush;hour"] if order.slot % 11 == 0 else [],
        "customAttributes": [],
        "clientIp": None,
        "currencyCode": SHOP_CURRENCY,
        "presentmentCurrencyCode": order.currency.code,
        "taxesIncluded": basket.included,
        "taxExempt": buyer.role is not None and buyer.role.company is not None,
        "estimatedTaxes": False,
        "dutiesIncluded": False,
        "displayFinancialStatus": financial_status(order),
        "displayFulfillmentStatus": fulfillment_status(order),
        "returnStatus": "RETURNED"
        if any(refund.returned for refund in order.refunds)
        else "NO_RETURN",
        "paymentGatewayNames": list(gateways),
        "cartToken": token(seed, 43, order.slot) if web else None,
        "checkoutToken": order.checkout_token,
        "statusPageUrl": f"{SHOP_URL}/1/orders/{token(seed, 45, order.slot)}/authenticate",
        "sourceName": SOURCE_NAMES[plan.source],
        "sourceIdentifier": None,
        "registeredSourceUrl": None,
        "app": {"id": app, "name": app_name},
        "attribution": {"handle": "pos", "displayName": app_name}
        if plan.source == "pos"
        else None,
        "discountCode": basket.codes[0] if basket.codes else None,
        "discountCodes": basket.codes,
        "totalWeight": str(sum(grams * line.quantity for line, grams in weights)),
        "currentTotalWeight": str(sum(grams * line.current for line, grams in weights)),
        "subtotalLineItemsQuantity": order.quantity(current=False),
        "currentSubtotalLineItemsQuantity": order.quantity(current=True),
        **money_fields(order),
        "taxLines": order_tax_lines(order),
        "shippingLine": shipping[0] if shipping else None,
        "shippingLines": connection(shipping),
        "billingAddress": address(buyer, place),
        "shippingAddress": address(buyer, place) if plan.source != "pos" else None,
        "customerJourneySummary": journey(
            seed, order.slot, order.created, order.index, buyer.canonical, web
        ),
        "transactions": [transaction_node(order, each) for each in order.transactions],
        "fulfillments": [_fulfillment(order, each) for each in order.fulfillments],
        "refunds": [refund_node(order, refund) for refund in order.refunds],
        "lineItems": connection([line_item(order, line) for line in order.line_items]),
        "agreements": connection(agreement_nodes(order)),
    }
