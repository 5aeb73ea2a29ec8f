"""What an order charges for, and the sales that give it and take it away, in cents.

A charge is a line item, a gift card, a tip, shipping, a duty or a fee. Each movement is a
`Sale`, as Shopify's sales agreements hold it: `total` includes tax, `discount_before` is the
discount without tax, `discount_after` the one the buyer saw. The parts that are taken from a
charge add up exactly to what it gave.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.generator.core.money import divide
from sandbox.generator.shop.catalogue import Variant

TaxRate = tuple[str, int]
"""A tax's title with its rate in millionths: `("CA State Tax", 72_500)`."""

TaxRates = tuple[TaxRate, ...]

SALE_TYPES = {
    "PRODUCT": "ProductSale",
    "GIFT_CARD": "GiftCardSale",
    "TIP": "TipSale",
    "SHIPPING": "ShippingLineSale",
    "DUTY": "DutySale",
    "FEE": "FeeSale",
    "ADDITIONAL_FEE": "AdditionalFeeSale",
    "ADJUSTMENT": "AdjustmentSale",
}
LINE_ITEMS = ("PRODUCT", "GIFT_CARD", "TIP")


@dataclass(slots=True)
class Sale:
    """One sale event of one charge (none for an adjustment); amounts are signed."""

    line_type: str
    action: str
    quantity: int | None
    total: int
    tax: int = 0
    taxes: tuple[int, ...] = ()
    discount_before: int = 0
    discount_after: int = 0
    charge: Charge | None = None


@dataclass(slots=True)
class Charge:
    """A charge with its price per unit, discounts on the whole line and tax rates.

    `gave` holds price after discounts, discount before and after tax, then each tax, of all
    units; the price is with tax where prices include it.
    """

    line_type: str
    id: int
    quantity: int
    unit_price: int
    title: str
    included: bool
    rates: TaxRates = ()
    variant: Variant | None = None
    line_discount: int = 0
    order_discount: int = 0
    current: int = 0
    fulfilled: int = 0
    discount_title: str = ""
    gave: tuple[int, ...] = ()

    @property
    def price(self) -> int:
        """Price of all units before discounts."""
        return self.unit_price * self.quantity

    @property
    def discounted(self) -> int:
        """Price of all units after all discounts; with tax where prices include it."""
        return self.price - self.line_discount - self.order_discount

    def _amounts(self) -> tuple[int, ...]:
        """What `gave` holds, computed afresh."""
        whole = 1_000_000
        discount = before = self.line_discount + self.order_discount
        if self.included:
            whole += sum([rate for _, rate in self.rates])
            before = divide(discount * 1_000_000, whole)
        price = self.unit_price * self.quantity - discount
        return price, before, discount, *[divide(price * rate, whole) for _, rate in self.rates]

    @property
    def total(self) -> int:
        """What all units cost, tax and all."""
        return self.gave[0] + (0 if self.included else sum(self.taxes))

    @property
    def taxes(self) -> tuple[int, ...]:
        """The taxes of all units, one a rate."""
        return self.gave[3:]

    def give(self) -> Sale:
        """The sale that brings all units."""
        self.current = self.quantity
        self.gave = self._amounts()
        return self._sale("ORDER", self.quantity, self.gave)

    def take(self, units: int, action: str = "RETURN") -> Sale:
        """The sale that takes back units; together they never exceed what was given.

        Raises ValueError if fewer units are left.
        """
        if not 0 <= units <= self.current:
            raise ValueError(f"{units} of {self.current} units cannot be taken")
        left = self.current - units
        parts = tuple(
            divide(each * left, self.quantity) - divide(each * self.current, self.quantity)
            for each in self.gave
        )
        self.current = left
        return self._sale(action, -units, parts)

    def reprice(self, discount: int) -> Sale:
        """The UPDATE sale of a discount given after the order, with all units still there."""
        before = self.gave
        self.line_discount += discount
        self.gave = self._amounts()
        return self._sale(
            "UPDATE", 0, tuple(a - b for a, b in zip(self.gave, before, strict=True))
        )

    def _sale(self, action: str, quantity: int, amounts: tuple[int, ...]) -> Sale:
        price, before, after = amounts[:3]
        taxes = amounts[3:]
        tax = sum(taxes)
        total = price if self.included else price + tax
        return Sale(self.line_type, action, quantity, total, tax, taxes, before, after, self)
