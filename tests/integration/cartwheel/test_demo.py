"""The demo replaces its own warehouse and nobody else's."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import CartwheelError, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.shop_name import is_made_up
from cartwheel.core.warehouse import open_warehouse
from cartwheel.demo import demo, make_room

DEMO_SHOP = "northwind-demo-1500-1.myshopify.com"


def warehouse_of(path, *shops):
    """A warehouse that holds these shops."""
    with open_warehouse(path) as connection:
        connection.execute("create schema raw; create table raw.shops (shop varchar)")
        for shop in shops:
            connection.execute("insert into raw.shops values (?)", [shop])
    return path


def test_an_earlier_demo_makes_room(tmp_path):
    """The warehouse of an earlier demo is removed."""
    path = warehouse_of(tmp_path / "w.duckdb", DEMO_SHOP)

    make_room(path)

    assert not path.exists()


@pytest.mark.parametrize("shops", [["mine.myshopify.com"], [DEMO_SHOP, "mine.myshopify.com"]])
def test_another_shops_warehouse_is_refused(tmp_path, shops):
    """A warehouse with any other shop's data stays, and the message says what to type."""
    path = warehouse_of(tmp_path / "w.duckdb", *shops)

    with pytest.raises(WarehouseError, match=r"mine\.myshopify\.com.*cartwheel demo"):
        make_room(path)

    assert path.exists()


def test_a_duckdb_file_of_something_else_is_refused(tmp_path):
    """A file with tables that are not Cartwheel's stays."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create table mine (i integer)")

    with pytest.raises(WarehouseError, match="something else"):
        make_room(path)

    assert path.exists()


def test_an_empty_warehouse_makes_room(tmp_path):
    """A file in which nothing was ever made may be replaced."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path):
        pass

    make_room(path)

    assert not path.exists()


@pytest.mark.parametrize("orders", ["0", "-1"])
def test_a_demo_takes_one_order_or_more(tmp_path, orders):
    """No order or fewer is wrong use: exit code 2, and the old warehouse stays."""
    path = warehouse_of(tmp_path / "w.duckdb", DEMO_SHOP)

    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(path)}).invoke(
        main, ["demo", "--orders", orders, "--output", str(tmp_path / "d.html")]
    )

    assert done.exit_code == 2, done.output
    assert path.exists()


def test_the_old_warehouse_stays_until_the_sandbox_listens(tmp_path):
    """A demo whose sandbox does not start has removed nothing."""
    path = warehouse_of(tmp_path / "w.duckdb", DEMO_SHOP)

    with pytest.raises(CartwheelError, match="sandbox did not start"):
        demo(path, tmp_path / "d.html", silent, orders=0)

    assert path.exists()


def test_another_shops_warehouse_is_refused_before_a_store_is_made(tmp_path):
    """Nobody waits for a store that has nowhere to go."""
    path = warehouse_of(tmp_path / "w.duckdb", "mine.myshopify.com")
    said: list[str] = []

    with pytest.raises(WarehouseError, match="mine"):
        demo(path, tmp_path / "d.html", said.append)

    assert said == []


def test_made_up_stores_that_differ_have_names_of_their_own(tmp_path):
    """Another size or seed gives another name, and each is known as made up."""
    from sandbox.generator import generate

    names = set()
    for orders, seed in ((1, 1), (1, 2), (2, 1), (2, 11), (21, 1)):
        generate(tmp_path, orders, seed)
        names.add(json.loads((tmp_path / "shop.json").read_text())["myshopifyDomain"])

    assert len(names) == 5
    assert all(map(is_made_up, names))


@pytest.mark.parametrize("shop", ["northwind.myshopify.com", "mine.myshopify.com", ""])
def test_other_stores_are_not_made_up(shop):
    """A name that no generator gives is a real store's."""
    assert not is_made_up(shop)
