"""An order as it goes: what was charged, agreed, paid and given back; amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.generator.core.money import Currency
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.charges import Charge, Sale
from sandbox.generator.orders.plans import Plan
from sandbox.generator.shop.people import Person


@dataclass(slots=True)
class Transaction:
    """A movement of money, or the attempt; `parent` is the transaction it belongs to."""

    id: int
    kind: str
    status: str
    gateway: str
    at: int
    amount: int
    parent: int | None = None
    error: str | None = None


@dataclass(slots=True)
class Refund:
    """A refund: what it takes back, and the money that went back for it."""

    id: int
    at: int
    sales: list[Sale]
    amount: int
    restock: str
    note: str | None
    returned: bool = False
    transaction: Transaction | None = None

    @property
    def adjustment(self) -> int:
        """How much more (positive) or less was kept than the goods were worth."""
        return sum(sale.total for sale in self.sales if sale.line_type == "ADJUSTMENT")


@dataclass(slots=True)
class Agreement:
    """An agreement on sales: OrderAgreement, OrderEditAgreement or RefundAgreement."""

    type: str
    reason: str
    at: int
    sales: list[Sale]
    refund: Refund | None = None


@dataclass(slots=True)
class Fulfillment:
    """A parcel: how many units left, and when."""

    at: int
    units: int


@dataclass(slots=True)
class Order:
    """One order. Instants are seconds since 1970; `closed` and `cancelled` None: never.

    `owed` is the sum of all sales so far, `received` the money that came in, `refunded` the
    money that went back.
    """

    id: int
    slot: int
    created: int
    processed: int
    buyer: Person
    currency: Currency
    plan: Plan
    basket: Basket
    index: int | None
    agreements: list[Agreement] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    owed: int = 0
    received: int = 0
    refunded: int = 0
    updated: int = 0
    closed: int | None = None
    cancelled: int | None = None
    financial: str = ""
    fulfillment: str = "UNFULFILLED"

    @property
    def name(self) -> str:
        """The number that people see, `#1001`."""
        return f"#{1_001 + self.slot}"

    @property
    def web(self) -> bool:
        """Whether it came by the web, from a checkout."""
        return self.plan.source == "web"

    @property
    def test(self) -> bool:
        """Whether it was placed in test mode."""
        return self.plan.test

    @property
    def sales(self) -> list[Sale]:
        """All sales of all agreements, in order."""
        return [sale for agreement in self.agreements for sale in agreement.sales]

    @property
    def discrepancy(self) -> int:
        """The sum of the refunds' adjustments."""
        return sum(refund.adjustment for refund in self.refunds)

    @property
    def line_items(self) -> list[Charge]:
        """The charges that are line items: products, gift cards, tips."""
        return self.basket.lines

    @property
    def goods(self) -> list[Charge]:
        """The product lines with units left."""
        return [
            line for line in self.basket.lines if line.line_type == "PRODUCT" and line.current
        ]

    def agree(self, type: str, reason: str, at: int, sales: list[Sale]) -> Agreement:
        """Enter an agreement into the order's books."""
        agreement = Agreement(type, reason, at, sales)
        self.agreements.append(agreement)
        self.owed += sum([sale.total for sale in sales])
        self.updated = max(self.updated, at)
        return agreement

    def transact(
        self,
        kind: str,
        status: str,
        at: int,
        amount: int,
        gateway: str = "",
        error: str | None = None,
    ) -> Transaction:
        """Enter a transaction; captures, voids and refunds belong to the first success."""
        parent = None
        if kind in ("CAPTURE", "VOID", "REFUND"):
            parent = next(
                (each.id for each in self.transactions if each.status == "SUCCESS"), None
            )
        usual = "bogus" if self.test else "shopify_payments"
        number = 6_000_000_000_000 + 100 * self.slot + len(self.transactions)
        transaction = Transaction(
            number, kind, status, gateway or usual, at, amount, parent, error
        )
        self.transactions.append(transaction)
        if status == "SUCCESS":
            if kind in ("SALE", "CAPTURE"):
                self.received += amount
            elif kind == "REFUND":
                self.refunded += amount
        self.updated = max(self.updated, at)
        return transaction
