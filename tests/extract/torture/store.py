"""A store of what is hard to read whole: long connections, equal times, pages with an edge.

105 orders, customers, products and checkouts: more than a page holds. Sixteen of each
have one and the same updatedAt, on both sides of the page's edge. What is below them
goes on past the first page as well: 310 lines and as many sales, 35 agreements with 105
sales below one in the middle, 310 variants, 60 media, 60 addresses, 60 checkout lines,
120 refund lines.

Of the orders, the first eight are older than the 60 days that an app sees without
read_all_orders; so few may be marked as deleted without being asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Node = dict[str, Any]
Files = dict[str, dict[int, Node]]

SHOP = "torture.myshopify.com"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
ROOTS = 105
OLD_ORDERS = 8
TIES = range(92, 108)  # numbers of the records that share one updatedAt; a page ends at 100
REFUNDED = range(40, 94)  # orders with a refund: more than one search by ids names
TEXT = (
    'Grüße </b> & "Söhne" \\ / \u2028 \U0001f600'  # what two ways of writing JSON write unlike
)


def stamp(moment: datetime) -> str:
    """A time as the API writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def changed_at(number: int) -> str:
    """When record of this number changed last: later for later ones, some at one time."""
    return stamp(NOW - timedelta(hours=3) + timedelta(minutes=min(number, TIES.start)))


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
        lineItems=connection(
            [
                node("AbandonedCheckoutLineItem", first + place, quantity=1)
                for place in range(lines)
            ]
        ),
    )


@dataclass
class Store:
    """The records of a store by resource and number, and its clock."""

    now: datetime
    files: Files = field(default_factory=dict)

    def put(self, resource: str, given: Node) -> None:
        """Add a record, or put it in the place of the one with its number."""
        self.files.setdefault(resource, {})[int(given["id"].rpartition("/")[2])] = given

    def remove(self, resource: str, number: int) -> None:
        """Delete a record; a product leaves an event, as in Shopify."""
        gone = self.files[resource].pop(number)
        if resource == "products":
            event = node(
                "BasicEvent",
                len(self.files["events"]) + 1,
                __typename="BasicEvent",
                action="destroy",
                createdAt=stamp(self.now),
                subjectId=gone["id"],
                subjectType="PRODUCT",
            )
            self.put("events", event)

    def change(self, change: Node) -> None:
        """Make a change that the sandbox was told to make (sandbox/shopify/changes.py)."""
        if "put" in change:
            self.put(change["put"]["resource"], change["put"]["node"])
        elif "remove" in change:
            self.remove(change["remove"]["resource"], change["remove"]["number"])

    def write(self, folder: Path, *only: str) -> Path:
        """Write the store folder (DESIGN.md, "Store folder"), only with these resources."""
        folder.mkdir(parents=True)
        shop = {
            "id": "gid://shopify/Shop/1",
            "name": "Torture",
            "myshopifyDomain": SHOP,
            "currencyCode": "EUR",
            "createdAt": "2025-01-01T00:00:00Z",
            "_now": stamp(self.now),
        }
        (folder / "shop.json").write_text(json.dumps(shop), encoding="utf-8")
        for resource in only or self.files:
            records = self.files[resource]
            text = "".join(json.dumps(record) + "\n" for record in records.values())
            (folder / f"{resource}.jsonl").write_text(text, encoding="utf-8")
        return folder


def first_store() -> Store:
    """The store as the first run finds it."""
    store = Store(NOW, {"events": {}})
    for number in range(1, ROOTS + 1):
        store.put("orders", order(number))
        store.put("customers", customer(number))
        store.put("products", product(number))
        store.put("abandoned_checkouts", checkout(number))
    store.put("orders", order(30, lines=310))
    store.put("orders", order(31, agreements=35))
    long_refund = {**order(40), "refunds": [refund(40), refund(40, 1, lines=120)]}
    store.put("orders", long_refund)
    long_ago = stamp(NOW - timedelta(days=5))  # so that no overlap reads it again
    store.put("customers", customer(30, addresses=60, at=long_ago))
    store.put("products", product(30, variants=310, media=60))
    store.put("abandoned_checkouts", checkout(30, lines=60))
    return store


def later_store() -> Store:
    """The store an hour later: of each kind records were added, deleted and edited, with
    less below some of them than before, and more below others."""
    store, at = first_store(), stamp(LATER - timedelta(minutes=20))
    store.now = LATER
    makers = {
        "orders": order,
        "customers": customer,
        "products": product,
        "abandoned_checkouts": checkout,
    }
    for resource, make in makers.items():
        for number in (20, ROOTS + 1):
            store.put(resource, {**make(number, 2, at=at), "note": "edited"})
        for number in (21, 101):
            store.remove(resource, number)
    store.put("orders", order(30, lines=305, at=at))
    store.put("orders", order(31, agreements=33, at=at))
    refunds = [refund(40, 1, lines=118, at=at), refund(40, 2, lines=110, at=at)]
    store.put("orders", {**order(40, at=at), "refunds": refunds})
    store.put("customers", customer(30, addresses=55, at=at))
    store.put("products", product(30, variants=305, media=55, at=at))
    store.put("abandoned_checkouts", checkout(30, lines=55, at=at))
    return store
