"""Orders as the Admin API 2026-10 gives them."""

from __future__ import annotations

from sandbox.generator.core.draw import order_tokens
from sandbox.generator.core.json_text import (
    END_OF_CONNECTION,
    connection_text,
    flag,
    plain,
    written,
)
from sandbox.generator.core.money import SHOP_CURRENCY
from sandbox.generator.core.times import DAY, iso
from sandbox.generator.nodes.addresses import address
from sandbox.generator.nodes.journeys import journey
from sandbox.generator.nodes.lines import (
    line_item,
    shipping_line,
    tax_line,
    tax_lines,
    taxes_by_rate,
)
from sandbox.generator.nodes.products import SHOP_URL
from sandbox.generator.nodes.sales import (
    APPS,
    agreement_texts,
    refund_node,
    transaction_text,
)
from sandbox.generator.nodes.totals import money_fields
from sandbox.generator.orders.orders import Fulfillment, Order

SOURCE_NAMES = {"web": "web", "pos": "pos", "draft": "shopify_draft_order"}
LOCALES = {"DE": "de", "FR": "fr", "JP": "ja"}
REASONS = ("CUSTOMER", "FRAUD", "INVENTORY", "DECLINED")
NOTE = written("Leave at the door;\nring twice 🛎")
TAGS = written(["gift", "rush;hour"])
UNKNOWN_FULFILLMENT = "AWAITING_DRONE"
UNKNOWN_FINANCIAL = "IN_INSTALMENTS"


def financial_status(order: Order) -> str:
    """The financial status as displayed; a value of tomorrow's API where that is planned."""
    return UNKNOWN_FINANCIAL if order.plan.unknown == "financial" else order.financial


def fulfillment_status(order: Order) -> str:
    """The fulfilment status as displayed; a value of tomorrow's API where that is planned."""
    return UNKNOWN_FULFILLMENT if order.plan.unknown == "fulfillment" else order.fulfillment


def _buyer(order: Order) -> str:
    """The fields that tell who bought."""
    buyer = order.buyer
    customer = entity = "null"
    if not buyer.guest:
        number = buyer.customer_id
        gid = f"gid://shopify/Customer/{number}"
        customer = f'{{"id":"{gid}","legacyResourceId":"{number}"}}'
        entity = f'{{"__typename":"Customer","id":"{gid}"}}'
        if buyer.role is not None and buyer.role.company is not None:
            entity = _purchasing_company(buyer.role.company)
    return (
        f'"email":{written(buyer.email_on_order)},"phone":{plain(buyer.phone)},'
        f'"customerAcceptsMarketing":{flag(buyer.accepts_marketing)},'
        f'"customerLocale":"{LOCALES.get(buyer.place.code, "en")}",'
        f'"customer":{customer},"purchasingEntity":{entity}'
    )


def _purchasing_company(name: str) -> str:
    return written(
        {
            "__typename": "PurchasingCompany",
            "company": {"id": "gid://shopify/Company/1", "name": name},
            "location": {"id": "gid://shopify/CompanyLocation/1", "name": "HQ"},
        }
    )


def _fulfillment(order: Order, sent: Fulfillment) -> str:
    number = 5_500_000_000_000 + order.slot
    at = iso(sent.at)
    return (
        f'{{"id":"gid://shopify/Fulfillment/{number}","legacyResourceId":"{number}",'
        f'"name":"{order.name}.1","status":"SUCCESS","displayStatus":"FULFILLED",'
        f'"createdAt":"{at}","updatedAt":"{at}","deliveredAt":null,'
        f'"estimatedDeliveryAt":"{iso(sent.at + 3 * DAY)}","inTransitAt":null,'
        f'"totalQuantity":{sent.units},"requiresShipping":true,'
        f'"trackingInfo":[{{"company":"UPS","number":"1Z{number}","url":null}}]}}'
    )


def _head(order: Order, confirmation: str) -> str:
    """The fields before the buyer's: what the order is and when what befell it."""
    slot, cancelled, reason, cancellation = order.slot, "null", "null", "null"
    if order.cancelled:
        cancelled = f'"{iso(order.cancelled)}"'
        reason = f'"{REASONS[slot % len(REASONS)]}"'
        cancellation = '{"staffNote":null}'
    closed = f'"{iso(order.closed)}"' if order.closed else "null"
    purchase = '"PO-77"' if order.plan.source == "draft" else "null"
    edited = any(each.type == "OrderEditAgreement" for each in order.agreements)
    return (
        f'"id":"gid://shopify/Order/{order.id}","legacyResourceId":"{order.id}",'
        f'"name":"{order.name}","number":{1_001 + slot},'
        f'"confirmationNumber":"{confirmation[:9].upper()}","poNumber":{purchase},'
        f'"createdAt":"{iso(order.created)}","processedAt":"{iso(order.processed)}",'
        f'"updatedAt":"{iso(order.updated)}","closedAt":{closed},'
        f'"cancelledAt":{cancelled},"cancelReason":{reason},"cancellation":{cancellation},'
        f'"test":{flag(order.test)},"confirmed":true,"edited":{flag(edited)},'
        f'"fullyPaid":{flag(order.received >= order.owed)},'
        f'"unpaid":{flag(order.received == 0 and order.owed > 0)}'
    )


