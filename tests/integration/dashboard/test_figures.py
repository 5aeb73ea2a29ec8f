"""The dashboard's figures are SQL's, and agree with each other."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import open_warehouse
from dashboard.catalogue import (
    AVERAGE_ORDER_VALUE,
    CHARTS,
    CHECKOUTS,
    CUSTOMERS,
    DEALS,
    GRAINS,
    ORDERS,
    REVENUE,
    SOURCES,
    TOP_PRODUCTS,
    WHOLE,
    Chart,
)
from dashboard.figures import Figures, read_figures
from dashboard.page import write_dashboard

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23)


def column(
    figures: Figures, chart: Chart, name: str, scope: str, period: str, grain: str
) -> list[Decimal]:
    """One column of a chart's rows as decimals, blanks left out."""
    texts = [row[chart.place(name)] for row in figures.of(chart, scope, period, grain)]
    return [Decimal(text) for text in texts if text is not None]


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("chart", [REVENUE, ORDERS], ids=lambda chart: chart.key)
def test_buckets_sum_to_the_whole(figures: Figures, chart: Chart, grain: str) -> None:
    """In every store and period, the buckets of money and orders add up to the whole."""
    for scope in figures.scopes:
        for period in figures.periods:
            for name in (col.name for col in chart.columns):
                chosen = (chart, name, scope.key, period.key)
                assert sum(column(figures, *chosen, grain)) == sum(
                    column(figures, *chosen, WHOLE)
                )


def test_total_sales_are_the_ledger_s(figures: Figures, warehouse: Path) -> None:
    """All-time total sales of each store are the sum of core.sales."""
    with open_warehouse(warehouse, read_only=True) as connection:
        ledger = connection.execute(
            "select shop, sum(total_sales) from core.sales group by shop"
        ).fetchall()
    for scope in figures.scopes:
        expected = sum(total for shop, total in ledger if shop in scope.shops)
        assert column(figures, REVENUE, "total_sales", scope.key, "all", WHOLE) == [expected]


def test_revenue_rows_are_a_bridge(figures: Figures) -> None:
    """In each bucket, gross sales and what follows them lead to total sales."""
    for gross, off, back, net, shipping, duties, taxes, total in figures.of(
        REVENUE, figures.scopes[0].key, "all", "week"
    ):
        assert Decimal(gross) - Decimal(off) - Decimal(back) == Decimal(net)
        assert Decimal(net) + Decimal(shipping) + Decimal(duties) + Decimal(taxes) == Decimal(
            total
        )


def test_customers_of_a_day_are_those_of_daily_sales(figures: Figures, warehouse: Path) -> None:
    """Counted by day, new and returning customers equal reports.daily_sales."""
    shop = next(scope for scope in figures.scopes if scope.label == "a.myshopify.com")
    with open_warehouse(warehouse, read_only=True) as connection:
        expected = connection.execute(
            """
            select sum(new_customers), sum(returning_customers)
            from reports.daily_sales where shop = 'a.myshopify.com'
            """
        ).fetchone()
    found = (
        sum(column(figures, CUSTOMERS, "new_customers", shop.key, "all", "day")),
        sum(column(figures, CUSTOMERS, "returning_customers", shop.key, "all", "day")),
    )
    assert found == expected


def test_persons_are_counted_once_per_bucket(figures: Figures, warehouse: Path) -> None:
    """Returning customers of the whole period are distinct persons, no sum of days."""
    shop = next(scope for scope in figures.scopes if scope.label == "a.myshopify.com")
    with open_warehouse(warehouse, read_only=True) as connection:
        expected = connection.execute(
            """
            select count(distinct person_key) from core.orders
            where shop = 'a.myshopify.com' and is_returning
            """
        ).fetchone()
    whole = column(figures, CUSTOMERS, "returning_customers", shop.key, "all", WHOLE)
    by_day = column(figures, CUSTOMERS, "returning_customers", shop.key, "all", "day")
    assert expected == (whole[0],)
    assert sum(by_day) > whole[0]


def test_each_person_is_new_once(figures: Figures) -> None:
    """New customers of all months add up to all customers of all time."""
    for scope in figures.scopes:
        months = column(figures, CUSTOMERS, "new_customers", scope.key, "all", "month")
        assert [sum(months)] == column(figures, CUSTOMERS, "customers", scope.key, "all", WHOLE)


