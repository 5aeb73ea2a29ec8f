"""Refunds of every kind."""

from __future__ import annotations

from tests.stores.hostile.shop import STATE, Hostile, refund_later, take_all
from tests.stores.store import goods, later, other


def refund_of_shipping_only(store: Hostile) -> None:
    """Money goes back and no goods do."""
    made = store.order(store.ann, goods(store.mug), other("SHIPPING", 795, STATE))
    refund_later(made, 3, [made.basket.others[0].take(1)])


def refund_of_nothing(store: Hostile) -> None:
    """Goods come back and no money goes."""
    made = store.order(store.ann, goods(store.mug, 2))
    sale = made.goods[0].take(1)
    refund_later(made, 3, [sale], adjustment=-sale.total)


def refund_of_more_than_the_lines(store: Hostile) -> None:
    """The adjustment is negative: more goes back than the lines were worth."""
    made = store.order(store.ann, goods(store.mug, 2))
    refund_later(made, 3, [made.goods[0].take(1)], adjustment=-500)


def refund_of_less_than_the_lines(store: Hostile) -> None:
    """The shop keeps a fee."""
    made = store.order(store.ann, goods(store.mug, 2))
    refund_later(made, 3, [made.goods[0].take(2)], adjustment=500)


def refund_of_money_only(store: Hostile) -> None:
    """A gesture: no line, only money."""
    made = store.order(store.ann, goods(store.mug, 2))
    refund_later(made, 3, [], adjustment=-700)


def refund_in_a_later_month(store: Hostile) -> None:
    """The return belongs to another month, year and day of the shop than the order."""
    made = store.order(store.ann, goods(store.mug), when="2025-12-31T23:30:00Z")
    refund_later(made, 62, take_all(made))


def refund_after_archive(store: Hostile) -> None:
    """The order changes after it was closed."""
    made = store.order(store.ann, goods(store.mug, 2), when="2026-02-01T15:00:00Z")
    made.closed = later(made, 4)
    refund_later(made, 90, [made.goods[0].take(1)])


def refunds_without_restock(store: Hostile) -> None:
    """Nothing is put back on the shelf, in two refunds of one second."""
    made = store.order(store.ann, goods(store.mug, 3), restock="NO_RESTOCK")
    refund_later(made, 3, [made.goods[0].take(1)])
    refund_later(made, 3, [made.goods[0].take(1)])
