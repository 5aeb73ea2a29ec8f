"""A small warehouse that is in order, for the gate to judge."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from quality.finding import Finding
from quality.gate import judge_warehouse
from quality.suite import read_suites

NOW = datetime(2026, 11, 23, tzinfo=UTC)

TABLES = """
create schema core;
create schema hubspot;

create table core.orders (
    shop varchar, order_id varchar, order_name varchar, currency varchar, placed_at timestamp,
    is_cancelled boolean, ordered_gross_sales decimal(18, 4), ordered_discounts decimal(18, 4)
);
create table core.sales (
    shop varchar, sale_id varchar, order_id varchar, happened_at timestamp, event varchar,
    line_type varchar, gross_sales decimal(18, 4), discounts decimal(18, 4),
    returns decimal(18, 4), total_sales decimal(18, 4), currency varchar
);
create table hubspot.contacts (
    email varchar, firstname varchar, lastname varchar, shopify_created_at timestamp,
    shopify_total_spent decimal(18, 4), shopify_customer_ids varchar
);
create table hubspot.deals (
    shopify_deal_key varchar, dealname varchar, amount decimal(18, 4),
    deal_currency_code varchar, closedate timestamp, shopify_created_at timestamp
);
create table hubspot.quarantined_contacts (source_id varchar);
create table hubspot.quarantined_deals (source_id varchar);
create table hubspot.quarantined_products (source_id varchar);
create table hubspot.products (
    shopify_product_key varchar, price decimal(18, 4), hs_sku varchar, hs_url varchar,
    shopify_created_at timestamp
);
create table hubspot.line_items (
    shopify_line_item_key varchar, price decimal(18, 4), discount decimal(18, 4),
    quantity bigint, shopify_product_key varchar, hs_line_item_currency_code varchar
);
"""

ROWS = """
insert into core.orders
select
    'a.myshopify.com', n::varchar, '#' || n, 'GBP',
    timestamp '2026-11-22' - to_days(n::int // 8), false, 40 + n % 5, 0
from range(200) numbers (n);
insert into core.sales
select
    orders.shop, order_id || '-' || n, order_id, placed_at, 'order', 'product',
    ordered_gross_sales / 2, 0, 0, ordered_gross_sales / 2, currency
from core.orders as orders cross join range(2) numbers (n);
insert into hubspot.contacts
select
    'p' || n || '@example.com', 'Ada', 'Lovelace', timestamp '2026-11-01', 24,
    case when n % 10 > 0 then n::varchar end
from range(150) numbers (n);
insert into hubspot.deals
select
    'a.myshopify.com/order:' || order_id, order_name, 48, 'GBP', timestamp '2026-11-02',
    timestamp '2026-11-01'
from core.orders;
insert into hubspot.products
select
    'a.myshopify.com/variant:' || n, 20, 'SKU' || n, 'https://a.example/' || n,
    timestamp '2025-12-01'
from range(120) numbers (n);
insert into hubspot.line_items
select 'a.myshopify.com/line:' || n, 20, 0, 2, 'a.myshopify.com/variant:1', 'GBP'
from range(400) numbers (n);
"""

# of the load's tables, what the gate reads
OPS = """
create schema ops;
create table ops.hubspot_rejections (object varchar, key varchar);
create table ops.hubspot_records (object varchar, key varchar, status varchar);
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose warehouse does not exist yet."""
    return Settings(warehouse=tmp_path / "warehouse.duckdb", now=NOW)


@pytest.fixture
def empty_store(settings: Settings) -> Settings:
    """The warehouse of a shop without products, people and orders."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute(TABLES)
    return settings


@pytest.fixture
def store(empty_store: Settings) -> Settings:
    """The warehouse of a shop with 200 orders, in order in every way."""
    with open_warehouse(empty_store.warehouse) as connection:
        connection.execute(ROWS)
    return empty_store


def judged(settings: Settings) -> list[Finding]:
    """What the gate finds, without its pages."""
    found, _ = judge_warehouse(settings, read_suites(), NOW.replace(tzinfo=None))
    return found


def damaged(settings: Settings, statements: str) -> Settings:
    """Settings of a copy of the warehouse that has a fault."""
    folder = settings.warehouse.parent / "damaged"
    folder.mkdir(exist_ok=True)
    copy = Path(shutil.copy(settings.warehouse, folder))
    with open_warehouse(copy) as connection:
        connection.execute(statements)
    return replace(settings, warehouse=copy)
