"""A small warehouse of three stores in two currencies, for the dashboard to draw."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from cartwheel.core.warehouse import open_warehouse
from dashboard.figures import Figures, read_figures

TABLES = """
create schema core;
create schema reports;
create schema seeds;
create table core.orders (
    shop varchar, order_id varchar, person_key varchar, order_date date, placed_date date,
    deal_stage varchar, ordered_gross_sales decimal(18, 4), ordered_discounts decimal(18, 4),
    is_cancelled boolean, currency varchar, amount decimal(18, 4),
    order_total decimal(18, 4), is_first_order boolean, is_returning boolean,
    source_name varchar, first_source_1 varchar, first_utm_medium varchar
);
create table core.order_lines (
    shop varchar, order_line_id varchar, variant_id varchar, sku varchar,
    name varchar, title varchar
);
create table core.sales (
    shop varchar, order_id varchar, order_line_id varchar, sale_date date, event varchar,
    line_type varchar, quantity bigint, gross_sales decimal(18, 4),
    discounts decimal(18, 4), returns decimal(18, 4), taxes decimal(18, 4),
    currency varchar,
    shipping decimal(18, 4) as (0), duties decimal(18, 4) as (0), fees decimal(18, 4) as (0),
    net_sales decimal(18, 4) as (gross_sales - discounts - returns),
    total_sales decimal(18, 4) as (gross_sales - discounts - returns + taxes)
);
create table core.checkouts (
    shop varchar, checkout_id varchar, created_date date, currency varchar,
    total_price decimal(18, 4), order_id varchar, checkout_state varchar, is_open boolean
);
"""

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"

DAILY_SALES = """
create table reports.daily_sales as
with placed as (
    select
        shop, placed_date as sale_date, currency, count(*) as orders,
        count(*) filter (where not is_cancelled) as orders_not_cancelled,
        count(distinct person_key) filter (where is_first_order) as new_customers,
        count(distinct person_key) filter (where is_returning) as returning_customers
    from core.orders group by all
),
summed as (
    select
        shop, sale_date, currency, sum(gross_sales) as gross_sales,
        sum(discounts) as discounts, sum(returns) as returns, sum(net_sales) as net_sales,
        sum(shipping) as shipping, sum(taxes) as taxes, sum(duties) as duties,
        sum(fees) as fees, sum(total_sales) as total_sales
    from core.sales group by all
)
select
    * exclude (orders, orders_not_cancelled, new_customers, returning_customers),
    coalesce(orders, 0) as orders, coalesce(orders_not_cancelled, 0) as orders_not_cancelled,
    coalesce(new_customers, 0) as new_customers,
    coalesce(returning_customers, 0) as returning_customers
from summed full join placed using (shop, sale_date, currency)
"""

TITLES = (
    "</script><script>document.title='taken'</script>",
    "<img src=https://example.invalid/a.png onerror=\"document.title='taken'\">",
    "Candle & holder",
    "White hanging heart T-light holder with a name of great length",
    "Ночник",
    "Party bunting",
    "Jam making set",
    "Lunch bag red retrospot",
    "Postage tin",
    "Cake stand",
    "Alarm clock",
    "Paper chain kit",
)
SHOPS = (
    ("a.myshopify.com", "GBP", "0.01"),
    ("b.myshopify.com", "GBP", "0.01"),
    ("c.myshopify.com", "JPY", "1"),
)
VISITS = (
    ("web", "Google", "cpc"),
    ("web", "an unknown source", None),
    ("pos", None, None),
    ("web", "direct", None),
)
FIRST_DAY = date(2025, 11, 12)


def fill(warehouse: Path, orders: int) -> None:
    """Write that many orders a shop, from one seed; none leaves all tables empty."""
    random = Random(7)
    placed: list[tuple[object, ...]] = []
    sales: list[tuple[object, ...]] = []
    checkouts: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    for shop, currency, unit in SHOPS[: 3 if orders else 0]:
        seen: set[str] = set()
        days = sorted(random.randrange(376) for _ in range(orders))
        for number, offset in enumerate(days):
            day = FIRST_DAY + timedelta(days=offset)
            person = f"p{random.randrange(orders // 3)}@example.com"
            cancelled = random.random() < 0.03
            first = not cancelled and person not in seen
            if not cancelled:
                seen.add(person)
            product = min(int(random.expovariate(0.3)), len(TITLES) - 1)
            gross = (Decimal(random.randrange(500, 90000)) * Decimal(unit)).quantize(
                Decimal(unit)
            )
            discount = (gross / 10).quantize(Decimal(unit)) if number % 4 == 0 else Decimal(0)
            tax = ((gross - discount) / 5).quantize(Decimal(unit))
            stage = "cancelled" if cancelled else random.choice(("processed", "shipped"))
            total = gross - discount + tax
            order = (shop, str(number), person, day, day, stage, gross, discount, cancelled)
            customer = (first, not cancelled and not first)
            placed.append((*order, currency, total, total, *customer, *VISITS[number % 4]))
            title = TITLES[product]
            lines.append((shop, str(number), str(product), f"SKU{product}", title, title))
            line = (shop, str(number), str(number))
            amounts = (gross, discount, Decimal(0), tax, currency)
            sales.append((*line, day, "order", "product", 2, *amounts))
            if number % 9 == 0:
                back = (Decimal(0), Decimal(0), gross - discount, -tax, currency)
                sales.append((*line, day + timedelta(days=9), "return", "product", -1, *back))
            if number % 5 == 0:
                state = ("abandoned", "recovered", "pending")[number % 3]
                order_id = str(number) if state == "recovered" else None
                checkouts.append(
                    (shop, str(number), day, currency, total, order_id, state, not order_id)
                )
    with open_warehouse(warehouse) as connection:
        connection.execute(TABLES)
        for seed in ("currencies", "deal_stages"):
            connection.execute(
                f"create table seeds.{seed} as from read_csv('{SEEDS / f'{seed}.csv'}')"
            )
        for table, rows in (
            ("core.orders", placed),
            ("core.sales", sales),
            ("core.checkouts", checkouts),
            ("core.order_lines", lines),
        ):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into {table} values ({marks})", rows)
        connection.execute(DAILY_SALES)


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three stores of 150 orders: two in GBP, one in JPY."""
    path = tmp_path_factory.mktemp("dashboard") / "warehouse.duckdb"
    fill(path, 150)
    return path


@pytest.fixture
def empty_warehouse(tmp_path: Path) -> Path:
    """The tables of a store that has sold nothing yet."""
    path = tmp_path / "warehouse.duckdb"
    fill(path, 0)
    return path


@pytest.fixture(scope="session")
def figures(warehouse: Path) -> Figures:
    """The dashboard's figures of the three stores."""
    return read_figures(warehouse)
