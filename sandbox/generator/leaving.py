"""Makes the checkouts of a store: some become orders, most are left behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from sandbox.generator.core.draw import checkout_token, token
from sandbox.generator.core.money import Currency
from sandbox.generator.core.times import DAY, HOUR, NOW
from sandbox.generator.nodes.checkouts import Checkout
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.orders import Order
from sandbox.generator.orders.plans import Plan
from sandbox.generator.orders.register import Register
from sandbox.generator.shop.catalogue import Catalogue
from sandbox.generator.shop.people import PLACES, Person, person

WINDOW = 90 * DAY
"""Shopify lists checkouts of about three months."""

FIRST_NUMBER = 30_000_000_000_000


class Leavers:
    """The checkouts of one store; `made` counts them."""

    def __init__(
        self,
        seed: int,
        catalogue: Catalogue,
        register: Register,
        money: dict[str, Currency],
    ) -> None:
        self.made = 0
        self._seed = seed
        self._rng = random.Random(f"checkouts {seed}")
        self._catalogue = catalogue
        self._register = register
        self._money = money

    def of_order(self, order: Order) -> Checkout | None:
        """The checkout that Shopify still lists: for one recent web order in three.

        Most were recovered days after they were left; some completed within minutes; some
        lack `completedAt` although an order carries their token.
        """
        if not order.web or order.created <= NOW - WINDOW:
            return None
        if order.plan.test or self._rng.random() >= 0.35:
            return None
        draw = self._rng.random()
        quick = draw < 0.2
        wait = self._rng.randrange(300, 3 * HOUR) if quick else DAY + int(draw * 5 * DAY)
        self.made += 1
        if not order.buyer.guest:
            self._register.meet(order.buyer, order.created - wait, recorded=True)
        return Checkout(
            number=FIRST_NUMBER + self.made,
            token=checkout_token(self._seed, order.slot),
            created=order.created - wait,
            completed=None if draw > 0.9 else order.created,
            buyer=None if order.buyer.guest else order.buyer,
            visitor=order.buyer,
            currency=order.currency,
            basket=order.basket,
        )

    def left(self, count: int) -> Iterator[Checkout]:
        """The checkouts without an order, the telling ones first."""
        for place in range(count):
            yield self._left(place)

    def _left(self, place: int) -> Checkout:
        rng = self._rng
        age = DAY + rng.randrange(WINDOW - DAY)
        if place in (0, 1) or rng.random() < 0.02:
            age = rng.randrange(600, DAY - 600)
        elif place == 2:
            age = DAY
        elif place == 3:
            age = DAY - 1
        created = NOW - age
        done = place == 4 or (place > 9 and rng.random() < 0.04)
        visitor, recorded = self._visitor(place)
        nobody = place == 6 or (place > 9 and rng.random() < 0.02)
        plan = Plan(discount="code" if rng.random() < 0.2 else "")
        self.made += 1
        basket = Basket(rng, self._catalogue, visitor, plan, 10_000_000 + self.made)
        for charge in basket.charges:
            charge.give()
        if not nobody:
            self._register.meet(visitor, created - HOUR, recorded=recorded)
        return Checkout(
            number=FIRST_NUMBER + self.made,
            token=token(self._seed, 53, self.made),
            created=created,
            completed=min(created + 2 * HOUR, NOW - 60) if done else None,
            buyer=None if nobody else visitor,
            visitor=visitor,
            currency=self._money[visitor.place.currency],
            basket=basket,
        )

    def _visitor(self, place: int) -> tuple[Person, bool]:
        """Who left the checkout, and whether that person has a customer record."""
        rng, register = self._rng, self._register
        if place == 7:
            return replace(register.newcomer(), place=PLACES["JP"]), True
        if place != 5 and rng.random() < 0.4:
            for _ in range(20):
                index = rng.randrange(register.buyers)
                if register.is_recorded(index):
                    return person(self._seed, index), True
        return register.newcomer(), place != 5 and rng.random() < 0.8
