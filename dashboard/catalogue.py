"""The reports that a dashboard can show: what each answers, in which unit, in which form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

GRAINS = {"day": "Day", "week": "Week", "month": "Month", "quarter": "Quarter"}
PERIODS = {
    "last_7_days": "Last 7 days",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
    "month_to_date": "Month to date",
    "last_month": "Last month",
    "year_to_date": "Year to date",
    "last_12_months": "Last 12 months",
    "all_time": "All time",
}
COMPARISONS = {"previous_period": "the period before", "previous_year": "the year before"}

Kind = Literal["money", "count", "share", "number", "text", "date", "time"]
Form = Literal[
    "lines", "columns", "stacked", "ranking", "histogram", "cohorts", "table", "orders"
]


@dataclass(frozen=True)
class Column:
    """A column of a report.

    name is the model's column; ratio names the two whose sums are divided, since quotients
    cannot be added. is_distinct says that its days do not add up to its period, since
    a person or an order of two days counts once.
    """

    name: str
    label: str
    kind: Kind
    ratio: tuple[str, str] | None = None
    is_distinct: bool = False


@dataclass(frozen=True)
class Report:
    """A report: the model reports.<key>, drawn in one form.

    about is the definition, in a sentence or two. drawn are the columns that become marks;
    told is the one that its sentence is about, the last of them where none is named. A ranking
    shows the `most` greatest and sums up the others; labels are its columns of text, each
    row's name first, and noted stands beside its bars. dimensions are the values of its column
    of that name among which one can choose. A report `forgets` where Shopify keeps its records
    for a while only: nothing is known before the first. One that opens_orders leads from a
    bucket to the orders placed in it; one that shows_people has single orders, by which a
    person can be found.
    """

    key: str
    title: str
    about: str
    form: Form
    columns: tuple[Column, ...]
    drawn: tuple[str, ...] = ()
    told: str = ""
    labels: tuple[Column, ...] = ()
    noted: tuple[str, str] | None = None
    dimensions: dict[str, str] = field(default_factory=dict)
    most: int = 10
    forgets: bool = False
    is_wide: bool = False
    opens_orders: bool = False
    shows_people: bool = False

    @property
    def main(self) -> str:
        """The column that the report's sentence is about."""
        return self.told or (self.drawn or (self.columns[0].name,))[-1]

    @property
    def is_over_time(self) -> bool:
        """Whether it has a row per bucket of time."""
        return self.form in ("lines", "columns", "stacked")

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that the model has; the others are divided from them."""
        return tuple(column for column in self.columns if column.ratio is None)

    def place(self, name: str) -> int:
        """The position of a column."""
        return [column.name for column in self.columns].index(name)


def _money(name: str, label: str) -> Column:
    return Column(name, label, "money")


def _count(name: str, label: str, *, is_distinct: bool = False) -> Column:
    return Column(name, label, "count", is_distinct=is_distinct)


REPORTS = (
    Report(
        "revenue_over_time",
        "Revenue over time",
        "Gross sales are products before discounts and returns, without tax. Net sales take "
        "discounts and returns off; total sales add shipping, duties, fees and taxes. Each on "
        "the day it happened.",
        "lines",
        (
            _money("gross_sales", "Gross sales"),
            _money("discounts", "Discounts"),
            _money("returns", "Returns"),
            _money("net_sales", "Net sales"),
            _money("shipping", "Shipping"),
            _money("duties", "Duties"),
            _money("fees", "Fees"),
            _money("taxes", "Taxes"),
            _money("total_sales", "Total sales"),
        ),
        drawn=("gross_sales", "total_sales", "net_sales"),
        is_wide=True,
        opens_orders=True,
    ),
    Report(
        "orders_over_time",
        "Orders over time",
        "Orders by the day they were placed, at the stage that they have reached now.",
        "columns",
        (
            _count("orders", "Orders placed"),
            _count("awaiting_payment", "Awaiting payment"),
            _count("processed", "Processed, not shipped"),
            _count("shipped", "Shipped"),
            _count("cancelled", "Cancelled"),
        ),
        drawn=("orders",),
        opens_orders=True,
    ),
    Report(
        "average_order_value_over_time",
        "Average order value over time",
        "Gross sales less discounts of the orders that were not cancelled, as they were "
        "ordered, divided by their number.",
        "lines",
        (
            _money("ordered_sales", "Gross sales less discounts"),
            _count("orders_not_cancelled", "Orders not cancelled"),
            Column(
                "average_order_value",
                "Average order value",
                "money",
                ratio=("ordered_sales", "orders_not_cancelled"),
            ),
        ),
        drawn=("average_order_value",),
        opens_orders=True,
    ),
    Report(
        "customers_over_time",
        "New and returning customers",
        "People with their first or a later order. Someone with both counts in both, and once "
        "in all customers.",
        "columns",
        (
            _count("new_customers", "New"),
            _count("returning_customers", "Returning", is_distinct=True),
            _count("customers", "All customers", is_distinct=True),
            Column(
                "returning_share",
                "Share of returning",
                "share",
                ratio=("returning_customers", "customers"),
            ),
        ),
        drawn=("new_customers", "returning_customers"),
        told="customers",
    ),
    Report(
        "abandoned_checkouts_over_time",
        "Abandoned checkouts",
        "Checkouts left for as long as the abandonment delay, by the day they began. Recovered "
        "ones became an order afterwards.",
        "stacked",
        (
            _count("still_open", "Not recovered"),
            _count("recovered", "Recovered"),
            _count("abandoned", "Abandoned"),
            Column("recovery_rate", "Recovery rate", "share", ratio=("recovered", "abandoned")),
            _money("abandoned_value", "Abandoned value"),
            _money("recovered_revenue", "Recovered revenue"),
        ),
        drawn=("recovered", "still_open"),
        told="abandoned",
        forgets=True,
    ),
    Report(
        "deals_by_stage",
        "Deals by pipeline stage",
        "Orders placed and open checkouts started in the period, at their current stage and "
        "current total.",
        "ranking",
        (_money("amount", "Amount"), _count("deals", "Deals")),
        drawn=("amount",),
        labels=(Column("label", "Stage", "text"),),
        noted=("deals", "deals"),
    ),
    Report(
        "discounts_and_refunds_over_time",
        "Discounts and returns",
        "What discounts and returns take off gross sales, each on the day it happened.",
        "lines",
        (
            _money("gross_sales", "Gross sales"),
            _money("discounts", "Discounts"),
            _money("returns", "Returns"),
            _count("orders", "Orders"),
            _count("orders_with_a_discount", "Orders with a discount"),
            _count("orders_with_a_return", "Orders with a return", is_distinct=True),
            Column(
                "discount_rate", "Discount rate", "share", ratio=("discounts", "gross_sales")
            ),
            Column("return_rate", "Return rate", "share", ratio=("returns", "gross_sales")),
        ),
        drawn=("discounts", "returns"),
    ),
    Report(
        "top_products",
        "Top products",
        "Variants by their net sales in the period: less discounts and what came back.",
        "ranking",
        (
            _money("net_sales", "Net sales"),
            _money("returns", "Returns"),
            _count("units_sold", "Units sold"),
            _count("units_returned", "Units returned"),
        ),
        drawn=("net_sales",),
        labels=(
            Column("title", "Product", "text"),
            Column("sku", "SKU", "text"),
            Column("shop", "Store", "text"),
        ),
        noted=("units_sold", "sold"),
        is_wide=True,
    ),
    Report(
        "revenue_by_source",
        "Revenue by source",
        "Total sales by what brought the order. The parts sum to the whole; what Shopify does "
        "not know is unknown.",
        "ranking",
        (_money("total_sales", "Total sales"), _count("orders", "Orders")),
        drawn=("total_sales",),
        labels=(Column("source", "Source", "text"),),
        noted=("orders", "orders"),
        dimensions={
            "first_visit": "First visit",
            "channel": "Channel",
            "referrer": "Referrer",
            "first_utm_campaign": "UTM campaign of the first visit",
            "last_utm_campaign": "UTM campaign of the last visit",
        },
        is_wide=True,
    ),
    Report(
        "sales_by_country",
        "Sales by country",
        "Total sales by the country that an order is shipped to, else that of its bill.",
        "ranking",
        (_money("total_sales", "Total sales"), _count("orders", "Orders")),
        drawn=("total_sales",),
        labels=(Column("country", "Country", "text"),),
        noted=("orders", "orders"),
        most=15,
    ),
    Report(
        "sales_by_product_type_and_vendor",
        "Sales by product type and vendor",
        "Net sales by the product's type and vendor; a refund of no product has a row of its "
        "own, so that the parts sum to the whole.",
        "ranking",
        (
            _money("net_sales", "Net sales"),
            _money("returns", "Returns"),
            _count("net_units", "Net units"),
        ),
        drawn=("net_sales",),
        labels=(Column("product_type", "Type", "text"), Column("vendor", "Vendor", "text")),
        noted=("net_units", "units"),
    ),
    Report(
        "cohorts",
        "Customers by the month of their first order",
        "Of the people whose first order was in a month, the share that ordered in each month "
        "after it, or what they have bought by then, per customer.",
        "cohorts",
        (
            _count("customers_who_ordered", "Customers who ordered"),
            _money("cumulative_net_sales", "Net sales so far"),
            Column("retention", "Retention", "share"),
        ),
        drawn=("retention",),
        is_wide=True,
    ),
    Report(
        "rfm_segments",
        "Customers by recency, frequency and value",
        "All persons of all stores, in the home currency: how lately they bought, how often, "
        "and for how much, each in fifths.",
        "table",
        (
            _count("customers", "Customers"),
            _count("orders", "Orders"),
            _money("net_sales", "Net sales"),
            Column(
                "net_sales_per_customer",
                "Net sales per customer",
                "money",
                ratio=("net_sales", "customers"),
            ),
            Column("last_order_date", "Last order", "date"),
        ),
        drawn=("customers",),
        labels=(Column("segment", "Segment", "text"),),
        is_wide=True,
    ),
    Report(
        "time_between_orders",
        "Time between orders",
        "Days from one order of a person to the next, in weeks.",
        "histogram",
        (_count("intervals", "Intervals"),),
        drawn=("intervals",),
        labels=(Column("orders_between", "Between", "text"),),
    ),
    Report(
        "sales_bridge",
        "From deals to total sales",
        "Why the deals' amounts in HubSpot are not the total sales of the reports, step by "
        "step, over all time.",
        "table",
        (_money("amount", "Amount"),),
        labels=(Column("label", "Step", "text"),),
    ),
    Report(
        "products_bought_together",
        "Products bought together",
        "Pairs of products in one order. Confidence: how many orders of the one have the other "
        "too. Lift: how much more often than by chance.",
        "table",
        (
            _count("orders_with_both", "Orders with both"),
            Column("confidence", "Confidence", "share"),
            Column("other_confidence", "Confidence, the other way", "share"),
            Column("lift", "Lift", "number"),
        ),
        drawn=("orders_with_both",),
        labels=(
            Column("title", "Product", "text"),
            Column("other_title", "With", "text"),
            Column("shop", "Store", "text"),
        ),
        most=20,
        is_wide=True,
    ),
    Report(
        "first_products",
        "First product and repeat rate",
        "Of the people whose first order held a product, how many came back.",
        "table",
        (
            _count("customers", "Customers"),
            _count("returning_customers", "Came back"),
            Column(
                "repeat_rate",
                "Repeat rate",
                "share",
                ratio=("returning_customers", "customers"),
            ),
            _money("net_sales", "Net sales by now"),
            Column(
                "net_sales_per_customer",
                "Net sales per customer",
                "money",
                ratio=("net_sales", "customers"),
            ),
        ),
        drawn=("customers",),
        labels=(Column("title", "First product", "text"), Column("shop", "Store", "text")),
        most=20,
        is_wide=True,
    ),
    Report(
        "orders_to_open",
        "Latest and largest orders",
        "The latest orders of each store and the largest of each month, with their deals in "
        "HubSpot.",
        "orders",
        (
            Column("placed_date", "Placed", "date"),
            Column("stage", "Stage", "text"),
            _money("amount", "Amount"),
        ),
        labels=(Column("order_name", "Order", "text"), Column("shop", "Store", "text")),
        is_wide=True,
        shows_people=True,
    ),
    Report(
        "sync_health",
        "Sync health",
        "The last run of each step and store, and what came of it.",
        "table",
        (
            Column("finished_at", "Ended", "time"),
            Column("status", "Status", "text"),
            _count("records_read", "Records read"),
            _count("records_changed", "Records changed"),
            _count("checks_failed", "Checks failed"),
        ),
        labels=(Column("step", "Step", "text"), Column("shop", "Store", "text")),
        is_wide=True,
    ),
)
BY_KEY = {report.key: report for report in REPORTS}
