"""A small shop that changes at random, and is landed after each day as extract lands it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, transaction
from extract.land.landing import land
from extract.land.run_log import Run
from extract.land.staged_file import StagedFile
from extract.land.tables import create_tables
from extract.reconcile.deletions import mark_gone
from extract.shopify.api_usage import Usage
from extract.shopify.resources import (
    ABANDONED_CHECKOUTS,
    CUSTOMERS,
    ORDER_AGREEMENTS,
    ORDERS,
    PRODUCTS,
    REFUNDS,
    SHOP,
    Resource,
)

Node = dict[str, Any]
SHOP_NAME = "random.myshopify.com"
FIRST_DAY = datetime(2026, 3, 27, 22, tzinfo=UTC)  # two days before the clocks change


@dataclass
class Place:
    """A root with the nodes below it, by resource."""

    root: Node
    below: dict[Resource, list[Node]] = field(default_factory=dict)


class RandomShop:
    """Everything that is in the shop, and what changed since the last landing."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = FIRST_DAY
        self._number = 0
        self._living: dict[Resource, dict[str, Place]] = {
            resource: {} for resource in (CUSTOMERS, PRODUCTS, ORDERS, ABANDONED_CHECKOUTS)
        }
        self._deleted_orders: list[Place] = []
        self._changed: dict[Resource, set[str]] = {}
        self._gone: list[tuple[str, str]] = []

    def happen(self, event: str) -> None:
        """Let one of EVENTS happen; nothing where there is nobody for it to happen to."""
        self.now += timedelta(minutes=self.random.randrange(1, 300))
        EVENTS[event](self)

    def land(self, warehouse: Path) -> None:
        """Land what changed, as one run of extract."""
        run = Run(Settings(warehouse=warehouse, shop=SHOP_NAME, now=self.now))
        with open_warehouse(warehouse) as connection:
            create_tables(connection)
            self._land(connection, run, SHOP, [_shop()])
            for resource in (CUSTOMERS, PRODUCTS, ORDERS, ABANDONED_CHECKOUTS):
                changed = sorted(self._changed.pop(resource, set()))
                places = [self._living[resource].get(id_) for id_ in changed]
                lines = [place.root for place in places if place]
                below = [node for p in places if p for node in p.below.get(resource, [])]
                self._land(connection, run, resource, lines + below)
                if resource is ORDERS:
                    for along in (ORDER_AGREEMENTS, REFUNDS):
                        ids = [{"id": root["id"]} for root in lines]
                        more = [n for p in places if p for n in p.below.get(along, [])]
                        self._land(connection, run, along, ids + more)
            with transaction(connection):
                for table, id_ in self._gone:
                    mark_gone(connection, run, table, [id_])
        self._gone.clear()

    def _land(self, connection: Any, run: Run, resource: Resource, nodes: list[Node]) -> None:
        if not nodes:
            return
        path = run.settings.warehouse.with_name(f"{resource.name}.jsonl")
        path.write_text("".join(json.dumps(node) + "\n" for node in nodes))
        land(connection, StagedFile(resource, path, len(nodes), None, Usage()), run)

    def _id(self, kind: str) -> str:
        self._number += 1
        return f"gid://shopify/{kind}/{9007199254740992 + self._number}"

    def _put(self, resource: Resource, place: Place) -> Place:
        self._living[resource][place.root["id"]] = place
        self._touch(resource, place)
        return place

    def _touch(self, resource: Resource, place: Place) -> None:
        place.root["updatedAt"] = _stamp(self.now)
        self._changed.setdefault(resource, set()).add(place.root["id"])

    def _any(self, resource: Resource) -> Place | None:
        living = self._living[resource]
        return living[self.random.choice(sorted(living))] if living else None

    def _money(self) -> Node:
        return _money(f"{self.random.randrange(0, 20000) / 100:.2f}")

    def new_customer(self) -> None:
        """Somebody registers; e-mails recur, in any case."""
        name = self.random.choice(["ann", "Ann", "bob", "cas", "not an e-mail", None])
        email = f"{name}@example.com" if name else None
        node = {"id": self._id("Customer"), "createdAt": _stamp(self.now), "tags": ["new"]}
        self._put(CUSTOMERS, Place(node | {"defaultEmailAddress": {"emailAddress": email}}))

    def edit_customer(self) -> None:
        """A note is written on a customer."""
        if place := self._any(CUSTOMERS):
            place.root["note"] = f"note {self._number}"
            self._touch(CUSTOMERS, place)

    def delete(self, resource: Resource) -> None:
        """A record is deleted in Shopify."""
        if place := self._any(resource):
            del self._living[resource][place.root["id"]]
            self._gone.append((resource.name, place.root["id"]))
            if resource is ORDERS:
                self._deleted_orders.append(place)

    def new_product(self) -> None:
        """A product of one or two variants."""
        root = {"id": self._id("Product"), "title": "Thing", "createdAt": _stamp(self.now)}
        place = self._put(PRODUCTS, Place(root))
        place.below[PRODUCTS] = [
            {"id": self._id("ProductVariant"), "title": size, "__parentId": root["id"]}
            | {"price": f"{self.random.randrange(1, 99)}.00", "sku": size}
            for size in ("S", "M")[: self.random.randrange(1, 3)]
        ]

    def edit_product(self) -> None:
        """A variant goes, or the title changes."""
        if place := self._any(PRODUCTS):
            place.root["title"] += "!"
            place.below[PRODUCTS] = place.below[PRODUCTS][1:]
            self._touch(PRODUCTS, place)

    def new_order(self, days_ago: int = 0) -> None:
        """An order of a customer or a guest, perhaps of a checkout; days_ago: it came late."""
        at = self.now - timedelta(days=days_ago)
        customer, checkout = self._any(CUSTOMERS), self._any(ABANDONED_CHECKOUTS)
        of_checkout = checkout and self.random.random() < 0.3
        root = {
            "id": self._id("Order"),
            "name": f"#{self._number}",
            "currencyCode": "GBP",
            "createdAt": _stamp(at),
            "processedAt": _stamp(at),
            "customer": customer and {"id": customer.root["id"]},
            "email": "guest@example.com",
            "test": self.random.random() < 0.1,
            "displayFinancialStatus": self.random.choice(["PAID", "PENDING", "VOIDED"]),
            "displayFulfillmentStatus": "UNFULFILLED",
            "checkoutToken": checkout.root["_token"] if checkout and of_checkout else None,
            "currentTotalTaxSet": _money("0"),
        }
        place = Place(root)
        lines = [self._line(root["id"]) for _ in range(self.random.randrange(1, 4))]
        place.below[ORDERS] = lines
        place.below[ORDER_AGREEMENTS] = self._agreement("OrderAgreement", root["id"], lines, at)
        _total(place)
        root |= dict.fromkeys(
            ("originalTotalPriceSet", "totalPriceSet"), root["currentTotalPriceSet"]
        )
        place.below[REFUNDS] = []
        self._put(ORDERS, place)

    def _line(self, order: str) -> Node:
        product = self._any(PRODUCTS)
        money = dict.fromkeys(("originalUnitPriceSet", "originalTotalSet"), self._money())
        return {
            "id": self._id("LineItem"),
            **dict.fromkeys(("name", "title"), "Thing"),
            "quantity": 1,
            "currentQuantity": 1,
            "product": product and {"id": product.root["id"]},
            "__parentId": order,
        } | money

    def _agreement(self, kind: str, order: str, lines: list[Node], at: datetime) -> list[Node]:
        agreement = {"id": self._id(kind), "happenedAt": _stamp(at), "__parentId": order}
        is_order = kind == "OrderAgreement"
        action, sign = ("ORDER", "") if is_order else ("RETURN", "-")
        return [agreement] + [
            {
                "id": self._id("ProductSale"),
                "lineType": "PRODUCT",
                "actionType": action,
                "quantity": 1 if is_order else -1,
                "lineItem": {"id": line["id"]},
                "totalAmount": _money(sign + line["originalTotalSet"]["shopMoney"]["amount"]),
                "__parentId": agreement["id"],
            }
            for line in lines
        ]

    def edit_order(self) -> None:
        """A line is gone though it was sold, the order is cancelled, or its status changes."""
        if place := self._any(ORDERS):
            if self.random.random() < 0.2:
                place.below[ORDERS] = place.below[ORDERS][1:]
            elif self.random.random() < 0.5:
                place.root["cancelledAt"] = _stamp(self.now)
            else:
                place.root["displayFulfillmentStatus"] = "FULFILLED"
            self._touch(ORDERS, place)

    def refund_order(self) -> None:
        """A line is given back."""
        place = self._any(ORDERS)
        kept = (
            [line for line in place.below[ORDERS] if line["currentQuantity"]] if place else []
        )
        if place and kept:
            order, line = place.root["id"], kept[0]
            line["currentQuantity"] = 0
            refund = {"id": self._id("Refund"), "createdAt": _stamp(self.now)}
            returned = {
                "id": self._id("RefundLineItem"),
                "quantity": 1,
                "subtotalSet": line["originalTotalSet"],
                "totalTaxSet": _money("0"),
            }
            place.below[REFUNDS] += [
                refund | {"__parentId": order, "totalRefundedSet": line["originalTotalSet"]},
                returned | {"lineItem": {"id": line["id"]}, "__parentId": refund["id"]},
            ]
            place.below[ORDER_AGREEMENTS] += self._agreement(
                "RefundAgreement", order, [line], self.now
            )
            _total(place)
            self._touch(ORDERS, place)

    def revive_order(self) -> None:
        """An order that had been deleted is there again."""
        if self._deleted_orders:
            self._put(ORDERS, self._deleted_orders.pop())

    def new_checkout(self) -> None:
        """A checkout is left."""
        number = self._id("AbandonedCheckout")
        token = f"token{self._number}"
        root = {
            "id": number,
            "_token": token,
            "createdAt": _stamp(self.now),
            "abandonedCheckoutUrl": f"https://shop.example/checkouts/{token}/recover",
            "totalPriceSet": self._money(),
        }
        place = self._put(ABANDONED_CHECKOUTS, Place(root))
        line = {"id": self._id("AbandonedCheckoutLineItem"), "title": "Thing", "quantity": 2}
        money = dict.fromkeys(("originalUnitPriceSet", "originalTotalPriceSet"), self._money())
        place.below[ABANDONED_CHECKOUTS] = [line | money | {"__parentId": number}]

    def complete_checkout(self) -> None:
        """A checkout is completed after all."""
        if place := self._any(ABANDONED_CHECKOUTS):
            place.root["completedAt"] = _stamp(self.now)
            self._touch(ABANDONED_CHECKOUTS, place)


