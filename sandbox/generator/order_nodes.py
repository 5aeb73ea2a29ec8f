"""Order nodes as the Admin API 2026-10 gives them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.addresses import address
from sandbox.generator.draw import token
from sandbox.generator.journeys import journey
from sandbox.generator.line_nodes import (
    line_item,
    shipping_line,
    tax_line,
    taxes_by_rate,
    taxes_of,
)
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
    at = iso(sent.at)
    return {
        "id": f"gid://shopify/Fulfillment/{gid}",
        "legacyResourceId": str(gid),
        "name": f"{order.name}.1",
        "status": "SUCCESS",
        "displayStatus": "FULFILLED",
        "createdAt": at,
        "updatedAt": at,
        "deliveredAt": None,
        "estimatedDeliveryAt": iso(sent.at + 3 * DAY),
        "inTransitAt": None,
        "totalQuantity": sent.units,
        "requiresShipping": True,
        "trackingInfo": [{"company": "UPS", "number": f"1Z{gid}", "url": None}],
    }


def order_node(order: Order, seed: int) -> Node:
    """An order with its lines, money, agreements, refunds, transactions and fulfilments."""
    plan, buyer, basket, currency = order.plan, order.buyer, order.basket, order.currency
    app, app_name = APPS[plan.source]
    charges = basket.charges
    tax_lines = {charge.id: taxes_of(charge, currency) for charge in charges}
    shipping = [
        shipping_line(order, charge, tax_lines[charge.id])
        for charge in basket.others
        if charge.line_type == "SHIPPING"
    ]
    weights = [(line, line.variant.grams) for line in basket.lines if line.variant is not None]
    goods = [line for line in basket.lines if line.line_type == "PRODUCT"]
    gateways = dict.fromkeys([each.gateway for each in order.transactions])
    web, pos = plan.source == "web", plan.source == "pos"
    home = address(buyer, f"gid://shopify/MailingAddress/{order.id}")
    agreed = [each.type for each in order.agreements]
    cancelled = iso(order.cancelled) if order.cancelled else None
    reason = ("CUSTOMER", "FRAUD", "INVENTORY", "DECLINED")[order.slot % 4]
    returned = any(refund.returned for refund in order.refunds)
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
        "cancelledAt": cancelled,
        "cancelReason": reason if cancelled else None,
        "cancellation": {"staffNote": None} if cancelled else None,
        "test": order.test,
        "confirmed": True,
        "edited": "OrderEditAgreement" in agreed,
        "fullyPaid": order.received >= order.owed,
        "unpaid": order.received == 0 and order.owed > 0,
        **_buyer(order),
        "note": "Leave at the door;\nring twice 🛎" if order.slot % 13 == 0 else None,
        "tags": ["gift", "rush;hour"] if order.slot % 11 == 0 else [],
        "customAttributes": [],
        "clientIp": None,
        "currencyCode": SHOP_CURRENCY,
        "presentmentCurrencyCode": currency.code,
        "taxesIncluded": basket.included,
        "taxExempt": buyer.role is not None and buyer.role.company is not None,
        "estimatedTaxes": False,
        "dutiesIncluded": False,
        "displayFinancialStatus": financial_status(order),
        "displayFulfillmentStatus": fulfillment_status(order),
        "returnStatus": "RETURNED" if returned else "NO_RETURN",
        "paymentGatewayNames": list(gateways),
        "cartToken": token(seed, 43, order.slot) if web else None,
        "checkoutToken": order.checkout_token,
        "statusPageUrl": f"{SHOP_URL}/1/orders/{token(seed, 45, order.slot)}/authenticate",
        "sourceName": SOURCE_NAMES[plan.source],
        "sourceIdentifier": None,
        "registeredSourceUrl": None,
        "app": {"id": app, "name": app_name},
        "attribution": {"handle": "pos", "displayName": app_name} if pos else None,
        "discountCode": basket.codes[0] if basket.codes else None,
        "discountCodes": basket.codes,
        "totalWeight": str(sum([grams * line.quantity for line, grams in weights])),
        "currentTotalWeight": str(sum([grams * line.current for line, grams in weights])),
        "subtotalLineItemsQuantity": sum([line.quantity for line in goods]),
        "currentSubtotalLineItemsQuantity": sum([line.current for line in goods]),
        **money_fields(order),
        "taxLines": [tax_line(*tax, currency) for tax in taxes_by_rate(charges)],
        "shippingLine": shipping[0] if shipping else None,
        "shippingLines": connection(shipping),
        "billingAddress": home,
        "shippingAddress": None if pos else home,
        "customerJourneySummary": journey(
            seed, order.slot, order.created, order.index, buyer.canonical, web
        ),
        "transactions": [transaction_node(order, each) for each in order.transactions],
        "fulfillments": [_fulfillment(order, each) for each in order.fulfillments],
        "refunds": [refund_node(order, refund) for refund in order.refunds],
        "lineItems": connection(
            [line_item(order, line, tax_lines[line.id]) for line in basket.lines]
        ),
        "agreements": connection(agreement_nodes(order, tax_lines)),
    }
