"""The generator's own statement of what its store amounts to, kept while the store is made.

Definitions: docs/reference/metrics.md#the-ledger; stages: docs/data-model.md#stages-of-a-deal
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sandbox.generator.core.money import SHOP_CURRENCY, price
from sandbox.generator.core.times import DAY, NOW, shop_day
from sandbox.generator.nodes.orders import financial_status, fulfillment_status
from sandbox.generator.orders.charges import Sale
from sandbox.generator.orders.orders import Order

COUNTS = ("orders_placed", "orders_not_cancelled")
MEASURES = (
    "gross_sales", "discounts", "returns", "net_sales", "shipping", "taxes", "duties", "fees",
    "total_sales", "gift_card_sales", "tips", "all_sales",
)  # fmt: skip
COLUMNS = {
    "SHIPPING": "shipping",
    "GIFT_CARD": "gift_card_sales",
    "TIP": "tips",
    "DUTY": "duties",
    "FEE": "fees",
    "ADDITIONAL_FEE": "fees",
}
STAGES = (
    "checkout_pending",
    "checkout_abandoned",
    "checkout_completed",
    "processed",
    "shipped",
    "cancelled",
)
PAID = ("PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED")
Row = Counter[str]


def _enter(row: Row, sales: list[Sale]) -> None:
    """Add sales, in cents, to a row's measures."""
    sold = discounts = returned = taxes = 0
    for sale in sales:
        line_type, net = sale.line_type, sale.total - sale.tax
        if line_type not in ("GIFT_CARD", "TIP"):
            taxes += sale.tax
        if line_type == "ADJUSTMENT" or (line_type == "PRODUCT" and sale.action == "RETURN"):
            returned += net
        elif line_type == "PRODUCT":
            sold += net
            discounts += sale.discount_before
        else:
            row[COLUMNS[line_type]] += net
    row["gross_sales"] += sold + discounts
    row["discounts"] += discounts
    row["returns"] -= returned
    row["taxes"] += taxes


def _decimal(cents: int) -> str:
    return f"-{price(-cents)}" if cents < 0 else price(cents)


def _stated(row: Row) -> dict[str, Any]:
    row["net_sales"] = row["gross_sales"] - row["discounts"] - row["returns"]
    row["total_sales"] = sum(
        row[name] for name in ("net_sales", "shipping", "taxes", "duties", "fees")
    )
    row["all_sales"] = row["total_sales"] + row["gift_card_sales"] + row["tips"]
    return {name: row[name] for name in COUNTS} | {
        name: _decimal(row[name]) for name in MEASURES
    }


def stage(order: Order) -> str:
    """The deal stage of an order: the first that matches."""
    financial = financial_status(order)
    if order.cancelled or financial in ("VOIDED", "REFUNDED"):
        return "cancelled"
    if fulfillment_status(order) == "FULFILLED":
        return "shipped"
    return "processed" if financial in PAID else "checkout_completed"


class Ledger:
    """Sales by day and the store's counts; fed with every order and checkout once."""

    def __init__(self) -> None:
        self._days: defaultdict[str, Row] = defaultdict(Counter)
        self._stages = Counter(dict.fromkeys(STAGES, 0))
        self._amount = 0
        self.counts = Counter(
            dict.fromkeys(("orders", "test_orders", "cancelled_orders", "line_items"), 0)
        )

    def add_order(self, order: Order) -> None:
        """Enter an order; of a test order only that there was one."""
        if order.test:
            self.counts["test_orders"] += 1
            return
        self.counts["orders"] += 1
        self.counts["cancelled_orders"] += order.cancelled is not None
        goods = [line for line in order.line_items if line.line_type != "TIP"]
        self.counts["line_items"] += sum(line.current > 0 for line in goods)
        self._stages[stage(order)] += 1
        self._amount += order.owed - order.discrepancy
        for agreement in order.agreements:
            row = self._days[shop_day(agreement.at)]
            if agreement.type == "OrderAgreement":
                row["orders_placed"] += 1
                row["orders_not_cancelled"] += order.cancelled is None
            _enter(row, agreement.sales)

    def add_open_checkout(self, created: int, total: int, lines: int) -> None:
        """Enter a checkout that nobody completed."""
        abandoned = created + DAY <= NOW
        self._stages["checkout_abandoned" if abandoned else "checkout_pending"] += 1
        self._amount += total
        self.counts["line_items"] += lines

    def statement(self) -> dict[str, Any]:
        """The ledger by day, month and in all, with the counts."""
        total: Row = Counter()
        months: dict[str, Row] = {}
        for day, row in sorted(self._days.items()):
            total.update(row)
            months.setdefault(day[:7], Counter()).update(row)
        return {
            "about": "What this store must yield. Days and months are shop time.",
            "sales_ledger": {
                "total": _stated(total),
                "monthly": {month: _stated(row) for month, row in sorted(months.items())},
                "daily": {day: _stated(row) for day, row in sorted(self._days.items())},
            },
            "counts": {
                **self.counts,
                "deals": self._stages.total(),
                "deals_by_stage": dict(self._stages),
                "deal_amount_total": {SHOP_CURRENCY: _decimal(self._amount)},
            },
        }
