"""A store of what is hard to read whole: long connections, equal times, pages with an edge.

105 orders, customers, products and checkouts: more than a page holds. The last fourteen of
each have one and the same updatedAt, on both sides of the page's edge. What is below them
goes on past the first page as well: 310 lines and as many sales, 35 agreements with 105
sales below one in the middle, 310 variants, 60 media, 60 addresses, 60 checkout lines,
120 refund lines.

Of the orders, the first eight are older than the 60 days that an app sees without
read_all_orders; so few may be marked as deleted without being asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.torture.extract.records import (
    NOW,
    Node,
    checkout,
    customer,
    node,
    order,
    product,
    refund,
    stamp,
)

Files = dict[str, dict[int, Node]]

SHOP = "torture.myshopify.com"
LATER = NOW + timedelta(hours=12)  # sooner than all ids are compared anyway
ROOTS = 105


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
        """Make a change that the sandbox was told to make (shopify/control/changes.py)."""
        if "put" in change:
            self.put(change["put"]["resource"], change["put"]["node"])
        elif "remove" in change:
            self.remove(change["remove"]["resource"], change["remove"]["number"])

    def write(self, folder: Path, *only: str) -> Path:
        """Write the store folder, only with these resources."""
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


def later_store(*, deletions: bool) -> Store:
    """The store later: of each kind records were added and edited, with less below some of
    them than before, and more below others. The last one of before was edited before the
    others were.

    With deletions, of each kind some are gone, so that numbers alone are a reason to
    compare all ids; without them nothing but the watermarks tells what is to be read.
    """
    store, at = first_store(), stamp(LATER - timedelta(minutes=20))
    earlier = stamp(LATER - timedelta(minutes=40))
    store.now = LATER
    makers: dict[str, Callable[..., Node]] = {
        "orders": order,
        "customers": customer,
        "products": product,
        "abandoned_checkouts": checkout,
    }
    for resource, make in makers.items():
        for number in (10, 20, ROOTS + 1, ROOTS + 2):
            store.put(resource, make(number, 2, at=at))
        store.put(resource, make(ROOTS, 2, at=earlier))
        for number in (21, 101) if deletions else ():
            store.remove(resource, number)
    store.put("orders", order(30, lines=305, at=at))
    store.put("orders", order(31, agreements=33, at=at))
    refunds = [refund(40, 1, lines=118, at=at), refund(40, 2, lines=110, at=at)]
    store.put("orders", {**order(40, at=at), "refunds": refunds})
    store.put("customers", customer(30, addresses=55, at=at))
    store.put("products", product(30, variants=305, media=55, at=at))
    store.put("abandoned_checkouts", checkout(30, lines=55, at=at))
    return store
