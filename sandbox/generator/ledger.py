"""The generator's own statement of what its store amounts to, kept while the store is made.

Definitions: reference/metrics.md, "Definitions in force"; stages: SPEC 1.2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sandbox.generator.charges import Sale
from sandbox.generator.money import SHOP_CURRENCY, price
from sandbox.generator.order_nodes import financial_status, fulfillment_status
from sandbox.generator.orders import Order
from sandbox.generator.times import DAY, NOW, shop_day

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


def _enter(row: Row, sale: Sale) -> None:
    """Add one sale, in cents, to a row's measures."""
    net = sale.total - sale.tax
    if sale.line_type == "ADJUSTMENT" or (
        sale.line_type == "PRODUCT" and sale.action == "RETURN"
    ):
        row["returns"] -= net
    elif sale.line_type == "PRODUCT":
        row["gross_sales"] += net + sale.discount_before
        row["discounts"] += sale.discount_before
    else:
        row[COLUMNS[sale.line_type]] += net
    if sale.line_type not in ("GIFT_CARD", "TIP"):
        row["taxes"] += sale.tax


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
        self.counts["line_items"] += sum(line.current > 0 for line in order.line_items)
        self._stages[stage(order)] += 1
        self._amount += order.owed - order.discrepancy
        for agreement in order.agreements:
            row = self._days[shop_day(agreement.at)]
            if agreement.type == "OrderAgreement":
                row["orders_placed"] += 1
                row["orders_not_cancelled"] += order.cancelled is None
            for sale in agreement.sales:
                _enter(row, sale)

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
