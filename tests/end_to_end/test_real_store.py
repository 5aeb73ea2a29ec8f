"""The real store, all the way: its ledger and its figures to the penny."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.end_to_end import figures

LEDGER = [
    "orders_placed",
    "orders_not_cancelled",
    "gross_sales",
    "discounts",
    "returns",
    "net_sales",
    "shipping",
    "taxes",
    "duties",
    "fees",
    "total_sales",
    "gift_card_sales",
    "tips",
    "all_sales",
]
LEDGER_SQL = ", ".join(f"sum({name.replace('orders_placed', 'orders')})" for name in LEDGER)
SALES_SQL = ", ".join(f"sum({name})" for name in LEDGER[2:])


def exactly(value: Any) -> Any:
    """Numbers as Decimal, whatever carried them; other values as they are."""
    if value is None or isinstance(value, bool):
        return value
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


def ledger_row(figures_of_period: dict[str, Any]) -> tuple[Any, ...]:
    """A period's ledger in the order of LEDGER."""
    return tuple(exactly(figures_of_period[name]) for name in LEDGER)


@pytest.mark.parametrize(
    ("period", "format_"), [("daily", "%Y-%m-%d"), ("monthly", "%Y-%m")], ids=["day", "month"]
)
def test_daily_sales_equal_the_true_ledger(real, reference, period, format_):
    """Every day and month of reports.daily_sales has the 14 figures of the true ledger."""
    rows = real.rows(
        f"select strftime(sale_date, '{format_}') as period, {LEDGER_SQL}"
        " from reports.daily_sales group by all"
    )

    found = {row[0]: tuple(exactly(value) for value in row[1:]) for row in rows}
    assert found == {k: ledger_row(v) for k, v in reference["sales_ledger"][period].items()}


def test_the_whole_ledger_agrees(real, reference):
    """The sums over all days are the true totals."""
    (row,) = real.rows(f"select {LEDGER_SQL} from reports.daily_sales")

    assert tuple(map(exactly, row)) == ledger_row(reference["sales_ledger"]["total"])


@pytest.mark.parametrize(
    ("grain", "period", "format_"),
    [("day", "daily", "%Y-%m-%d"), ("month", "monthly", "%Y-%m")],
)
def test_reports_over_time_equal_the_true_ledger(real, reference, grain, period, format_):
    """Every day and month of the reports has the true orders and money."""
    measures = ", ".join(f"revenue.{name}" for name in LEDGER[2:])
    rows = real.rows(
        f"select strftime(period_start, '{format_}') as period, coalesce(orders.orders, 0),"
        f" coalesce(orders.orders_not_cancelled, 0), {measures}"
        " from reports.revenue_over_time as revenue"
        " left join reports.orders_over_time as orders"
        " using (shop, currency, grain, period_start)"
        " where grain = ?",
        [grain],
    )

    found = {row[0]: tuple(exactly(value) for value in row[1:]) for row in rows}
    assert found == {k: ledger_row(v) for k, v in reference["sales_ledger"][period].items()}


def test_pairs_of_the_report_are_those_of_the_orders(real):
    """reports.products_bought_together counts the orders that hold both, as counted anew."""
    counted = real.rows(
        """
        with baskets as (
            select distinct
                order_id, coalesce(variant_id, coalesce(sku, '') || '/' || coalesce(title, ''))
                    as line
            from core.order_lines
            join core.orders using (shop, order_id)
            where not is_cancelled and not is_gift_card and not is_tip
        )
        select a.line, b.line, count(*) as orders
        from baskets as a join baskets as b using (order_id)
        where a.line < b.line group by all having count(*) >= 5 order by all
        """
    )
    reported = real.rows(
        "select product_line, other_product_line, orders_with_both"
        " from reports.products_bought_together order by all"
    )

    assert reported == counted
    assert len(counted) > 1000


@pytest.mark.parametrize(
    ("period", "format_"), [("daily", "%Y-%m-%d"), ("monthly", "%Y-%m")], ids=["day", "month"]
)
def test_the_sales_ledger_agrees_by_its_own_dates(real, reference, period, format_):
    """core.sales, grouped by sale_date, gives the true money of every day and month."""
    rows = real.rows(
        f"select strftime(sale_date, '{format_}') as period, {SALES_SQL}"
        " from core.sales group by all"
    )

    found = {row[0]: tuple(exactly(value) for value in row[1:]) for row in rows}
    expected = reference["sales_ledger"][period].items()
    assert found == {k: ledger_row(v)[2:] for k, v in expected}


