"""Yesterday's state: each landed version is kept, as long as a setting says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.core.settings import Settings
from extract.run import extract
from sandbox.server import Sandbox
from tests.integration.extract.conftest import Shop
from tests.integration.extract.nodes import gid, write_store

NOTES = "select payload->>'note' from raw.orders_as_of(timestamp '{}') where id like '%/1'"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Order 1 said one thing on the 23rd, others on the 24th, the 25th and the 4th."""
    folder = tmp_path_factory.mktemp("history")
    with Sandbox(write_store(folder / "store")) as sandbox:
        path = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
        shop = Shop(sandbox.url, Settings.read(environ={**sandbox.env, **path}))
        for note, days in (("first", 0), ("second", 1), ("third", 1), ("fourth", 9)):
            shop.wait(days=days)
            shop.put("orders", {"id": gid("Order", 1), "note": note})
            extract(shop.settings)
        yield shop


@pytest.fixture
def noted(once: Shop, tmp_path: Path) -> Shop:
    """The same, with a warehouse of the test's own."""
    path = copy(once.settings.warehouse, tmp_path)
    return Shop(once.url, replace(once.settings, warehouse=Path(path)))


def versions(shop):
    """What is kept of order 1 in the history, the oldest first."""
    return shop.rows(
        "select landed_at::date::varchar, payload->>'note' from raw.orders_history "
        "where id like '%/1' order by landed_at"
    )


@pytest.mark.parametrize(
    ("moment", "notes"),
    [
        ("2026-11-22 23:59:59", []),
        ("2026-11-23 00:00:00", [("first",)]),
        ("2026-11-24 12:00:00", [("second",)]),
        ("2026-12-03 23:59:59", [("third",)]),
        ("2026-12-04 00:00:00", [("fourth",)]),
    ],
)
def test_state_of_a_moment_can_be_asked_for(noted, moment, notes):
    """raw.orders_as_of gives each record as it stood then, and none that was not there yet."""
    assert noted.rows(NOTES.format(moment)) == notes


def test_state_of_now_is_the_table_itself(noted):
    """Asked for now, raw.orders_as_of gives what raw.orders holds, column by column."""
    query = "select * from {} order by id"

    assert noted.rows(query.format("raw.orders_as_of(timestamp '2026-12-04')")) == noted.rows(
        query.format("raw.orders")
    )


@pytest.mark.usefixtures("first_extract")
def test_deleted_order_was_there_the_day_before(shop):
    """The state of yesterday holds an order, with its lines, that was deleted today."""
    shop.delete("orders", 2)
    shop.wait(days=1)
    extract(shop.settings)

    query = (
        "select deleted_at is not null from raw.orders_as_of(timestamp '{}') "
        "where id like '%/2'"
    )
    assert shop.rows(query.format("2026-11-23")) == [(False,)]
    assert shop.rows(query.format("2026-11-24")) == [(True,)]


@pytest.mark.usefixtures("first_extract")
def test_children_have_a_history_too(shop):
    """A line that an order lost is in the state of the day before."""
    lines = shop.get("orders", 1)["lineItems"]
    shop.wait(days=1)
    shop.put("orders", {"id": gid("Order", 1), "lineItems": {**lines, "nodes": []}})
    extract(shop.settings)

    query = (
        "select count(*) from raw.order_line_items_as_of(timestamp '{}') "
        "where deleted_at is null and parent_id like '%/1'"
    )
    assert shop.rows(query.format("2026-11-23")) == [(3,)]
    assert shop.rows(query.format("2026-11-24")) == [(0,)]


def test_history_is_kept_for_ever_unless_told(noted):
    """Without CARTWHEEL_HISTORY_DAYS no version is ever removed or changed."""
    assert versions(noted) == [
        ("2026-11-23", "first"),
        ("2026-11-24", "second"),
        ("2026-11-25", "third"),
    ]


def test_setting_bounds_the_history(noted):
    """With 7 days, what was replaced longer ago goes; of the first version its time stays.

    So staging still knows when the order first came.
    """
    extract(replace(noted.settings, history_days=7))

    assert versions(noted) == [("2026-11-23", None), ("2026-11-25", "third")]
    assert noted.rows(NOTES.format("2026-11-26")) == [("third",)]
    assert noted.rows(NOTES.format("2026-11-24 12:00:00")) == []
    first = "select min(landed_at)::date::varchar from raw.orders_history where id like '%/1'"
    assert noted.rows(first) == [("2026-11-23",)]


def test_unchanged_record_has_no_history(noted):
    """Runs that read a record again as it was add no version of it."""
    query = "select count(*) from raw.orders_history where id not like '%/1'"

    assert noted.rows(query) == [(0,)]
