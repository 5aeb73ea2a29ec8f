"""What changed since the last run: all of it, and as little else as can be."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from cartwheel.core.warehouse import open_warehouse
from extract.land.tables import create_tables
from extract.run import extract
from tests.integration.extract.conftest import HURRIED
from tests.integration.extract.nodes import checkout, customer, gid, order
from tests.nightly import mostly_nightly

LATER = "2026-11-23T00:10:00Z"


def watermark(shop, resource):
    """Up to when a resource has landed."""
    query = f"select watermark from ops.watermarks where resource = '{resource}'"
    return shop.rows(query)[0][0]


def fresh(shop):
    """What a warehouse of its own holds after a first reading of the shop as it is now."""
    other = shop.elsewhere()
    extract(other.settings)
    return other.landed()


def test_each_resource_has_a_watermark_of_its_own(shop):
    """It is the latest change that landed of that resource, for that shop.

    Where the latest is older than an hour before the reading began, it is that hour.
    """
    shop.put("orders", {"id": gid("Order", 3), "updatedAt": "2026-11-22T23:30:00Z"})

    extract(shop.settings)

    assert watermark(shop, "orders") == datetime(2026, 11, 22, 23, 30)
    assert watermark(shop, "customers") == datetime(2026, 11, 22, 23)
    assert shop.rows("select distinct shop from ops.watermarks") == [(shop.settings.shop,)]


@pytest.mark.usefixtures("first_extract")
def test_change_that_shows_late_is_within_the_overlap(shop):
    """Row 17: a change four minutes before the watermark lands, without being asked for."""
    late = {"id": gid("Order", 1), "note": "late", "updatedAt": "2026-11-22T22:56:00Z"}
    shop.put("orders", late)

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.orders where payload->>'note' = 'late'") == [
        (1,)
    ]


@pytest.mark.nightly
@pytest.mark.usefixtures("first_extract")
def test_change_that_shows_very_late_is_found_by_the_sweep(shop):
    """Row 17: what Shopify's index shows hours late is noticed a day later, by its time."""
    late = {"id": gid("Order", 1), "note": "late", "updatedAt": "2026-11-20T04:00:00Z"}
    shop.put("orders", late)
    extract(shop.settings)
    assert shop.rows("from raw.orders where payload->>'note' = 'late'") == []
    shop.wait(days=1)

    extract(shop.settings)

    assert shop.landed() == fresh(shop)


@pytest.mark.usefixtures("first_extract")
def test_record_that_never_showed_is_found_by_its_count(shop):
    """Row 10: an old order that comes late is counted but not held; it is read, sales too."""
    shop.put("orders", order(4, lines=2, at="2026-04-01T00:00:00Z"))

    extract(shop.settings)

    assert shop.living("orders") == [1, 2, 3, 4]
    assert shop.landed() == fresh(shop)


@pytest.mark.parametrize("batch_size", mostly_nightly([None, 40], 1))
@pytest.mark.usefixtures("first_extract")
def test_many_changes_of_one_second_all_come(shop, batch_size):
    """Row 16: 130 records that changed in one second, more than a page, all land, and once.

    A cursor by time alone stops at such a second, or skips what is left of it.
    """
    shop.wait(minutes=10)
    for number in range(100, 230):
        shop.put("customers", customer(number, at=LATER))
    some = shop if batch_size is None else shop.in_parts(batch_size)

    second = extract(some.settings, via="pages")
    third = extract(some.settings, via="pages")

    assert len(shop.living("customers")) == 132
    assert [table.landed for table in second.tables if table.table == "customers"] == [130]
    assert third.rows_landed == 0