def _sold(order: Order, cart_token: str, page_token: str, checkout_token: str) -> str:
    """The fields between the buyer's and the money: how the order was placed, and its sums."""
    plan, buyer, basket, slot = order.plan, order.buyer, order.basket, order.slot
    app, app_name = APPS[plan.source]
    weights = [(line, line.variant.grams) for line in basket.lines if line.variant is not None]
    goods = [line for line in basket.lines if line.line_type == "PRODUCT"]
    cart, checkout, attribution = "null", "null", "null"
    if order.web:
        cart, checkout = f'"{cart_token}"', f'"{checkout_token}"'
    elif plan.source == "pos":
        attribution = f'{{"handle":"pos","displayName":"{app_name}"}}'
    exempt = buyer.role is not None and buyer.role.company is not None
    returned = any(refund.returned for refund in order.refunds)
    gateways = dict.fromkeys([each.gateway for each in order.transactions])
    codes = basket.codes
    return (
        f'"note":{NOTE if slot % 13 == 0 else "null"},'
        f'"tags":{TAGS if slot % 11 == 0 else "[]"},"customAttributes":[],"clientIp":null,'
        f'"currencyCode":"{SHOP_CURRENCY}","presentmentCurrencyCode":"{order.currency.code}",'
        f'"taxesIncluded":{flag(basket.included)},"taxExempt":{flag(exempt)},'
        '"estimatedTaxes":false,"dutiesIncluded":false,'
        f'"displayFinancialStatus":"{financial_status(order)}",'
        f'"displayFulfillmentStatus":"{fulfillment_status(order)}",'
        f'"returnStatus":"{"RETURNED" if returned else "NO_RETURN"}",'
        f'"paymentGatewayNames":[{",".join(map(plain, gateways))}],'
        f'"cartToken":{cart},"checkoutToken":{checkout},'
        f'"statusPageUrl":"{SHOP_URL}/1/orders/{page_token}/authenticate",'
        f'"sourceName":"{SOURCE_NAMES[plan.source]}","sourceIdentifier":null,'
        f'"registeredSourceUrl":null,"app":{{"id":"{app}","name":"{app_name}"}},'
        f'"attribution":{attribution},'
        f'"discountCode":{written(codes[0]) if codes else "null"},'
        f'"discountCodes":{written(codes) if codes else "[]"},'
        f'"totalWeight":"{sum([grams * line.quantity for line, grams in weights])}",'
        f'"currentTotalWeight":"{sum([grams * line.current for line, grams in weights])}",'
        f'"subtotalLineItemsQuantity":{sum([line.quantity for line in goods])},'
        f'"currentSubtotalLineItemsQuantity":{sum([line.current for line in goods])}'
    )


def _events(order: Order, seed: int) -> str:
    """The fields between the addresses and the lines: how the order came and what followed."""
    came = journey(seed, order)
    transactions = [transaction_text(order, each) for each in order.transactions]
    fulfillments = [_fulfillment(order, each) for each in order.fulfillments]
    refunds = [refund_node(order, refund) for refund in order.refunds]
    return (
        f'"customerJourneySummary":{came},"transactions":[{",".join(transactions)}],'
        f'"fulfillments":[{",".join(fulfillments)}],'
        f'"refunds":{written(refunds) if refunds else "[]"}'
    )


def order_line(order: Order, seed: int) -> bytes:
    """An order as one JSON line.

    With its lines, money, agreements, refunds, transactions and fulfilments.
    """
    currency, charges = order.currency, order.basket.charges
    confirmation, *others = order_tokens(seed, order.slot)
    taxes = {charge.id: tax_lines(charge, currency) for charge in charges}
    levied = [tax_line(rate, cents, currency) for rate, cents in taxes_by_rate(charges)]
    shipping = [
        shipping_line(order, charge, taxes[charge.id])
        for charge in order.basket.others
        if charge.line_type == "SHIPPING"
    ]
    home = written(address(order.buyer, f"gid://shopify/MailingAddress/{order.id}"))
    lines = [line_item(order, line, taxes[line.id]) for line in order.basket.lines]
    parts = [
        f"{{{_head(order, confirmation)},{_buyer(order)},",
        f"{_sold(order, *others)},{money_fields(order)},"
        f'"taxLines":[{",".join(levied)}],'
        f'"shippingLine":{shipping[0] if shipping else "null"},'
        f'"shippingLines":{connection_text(shipping)},',
        f'"billingAddress":{home},'
        f'"shippingAddress":{"null" if order.plan.source == "pos" else home},',
        f'{_events(order, seed)},"lineItems":{{"nodes":[',
        *lines[:1],
        *[f",{line}" for line in lines[1:]],
        f"{END_OF_CONNECTION},"
        f'"agreements":{connection_text(agreement_texts(order, taxes))}}}\n',
    ]
    # each by itself, the lines too: one letter beyond ASCII makes all of a text slow to encode
    return b"".join([part.encode() for part in parts])
