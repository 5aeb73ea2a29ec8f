"""How far a run is, told while a shop is read."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import Progress, Update, silent
from extract.land.tables import create_tables
from extract.read.session import Options, Session
from extract.read.strategy import Task
from extract.read.workers import Workers
from extract.run import extract
from extract.shopify.resources import ORDERS
from tests.integration.extract.conftest import HURRIED

SHOP = "corner.myshopify.com"


@pytest.fixture
def told() -> list[Update]:
    """What the watcher was told."""
    return []


@pytest.mark.parametrize("via", ["pages", "bulk"])
def test_reading_is_told_to_its_end(shop, tmp_path, told, via):
    """Either way, the records read are counted up to all that Shopify counts."""
    options = Options(patience=HURRIED)
    session = Session(shop.settings, options, tmp_path, silent, told.append)
    session.progress = Progress(SHOP, told.append, every=0.0)
    with session.warehouse() as connection:
        create_tables(connection)
    shop.misbehave("slow", where="BulkRun", seconds=0.2)

    Workers(session, [Task(ORDERS, None, 3, via)]).land_all({"orders": session.entry("o", via)})

    assert {(update.shop, update.resource, update.total) for update in told} == {
        (SHOP, "orders", 3)
    }
    assert told[-1].read == 3
    assert [update.read for update in told] == sorted(update.read for update in told)


def test_run_says_what_it_read_of_each_table(shop):
    """Where nobody watches, a run says a line for each table, with what was read and landed."""
    said: list[str] = []

    extract(shop.settings, said.append)

    lines = [line.split() for line in said]
    assert ["order_line_items", "6", "read", "6", "landed"] in lines
    assert ["refund_line_items", "120", "read", "120", "landed"] in lines
