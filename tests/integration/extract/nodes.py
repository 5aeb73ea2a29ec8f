"""Nodes as Shopify has them, and a small store of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Node = dict[str, Any]
FIRST_DAY, LAST_DAY = "2026-03-02T10:00:00Z", "2026-11-20T10:00:00Z"


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://shopify/{kind}/{number}"


def money(amount: str) -> Node:
    """An amount in euros, the shop's currency and the buyer's."""
    one = {"amount": amount, "currencyCode": "EUR"}
    return {"shopMoney": one, "presentmentMoney": one}


def connection(*nodes: Node) -> Node:
    """Nodes as a connection that holds them all."""
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def node(of: str, tail: int, /, **fields: Any) -> Node:
    """A node with the ids that all have."""
    return {"id": gid(of, tail), "legacyResourceId": str(tail), **fields}


def order(
    number: int, lines: int, at: str = FIRST_DAY, refunds: list[Node] | None = None
) -> Node:
    """An order of so many lines, of one euro each, and the agreement that it began with."""
    line_nodes = [
        node("LineItem", number * 1000 + line, quantity=1, originalTotalSet=money("1.0"))
        for line in range(lines)
    ]
    sales = [
        {
            "__typename": "ProductSale",
            "id": gid("ProductSale", number * 1000 + line),
            "actionType": "ORDER",
            "lineType": "PRODUCT",
            "quantity": 1,
            "totalAmount": money("1.0"),
            "lineItem": {"id": gid("LineItem", number * 1000 + line)},
        }
        for line in range(lines)
    ]
    agreement = {
        "__typename": "OrderAgreement",
        "id": gid("OrderAgreement", number),
        "happenedAt": at,
        "reason": "ORDER",
        "sales": connection(*sales),
    }
    return node(
        "Order",
        number,
        name=f"#{number}",
        number=number,
        email=f"buyer{number}@shop.example",
        createdAt=at,
        processedAt=at,
        updatedAt=at,
        test=False,
        refunds=refunds or [],
        lineItems=connection(*line_nodes),
        agreements=connection(agreement),
    )


def refund(number: int, order_number: int, lines: int, at: str = FIRST_DAY) -> Node:
    """A refund with so many lines, 7 shipping lines, 6 adjustments and 8 transactions."""

    def children(of: str, count: int, /, **fields: Any) -> Node:
        return connection(*(node(of, number * 1000 + i, **fields) for i in range(count)))

    amounts = {"amountSet": money("1.0"), "taxAmountSet": money("0.0")}
    return node(
        "Refund",
        number,
        createdAt=at,
        processedAt=at,
        updatedAt=at,
        note=None,
        totalRefundedSet=money("1.0"),
        duties=None,
        refundLineItems=children(
            "RefundLineItem",
            lines,
            quantity=1,
            restockType="RETURN",
            restocked=True,
            lineItem={"id": gid("LineItem", order_number * 1000)},
            priceSet=money("1.0"),
            subtotalSet=money("1.0"),
            totalTaxSet=money("0.0"),
        ),
        refundShippingLines=children(
            "RefundShippingLine", 7, subtotalAmountSet=money("1.0"), taxAmountSet=money("0.0")
        ),
        orderAdjustments=children("OrderAdjustment", 6, reason="OTHER", **amounts),
        transactions=children(
            "OrderTransaction", 8, kind="REFUND", status="SUCCESS", amountSet=money("1.0")
        ),
    )


def product(number: int, variants: int, at: str = FIRST_DAY) -> Node:
    """A product of so many variants, which it states, and no media."""
    nodes = [
        node("ProductVariant", number * 1000 + i, title=str(i), updatedAt=at)
        for i in range(variants)
    ]
    return node(
        "Product",
        number,
        title=f"Product {number}",
        createdAt=at,
        updatedAt=at,
        variantsCount={"count": variants, "precision": "EXACT"},
        mediaCount={"count": 0, "precision": "EXACT"},
        variants=connection(*nodes),
        media=connection(),
    )


def customer(number: int, at: str = FIRST_DAY) -> Node:
    """A customer without an address."""
    return node(
        "Customer",
        number,
        firstName=f"Customer {number}",
        createdAt=at,
        updatedAt=at,
        addressesV2=connection(),
    )


def checkout(number: int, at: str = FIRST_DAY) -> Node:
    """An abandoned checkout of one line."""
    line = node("AbandonedCheckoutLineItem", number * 1000, quantity=1)
    return node(
        "AbandonedCheckout",
        number,
        name=f"#C{number}",
        createdAt=at,
        updatedAt=at,
        lineItems=connection(line),
    )


def write_store(folder: Path) -> Path:
    """Write the store: 3 orders with 6 lines, 1 refund, 2 products, 2 customers, 1 checkout."""
    shop = {
        "id": gid("Shop", 1),
        "name": "Corner",
        "myshopifyDomain": "corner.myshopify.com",
        "primaryDomain": {"host": "corner.example", "url": "https://corner.example"},
        "ianaTimezone": "Europe/Berlin",
        "currencyCode": "EUR",
        "enabledPresentmentCurrencies": ["EUR"],
        "taxesIncluded": True,
        "weightUnit": "KILOGRAMS",
        "createdAt": "2025-01-01T00:00:00Z",
        "updatedAt": "2025-01-01T00:00:00Z",
        "plan": {
            "publicDisplayName": "Basic",
            "partnerDevelopment": False,
            "shopifyPlus": False,
        },
        "_now": "2026-11-23T00:00:00Z",
    }
    variant = node("ProductVariant", 31, title="Small", price="1.00", updatedAt=FIRST_DAY)
    picture = {"__typename": "MediaImage", "id": gid("MediaImage", 41), "alt": None}
    address = {"id": gid("MailingAddress", 51) + "?model_name=CustomerAddress", "city": "Ulm"}
    times = {"createdAt": FIRST_DAY, "updatedAt": FIRST_DAY}
    files: dict[str, list[Node]] = {
        "products": [
            node(
                "Product",
                21,
                title="Cup",
                **times,
                variants=connection(variant),
                media=connection(picture),
            ),
            node(
                "Product", 22, title="Jug", **times, variants=connection(), media=connection()
            ),
        ],
        "customers": [
            node("Customer", 11, firstName="Ada", **times, addressesV2=connection(address)),
            node("Customer", 12, firstName="Bo", **times, addressesV2=connection()),
        ],
        "orders": [
            order(1, lines=3),
            order(2, lines=1, refunds=[refund(71, 2, lines=120)]),
            order(3, lines=2, at=LAST_DAY),
        ],
        "abandoned_checkouts": [
            node(
                "AbandonedCheckout",
                61,
                name="#C61",
                **times,
                lineItems=connection(node("AbandonedCheckoutLineItem", 62, quantity=1)),
            )
        ],
        "events": [],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.json").write_text(json.dumps(shop), encoding="utf-8")
    for name, nodes in files.items():
        text = "".join(json.dumps(found) + "\n" for found in nodes)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder
