"""Tables are computed anew and written only where they changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.warehouse import open_warehouse
from tests.nightly import mostly_nightly

LONDON = "london.myshopify.com"
LAYERS = "('staging', 'intermediate', 'core', 'hubspot', 'reports', 'workflows')"
REBUILT = ("int_orders_with_stage", "orders")
AS_WRITTEN = "select shop || '/' || order_id from core.orders order by rowid"


@pytest.fixture(scope="module")
def settings(transformed_cases, tmp_path_factory):
    """A warehouse of all cases, built."""
    folder = tmp_path_factory.mktemp("writing")
    return replace(transformed_cases, warehouse=Path(copy(transformed_cases.warehouse, folder)))


def rows(settings, query):
    """What the warehouse answers."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def change(settings, statement):
    """Do something to the warehouse, and build the orders again."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute(statement)
    results = dbt(settings, "run", "--select", *REBUILT)

    assert [each.message for each in results if str(each.status) == "error"] == []


@pytest.mark.nightly
def test_no_table_holds_a_row_twice(settings):
    """In every table each row is there once, which telling rows apart by a hash relies on."""
    tables = rows(
        settings,
        "select schema_name || '.' || table_name from duckdb_tables() "
        f"where schema_name in {LAYERS}",
    )
    twice = [
        table
        for (table,) in tables
        if rows(settings, f"from {table} except all select distinct * from {table}")
    ]

    assert len(tables) > 50
    assert twice == []


def test_only_the_row_that_changed_is_written(settings):
    """An order whose row differs is written behind the others, which stay where they are."""
    changed = f"{LONDON}/102"
    before = [order for (order,) in rows(settings, AS_WRITTEN)]
    names = rows(settings, "select shop, order_id, order_name from core.orders order by all")

    change(settings, "update core.orders set order_name = 'wrong' where order_id = '102'")

    others = [order for order in before if order != changed]
    assert [order for (order,) in rows(settings, AS_WRITTEN)] == [*others, changed]
    assert names == rows(
        settings, "select shop, order_id, order_name from core.orders order by all"
    )


HARM = [
    "delete from core.orders where order_id = '102'",
    "insert into core.orders by name select 'nobody' as shop",
    "update core.orders set total_sales = null",
    "alter table core.orders drop column order_name",
    "alter table core.orders alter column order_index type varchar",
    "drop table core.orders; create table core.orders as select 'old' as word",
    "drop table core.orders; create view core.orders as select 'old' as word",
    "drop view intermediate.int_orders_with_stage; "
    "create table intermediate.int_orders_with_stage as select 'old' as word",
]


@pytest.mark.parametrize("harm", mostly_nightly(HARM, 4))
def test_whatever_a_table_held_it_holds_what_is_computed(settings, harm):
    """Rows lost, added or changed, columns gone or of another type: a build sets it right."""
    before = rows(settings, "from core.orders order by all")

    change(settings, harm)

    assert rows(settings, "from core.orders order by all") == before
