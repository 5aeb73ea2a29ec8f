"""The dashboard's charts: what each shows, in which unit, from which tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GRAINS = ("day", "week", "month")
# one bucket that is the whole period: its figures are counted afresh, not summed
WHOLE = "whole"

Kind = Literal["money", "count", "share", "text"]


@dataclass(frozen=True)
class Column:
    """A column of a chart's figures.

    name is the query's column; ratio names the two columns that are divided where no
    query could divide exactly (SQL engines divide decimals as floats).
    """

    name: str
    label: str
    kind: Kind
    ratio: tuple[str, str] | None = None


@dataclass(frozen=True)
class Chart:
    """One chart: queries/<key>.sql, drawn in one form.

    title may name the {grain}; about is the definition, in a sentence or two. `drawn`
    are the columns that become marks; the table shows them all. A ranking takes its
    labels from its first column and notes another beside its bars, with a word; the other
    forms run over time.
    """

    key: str
    title: str
    about: str
    unit: Kind
    source: str
    form: Literal["lines", "bars", "stacked", "ranking"]
    columns: tuple[Column, ...]
    drawn: tuple[str, ...]
    noted: tuple[str, str] | None = None
    wide: bool = False

    @property
    def over_time(self) -> bool:
        """Whether the figures come in buckets of time."""
        return self.form != "ranking"

    def place(self, name: str) -> int:
        """The position of a column."""
        return [column.name for column in self.columns].index(name)


REVENUE = Chart(
    "revenue",
    "Revenue by {grain}",
    "Gross sales are products before discounts and returns, without tax. Net sales take "
    "discounts and returns off; total sales add shipping, duties, fees and taxes. Each on "
    "the day it happened.",
    "money",
    "reports.daily_sales",
    "lines",
    (
        Column("gross_sales", "Gross sales", "money"),
        Column("discounts", "Discounts", "money"),
        Column("returns", "Returns", "money"),
        Column("net_sales", "Net sales", "money"),
        Column("shipping", "Shipping", "money"),
        Column("duties_and_fees", "Duties and fees", "money"),
        Column("taxes", "Taxes", "money"),
        Column("total_sales", "Total sales", "money"),
    ),
    ("gross_sales", "net_sales", "total_sales"),
    wide=True,
)

ORDERS = Chart(
    "orders",
    "Orders by {grain}",
    "Orders by the day they were placed. Processed orders have since been paid or shipped.",
    "count",
    "core.orders",
    "bars",
    (
        Column("placed", "Placed", "count"),
        Column("processed", "Processed", "count"),
        Column("cancelled", "Cancelled", "count"),
    ),
    ("placed", "processed"),
)

AVERAGE_ORDER_VALUE = Chart(
    "average_order_value",
    "Average order value by {grain}",
    "Gross sales less discounts of the orders that were not cancelled, as they were "
    "ordered, divided by their number.",
    "money",
    "core.orders",
    "lines",
    (
        Column("ordered_sales", "Gross sales less discounts", "money"),
        Column("orders_not_cancelled", "Orders not cancelled", "count"),
        Column(
            "average_order_value",
            "Average order value",
            "money",
            ratio=("ordered_sales", "orders_not_cancelled"),
        ),
    ),
    ("average_order_value",),
)

CUSTOMERS = Chart(
    "customers",
    "New and returning customers by {grain}",
    "People with their first or a later order in the {grain}. Someone with "
    "both counts in both, and once in all customers.",
    "count",
    "core.orders",
    "bars",
    (
        Column("new_customers", "New", "count"),
        Column("returning_customers", "Returning", "count"),
        Column("customers", "All customers", "count"),
    ),
    ("new_customers", "returning_customers"),
)

TOP_PRODUCTS = Chart(
    "top_products",
    "Top ten products by net sales",
    "Variants by their net sales in the period: less discounts and what came back.",
    "money",
    "core.sales, core.order_lines",
    "ranking",
    (
        Column("title", "Product", "text"),
        Column("sku", "SKU", "text"),
        Column("store", "Store", "text"),
        Column("net_sales", "Net sales", "money"),
        Column("returns", "Returns", "money"),
        Column("units_sold", "Units sold", "count"),
        Column("units_returned", "Units returned", "count"),
    ),
    ("net_sales",),
    noted=("units_sold", "sold"),
)

DEALS = Chart(
    "deals",
    "Deals by pipeline stage",
    "Orders placed and open checkouts started in the period, at their current stage "
    "and current total.",
    "money",
    "core.orders, core.checkouts",
    "ranking",
    (
        Column("label", "Stage", "text"),
        Column("amount", "Amount", "money"),
        Column("deals", "Deals", "count"),
    ),
    ("amount",),
    noted=("deals", "deals"),
)

CHECKOUTS = Chart(
    "checkouts",
    "Abandoned checkouts by {grain}",
    "Checkouts left for 24 hours, by the day they began. Recovered ones became an "
    "order afterwards.",
    "count",
    "core.checkouts",
    "stacked",
    (
        Column("still_open", "Still open", "count"),
        Column("recovered", "Recovered", "count"),
        Column("abandoned", "Abandoned", "count"),
        Column("abandoned_value", "Value", "money"),
        Column("recovery_rate", "Recovery rate", "share", ratio=("recovered", "abandoned")),
        Column("recovered_revenue", "Recovered revenue", "money"),
    ),
    ("still_open", "recovered"),
)

SOURCES = Chart(
    "sources",
    "Revenue by source",
    "Total sales by what brought the order's first visit: UTM source and medium, else the "
    "source that Shopify names, else the channel. The parts sum to the whole.",
    "money",
    "core.sales, core.orders",
    "ranking",
    (
        Column("source", "Source", "text"),
        Column("total_sales", "Total sales", "money"),
        Column("orders", "Orders", "count"),
    ),
    ("total_sales",),
    noted=("orders", "orders"),
    wide=True,
)

CHARTS = (
    REVENUE,
    ORDERS,
    AVERAGE_ORDER_VALUE,
    CUSTOMERS,
    TOP_PRODUCTS,
    DEALS,
    CHECKOUTS,
    SOURCES,
)
