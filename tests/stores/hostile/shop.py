"""What most cases buy, and what befalls an order days later."""

from __future__ import annotations

from sandbox.generator.orders.charges import Sale, TaxRates
from sandbox.generator.orders.history import refund
from sandbox.generator.orders.orders import Order
from tests.stores.store import Node, Store, later

SHOP = "hostile.myshopify.com"
VAT: TaxRates = (("VAT", 190_000),)
STATE: TaxRates = (("New York State Tax", 40_000), ("New York City Tax", 48_750))


class Hostile(Store):
    """The hostile store with what most cases buy."""

    def __init__(self) -> None:
        super().__init__(SHOP)
        self.mug, self.jug = self.product("Mug", 1_999, 2_499)
        (self.pin,) = self.product("Pin", 333)
        (self.card,) = self.product("Gift card", 5_000, oddity="gift_card")
        self.ann = self.person("ann@hostile.example", "Ann")


def take_all(order: Order) -> list[Sale]:
    """Take back all that is left of an order."""
    return [each.take(each.current) for each in order.basket.charges if each.current]


def refund_later(order: Order, days: float, sales: list[Sale], adjustment: int = 0) -> None:
    """Refund sales so many days after the order."""
    refund(order, later(order, days), sales, adjustment)
    whole = order.refunded >= order.received
    order.financial = "REFUNDED" if whole else "PARTIALLY_REFUNDED"
    if not order.received:
        order.financial = "PAID"


def cancel_later(order: Order, days: float, financial: str) -> None:
    """Cancel an order, which takes back what is left of it."""
    refund(order, later(order, days), take_all(order))
    order.cancelled = later(order, days)
    order.financial = financial


def line_of(node: Node, position: int) -> Node:
    line: Node = node["lineItems"]["nodes"][position]
    return line
