"""Abandoned checkouts: pending, abandoned, recovered, completed; with and without a buyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.generator.core.json_text import connection
from sandbox.generator.core.money import Currency, divide
from sandbox.generator.core.times import NOW, iso
from sandbox.generator.nodes.addresses import address
from sandbox.generator.nodes.lines import listing, taxes_by_rate
from sandbox.generator.nodes.products import SHOP_URL
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.charges import Charge
from sandbox.generator.shop.people import Person

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout as it was left. `buyer` None: Shopify gives no customer.

    The basket's charges are all given; instants are seconds since 1970.
    """

    number: int
    token: str
    created: int
    completed: int | None
    buyer: Person | None
    visitor: Person
    currency: Currency
    basket: Basket

    @property
    def lines(self) -> list[Charge]:
        """What is in the cart: no tip yet, nor what an edit of the order added later."""
        return [line for line in self.basket.ordered if line.line_type != "TIP"]

    @property
    def total(self) -> int:
        """Total price in cents, with shipping and tax."""
        return sum(charge.total for charge in self._charges)

    @property
    def _charges(self) -> list[Charge]:
        return self.lines + [
            each for each in self.basket.others if each.line_type in ("SHIPPING", "DUTY")
        ]

    def node(self) -> Node:
        """The checkout as the Admin API gives it."""
        bag = self.currency.bag
        lines, charges = self.lines, self._charges
        prices = sum([line.price for line in lines])
        subtotal = sum([line.discounted for line in lines])
        tax = sum([sum(charge.taxes) for charge in charges])
        duty = sum([each.price for each in charges if each.line_type == "DUTY"])
        gid = f"gid://shopify/AbandonedCheckout/{self.number}"
        home = address(self.visitor, f"gid://shopify/MailingAddress/{self.number}")
        updated = min(NOW, (self.completed or self.created) + 90)
        return {
            "id": gid,
            "name": f"#{self.number}",
            "createdAt": iso(self.created),
            "updatedAt": iso(updated),
            "completedAt": iso(self.completed) if self.completed else None,
            "abandonedCheckoutUrl": self._url(),
            "note": "<i>Blue, please</i>" if self.number % 19 == 0 else "",
            "discountCodes": self.basket.codes,
            "taxesIncluded": self.basket.included,
            "customAttributes": [],
            "customer": _customer(self.buyer) if self.buyer is not None else None,
            "billingAddress": home,
            "shippingAddress": home if self.number % 3 else None,
            "subtotalPriceSet": bag(subtotal),
            "totalDiscountSet": bag(prices - subtotal),
            "totalDutiesSet": bag(duty) if duty else None,
            "totalLineItemsPriceSet": bag(prices),
            "totalPriceSet": bag(self.total),
            "totalTaxSet": bag(tax),
            "taxLines": [
                {"title": title, "rate": rate / 1_000_000, "priceSet": bag(cents)}
                for (title, rate), cents in taxes_by_rate(charges)
            ],
            "lineItems": connection([self._line(line) for line in lines]),
        }

    def _url(self) -> str:
        """Where the buyer takes it up again; newer checkouts have another path."""
        path = "checkouts/cn" if self.number % 20 == 7 else "1/checkouts"
        return f"{SHOP_URL}/{path}/{self.token}/recover?key={self.token[::-1]}"

    def _line(self, line: Charge) -> Node:
        bag = self.currency.bag
        listed = listing(line)
        after = line.price - line.line_discount
        return {
            "id": f"gid://shopify/AbandonedCheckoutLineItem/{line.id}",
            "title": line.title,
            "variantTitle": listed.title,
            "sku": listed.sku,
            "quantity": line.quantity,
            "product": listed.product,
            "variant": listed.variant,
            "customAttributes": [],
            "originalUnitPriceSet": bag(line.unit_price),
            "discountedUnitPriceSet": bag(divide(after, line.quantity)),
            "originalTotalPriceSet": bag(line.price),
            "discountedTotalPriceSet": bag(after),
            "discountedTotalPriceWithCodeDiscount": bag(line.discounted),
        }


def _customer(buyer: Person) -> Node:
    email = {
        "emailAddress": buyer.email,
        "marketingState": "SUBSCRIBED" if buyer.accepts_marketing else "NOT_SUBSCRIBED",
    }
    return {
        "id": f"gid://shopify/Customer/{buyer.customer_id}",
        "legacyResourceId": str(buyer.customer_id),
        "defaultEmailAddress": email if buyer.email is not None else None,
        "defaultPhoneNumber": {"phoneNumber": buyer.phone} if buyer.phone else None,
    }
