"""A store that is put together by hand, of the sandbox's own orders, people and products.

What is sold, taken back and paid is said case by case; the sandbox's generator turns it into
nodes whose totals, lines, refunds and agreements agree. A case may then overwrite what a
generator would never write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from sandbox.generator.core.files import write_document, write_lines
from sandbox.generator.core.money import currencies
from sandbox.generator.core.times import DAY, NOW, at, iso
from sandbox.generator.ledger import Ledger
from sandbox.generator.nodes.checkouts import Checkout
from sandbox.generator.nodes.customers import customer_node
from sandbox.generator.nodes.orders import order_line
from sandbox.generator.nodes.products import product_node
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.charges import LINE_ITEMS, Charge, TaxRates
from sandbox.generator.orders.orders import Order
from sandbox.generator.orders.plans import Plan
from sandbox.generator.orders.register import History
from sandbox.generator.shop.cast import Role
from sandbox.generator.shop.catalogue import Product, Variant
from sandbox.generator.shop.people import PLACES, Person

Node = dict[str, Any]
Change = Mapping[str, Any] | Callable[[Node], None]

SEED = 1
GONE = 7_999_999_999_999
"""A customer's id that Shopify no longer has."""


class Shelf(Basket):
    """What an order contains, as given: nothing is drawn."""

    def __init__(self, charges: Iterable[Charge], codes: Iterable[str]) -> None:
        charges = list(charges)
        self.included = charges[0].included if charges else False
        self.rates = ()
        self.codes = list(codes)
        self.lines = [each for each in charges if each.line_type in LINE_ITEMS]
        self.others = [each for each in charges if each.line_type not in LINE_ITEMS]
        self._ordered = len(self.lines)


@dataclass
class Store:
    """The nodes of a store as they are put in, and what it must yield."""

    shop: str
    products: list[Product] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    nodes: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    unreadable: set[int] = field(default_factory=set)
    contradictory: set[int] = field(default_factory=set)
    _changes: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    _hidden: set[int] = field(default_factory=set)

    def product(
        self, title: str, *prices: int, oddity: str = "", id: int = 0, status: str = "ACTIVE"
    ) -> list[Variant]:
        """Add a product with a variant for each price in cents; gives the variants."""
        number = len(self.products) + 1
        made = Product(
            id=id or 8_000_000_000_000 + number,
            title=title,
            product_type="Gift Cards" if oddity == "gift_card" else "Kitchen",
            vendor="O'Hara & Söhne",
            created=at("2025-01-02T00:00:00Z"),
            updated=at("2025-06-01T00:00:00Z"),
            oddity=oddity,
            status=status,
        )
        for place, price in enumerate(prices):
            # the generator reads a variant's place off its id
            variant = 42_000_000_000_000 + 1_000 * number + place
            names = (f"Size {place}",) if len(prices) > 1 else ()
            title_of_variant = names[0] if names else None
            sku = None if oddity == "no_sku" else f"SKU-{number}-{place}"
            made.variants.append(
                Variant(variant, made, title_of_variant, sku, price, 250, names)
            )
        self.products.append(made)
        return made.variants

    def person(
        self,
        email: str | None = None,
        first: str | None = "Robin",
        last: str | None = "Marsh",
        *,
        valid: bool = True,
        country: str = "US",
        phone: str | None = None,
        guest: bool = False,
        **role: Any,
    ) -> Person:
        """Add a person; role has the rest of what the generator's Role knows."""
        number = len(self.people) + 1
        made = Person(
            index=number,
            first=first,
            last=last,
            email=email,
            contactable=email is not None and valid,
            phone=phone,
            guest=guest,
            canonical=number,
            place=PLACES[country],
            draw=number,
            role=Role(f"person {number}", first, last, email, **role),
        )
        self.people.append(made)
        return made

    def hide(self, person: Person) -> None:
        """Leave the person's customer record out, as if Shopify had it no longer."""
        self._hidden.add(person.index)

    def order(
        self,
        buyer: Person,
        *charges: Charge,
        when: str = "2026-09-01T15:00:00Z",
        pay: str = "paid",
        source: str = "web",
        currency: str = "USD",
        codes: Iterable[str] = (),
        id: int = 0,
        processed: str = "",
        **plan: Any,
    ) -> Order:
        """Place an order of these charges and pay it; plan has the rest of a Plan.

        pay: paid, pending, authorized or nothing.
        """
        slot = len(self.orders)
        created = at(when)
        shelf = Shelf(charges, codes)
        made = Order(
            id=id or 5_000_000_000_000 + slot,
            slot=slot,
            created=created,
            processed=at(processed) if processed else created,
            buyer=buyer,
            currency=currencies()[currency],
            plan=Plan(source=source, **plan),
            basket=shelf,
            index=None if buyer.guest else 1,
            updated=created,
        )
        for place, line in enumerate(shelf.lines):
            line.id = line.id or 14_000_000_000_000 + 1_000 * slot + place
        for place, other in enumerate(shelf.others):
            other.id = 4_000_000_000_000 + 10 * slot + place
        self.orders.append(made)
        sales = [charge.give() for charge in shelf.charges]
        made.agree("OrderAgreement", "ORDER", made.processed, sales)
        made.financial = {"pending": "PENDING", "authorized": "AUTHORIZED"}.get(pay, "PAID")
        if pay == "paid" and made.owed:
            made.transact("SALE", "SUCCESS", made.processed, made.owed)
        elif pay == "pending":
            made.transact("SALE", "PENDING", made.processed, made.owed, "Bank Deposit")
        elif pay == "authorized":
            made.transact("AUTHORIZATION", "SUCCESS", made.processed, made.owed)
        return made

    def change(self, order: Order, change: Change) -> None:
        """Overwrite fields of the order's node, or let a function do it."""
        self._changes[order.slot].append(change)

    def checkout(
        self,
        buyer: Person | None,
        *charges: Charge,
        when: str,
        token: str,
        completed: str | None = None,
        **fields: Any,
    ) -> None:
        """Leave a checkout of these charges."""
        number = 30_000_000_000_000 + len(self.nodes["abandoned_checkouts"])
        for place, charge in enumerate(charges):
            charge.id = 100 * number + place
            charge.give()
        made = Checkout(
            number=number,
            token=token,
            created=at(when),
            completed=at(completed) if completed else None,
            buyer=buyer,
            visitor=buyer or self.people[0],
            currency=currencies()["USD"],
            basket=Shelf(charges, ()),
        )
        self.nodes["abandoned_checkouts"].append(plain(made.node()) | fields)

    def ledger(self) -> dict[str, Any]:
        """What the store must yield, as the generator states it of its own stores.

        A contradictory order counts, an unreadable one does not.
        """
        ledger = Ledger()
        for order in self.orders:
            if order.slot not in self.unreadable:
                ledger.add_order(order)
        return ledger.statement()

    def write(self, folder: Path) -> None:
        """Write the store folder."""
        folder.mkdir(parents=True, exist_ok=True)
        orders = [self._node(order) for order in self.orders]
        customers = [
            plain(customer_node(person, self._past(person)))
            for person in self.people
            if not person.guest and person.index not in self._hidden
        ]
        living = [product_node(each) for each in self.products if not each.is_deleted]
        for name, nodes in {
            "products": [*living, *self.nodes["products"]],
            "customers": [*customers, *self.nodes["customers"]],
            "orders": orders,
            "abandoned_checkouts": self.nodes["abandoned_checkouts"],
            "events": self.nodes["events"],
        }.items():
            write_lines(folder / f"{name}.jsonl", nodes)
        write_document(folder / "shop.json", _shop(self.shop))

    def _node(self, order: Order) -> Node:
        node: Node = orjson.loads(order_line(order, SEED))
        for change in self._changes[order.slot]:
            if callable(change):
                change(node)
            else:
                node |= change
        return node

    def _past(self, person: Person) -> History:
        own = [
            each for each in self.orders if each.buyer.index == person.index and not each.test
        ]
        last = max(own, key=lambda each: (each.processed, each.id), default=None)
        seen = min((each.created for each in own), default=at("2026-08-01T00:00:00Z"))
        if last is None:
            return History(0, 0, seen, 0, 0, 0, 0)
        spent = sum(each.received - each.refunded for each in own)
        return History(len(own), spent, seen, last.id, last.slot, last.created, last.processed)


