"""The demo replaces its own warehouse and nobody else's."""

from __future__ import annotations

import pytest

from cartwheel.demo import DEMO_SHOP, make_room
from cartwheel.errors import WarehouseError
from cartwheel.warehouse import open_warehouse


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


def test_the_demo_shop_is_the_one_that_the_generator_makes(tmp_path):
    """The name that make_room knows is the made-up store's."""
    from sandbox.generator import generate

    generate(tmp_path, 1, 1)

    assert f'"{DEMO_SHOP}"' in (tmp_path / "shop.json").read_text()
