"""A made-up store and a real one never meet in a warehouse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartwheel.core.errors import MixedStores
from cartwheel.core.warehouse import open_warehouse
from extract.land.tables import create_tables
from extract.replay import replay
from extract.run import extract

MADE_UP = "northwind-demo-1500-1.myshopify.com"


def hold(settings, name) -> None:
    """Let the warehouse hold a store of that name."""
    with open_warehouse(settings.warehouse) as connection:
        create_tables(connection)
        connection.execute(
            "insert into raw.shops by name"
            " select ? as shop, 1 as id, '{}' as payload, 0 as payload_hash,"
            " now()::timestamp as landed_at, 'r' as run_id",
            [name],
        )


def test_a_real_store_is_not_poured_into_the_demos_warehouse(shop):
    """After a demo, the first extract of one's own store is refused, with two ways on."""
    hold(shop.settings, MADE_UP)

    with pytest.raises(MixedStores, match=rf"{MADE_UP}.*CARTWHEEL_WAREHOUSE=") as refused:
        extract(shop.settings)

    assert refused.value.exit_code == 4
    assert shop.rows("select shop from raw.shops") == [(MADE_UP,)]
    assert shop.rows("from raw.orders") == []


def test_saved_files_of_a_real_store_are_not_either(shop, tmp_path):
    """Files that are landed without an API follow the same rule."""
    hold(shop.settings, MADE_UP)
    (tmp_path / "orders.jsonl").write_text('{"id":"gid://shopify/Order/1"}\n')

    with pytest.raises(MixedStores):
        replay(shop.settings, [tmp_path / "orders.jsonl"])


def test_a_made_up_store_is_not_poured_into_a_real_ones_warehouse(shop):
    """A sandbox's settings with another CARTWHEEL_WAREHOUSE in the environment are refused."""
    hold(shop.settings, "corner.myshopify.com")

    with pytest.raises(MixedStores, match=r"corner\.myshopify\.com"):
        extract(replace(shop.settings, shop=MADE_UP))


def test_two_made_up_stores_may_meet(shop):
    """What is made up harms nothing made up, but that the stores meet is said.

    Only the shop's own name stops this run.
    """
    hold(shop.settings, MADE_UP)
    said: list[str] = []

    with pytest.raises(Exception, match="SHOPIFY_SHOP is northwind-demo-5-1"):
        extract(replace(shop.settings, shop="northwind-demo-5-1.myshopify.com"), said.append)

    assert any(f"holds {MADE_UP} already" in line for line in said)
