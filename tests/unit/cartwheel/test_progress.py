"""How far a run is: told now and then, in figures that are true."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import Progress, Update

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
