"""Makes the orders of a store, one after the other, from the schedule and the plans."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from sandbox.generator.core.money import Currency
from sandbox.generator.core.times import DAY, at
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.history import live
from sandbox.generator.orders.orders import Order
from sandbox.generator.orders.plans import Plan, drawn, prescribed
from sandbox.generator.orders.register import Register
from sandbox.generator.orders.schedule import Moment
from sandbox.generator.shop.cast import CAST, FIRST_BIG_ID, ROLE_PLACES
from sandbox.generator.shop.catalogue import Catalogue
from sandbox.generator.shop.people import PLACES, Person, Place, person

PLACES_ABROAD = ("DE", "JP", "KW", "FR", "GB")
TAGGED_TOGETHER = at("2026-10-05T09:00:00Z")
"""When an app tagged one order in thirty at once: they share one `updatedAt`."""


def _first_id(moments: list[Moment]) -> int:
    """The id of the first order; ids go up by seven.

    Of the two orders that one person places in the same second, the second one's id is the
    first with a digit more: in the order of text it would come first.
    """
    twin = ROLE_PLACES["same_second"]
    slots = [slot for slot, (_, index) in enumerate(moments) if index == twin]
    return 10_000_000_000_000 - 7 * (slots[-1] if slots else len(moments))


def orders(
    moments: list[Moment],
    seed: int,
    catalogue: Catalogue,
    register: Register,
    money: dict[str, Currency],
) -> Iterator[Order]:
    """Every order with all that befell it, in the order of creation."""
    rng = random.Random(f"orders {seed}")
    cast = {slot for slot, (_, index) in enumerate(moments) if index < len(CAST)}
    plans = prescribed(len(moments), cast)
    first_id = _first_id(moments)
    for slot, (created, index) in enumerate(moments):
        buyer = person(seed, index)
        plan = plans.get(slot) or (Plan() if _timed(buyer) else drawn(rng, buyer))
        if plan.foreign:
            buyer = replace(buyer, place=_abroad(slot))
        order = Order(
            id=FIRST_BIG_ID - 1 + plan.big_id if plan.big_id else first_id + 7 * slot,
            slot=slot,
            created=created,
            processed=created - rng.randrange(30, 300) * DAY if plan.imported else created,
            buyer=buyer,
            currency=money[buyer.place.currency],
            plan=plan,
            basket=Basket(rng, catalogue, buyer, plan, slot),
            index=None if buyer.guest else register.next_order(buyer),
        )
        live(order, rng, catalogue)
        if slot % 30 == 4 and order.updated < TAGGED_TOGETHER:
            order.updated = TAGGED_TOGETHER
        yield order


def _timed(buyer: Person) -> bool:
    """Whether it is the very moment of the order that matters."""
    return buyer.role is not None and bool(buyer.role.at)


def _abroad(slot: int) -> Place:
    return PLACES[PLACES_ABROAD[slot % len(PLACES_ABROAD)]]