def test_average_order_value_is_a_quotient_of_sums(figures: Figures) -> None:
    """Each bucket's average is its sales divided by its orders, not a mean of means."""
    scope = figures.scopes[0]
    for sales, orders, average in figures.of(AVERAGE_ORDER_VALUE, scope.key, "all", "month"):
        exact = Decimal(sales) / Decimal(orders)
        assert abs(Decimal(average) - exact) <= Decimal("0.005")


def test_a_day_without_orders_has_no_average(figures: Figures) -> None:
    """Where nobody ordered, the average order value is blank, not zero."""
    rows = figures.of(AVERAGE_ORDER_VALUE, figures.scopes[1].key, "all", "day")
    assert {row[2] for row in rows if row[1] == "0"} == {None}


def test_deals_are_orders_and_open_checkouts(figures: Figures, warehouse: Path) -> None:
    """All stages together hold every order and every open checkout, at their amounts."""
    scope = figures.scopes[0]
    with open_warehouse(warehouse, read_only=True) as connection:
        expected = connection.execute(
            """
            select count(*), sum(amount)
            from (
                select currency, amount from core.orders
                union all
                select currency, total_price from core.checkouts where is_open
            ) where currency = 'GBP'
            """
        ).fetchone()
    found = (
        sum(column(figures, DEALS, "deals", scope.key, "all", "")),
        sum(column(figures, DEALS, "amount", scope.key, "all", "")),
    )
    assert found == expected


def test_abandoned_checkouts_are_open_or_recovered(figures: Figures) -> None:
    """Abandoned checkouts are those still open and those recovered; pending ones are none."""
    for row in figures.of(CHECKOUTS, figures.scopes[0].key, "all", "month"):
        assert int(row[0]) + int(row[1]) == int(row[2])


def test_top_products_are_the_greatest(figures: Figures, warehouse: Path) -> None:
    """The list holds the ten greatest net sales, greatest first."""
    with open_warehouse(warehouse, read_only=True) as connection:
        expected = connection.execute(
            """
            select sum(net_sales) as net
            from core.sales inner join core.order_lines using (shop, order_line_id)
            where currency = 'GBP' group by shop, variant_id order by net desc limit 10
            """
        ).fetchall()
    found = column(figures, TOP_PRODUCTS, "net_sales", figures.scopes[0].key, "all", "")
    assert [(net,) for net in found] == expected


def test_sources_sum_to_the_whole(figures: Figures) -> None:
    """In every store and period, the sources' revenue adds up to total sales."""
    for scope in figures.scopes:
        for period in figures.periods:
            parts = column(figures, SOURCES, "total_sales", scope.key, period.key, "")
            assert [sum(parts)] == column(
                figures, REVENUE, "total_sales", scope.key, period.key, WHOLE
            )


def test_sources_are_visits_channels_or_unknown(figures: Figures) -> None:
    """A source is UTM or visit, else the channel, else unknown."""
    names = {row[0] for row in figures.of(SOURCES, "s0", "all", "")}
    assert names == {"google / cpc", "direct", "pos", "unknown"}


def test_currencies_are_never_added(figures: Figures) -> None:
    """Stores are put together only where they share a currency."""
    labels = [(scope.label, scope.currency) for scope in figures.scopes]
    assert labels == [
        ("All stores in GBP", "GBP"),
        ("a.myshopify.com", "GBP"),
        ("b.myshopify.com", "GBP"),
        ("c.myshopify.com", "JPY"),
    ]


@pytest.mark.parametrize(
    ("currency", "amount"),
    [("JPY", "1235"), ("GBP", "1234.57"), ("KWD", "1234.568"), ("QQQ", "1234.57")],
)
def test_amounts_have_the_decimals_of_their_currency(
    empty_warehouse: Path, currency: str, amount: str
) -> None:
    """They come from the seed of currencies; one that it does not list has two."""
    with open_warehouse(empty_warehouse) as connection:
        connection.execute(
            "insert into core.orders "
            "(shop, order_id, placed_date, deal_stage, currency, amount) values "
            "('a.myshopify.com', '1', '2026-01-01', 'processed', ?, 1234.5675)",
            [currency],
        )

    rows = read_figures(empty_warehouse).of(DEALS, "s0", "all", WHOLE)

    place = DEALS.place("amount")
    assert [row[place] for row in rows if row[0] == "Processed"] == [amount]


