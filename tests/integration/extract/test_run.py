"""Whole runs against the sandbox's Shopify."""

from __future__ import annotations

from datetime import timedelta

import pytest

from extract.run import extract
from extract.shopify.resources import REFUNDS

STORE_HOLDS = {
    "shops": 1,
    "products": 2,
    "product_variants": 1,
    "product_media": 1,
    "customers": 2,
    "customer_addresses": 1,
    "orders": 3,
    "order_line_items": 6,
    "order_agreements": 3,
    "sales": 6,
    "refunds": 1,
    "abandoned_checkouts": 1,
    "abandoned_checkout_line_items": 1,
}


REFUND_TABLES = tuple(table.name for table in REFUNDS.below("refunds"))
CONNECTIONS = tuple(table.field for table in REFUNDS.below("refunds"))


@pytest.mark.usefixtures("first_extract")
def test_everything_lands(shop):
    """After the first run the tables hold what the store holds, all under its name."""
    counts = {
        table: shop.rows(f"select count(*), min(shop) from raw.{table}")[0]
        for table in STORE_HOLDS
    }
    assert counts == {
        table: (count, "corner.myshopify.com") for table, count in STORE_HOLDS.items()
    }


@pytest.mark.usefixtures("first_extract")
def test_second_run_lands_nothing(shop):
    """With nothing new, a run reads the overlap again and lands no row."""
    again = extract(shop.settings)

    assert again.rows_seen > 0
    assert again.rows_landed == 0
    assert again.warnings == ()


@pytest.mark.usefixtures("first_extract")
def test_refunds_are_drained_to_the_end(shop):
    """Every connection of a refund is read past its first page."""
    counts = [shop.rows(f"select count(*) from raw.{table}") for table in REFUND_TABLES]
    assert counts == [[(120,)], [(7,)], [(6,)], [(8,)]]


@pytest.mark.usefixtures("first_extract")
def test_changed_order_lands_alone(shop):
    """A changed order lands with what changed of it, and nothing else does."""
    shop.put("orders", {"id": "gid://shopify/Order/1", "note": "ring twice"})

    report = extract(shop.settings)

    landed = {table.table: table.landed for table in report.tables if table.landed}
    assert landed == {"orders": 1}


@pytest.mark.usefixtures("first_extract")
def test_line_removed_from_an_order_is_marked(shop):
    """A line that its order lost gets deleted_at; its history keeps it."""
    lines = shop.get("orders", 1)["lineItems"]
    shop.put(
        "orders",
        {"id": "gid://shopify/Order/1", "lineItems": {**lines, "nodes": lines["nodes"][:2]}},
    )

    extract(shop.settings)

    gone = "gid://shopify/LineItem/1002"
    assert shop.rows("select id from raw.order_line_items where deleted_at is not null") == [
        (gone,)
    ]
    assert shop.rows("select id from raw.order_line_items_history") == [(gone,)]


def test_watermarks_stop_at_the_hour_of_the_export(shop):
    """A record that changed after its export began does not hide others from the next run."""
    later = {"id": "gid://shopify/Order/1", "updatedAt": "2026-11-24T00:00:00Z"}
    shop.put("orders", later)

    extract(shop.settings)

    query = "select max(watermark) <= '2026-11-23' from ops.watermarks"
    assert shop.rows(query) == [(True,)]


def test_refund_lost_in_a_crash_is_made_good(shop):
    """Where a run was interrupted after orders landed, the next one reads their refunds."""

    def interrupt(line: str) -> None:
        if "order_line_items" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(shop.settings, interrupt)
    assert shop.rows("select count(*) from raw.orders") == [(3,)]
    assert shop.rows("select count(*) from raw.refunds") == [(0,)]

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.refund_line_items") == [(120,)]


@pytest.mark.usefixtures("first_extract")
def test_new_refund_lands_with_its_order(shop):
    """A refund added to an order is read by the next run, and the others are not again."""
    order = shop.get("orders", 2)
    first = order["refunds"][0]
    second = {
        **{name: first[name] for name in first if name not in CONNECTIONS},
        **dict.fromkeys(CONNECTIONS, first["orderAdjustments"] | {"nodes": []}),
        "id": "gid://shopify/Refund/72",
        "legacyResourceId": "72",
    }
    shop.put("orders", {"id": order["id"], "refunds": [first, second]})

    report = extract(shop.settings)

    landed = {table.table: table.landed for table in report.tables if table.landed}
    assert landed == {"orders": 1, "refunds": 1}


@pytest.mark.usefixtures("first_extract")
def test_refund_that_an_order_lost_is_marked(shop):
    """A refund that its order no longer lists gets deleted_at, and so do its lines."""
    shop.put("orders", {"id": "gid://shopify/Order/2", "refunds": []})

    extract(shop.settings)

    for table in ("refunds", *REFUND_TABLES):
        query = f"select count(*) from raw.{table} where deleted_at is null"
        assert shop.rows(query) == [(0,)]


def test_initial_import_is_noted_once(shop):
    """The first complete extract is remembered and never changed afterwards."""
    first = extract(shop.settings)
    extract(shop.settings)

    assert shop.rows("select run_id from ops.initial_imports") == [(first.run_id,)]


@pytest.mark.nightly
def test_partial_run_is_no_initial_import(shop):
    """A run for a window is not the first complete extract; the whole run after it is."""
    extract(shop.settings, since=timedelta(days=60))

    whole = extract(shop.settings)

    assert shop.rows("select run_id from ops.initial_imports") == [(whole.run_id,)]


def test_progress_tells_no_personal_data(shop):
    """What a run says holds no e-mail address and no secret."""
    said: list[str] = []

    extract(shop.settings, said.append)

    text = "\n".join(said)
    assert said
    assert "@" not in text
    assert shop.settings.shopify_client_secret not in text
