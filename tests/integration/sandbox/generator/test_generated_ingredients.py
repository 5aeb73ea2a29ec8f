"""What a generated store must hold, because real samples lack it.

The rule: docs/reference/store-shape.md#cases-that-break-naive-code
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

Node = dict[str, Any]
FIRST_BIG = 2**53


def _amount(bag: Node) -> float:
    return float(bag["shopMoney"]["amount"])


def _sales(order: Node) -> list[tuple[str, str, str]]:
    """Agreement type, line type and action of each sale."""
    return [
        (agreement["__typename"], sale["lineType"], sale["actionType"])
        for agreement in order["agreements"]["nodes"]
        for sale in agreement["sales"]["nodes"]
    ]


def _emails(nodes: list[Node]) -> list[str]:
    return [(node["defaultEmailAddress"] or {}).get("emailAddress") or "" for node in nodes]


def _order_words(order: Node) -> Iterator[str]:
    """The ingredients that one order is an example of."""
    lines = order["lineItems"]["nodes"]
    yield f"financial {order['displayFinancialStatus']}"
    yield f"fulfillment {order['displayFulfillmentStatus']}"
    yield f"presentment {order['presentmentCurrencyCode']}"
    yield f"source {order['sourceName']}"
    yield from (f"sale {' '.join(words)}" for words in _sales(order))
    yield from (
        f"transaction {each['kind']} {each['status']}" for each in order["transactions"]
    )
    for line in lines:
        yield from (
            f"discount {each['discountApplication']['__typename']}"
            for each in line["discountAllocations"]
        )
        if line["isGiftCard"]:
            yield "gift card line"
            if line["discountAllocations"]:
                yield "discounted gift card"
        if line["product"] is None and line["sku"]:
            yield "deleted product on a line"
        if line["currentQuantity"] < line["quantity"]:
            yield "quantity reduced"
    facts = {
        "guest with e-mail": not order["customer"] and order["email"],
        "guest without e-mail": not order["customer"] and not order["email"],
        "taxes included": order["taxesIncluded"] and _amount(order["totalTaxSet"]),
        "taxes added": not order["taxesIncluded"] and _amount(order["totalTaxSet"]),
        "shipping with tax": order["shippingLine"] and order["shippingLine"]["taxLines"],
        "tip": _amount(order["totalTipReceivedSet"]) > 0,
        "duties": order["originalTotalDutiesSet"],
        "test order": order["test"],
        "edited": order["edited"],
        "free order": _amount(order["originalTotalPriceSet"]) == 0,
        "imported": order["processedAt"] != order["createdAt"],
        "updated later": order["updatedAt"] > order["createdAt"],
        "more than 250 lines": len(lines) > 250,
        "order id beyond 2^53": int(order["legacyResourceId"]) >= FIRST_BIG,
        "gift card tender": "gift_card" in order["paymentGatewayNames"],
        "company": (order["purchasingEntity"] or {}).get("company"),
        "shipping discounted": "FREESHIP" in order["discountCodes"],
    }
    yield from (word for word, true in facts.items() if true)
    yield from _cancel_words(order)
    yield from _refund_words(order)
    visit = (order["customerJourneySummary"] or {}).get("firstVisit")
    if visit:
        yield "utm" if visit["utmParameters"] else "visit without utm"
        if visit["referrerUrl"]:
            yield "referrer"


def _cancel_words(order: Node) -> Iterator[str]:
    if order["cancelledAt"]:
        paid, back = _amount(order["totalReceivedSet"]), _amount(order["totalRefundedSet"])
        yield "cancelled unpaid" if not paid else "cancelled after payment"
        if len(order["refunds"]) > 1:
            yield "cancelled after a partial refund"
        if 0 < back < paid:
            yield "cancelled, money kept"


def _refund_words(order: Node) -> Iterator[str]:
    for refund in order["refunds"]:
        returned = refund["refundLineItems"]["nodes"]
        shipped = refund["refundShippingLines"]["nodes"]
        adjusted = [_amount(each["amountSet"]) for each in refund["orderAdjustments"]["nodes"]]
        facts = {
            "refund of shipping only": shipped and not returned,
            "refund without lines": adjusted and not returned,
            "adjustment positive": any(amount > 0 for amount in adjusted),
            "adjustment negative": any(amount < 0 for amount in adjusted),
            "refund of 0.00": _amount(refund["totalRefundedSet"]) == 0,
            "refund in a later month": refund["createdAt"][:7] > order["createdAt"][:7],
            "refund through a return": refund["return"],
            "refund of duties": refund["duties"],
        }
        yield from (word for word, true in facts.items() if true)
        yield from (f"restock {line['restockType']}" for line in returned)


def _customer_words(customers: list[Node]) -> Iterator[str]:
    emails = _emails(customers)
    folded = Counter(email.lower() for email in set(emails))
    if any(count > 1 for count in folded.values()):
        yield "two customers share an e-mail but for its case"
    for customer, email in zip(customers, emails, strict=True):
        name = customer["displayName"]
        numbered = int(customer["numberOfOrders"])
        facts = {
            "customer with several orders": numbered > 1,
            "customer without orders": numbered == 0,
            "plus tag": "+promo@" in email,
            "invalid e-mail": customer["defaultEmailAddress"] and "@" not in email,
            "trailing blank": email != email.strip(),
            "phone only": not email and customer["defaultPhoneNumber"],
            "null name": customer["firstName"] is None and email,
            "redacted": not email and not customer["defaultPhoneNumber"] and not name,
            "emoji name": "🦊" in name,
            "right-to-left name": re.search("[\u0600-\u06ff]", name),
            "CJK name": re.search("[\u4e00-\u9fff]", name),
            "apostrophe name": "'" in name,
            "combining marks": "\u0301" in name,
            "long name": len(customer["firstName"] or "") > 255,
            "customer id beyond 2^53": int(customer["legacyResourceId"]) >= FIRST_BIG,
            "many addresses": len(customer["addressesV2"]["nodes"]) > 10,
            "no address": not customer["addressesV2"]["nodes"],
        }
        yield from (word for word, true in facts.items() if true)


def _checkout_words(
    checkouts: list[Node], orders: list[Node], customers: list[Node]
) -> Iterator[str]:
    placed = {order["checkoutToken"]: order for order in orders}
    known = {customer["id"] for customer in customers}
    for checkout in checkouts:
        token = re.search(r"/([0-9a-f]{32})/recover", checkout["abandonedCheckoutUrl"])[1]
        order, done, buyer = placed.get(token), checkout["completedAt"], checkout["customer"]
        created, now = checkout["createdAt"], "2026-11-23T00:00:00Z"
        facts = {
            "checkout pending": not order and not done and created > "2026-11-22T00:00:00Z",
            "checkout abandoned": not order and not done and created < "2026-11-22T00:00:00Z",
            "checkout just 24 h old": created == "2026-11-22T00:00:00Z",
            "checkout recovered": order and done and created[:10] < order["createdAt"][:10],
            "checkout recovered, not completed": order and not done,
            "checkout completed without order": done and not order,
            "checkout of a known customer": buyer and buyer["id"] in known,
            "checkout of an unknown customer": buyer and buyer["id"] not in known,
            "checkout of nobody": not buyer,
            "checkout in another currency": "JPY" in str(checkout["totalPriceSet"]),
            "checkout with a newer address": "/checkouts/cn/"
            in checkout["abandonedCheckoutUrl"],
        }
        assert created < now
        yield from (word for word, true in facts.items() if true)


def _product_words(products: list[Node], events: list[Node]) -> Iterator[str]:
    for product in products:
        yield f"product {product['status']}"
        facts = {
            "several variants": len(product["variants"]["nodes"]) > 3,
            "more than 50 variants": len(product["variants"]["nodes"]) > 50,
            "HTML description": "<script>" in product["descriptionHtml"],
            "media": len(product["media"]["nodes"]) > 1,
            "gift card product": product["isGiftCard"],
        }
        yield from (word for word, true in facts.items() if true)
    yield from (f"event {event['action']} {event['subjectType']}" for event in events)


def _store_words(orders: list[Node]) -> Iterator[str]:
    updated = Counter(order["updatedAt"] for order in orders)
    if max(updated.values()) >= 10:
        yield "equal updatedAt on many orders"
    created = [order["createdAt"] for order in orders]
    if {"2025-11-02T05:30:00Z", "2025-11-02T06:30:00Z"} <= set(created):
        yield "the hour that comes twice"
    pairs = Counter(
        (order["createdAt"], order["customer"]["id"]) for order in orders if order["customer"]
    )
    if max(pairs.values()) > 1:
        yield "two orders in one second"


INGREDIENTS = """
customer with several orders; customer without orders; guest with e-mail; guest without e-mail
two customers share an e-mail but for its case; plus tag; invalid e-mail; trailing blank
phone only; null name; redacted; emoji name; right-to-left name; CJK name; apostrophe name
combining marks; long name; customer id beyond 2^53; order id beyond 2^53; many addresses
no address; company
checkout pending; checkout abandoned; checkout just 24 h old; checkout recovered
checkout recovered, not completed; checkout completed without order
checkout of a known customer; checkout of an unknown customer; checkout of nobody
checkout in another currency; checkout with a newer address
discount DiscountCodeApplication; discount AutomaticDiscountApplication
discount ManualDiscountApplication; shipping discounted; free order
taxes included; taxes added; shipping with tax; tip; duties; test order; edited; imported
gift card line; discounted gift card; gift card tender; gift card product
sale OrderAgreement PRODUCT ORDER; sale OrderAgreement SHIPPING ORDER
sale OrderAgreement GIFT_CARD ORDER; sale OrderAgreement TIP ORDER
sale OrderAgreement DUTY ORDER; sale OrderAgreement FEE ORDER
sale OrderAgreement ADDITIONAL_FEE ORDER; sale OrderEditAgreement PRODUCT ORDER
sale OrderEditAgreement PRODUCT UPDATE; sale OrderEditAgreement PRODUCT RETURN
sale RefundAgreement PRODUCT RETURN; sale RefundAgreement SHIPPING RETURN
sale RefundAgreement ADJUSTMENT RETURN; sale RefundAgreement GIFT_CARD RETURN
sale RefundAgreement TIP RETURN; sale RefundAgreement DUTY RETURN
cancelled unpaid; cancelled after payment; cancelled after a partial refund
cancelled, money kept; quantity reduced
refund of shipping only; refund without lines; adjustment positive; adjustment negative
refund of 0.00; refund in a later month; refund through a return; refund of duties
restock RETURN; restock CANCEL; restock NO_RESTOCK
presentment EUR; presentment JPY; presentment KWD; presentment GBP; presentment USD
financial PAID; financial PENDING; financial AUTHORIZED; financial PARTIALLY_PAID
financial EXPIRED; financial VOIDED; financial REFUNDED; financial PARTIALLY_REFUNDED
financial IN_INSTALMENTS; fulfillment AWAITING_DRONE; transaction SALE HELD_FOR_REVIEW
fulfillment FULFILLED; fulfillment PARTIALLY_FULFILLED; fulfillment UNFULFILLED
fulfillment ON_HOLD; transaction AUTHORIZATION SUCCESS; transaction CAPTURE SUCCESS
transaction VOID SUCCESS; transaction REFUND SUCCESS; transaction SALE FAILURE
transaction SALE PENDING
more than 250 lines; equal updatedAt on many orders; the hour that comes twice
two orders in one second; updated later; deleted product on a line
product ACTIVE; product ARCHIVED; product DRAFT; product UNLISTED
several variants; more than 50 variants; HTML description; media; event destroy PRODUCT
source web; source pos; source shopify_draft_order; utm; visit without utm; referrer
"""
NAMES = [name.strip() for name in re.split(r"[;\n]", INGREDIENTS) if name.strip()]


@pytest.fixture(scope="module")
def found(generated, orders, customers, checkouts, products) -> Counter[str]:
    """How often each ingredient occurs in the store of 600 orders."""
    words = Counter(word for order in orders for word in _order_words(order))
    words.update(_customer_words(customers))
    words.update(_checkout_words(checkouts, orders, customers))
    words.update(_product_words(products, generated.nodes("events")))
    words.update(_store_words(orders))
    return words


def test_every_ingredient_occurs(found):
    """Nothing of the list is absent from a store of 600 orders."""
    assert [name for name in NAMES if not found[name]] == []


def test_text_order_of_ids_differs_from_numbers(orders):
    """Of two orders of one second, the second's id comes first when ids are read as text."""
    twins = Counter(order["createdAt"] for order in orders)
    (moment,) = [at for at, count in twins.items() if count > 1 and at[:10] == "2026-06-15"]
    ids = [order["legacyResourceId"] for order in orders if order["createdAt"] == moment]

    assert sorted(ids) != sorted(ids, key=int)