def test_a_store_without_orders_has_no_figures(empty_warehouse: Path) -> None:
    """Empty tables give empty figures."""
    assert read_figures(empty_warehouse).scopes == []


def test_an_order_without_a_currency_is_no_figure(empty_warehouse: Path) -> None:
    """Where no amount has a currency there is no store to choose, and no error."""
    with open_warehouse(empty_warehouse) as connection:
        connection.execute(
            "insert into core.orders (shop, order_id, placed_date) "
            "values ('a.myshopify.com', '1', '2026-01-01')"
        )

    assert read_figures(empty_warehouse).scopes == []


def test_a_missing_table_names_the_next_command(tmp_path: Path) -> None:
    """Before any transformation the error says what to run."""
    with open_warehouse(tmp_path / "w.duckdb"):
        pass
    with pytest.raises(WarehouseError, match="cartwheel transform"):
        read_figures(tmp_path / "w.duckdb")


def test_every_chart_has_figures(figures: Figures) -> None:
    """No chart is without rows in any selection over time."""
    for chart in CHARTS:
        for scope in figures.scopes:
            assert figures.of(chart, scope.key, "all", "month"), chart.key


def test_the_exposures_name_what_the_queries_read() -> None:
    """The dashboard's exposures depend on exactly the tables that its queries read."""
    read = set()
    folder = ROOT / "dashboard"
    for path in (folder / "figures.py", *(folder / "queries").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r"(?:from|join) (?:core|reports|seeds)\.(\w+)", text))
    declared = yaml.safe_load(
        (ROOT / "dbt_project/models/marts/reports/_reports__exposures.yml").read_text("utf-8")
    )
    for exposure in declared["exposures"]:
        if exposure["name"].startswith("dashboard_"):
            assert {text[5:-2] for text in exposure["depends_on"]} == read


@pytest.mark.parametrize(
    "days",
    [["0001-01-01"], ["9999-12-31"], ["0001-01-01", "9999-12-31", "infinity", "-infinity"]],
)
def test_an_impossible_date_lies_in_no_period(warehouse, figures, tmp_path, days):
    """Orders, sales and checkouts of impossible days change no period and stop no page."""
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(warehouse.read_bytes())
    with open_warehouse(path) as connection:
        for day in days:
            for table, columns in {
                "core.orders": ("order_date", "placed_date"),
                "core.sales": ("sale_date",),
                "core.checkouts": ("created_date",),
                "reports.daily_sales": ("sale_date",),
            }.items():
                # what is computed from the others cannot be inserted
                kept = "* exclude (shipping, duties, fees, net_sales, total_sales)"
                kept = kept if table == "core.sales" else "*"
                connection.execute(f"create or replace temp table odd as from {table} limit 1")
                for column in columns:
                    connection.execute(f"update odd set {column} = date '{day}'")
                connection.execute(f"insert into {table} by name select {kept} from odd")

    found = read_figures(path, NOW)
    write_dashboard(path, tmp_path / "dashboard.html", NOW)

    assert (found.periods, found.buckets) == (figures.periods, figures.buckets)
    assert found.rows[REVENUE.key] == figures.rows[REVENUE.key]
    assert (tmp_path / "dashboard.html").exists()


def test_a_store_of_impossible_dates_alone_has_an_empty_page(empty_warehouse, tmp_path):
    """Nothing to show is shown, and is no failure."""
    with open_warehouse(empty_warehouse) as connection:
        connection.execute(
            "insert into core.checkouts (shop, created_date, currency, total_price) "
            "values ('a.myshopify.com', date '0001-01-01', 'GBP', 1)"
        )

    write_dashboard(empty_warehouse, tmp_path / "dashboard.html", NOW)

    assert "9999" not in (tmp_path / "dashboard.html").read_text()


def test_a_page_that_cannot_be_written_is_told(warehouse, tmp_path):
    """The command ends with the file's name and what to do, not with a traceback."""
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "dashboard.html"

    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(warehouse)}).invoke(
        main, ["dashboard", "--output", str(target)]
    )

    assert done.exit_code == 1
    assert f"Error: {target} cannot be written" in done.output