@pytest.mark.parametrize("name", figures.OVERALL)
def test_overall_figure(real, reference, name):
    """The store's overall figure of this name is recomputed exactly."""
    found = real.value(figures.ORDERS + figures.OVERALL[name])

    assert exactly(found) == exactly(reference["figures"]["overall"][name])


@pytest.mark.parametrize("name", figures.CUSTOMERS)
def test_customer_figure(real, reference, name):
    """The customers' figure of this name is recomputed exactly."""
    found = real.value(figures.ORDERS + figures.CUSTOMERS[name])

    assert exactly(found) == exactly(reference["figures"]["customers"][name])


def test_every_figure_is_compared(reference):
    """No overall or customer figure of the reference is left out."""
    assert set(figures.OVERALL) == set(reference["figures"]["overall"])
    assert set(figures.CUSTOMERS) | {"orders_per_customer_hist", "top10_by_total_sales"} == set(
        reference["figures"]["customers"]
    )


def test_orders_per_customer(real, reference):
    """The histogram of orders per customer is the true one."""
    expected = reference["figures"]["customers"]["orders_per_customer_hist"]

    assert dict(real.rows(figures.ORDERS + figures.HISTOGRAM)) == expected


def test_top_customers(real, reference):
    """The ten best customers and their totals, in order."""
    expected = reference["figures"]["customers"]["top10_by_total_sales"]

    assert [
        tuple(map(exactly, row)) for row in real.rows(figures.ORDERS + figures.TOP_CUSTOMERS)
    ] == [(exactly(row["customer"]), exactly(row["total"])) for row in expected]


def test_months(real, reference):
    """Eleven figures of each month, refunds by both dates among them."""
    names = list(next(iter(reference["figures"]["monthly"].values())))

    found = {
        r[0]: tuple(map(exactly, r[1:])) for r in real.rows(figures.ORDERS + figures.MONTHLY)
    }
    assert found == {
        month: tuple(exactly(values[name]) for name in names)
        for month, values in reference["figures"]["monthly"].items()
    }


@pytest.mark.parametrize(
    ("name", "sql"), [("weekday_orders", figures.WEEKDAYS), ("hour_orders", figures.HOURS)]
)
def test_orders_by_clock(real, reference, name, sql):
    """Orders by weekday and hour of the shop's time zone."""
    assert dict(real.rows(figures.ORDERS + sql)) == reference["figures"][name]


def test_countries(real, reference):
    """Orders, customers and totals of each country."""
    rows = real.rows(figures.ORDERS + figures.COUNTRIES)

    assert {row[0]: tuple(map(exactly, row[1:])) for row in rows} == {
        country: tuple(exactly(values[name]) for name in ("orders", "customers", "total"))
        for country, values in reference["figures"]["country"].items()
    }


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("top20_by_gross_revenue", "revenue"),
        ("top20_by_net_revenue", "net_revenue"),
        ("top20_by_gross_units", "units"),
    ],
)
def test_top_products(real, reference, name, column):
    """The twenty best products, with revenue, units, orders, refunds and net of each."""
    columns = "sku, revenue, units, orders, refunded, net_revenue, net_units"
    rows = real.rows(
        f"{figures.ORDERS} select {columns} from ({figures.ORDERS}{figures.PRODUCTS})"
        f" order by {column} desc limit 20"
    )

    assert [(row[0], *map(exactly, row[1:])) for row in rows] == [
        (row["sku"], *(exactly(row[c]) for c in columns.split(", ")[1:]))
        for row in reference["figures"][name]
    ]


def test_products_bought_together(real, reference):
    """The fifteen pairs of products found in most orders."""
    found = {(a, b): orders for a, b, orders in real.rows(figures.ORDERS + figures.PAIRS)}
    expected = reference["figures"]["top15_sku_pairs_by_orders"]

    assert {(p["a"], p["b"]): found.get((p["a"], p["b"])) for p in expected} == {
        (p["a"], p["b"]): p["orders"] for p in expected
    }
    assert sorted(found.values(), reverse=True)[:15] == [p["orders"] for p in expected]


def test_cohorts(real, reference):
    """Customers, orders and totals of each cohort in each month of its age."""
    rows = real.rows(figures.ORDERS + figures.COHORTS)

    assert {(row[0], str(row[1])): tuple(map(exactly, row[2:])) for row in rows} == {
        (cohort, age): tuple(exactly(v[name]) for name in ("customers", "orders", "total"))
        for cohort, ages in reference["figures"]["cohort"].items()
        for age, v in ages.items()
    }