@pytest.mark.parametrize("via", mostly_nightly(["pages", "bulk"], 0))
@pytest.mark.parametrize("after", mostly_nightly([6, 10], 0))
def test_change_during_a_run_is_there_after_the_next(shop, via, after):
    """Row 17: whenever in a run something changes, comes or goes, the next run has it all."""
    puts = {
        "orders": [{"id": gid("Order", 1), "note": "changed"}, order(4, lines=2, at=LATER)],
        "customers": [{"id": gid("Customer", 11), "note": "changed"}, customer(13, at=LATER)],
        "products": [{"id": gid("Product", 21), "title": "Changed"}],
        "abandoned_checkouts": [{"id": gid("AbandonedCheckout", 61), "note": "changed"}],
    }
    shop.schedule(
        "",
        {"clock": LATER},
        *(
            {"put": {"resource": resource, "node": found}}
            for resource, nodes in puts.items()
            for found in nodes
        ),
        {"remove": {"resource": "orders", "number": 2}},
        after=after,
    )
    extract(shop.settings, via=via, patience=HURRIED)
    shop.wait(minutes=15)

    extract(shop.settings, via=via, patience=HURRIED)

    living = {
        table: [row for row in rows if not row[-1]] for table, rows in shop.landed().items()
    }
    expected = fresh(shop)
    assert {table: living[table] for table in ("orders", "customers", "products")} == {
        table: expected[table] for table in ("orders", "customers", "products")
    }
    assert living["abandoned_checkouts"] == expected["abandoned_checkouts"]
    held = "parent_id in (select id from raw.orders where deleted_at is null)"
    assert shop.rows(f"select count(*) from raw.order_line_items where {held}") == [(7,)]
    assert shop.rows(f"select count(*) from raw.order_agreements where {held}") == [(3,)]


def test_landing_that_fails_leaves_the_watermark(shop):
    """Row 9: rows and watermark land in one transaction: where a line fails, none does."""
    with open_warehouse(shop.settings.warehouse) as connection:
        create_tables(connection)
        connection.execute("create table narrow as from raw.order_line_items")
        (columns,) = connection.execute(
            "select string_agg(column_name || ' ' || data_type, ', ' order by column_index) "
            "from duckdb_columns() where table_name = 'narrow'"
        ).fetchone()
        connection.execute("drop table raw.order_line_items")
        connection.execute(
            f"create table raw.order_line_items ({columns}, check (id not like '%/1002'))"
        )

    with pytest.raises(duckdb.ConstraintException):
        extract(shop.settings)

    assert shop.rows("from raw.orders") == []
    assert shop.rows("from ops.watermarks where resource = 'orders'") == []


@pytest.mark.usefixtures("first_extract")
def test_customers_are_asked_for_by_whole_days(shop):
    """Shopify compares customers' changes by days, in a zone it does not name: one day more.

    What comes again that way lands no row.
    """
    shop.wait(hours=12)
    shop.put("customers", {"id": gid("Customer", 11), "note": "today"})
    extract(shop.settings)
    shop.put("customers", customer(12, at="2026-11-22T01:00:00Z") | {"note": "yesterday"})

    report = extract(shop.settings)

    figures = {table.table: table for table in report.tables}
    assert (figures["customers"].seen, figures["customers"].landed) == (2, 1)


@pytest.mark.nightly
def test_checkout_that_changes_while_pages_are_read_is_not_lost(shop):
    """Checkouts come by id, not by change: one already read that changes comes again.

    Even where one that is yet to be read changes half an hour later.
    """
    for number in range(100, 210):
        shop.put("abandoned_checkouts", checkout(number))
    changes = [
        {"put": {"resource": "abandoned_checkouts", "node": {"id": found, "note": "changed"}}}
        for found in (gid("AbandonedCheckout", 61), gid("AbandonedCheckout", 209))
    ]
    half_an_hour_later = {"clock": "2026-11-23T00:40:00Z"}
    shop.schedule(
        "AbandonedCheckoutsPage",
        *({"clock": LATER}, changes[0], half_an_hour_later, changes[1]),
        after=1,
    )
    extract(shop.settings, via="pages")
    query = "select id from raw.abandoned_checkouts where payload->>'note' = 'changed'"
    assert shop.rows(query) == [(gid("AbandonedCheckout", 209),)]
    shop.wait(minutes=50)

    extract(shop.settings, via="pages")

    assert shop.landed()["abandoned_checkouts"] == fresh(shop)["abandoned_checkouts"]
