"""Orders at the edges of hours, pages and seconds, and orders that are held back."""

from __future__ import annotations

from decimal import Decimal

from tests.stores.hostile.shop import Hostile, line_of
from tests.stores.store import Node, goods


def hours_of_the_clock_change(store: Hostile) -> None:
    """The hour that comes twice, the one that never was, the day of 23 and of 25 hours."""
    for moment in (
        "2025-11-02T03:59:59Z",
        "2025-11-02T05:30:00Z",
        "2025-11-02T06:30:00Z",
        "2025-11-03T04:59:59Z",
        "2025-11-03T05:00:00Z",
        "2026-03-08T06:59:59Z",
        "2026-03-08T07:00:00Z",
        "2026-03-09T03:59:59Z",
        "2026-03-09T04:00:00Z",
        "2026-01-01T04:59:59Z",
        "2026-01-01T05:00:00Z",
    ):
        store.order(store.ann, goods(store.pin), when=moment)


def one_moment_for_many(store: Hostile) -> None:
    """A page ends among records of one updatedAt, and a cursor by time skips the rest."""
    moment = "2026-10-05T09:00:00Z"
    for number in range(45):
        person = store.person(f"same{number}@hostile.example", f"Same {number}")
        made = store.order(person, goods(store.pin), when="2026-06-15T15:00:00Z")
        store.change(made, {"updatedAt": moment})


def two_orders_of_one_second(store: Hostile) -> None:
    """The second order of one second; as text its id comes first."""
    quick = store.person("quick@hostile.example", "Quick")
    for number in (9_999_999_999_999, 10_000_000_000_000):
        store.order(quick, goods(store.pin), when="2026-06-15T15:00:00Z", id=number)


def orders_that_disagree(store: Hostile) -> None:
    """Shopify's own figures contradict each other: named and kept back, the others go on."""
    cent = store.order(store.ann, goods(store.mug))
    store.change(cent, lambda node: _raise(node, "originalTotalPriceSet"))
    opened = store.order(store.ann, goods(store.mug, 2))
    store.change(opened, lambda node: line_of(node, 0).update(currentQuantity=1))
    store.contradictory |= {cent.slot, opened.slot}


def orders_out_of_time(store: Hostile) -> None:
    """A date no shop was open on."""
    for year in ("1899", "2173"):
        made = store.order(store.ann, goods(store.mug))
        store.change(made, {"processedAt": f"{year}-05-05T12:00:00Z"})
        store.unreadable.add(made.slot)


def _raise(node: Node, name: str) -> None:
    """Make an amount a cent more."""
    for money in node[name].values():
        money["amount"] = str(Decimal(money["amount"]) + Decimal("0.01"))
