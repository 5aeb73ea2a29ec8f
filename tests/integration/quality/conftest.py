"""A small warehouse that is in order, for the gate to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse

NOW = datetime(2026, 11, 23, tzinfo=UTC)

TABLES = """
create schema core;
create schema hubspot;

create table core.people (person_key varchar, email varchar);
create table core.orders (shop varchar, order_id varchar);
create table core.variants (shop varchar, variant_id varchar, is_deleted boolean);
create table core.order_lines (shop varchar, order_line_id varchar, current_quantity bigint);
create table core.sales (
    shop varchar, sale_id varchar, happened_at timestamp, event varchar, line_type varchar,
    gross_sales decimal(18, 4), total_sales decimal(18, 4), currency varchar
);
create table hubspot.contacts (
    email varchar, firstname varchar, lastname varchar, shopify_created_at timestamp,
    shopify_total_spent decimal(18, 4)
);
create table hubspot.deals (
    shopify_deal_key varchar, amount decimal(18, 4), deal_currency_code varchar,
    closedate timestamp, shopify_created_at timestamp
);
create table hubspot.quarantined_contacts (key varchar);
create table hubspot.quarantined_deals (shop varchar, source_id varchar);
create table hubspot.quarantined_products (key varchar);
create table hubspot.quarantined_line_items (key varchar);
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
insert into core.people
select 'p' || n || '@example.com', 'p' || n || '@example.com' from range(150) numbers (n);
insert into core.orders select 'a.myshopify.com', n::varchar from range(200) numbers (n);
insert into core.variants
select 'a.myshopify.com', n::varchar, false from range(30) numbers (n);
insert into core.order_lines
select 'a.myshopify.com', n::varchar, 2 from range(400) numbers (n);
insert into core.sales
select
    'a.myshopify.com', n::varchar, timestamp '2026-01-01' + to_days(n::int % 300), 'order',
    'product', 20, 24, 'GBP'
from range(400) numbers (n);
insert into hubspot.contacts
select email, 'Ada', 'Lovelace', timestamp '2026-01-01', 24 from core.people;
insert into hubspot.deals
select
    'a.myshopify.com/order:' || order_id, 48, 'GBP', timestamp '2026-02-01',
    timestamp '2026-02-01'
from core.orders;
insert into hubspot.products
select
    'a.myshopify.com/variant:' || variant_id, 20, 'SKU' || variant_id,
    'https://a.example/' || variant_id, timestamp '2025-12-01'
from core.variants;
insert into hubspot.line_items
select
    'a.myshopify.com/line:' || order_line_id, 20, 0, 2, 'a.myshopify.com/variant:1', 'GBP'
from core.order_lines;
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
