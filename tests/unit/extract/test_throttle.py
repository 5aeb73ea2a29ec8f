"""The bucket of points, against a bucket that is simulated to the moment."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.shopify.throttle import Reservation, Throttle


class SlowWorld:
    """Shopify's bucket behind a network: requests and answers take their time.

    Its sleep moves the time, and with it everything that happens until then. overruns
    are the requests that found too few points.
    """

    def __init__(self, rate: float, most: float, delay: Callable[[], float]) -> None:
        self.now = 0.0
        self.overruns = 0
        self.taken = 0.0
        self.delay = delay
        self.rate, self.most, self.level, self.at = rate, most, most, 0.0
        self.events: list[tuple[float, int, Any, tuple[Any, ...]]] = []
        self.order = count()
        self.pace = Throttle(clock=lambda: self.now, sleep=self.sleep)

    def send(self, requested: float, actual: float, lost: bool) -> None:
        """Send a request once the pace allows."""
        reservation = self.pace.reserve(requested)
        self._later(self._arrive, reservation, requested, actual, lost)

    def sleep(self, seconds: float) -> None:
        """Let time pass, and what is due in it happen."""
        until = self.now + seconds
        while self.events and self.events[0][0] <= until:
            self.now, _, happen, arguments = heapq.heappop(self.events)
            happen(*arguments)
        self.now = until

    def spend(self, points: float) -> None:
        """Let another program take points."""
        self._fill()
        self.level = max(self.level - points, 0.0)

    def _arrive(
        self, reservation: Reservation, requested: float, actual: float, lost: bool
    ) -> None:
        self._fill()
        if self.level < requested - 1e-6:
            self.overruns += 1
            actual = 0.0
        else:
            self.taken += actual
            self.level -= requested
        self._later(self._answer, reservation, requested if actual else 0.0, actual, lost)

    def _answer(
        self, reservation: Reservation, requested: float, actual: float, lost: bool
    ) -> None:
        self._fill()
        self.level = min(self.level + requested - actual, self.most)
        cost = {
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": self.most,
                "currentlyAvailable": int(self.level),
                "restoreRate": self.rate,
            },
        }
        self._later(self.pace.settle, reservation, None if lost else cost)

    def _later(self, happen: Any, *arguments: Any) -> None:
        due = self.now + self.delay()
        heapq.heappush(self.events, (due, next(self.order), happen, arguments))

    def _fill(self) -> None:
        self.level = min(self.level + (self.now - self.at) * self.rate, self.most)
        self.at = self.now


def up_to_a_second(seed: int) -> Callable[[], float]:
    """How long each way takes, in seconds."""
    drawn = random.Random(seed)
    return lambda: drawn.uniform(0.01, 1.0)


def answer(charged: int, level: int, most: int = 1000, rate: int = 50) -> dict[str, Any]:
    """extensions.cost of an answer."""
    status = {"maximumAvailable": most, "currentlyAvailable": level, "restoreRate": rate}
    return {"actualQueryCost": charged, "throttleStatus": status}


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([50.0, 100.0, 1000.0]),
    costs=st.lists(st.tuples(st.integers(1, 1000), st.floats(0.05, 1.0)), max_size=60),
    lost=st.sampled_from([0, 7]),
)
def test_bucket_is_never_overrun(
    seed: int, rate: float, costs: list[tuple[int, float]], lost: int
) -> None:
    """However answers overlap, are late or get lost, every request finds its points."""
    world = SlowWorld(rate, 20 * rate, up_to_a_second(seed))

    for number, (requested, share) in enumerate(costs, 1):
        world.send(requested, max(1.0, requested * share), bool(lost and number % lost == 0))

    assert world.overruns == 0


def test_bucket_is_kept_in_use() -> None:
    """Nearly every point that Shopify restores is spent, with requests a second under way."""
    world = SlowWorld(rate=100.0, most=2000.0, delay=up_to_a_second(1))

    for _ in range(300):
        world.send(400.0, 100.0, lost=False)

    ideal = (world.taken - world.most) / world.rate
    assert world.overruns == 0
    assert world.now < 1.1 * ideal


def test_points_that_another_program_spends_are_missed_once() -> None:
    """After one answer that tells of a lower level, the pace goes by it."""
    world = SlowWorld(rate=100.0, most=2000.0, delay=up_to_a_second(1))
    world.send(10.0, 10.0, lost=False)
    world.sleep(3.0)
    world.spend(2000.0)
    world.send(10.0, 10.0, lost=False)
    world.sleep(3.0)

    for _ in range(20):
        world.send(500.0, 500.0, lost=False)

    assert world.overruns <= 1


def test_bucket_that_is_full_gains_nothing_while_a_request_is_on_its_way() -> None:
    """Time that passes before a request reaches a full bucket brings no points."""
    ways = iter([2.0, *[0.1] * 9])
    world = SlowWorld(rate=100.0, most=1000.0, delay=lambda: next(ways))
    world.send(10.0, 10.0, lost=False)
    world.sleep(3.0)
    ways = iter([2.0, *[0.1] * 9])
    world.send(900.0, 900.0, lost=False)
    world.sleep(1.95)

    world.send(250.0, 250.0, lost=False)
    world.sleep(1.0)

    assert world.overruns == 0


@pytest.fixture
def pace(clock) -> Throttle:
    """A pace that has heard nothing yet, so it reckons with 1,000 points and 50 a second."""
    return Throttle(clock=clock, sleep=clock.sleep)


def test_wait_is_as_long_as_the_bucket_needs(pace, clock) -> None:
    """A request waits until its points are there, and no longer."""
    pace.settle(pace.reserve(1), answer(1, level=100, most=2000, rate=100))

    pace.reserve(400)

    assert sum(clock.waits) == pytest.approx(3.0, abs=0.01)


def test_larger_bucket_is_used_at_once(pace, clock) -> None:
    """The first answer tells how much a shop of a larger plan may spend."""
    pace.settle(pace.reserve(1), answer(1, level=19999, most=20000, rate=1000))

    pace.reserve(5000)

    assert clock.waits == []


def test_answer_that_was_overtaken_gives_nothing_back(pace, clock) -> None:
    """A level that was told before another request was charged is not taken for today's."""
    slow, quick = pace.reserve(10), pace.reserve(900)
    pace.settle(quick, answer(900, level=90))
    pace.settle(slow, answer(10, level=990))

    pace.reserve(500)

    assert sum(clock.waits) == pytest.approx((500 - 90) / 50, abs=0.01)


def test_request_without_an_answer_counts_as_charged(pace, clock) -> None:
    """Where the answer got lost, its points are missing until they are restored."""
    pace.settle(pace.reserve(900), None)

    pace.reserve(500)

    assert sum(clock.waits) == pytest.approx((500 - 100) / 50, abs=0.01)


def test_request_that_was_refused_unread_costs_nothing(pace, clock) -> None:
    """An answer without a charge gives its points back."""
    pace.settle(pace.reserve(900), {})

    pace.reserve(1000)

    assert clock.waits == []


def test_pause_holds_for_everybody(pace, clock) -> None:
    """Where Shopify asks for a pause, no request begins before it is over."""
    pace.pause(7.0)

    pace.reserve(1)

    assert sum(clock.waits) == pytest.approx(7.0, abs=0.01)
