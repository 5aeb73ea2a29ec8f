"""What happens so seldom that a generated store of a handy size need not hold it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sandbox.generator.core.money import currencies
from sandbox.generator.core.times import DAY, NOW, iso
from sandbox.generator.nodes.checkouts import Checkout
from sandbox.generator.nodes.sales import refund_node
from sandbox.generator.orders.baskets import Basket
from sandbox.generator.orders.history import live
from sandbox.generator.orders.orders import Order
from sandbox.generator.orders.plans import Plan
from sandbox.generator.shop.catalogue import Catalogue
from sandbox.generator.shop.people import Person, person

CATALOGUE = Catalogue(orders=500, seed=1)
DOLLARS = currencies()["USD"]


@pytest.fixture
def buyer() -> Person:
    """A customer with an e-mail."""
    return person(1, 0)


def _basket(buyer: Person, plan: Plan, slot: int) -> Basket:
    return Basket(random.Random(slot), CATALOGUE, buyer, plan, slot)


def _refunded_shipping(buyer: Person, slot: int, plan: Plan) -> list[str]:
    """The ids of the shipping lines that the refunds of an order's life hold."""
    created = NOW - 200 * DAY
    order = Order(
        id=1_000 + slot,
        slot=slot,
        created=created,
        processed=created,
        buyer=buyer,
        currency=DOLLARS,
        plan=plan,
        basket=_basket(buyer, plan, slot),
        index=1,
    )
    live(order, random.Random(slot), CATALOGUE)
    nodes: list[dict[str, Any]] = [refund_node(order, refund) for refund in order.refunds]
    return [line["id"] for node in nodes for line in node["refundShippingLines"]["nodes"]]


def test_refunds_of_long_orders_have_ids_of_their_own(buyer):
    """No shipping refunded after 300 lines has the id of a later order's."""
    plan = Plan(extra="long", discount="free_shipping", refund="full", prescribed=True)
    long = _refunded_shipping(buyer, 10, plan)
    later = [
        gid
        for slot in range(11, 20)
        for gid in _refunded_shipping(buyer, slot, Plan(refund="shipping", prescribed=True))
    ]

    assert (len(long), len(later)) == (1, 9)
    assert not set(long) & set(later)


def test_checkouts_just_completed_are_not_updated_in_the_future(buyer):
    """A checkout completed half a minute ago was updated by now."""
    basket = _basket(buyer, Plan(), 1)
    for charge in basket.charges:
        charge.give()
    checkout = Checkout(
        number=1,
        token="0" * 32,
        created=NOW - DAY,
        completed=NOW - 30,
        buyer=buyer,
        visitor=buyer,
        currency=DOLLARS,
        basket=basket,
    )

    assert iso(NOW - 30) <= checkout.node()["updatedAt"] <= iso(NOW)
