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
    """160 records in the 8 s since the first are 20 a second; of 800 more, 40 s are left."""
    progress.begin("orders", 1000)
    clock.now += 2
    progress.advance("orders", 40)
    clock.now += 8

    progress.advance("orders", 200)

    assert told == [Update(SHOP, "orders", 200, 1000, per_second=20.0, seconds_left=40.0)]


@pytest.mark.parametrize(
    ("total", "done"),
    [
        (157, [(20.0, 1)]),
        (5, [(10.0, 1), (5.0, 4)]),
        (157, [(20.0, 1), (4.0, 7)]),
        (100, [(5.0, 1), (1.0, 50), (0.5, 60)]),
    ],
    ids=["one", "a few", "a small share", "too short a time"],
)
def test_no_rate_is_told_of_too_little(progress, told, clock, total, done):
    """While too little is done to tell, neither a rate nor an end is made up."""
    progress.begin("models", total)
    for after, read in done:
        clock.now += after
        progress.advance("models", read)

    assert {(update.per_second, update.seconds_left) for update in told} == {(None, None)}
    assert str(told[0]) == f"models: {told[0].read} of {total} read"


def test_what_came_before_the_first_is_no_slowness(progress, told, clock):
    """A model after 20 s of preparation, and 30 in the next 5: the others take 21 s more."""
    progress.begin("models", 157)
    clock.now += 20
    progress.advance("models", 1)
    clock.now += 5
    progress.advance("models", 31)

    assert str(told[-1]) == "models: 31 of 157 read, 6 a second, 21 s left"


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
    clock.now += 1
    progress.advance("orders", 2)
    clock.now += 5
    progress.advance("orders", 12)

    (update,) = told
    assert (update.total, update.seconds_left) == (None, None)
    assert str(update) == "orders: 12 read, 2 a second"


def test_more_than_was_counted_leaves_no_negative_time(progress, told, clock):
    """A shop that grows while it is read is done at once, not before."""
    progress.begin("orders", 10)
    clock.now += 1
    progress.advance("orders", 2)
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