def _total(place: Place) -> None:
    """What an order's sales sum to is its current total."""
    sales = [
        node["totalAmount"] for node in place.below[ORDER_AGREEMENTS] if "lineType" in node
    ]
    total = sum(Decimal(sale["shopMoney"]["amount"]) for sale in sales)
    place.root["currentTotalPriceSet"] = _money(str(total))


EVENTS: dict[str, Callable[[RandomShop], None]] = {
    "new customer": RandomShop.new_customer,
    "edited customer": RandomShop.edit_customer,
    "deleted customer": lambda shop: shop.delete(CUSTOMERS),
    "new product": RandomShop.new_product,
    "edited product": RandomShop.edit_product,
    "deleted product": lambda shop: shop.delete(PRODUCTS),
    "new order": RandomShop.new_order,
    "late order": lambda shop: shop.new_order(days_ago=400),
    "edited order": RandomShop.edit_order,
    "refunded order": RandomShop.refund_order,
    "deleted order": lambda shop: shop.delete(ORDERS),
    "revived order": RandomShop.revive_order,
    "new checkout": RandomShop.new_checkout,
    "completed checkout": RandomShop.complete_checkout,
    "deleted checkout": lambda shop: shop.delete(ABANDONED_CHECKOUTS),
}


def _shop() -> Node:
    place = {"ianaTimezone": "Europe/London", "currencyCode": "GBP", "name": "Random"}
    return {"id": "gid://shopify/Shop/1", "createdAt": "2025-01-01T00:00:00Z"} | place


def _money(amount: str) -> Node:
    one = {"amount": amount, "currencyCode": "GBP"}
    return {"shopMoney": one, "presentmentMoney": one}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