def goods(
    variant: Variant,
    units: int = 1,
    *,
    rates: TaxRates = (),
    included: bool = False,
    discount: int = 0,
    id: int = 0,
) -> Charge:
    """A line of a product or a gift card; the discount in cents is on the whole line."""
    kind = "GIFT_CARD" if variant.product.is_gift_card else "PRODUCT"
    made = Charge(
        kind, id, units, variant.price, variant.product.title, included, rates, variant
    )
    made.line_discount = discount
    made.discount_title = "Courtesy" if discount else ""
    return made


def other(
    kind: str, cents: int, rates: TaxRates = (), *, included: bool = False, title: str = ""
) -> Charge:
    """A charge that no product stands behind: SHIPPING, TIP, DUTY, FEE, a custom line."""
    return Charge(kind, 0, 1, cents, title or kind.title(), included, rates)


def later(order: Order, days: float) -> int:
    """So many days after the order."""
    return order.created + int(days * DAY)


def elsewhere(person: Person, country: str) -> Person:
    """The same person, from another country."""
    return replace(person, place=PLACES[country])


def plain(node: Node) -> Node:
    """A node of the generator as plain values."""
    value: Node = orjson.loads(orjson.dumps(node))
    return value


def _shop(name: str) -> Node:
    url = "https://hostile.example"
    return {
        "id": "gid://shopify/Shop/1",
        "name": "L'Hôte <hostile> & Söhne",
        "myshopifyDomain": name,
        "primaryDomain": {"host": "hostile.example", "url": url},
        "ianaTimezone": "America/New_York",
        "currencyCode": "USD",
        "enabledPresentmentCurrencies": list(currencies()),
        "taxesIncluded": False,
        "weightUnit": "KILOGRAMS",
        "createdAt": "2024-12-01T00:00:00Z",
        "updatedAt": iso(NOW - 30 * DAY),
        "plan": {
            "publicDisplayName": "Plus",
            "partnerDevelopment": False,
            "shopifyPlus": True,
        },
        "_now": iso(NOW),
    }
