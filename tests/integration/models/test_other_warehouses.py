"""Warehouses that are empty, small, or of an older version of this project."""

from __future__ import annotations

import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.errors import TransformFailed
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import transform

LONDON = "london.myshopify.com"
PARSED = ("stg_shopify__orders", "stg_shopify__sales")


@pytest.fixture(scope="module")
def settings(build):
    """A warehouse into which a store with a single order was landed and built."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        raw.order(1, "2026-03-01T10:00:00Z", email="only@example.com")

    found = build(fill).settings
    dbt(found, "run", "--select", *PARSED)
    return found


def rows(settings, query):
    """What the warehouse answers."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_single_order_is_a_store(settings):
    """A store with one order has that order, one person and one deal with its contact."""
    assert rows(settings, "select order_id, order_index from core.orders") == [("1", 1)]
    assert rows(settings, "select person_key from core.people") == [("only@example.com",)]
    assert rows(
        settings, "select from_object, to_key from hubspot.associations order by 1"
    ) == [
        ("deals", "only@example.com"),
        ("line_items", f"{LONDON}/order:1"),
    ]


def test_tables_of_an_older_version_are_built_anew(settings):
    """Staging tables without today's columns do no harm: they are dropped and parsed anew."""
    tables = ["from staging.stg_shopify__orders", "from staging.stg_shopify__sales"]
    before = [rows(settings, table) for table in tables]
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("drop table staging.stg_shopify__orders")
        connection.execute("create table staging.stg_shopify__orders as select 'old' as word")
        connection.execute("drop table staging.stg_shopify__sales")
        connection.execute("create view staging.stg_shopify__sales as select 'old' as word")

    dbt(settings, "run", "--select", *PARSED)

    assert [len(found) for found in before] == [1, 1]
    assert [rows(settings, table) for table in tables] == before


def test_another_reading_of_the_json_parses_all_of_it_anew(settings):
    """Rows that another version of the model parsed are not kept beside those of today's."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("update staging.stg_shopify__orders set order_name = 'old'")
        connection.execute("comment on table staging.stg_shopify__orders is 'another'")

    dbt(settings, "run", "--select", "stg_shopify__orders")

    assert rows(settings, "select order_name from staging.stg_shopify__orders") == [("#1",)]


def test_a_missing_source_is_named(landed):
    """Where extract has not made a table yet, the build says which one and what to run."""
    settings = landed(lambda raw: raw.connection.execute("drop table raw.refunds"))

    with pytest.raises(TransformFailed) as failure:
        transform(settings, silent)

    assert str(failure.value) == (
        "The warehouse lacks raw.refunds, which cartwheel extract makes. Run: cartwheel extract"
    )


# for other vars dbt parses the whole project
@pytest.mark.nightly
def test_a_misspelt_var_is_named(settings):
    """dbt would ignore it: the build says which one was probably meant, and does nothing."""
    said = r"^There is no var abandonment_hour; did you mean abandonment_hours\? The vars are"

    with pytest.raises(TransformFailed, match=said):
        dbt(settings, "build", variables={"abandonment_hour": 48})


def test_dbt_alone_says_that_nothing_was_extracted(landed):
    """`dbt build` over a new file stops at once, and says what makes the tables."""
    new = landed(
        lambda raw: raw.connection.execute("drop schema raw cascade; drop schema ops cascade")
    )

    with pytest.raises(TransformFailed, match=r"^Nothing has been extracted .* extract$"):
        dbt(new, "build")
