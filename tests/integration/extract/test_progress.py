"""How far a run is: told now and then, in figures that are true."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import silent
from extract.land.tables import create_tables
from extract.read.progress import Progress, Update
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


@pytest.fixture
def progress(told, clock) -> Progress:
    """Progress that tells at most every five seconds, by a clock of the test's own."""
    return Progress(SHOP, told.append, every=5.0, clock=clock)


def test_update_says_how_far_how_fast_how_long_still(progress, told, clock):
    """After 10 s, 200 of 1,000 records are 20 a second, and 40 s are left."""
    progress.begin("orders", 1000)
    clock.now += 10

    progress.advance("orders", 200)

    assert told == [Update(SHOP, "orders", 200, 1000, per_second=20.0, seconds_left=40.0)]


def test_update_comes_at_most_every_few_seconds(progress, told, clock):
    """Of sixty records a second apart, every fifth is told of."""
    progress.begin("orders", 60)
    for read in range(1, 61):
        clock.now += 1
        progress.advance("orders", read)

    assert [update.read for update in told] == list(range(5, 61, 5))


def test_resources_are_told_of_each_for_itself(progress, told, clock):
    """One that is told of does not silence another that runs beside it."""
    for resource in ("orders", "customers"):
        progress.begin(resource, None)
    clock.now += 5
    for resource in ("orders", "customers"):
        progress.advance(resource, 10)

    assert [(update.resource, update.read) for update in told] == [
        ("orders", 10),
        ("customers", 10),
    ]


def test_unknown_total_gives_no_time_left(progress, told, clock):
    """Where nobody knows how many there are, no end is made up."""
    progress.begin("orders", None)
    clock.now += 5
    progress.advance("orders", 10)

    (update,) = told
    assert (update.total, update.seconds_left) == (None, None)
    assert str(update) == "orders: 10 read, 2 a second"


def test_more_than_was_counted_leaves_no_negative_time(progress, told, clock):
    """A shop that grows while it is read is done at once, not before."""
    progress.begin("orders", 10)
    clock.now += 5
    progress.advance("orders", 20)

    assert told[0].seconds_left == 0


@pytest.mark.parametrize(
    ("seconds_left", "text"), [(40, "40 s"), (600, "10 min"), (9000, "2 h 30 min")]
)
def test_update_reads_as_a_sentence(seconds_left, text):
    """A person is told numbers with their thousands, and times in fitting units."""
    update = Update(SHOP, "orders", 1200, 45000, 1234.5, seconds_left)

    assert str(update) == f"orders: 1,200 of 45,000 read, 1,234 a second, {text} left"


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
