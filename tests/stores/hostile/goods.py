"""What an order holds: gift cards, tips, duties, currencies, taxes, and many lines."""

from __future__ import annotations

from tests.stores.hostile.shop import STATE, VAT, Hostile, refund_later, take_all
from tests.stores.store import elsewhere, goods, later, other


def orders_in_test_mode(store: Hostile) -> None:
    """Sales that never were: not a deal, not in any figure."""
    store.order(store.ann, goods(store.mug), test=True)
    tester = store.person("tester@hostile.example", "Tess", guest=True)
    store.order(tester, goods(store.mug), test=True)


def gift_cards(store: Hostile) -> None:
    """A gift card is no revenue when it is bought, and money when it is spent."""
    store.order(store.ann, goods(store.card, 2), goods(store.mug))
    spent = store.order(store.ann, goods(store.mug, 3), pay="")
    spent.transact("SALE", "SUCCESS", spent.created, 5_000, "gift_card")
    spent.transact("SALE", "SUCCESS", spent.created, spent.owed - 5_000)
    back = store.order(store.ann, goods(store.card))
    refund_later(back, 3, take_all(back))


def tips(store: Hostile) -> None:
    """A tip is a line without a product."""
    store.order(store.ann, goods(store.mug), other("TIP", 700))
    store.order(store.ann, other("TIP", 150), source="pos")
    back = store.order(store.ann, goods(store.mug), other("TIP", 300))
    refund_later(back, 2, take_all(back))


def duties_and_fees(store: Hostile) -> None:
    """Total sales hold what is neither goods, nor shipping, nor tax."""
    abroad = elsewhere(store.ann, "GB")
    for charge in (
        other("DUTY", 1_250),
        other("FEE", 150, STATE, title="Packaging fee"),
        other("ADDITIONAL_FEE", 299, title="Import fee"),
    ):
        store.order(abroad, goods(store.mug), charge)
    back = store.order(abroad, goods(store.mug), other("DUTY", 800))
    refund_later(back, 4, take_all(back))


def presentment_currencies(store: Hostile) -> None:
    """No decimals, three decimals; the shop's money and the buyer's are added up."""
    for number, currency in enumerate(("JPY", "KWD", "EUR")):
        country = {"JPY": "JP", "KWD": "KW", "EUR": "DE"}[currency]
        buyer = store.person(f"abroad{number}@hostile.example", "Abe", country=country)
        charges = goods(store.pin, 3, rates=VAT, discount=100), other("SHIPPING", 795, VAT)
        made = store.order(buyer, *charges, currency=currency)
        refund_later(made, 2, [made.goods[0].take(1)])


def taxes_included_and_not(store: Hostile) -> None:
    """The tax is added twice, or not at all."""
    for included in (True, False):
        made = store.order(
            store.ann,
            goods(store.pin, 7, rates=STATE, included=included, discount=250),
            other("SHIPPING", 495, STATE, included=included),
        )
        refund_later(made, 5, [made.goods[0].take(3)])


def orders_of_nothing(store: Hostile) -> None:
    """A rate of the order's whole amount divides by zero."""
    store.order(store.ann, goods(store.mug, discount=store.mug.price), codes=("ONTHEHOUSE",))
    free = store.order(store.ann, goods(store.pin, 3, discount=999))
    refund_later(free, 1, [free.goods[0].take(1)])
    emptied = store.order(store.ann, goods(store.mug))
    edit = emptied.goods[0].take(1, "UPDATE")
    emptied.agree("OrderEditAgreement", "ORDER_EDIT", later(emptied, 1), [edit])


def extremes(store: Hostile) -> None:
    """Prices of a fraction of a cent per unit, sums beyond 32 bits."""
    (dear,) = store.product("Factory", 99_999_999_99)
    (cheap,) = store.product("Screw", 1)
    store.order(store.ann, goods(dear))
    store.order(store.ann, goods(cheap, 1_000_000, discount=333_333, rates=STATE))


def many_lines(store: Hostile) -> None:
    """The second page of an order's lines, of a refund's lines."""
    store.order(store.ann, *(goods(store.pin, 1 + n % 3, rates=STATE) for n in range(260)))
    long = store.order(store.ann, *(goods(store.pin, 2) for _ in range(130)))
    refund_later(long, 9, [line.take(1) for line in long.goods[:120]])
