"""What an order contains when it is placed: lines, shipping, discounts, taxes, fees."""

from __future__ import annotations

import random

from sandbox.generator.core.draw import geometric
from sandbox.generator.core.money import allocate
from sandbox.generator.orders.charges import Charge, TaxRates
from sandbox.generator.orders.plans import Plan
from sandbox.generator.shop.catalogue import Catalogue, Variant
from sandbox.generator.shop.people import Person

INCLUDED = ("DE", "FR", "GB", "JP")
RATES: dict[str, TaxRates] = {
    "NY": (("New York State Tax", 40_000), ("New York City Tax", 48_750)),
    "CA": (("California State Tax", 72_500),),
    "TX": (("Texas State Tax", 62_500), ("Austin City Tax", 10_000)),
    "DE": (("VAT", 190_000),),
    "FR": (("TVA", 200_000),),
    "GB": (("VAT", 200_000),),
    "JP": (("CT", 100_000),),
}
CODES = ("WELCOME10", "SPRING15", "FRIENDS20")
LONG_ORDER = 300
MANY_LINES = 40  # who takes more takes small things: no order is worth a month of others
_SEVERAL = ("partial", "twice", "zero")


class Basket:
    """The charges of one order. `codes` are the discount codes that the buyer typed."""

    def __init__(
        self, rng: random.Random, catalogue: Catalogue, buyer: Person, plan: Plan, number: int
    ) -> None:
        self._rng = rng
        self._catalogue = catalogue
        self._plan = plan
        self._number = number
        exempt = buyer.role is not None and buyer.role.company is not None
        self.included = buyer.place.tax in INCLUDED
        self.rates = () if exempt else RATES.get(buyer.place.tax, ())
        self.codes: list[str] = []
        self.lines: list[Charge] = []
        self.others: list[Charge] = []
        self._fill()
        self._ship()
        self._extras()
        self._discount()
        self._ordered = len(self.lines)

    @property
    def ordered(self) -> list[Charge]:
        """The lines as first ordered, without what was added later."""
        return self.lines[: self._ordered]

    @property
    def charges(self) -> list[Charge]:
        """Lines first, then shipping, duties and fees."""
        return self.lines + self.others

    @property
    def _next_line(self) -> int:
        """The id of the line that is added next."""
        return 14_000_000_000_000 + 1_000 * self._number + len(self.lines)

    def line(self, variant: Variant, quantity: int) -> Charge:
        """A new line of the order with its own id."""
        product = variant.product
        gift = product.is_gift_card
        charge = Charge(
            "GIFT_CARD" if gift else "PRODUCT",
            self._next_line,
            quantity,
            variant.price,
            product.title,
            self.included,
            () if gift else self.rates,
            variant,
        )
        self.lines.append(charge)
        return charge

    def _other(self, line_type: str, cents: int, title: str, rates: TaxRates) -> Charge:
        number = 4_000_000_000_000 + 10 * self._number + len(self.others)
        charge = Charge(line_type, number, 1, cents, title, self.included, rates)
        self.others.append(charge)
        return charge

    def _fill(self) -> None:
        plan, rng = self._plan, self._rng
        count = LONG_ORDER if plan.extra == "long" else 1 + geometric(rng, 1.3, 40)
        if plan.edit or plan.fulfillment == "partial" or plan.refund in _SEVERAL:
            count = max(2, count)
        if rng.random() < 0.005 and plan.extra == "":
            count = min(200, 100 + int(rng.expovariate(0.02)))
        draw = self._catalogue.draw_small if count > MANY_LINES else self._catalogue.draw
        for _ in range(count):
            self.line(draw(rng), 1 + geometric(rng, 0.4, 24))
        if plan.edit == "reduced":
            self.lines[0].quantity += 2

    def _ship(self) -> None:
        plan = self._plan
        wanted = plan.refund == "shipping" or plan.discount == "free_shipping"
        if plan.source == "pos" or plan.extra == "digital":
            return
        if wanted or sum([line.price for line in self.lines]) < 12_000:
            cents = self._rng.choice((495, 795, 1_250))
            self._other("SHIPPING", cents, "Standard", self.rates)

    def _extras(self) -> None:
        plan, rng = self._plan, self._rng
        if not plan.extra:
            return
        number = self._next_line
        if plan.extra == "gift_card":
            self.line(rng.choice(self._catalogue.gift_cards), 1 + int(rng.random() < 0.3))
        elif plan.extra == "deleted_product":
            self.line(rng.choice(self._catalogue.deleted), 1)
        elif plan.extra == "custom_line":
            price = rng.randrange(500, 20_000)
            title = "Engraving 🖋"
            self.lines.append(
                Charge("PRODUCT", number, 1, price, title, self.included, self.rates)
            )
        elif plan.extra == "tip":
            tip = rng.randrange(100, 900)
            self.lines.append(Charge("TIP", number, 1, tip, "Tip", self.included))
        elif plan.extra == "duty":
            self._other("DUTY", rng.randrange(300, 4_000), "Duty", ())
        elif plan.extra == "fee":
            self._other("FEE", 150, "Packaging fee", self.rates)
        elif plan.extra == "additional_fee":
            self._other("ADDITIONAL_FEE", 299, "Import fee", ())

    def _discount(self) -> None:
        plan, rng = self._plan, self._rng
        if not plan.discount:
            return
        goods = [line for line in self.lines if line.line_type == "PRODUCT"]
        if plan.discount in ("line", "both"):
            goods[0].line_discount = goods[0].price * rng.choice((10, 25, 33)) // 100
            goods[0].discount_title = "Bundle & save"
        if plan.discount in ("code", "both"):
            code = rng.choice(CODES)
            self._spread(goods, int(code[-2:]), code)
        elif plan.discount == "everything":
            self._spread(goods, 100, "ONTHEHOUSE")
        elif plan.discount == "manual":
            goods = [line for line in self.lines if line.line_type != "TIP"]
            self._spread(goods, 5, "")
        if plan.discount in ("free_shipping", "everything"):
            for charge in self.others:
                charge.line_discount = charge.price if charge.line_type == "SHIPPING" else 0
        if plan.discount == "free_shipping":
            self.codes.append("FREESHIP")

    def _spread(self, goods: list[Charge], percent: int, code: str) -> None:
        """An order-level discount, shared out over the lines in proportion to their price."""
        worth = [line.price - line.line_discount for line in goods]
        for line, part in zip(goods, allocate(sum(worth) * percent // 100, worth), strict=True):
            line.order_discount = part
        if code:
            self.codes.append(code)
