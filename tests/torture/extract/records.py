"""The records that a store of the torture is made of, with as much below them as wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Node = dict[str, Any]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD_ORDERS = 8  # the first ones are older than the 60 days that an app sees by itself
TIES_FROM = 92  # the records from this number on have one and the same updatedAt
REFUNDED = range(40, 94)  # orders with a refund: more than one search by ids names
TEXT = 'Grüße </b> & "Söhne" \\ / \u2028 \U0001f600'  # two ways of writing JSON differ in it


def stamp(moment: datetime) -> str:
    """A time as the API writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def changed_at(number: int) -> str:
    """When record of this number changed last: later for later ones, some at one time."""
    return stamp(NOW - timedelta(hours=3) + timedelta(minutes=min(number, TIES_FROM)))


def node(of: str, number: int, /, **fields: Any) -> Node:
    """A node with its id."""
    return {"id": f"gid://shopify/{of}/{number}", **fields}


def connection(nodes: list[Node]) -> Node:
    """Nodes as a connection that holds them all."""
    return {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}


def money(amount: str) -> Node:
    """An amount in the shop's currency and the buyer's."""
    one = {"amount": amount, "currencyCode": "EUR"}
    return {"shopMoney": one, "presentmentMoney": one}


def order(number: int, lines: int = 1, agreements: int = 1, at: str = "") -> Node:
    """An order of so many lines; the sales of its first agreement are as many, of the
    fifteenth 105, of each other one 1."""
    created = NOW - timedelta(days=90 if number <= OLD_ORDERS else 20)
    made = [agreement(number, place, lines) for place in range(agreements)]
    return node(
        "Order",
        number,
        name=f"#{number}",
        createdAt=stamp(created),
        updatedAt=at or changed_at(number),
        note=TEXT,
        subtotalLineItemsQuantity=lines,
        currentTotalPriceSet=money(f"{sum(len(each['sales']['nodes']) for each in made)}.0"),
        refunds=[refund(number)] if number in REFUNDED else [],
        lineItems=connection(
            [node("LineItem", number * 1000 + place, quantity=1) for place in range(lines)]
        ),
        agreements=connection(made),
    )


def agreement(number: int, place: int, lines: int) -> Node:
    """An agreement on an order, and its sales."""
    sales = {0: lines, 14: 105}.get(place, 1)
    first = number * 1_000_000 + place * 1000
    return node(
        "OrderAgreement",
        number * 1000 + place,
        __typename="OrderAgreement",
        happenedAt=changed_at(number),
        reason="ORDER",
        sales=connection(
            [
                node(
                    "ProductSale",
                    first + sale,
                    __typename="ProductSale",
                    quantity=1,
                    totalAmount=money("1.0"),
                )
                for sale in range(sales)
            ]
        ),
    )


def refund(number: int, place: int = 0, lines: int = 1, at: str = "") -> Node:
    """A refund of an order; one with many lines has more of all below it than a page."""
    many = 7 if lines > 1 else 1
    first = (number * 10 + place) * 1000

    def below(of: str, count: int) -> Node:
        return connection([node(of, first + each) for each in range(count)])

    return node(
        "Refund",
        number * 10 + place,
        createdAt=at or changed_at(number),
        updatedAt=at or changed_at(number),
        note=TEXT,
        refundLineItems=below("RefundLineItem", lines),
        refundShippingLines=below("RefundShippingLine", many),
        orderAdjustments=below("OrderAdjustment", many),
        transactions=below("OrderTransaction", many),
    )


def customer(number: int, addresses: int = 1, at: str = "") -> Node:
    """A customer with so many addresses."""
    at = at or changed_at(number)
    first = number * 1000
    return node(
        "Customer",
        number,
        createdAt=at,
        updatedAt=at,
        firstName=TEXT,
        addressesV2=connection(
            [
                {
                    "id": f"gid://shopify/MailingAddress/{first + place}"
                    "?model_name=CustomerAddress"
                }
                for place in range(addresses)
            ]
        ),
    )


def product(number: int, variants: int = 1, media: int = 1, at: str = "") -> Node:
    """A product with so many variants and media."""
    at = at or changed_at(number)
    first = number * 1000
    images = [
        node("MediaImage", first + place, __typename="MediaImage") for place in range(media)
    ]
    return node(
        "Product",
        number,
        title=TEXT,
        createdAt=at,
        updatedAt=at,
        variantsCount={"count": variants, "precision": "EXACT"},
        mediaCount={"count": media, "precision": "EXACT"},
        variants=connection(
            [node("ProductVariant", first + place, updatedAt=at) for place in range(variants)]
        ),
        media=connection(images),
    )


def checkout(number: int, lines: int = 1, at: str = "") -> Node:
    """An abandoned checkout of so many lines."""
    at = at or changed_at(number)
    first = number * 1000
    return node(
        "AbandonedCheckout",
        number,
        name=f"#C{number}",
        createdAt=at,
        updatedAt=at,
        note=TEXT,
        totalLineItemsPriceSet=money(f"{lines}.0"),
        lineItems=connection(
            [
                node(
                    "AbandonedCheckoutLineItem",
                    first + place,
                    quantity=1,
                    originalTotalPriceSet=money("1.0"),
                )
                for place in range(lines)
            ]
        ),
    )
