"""The hostile store: every case that breaks naive code, once, each by its name.

    python -m tests.stores.hostile FOLDER

writes a store folder that the sandbox serves (`cartwheel sandbox --store FOLDER`); the same
bytes at each run. The comment above a case says what it breaks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.generator.charges import Sale, TaxRates
from sandbox.generator.history import refund
from sandbox.generator.orders import Order
from sandbox.generator.times import at, iso
from tests.stores.store import Node, Store, elsewhere, goods, later, other

SHOP = "hostile.myshopify.com"
PAST_2_53 = 9_007_199_254_740_992
"""2^53: this id and the next are one number to whoever reads ids as floats."""

UNKNOWN_SALE = "2026-07-20T15:00:00Z"
"""When the sale of a type that Shopify may add tomorrow took place."""

VAT: TaxRates = (("VAT", 190_000),)
STATE: TaxRates = (("New York State Tax", 40_000), ("New York City Tax", 48_750))

CASES: list[Callable[[Hostile], None]] = []


class Hostile(Store):
    """The hostile store with what most cases buy."""

    def __init__(self) -> None:
        super().__init__(SHOP)
        self.mug, self.jug = self.product("Mug", 1_999, 2_499)
        (self.pin,) = self.product("Pin", 333)
        (self.card,) = self.product("Gift card", 5_000, oddity="gift_card")
        self.ann = self.person("ann@hostile.example", "Ann")


def case(build: Callable[[Hostile], None]) -> Callable[[Hostile], None]:
    """Enter a case of the store."""
    CASES.append(build)
    return build


# ------------------------------------------------------------------------------------ people


# a join on the customer loses the order, or makes all guests one person
@case
def guests(store: Hostile) -> None:
    twice = store.person("guest@hostile.example", "Greta", guest=True)
    store.order(twice, goods(store.mug), when="2026-03-01T15:00:00Z")
    store.order(twice, goods(store.pin), when="2026-03-02T15:00:00Z")
    for _ in range(2):
        nobody = store.person(None, None, None, guest=True)
        store.order(nobody, goods(store.mug), source="pos")


# no e-mail is no contact, and yet a person whose orders count as one's
@case
def customers_without_email(store: Hostile) -> None:
    phone = store.person(None, "Phoebe", None, phone="+12125550142")
    store.order(phone, goods(store.mug), when="2026-02-01T15:00:00Z")
    store.order(phone, goods(store.mug), when="2026-04-01T15:00:00Z")
    neither = store.person(None, "Nemo")
    store.order(neither, goods(store.pin))
    typed = store.person(None, "Otto", order_email="otto.once@hostile.example")
    store.order(typed, goods(store.pin))


# comparing e-mails as typed makes two people of one, and one of two
@case
def emails(store: Hostile) -> None:
    for first, email in {
        "Lower": "sam.shared@hostile.example",
        "Upper": "SAM.Shared@Hostile.example",
        "Tagged": "sam.shared+news@hostile.example",
        "Blank": "\u2009tracy@hostile.example \u00a0",
        "Apostrophe": "darcy.o'neill@hostile.example",
        "Punycode": "joerg@xn--bcher-kva.example",
        "Longest": f"{'a' * 64}@{'b' * 63}.example",
    }.items():
        store.order(store.person(email, first), goods(store.mug))
    known = store.person(" SAM.shared@hostile.example", "Guest", guest=True)
    store.order(known, goods(store.pin), when="2026-10-01T15:00:00Z")


# HubSpot refuses the whole batch, or the row; a contact of that kind is never sent
@case
def emails_that_are_not_valid(store: Hostile) -> None:
    for first, email in {
        "No sign": "nat.sign.hostile.example",
        "Two signs": "two@signs@hostile.example",
        "Dots": "dot..dots@hostile.example",
        "One label": "lea@localhost",
        "Space": "spa ce@hostile.example",
        "IDN": "jörg@bücher.example",
        "Too long": f"{'a' * 65}@hostile.example",
        "Line end": "line\nend@hostile.example",
    }.items():
        store.order(store.person(email, first, valid=False), goods(store.mug))


# text is cut, escaped, normalised or executed on its way
@case
def names(store: Hostile) -> None:
    for number, (first, last) in enumerate(
        (
            (None, None),
            ("Zoë 👩🏽‍🚀🏳️‍🌈", "💐"),
            ("\u202bمحمد\u202c", "أحمد"),
            ("山田太郎", "𠮷野家"),
            ("Ame\u0301lie", "N\u0303un\u0303ez Zalgo\u0327\u0336"),
            ("D'Arcy \"O'Neill\" `x` ’", "O'Neill-St. John"),
            ("Å" * 300, "stein" * 60),
            ("=HYPERLINK(1)", "@SUM"),
            ("<script>alert('1')</script>&amp;", '"; drop table people; --'),
            ("a;b,c\\d/e|f%g_h", "{{ 1 + 1 }}"),
            ("first\nsecond\ttabbed", "  blanks  around  "),
            ("null", "NaN"),
        )
    ):
        note = f"{first}\r\n{last}" if first else None
        person = store.person(f"name{number}@hostile.example", first, last, note=note)
        made = store.order(person, goods(store.mug))
        store.change(made, {"note": note, "tags": [first or "", "a, b; c"]})


# the e-mail's newest record wins, its tags are united, its orders counted once
@case
def two_customers_of_one_email(store: Hostile) -> None:
    first = store.person("twin@hostile.example", "Old", tags=("VIP",))
    second = store.person("Twin@hostile.example ", "New", tags=("a;b", "wholesale"))
    store.order(first, goods(store.mug), when="2026-01-05T15:00:00Z")
    store.order(second, goods(store.jug), when="2026-07-05T15:00:00Z")


# the orders moved to the survivor, what points at the other id points at nobody
@case
def merged_customer(store: Hostile) -> None:
    survivor = store.person("survivor@hostile.example", "Survivor")
    away = store.person("merged.away@hostile.example", "Away")
    store.hide(away)
    store.order(survivor, goods(store.mug), when="2026-03-01T15:00:00Z")
    store.order(survivor, goods(store.mug), when="2026-05-01T15:00:00Z")
    store.checkout(away, goods(store.mug), when="2026-11-02T10:00:00Z", token="merged")


# the record is still there and says nothing; the orders count
@case
def redacted_customer(store: Hostile) -> None:
    redacted = store.person(None, None, None, redacted=True)
    store.order(redacted, goods(store.mug))


# an order names a customer that Shopify no longer has
@case
def deleted_customer(store: Hostile) -> None:
    gone = store.person("deleted@hostile.example", "Gone")
    store.hide(gone)
    store.order(gone, goods(store.mug))


# the purchasing entity is no customer, and the order is exempt from tax
@case
def company(store: Hostile) -> None:
    buyer = store.person("bea@hostile.example", "Bea", company="Business & Sons LLC")
    store.order(buyer, goods(store.mug, 40), source="draft", pay="pending")


# as floats the two ids are one
@case
def ids_past_2_53(store: Hostile) -> None:
    for number in (PAST_2_53, PAST_2_53 + 1):
        person = store.person(f"big{number}@hostile.example", "Big", id=number)
        (variant,) = store.product(f"Big {number}", 1_000, id=number)
        variant.id = number
        store.order(person, goods(variant, id=number), id=number)


# ------------------------------------------------------------------------- money and lines


# sales that never were: not a deal, not in any figure
@case
def orders_in_test_mode(store: Hostile) -> None:
    store.order(store.ann, goods(store.mug), test=True)
    tester = store.person("tester@hostile.example", "Tess", guest=True)
    store.order(tester, goods(store.mug), test=True)


# a gift card is no revenue when it is bought, and money when it is spent
@case
def gift_cards(store: Hostile) -> None:
    store.order(store.ann, goods(store.card, 2), goods(store.mug))
    spent = store.order(store.ann, goods(store.mug, 3), pay="")
    spent.transact("SALE", "SUCCESS", spent.created, 5_000, "gift_card")
    spent.transact("SALE", "SUCCESS", spent.created, spent.owed - 5_000)
    back = store.order(store.ann, goods(store.card))
    _refund(back, 3, _all(back))


# a tip is a line without a product
@case
def tips(store: Hostile) -> None:
    store.order(store.ann, goods(store.mug), other("TIP", 700))
    store.order(store.ann, other("TIP", 150), source="pos")
    back = store.order(store.ann, goods(store.mug), other("TIP", 300))
    _refund(back, 2, _all(back))


# total sales hold what is neither goods, nor shipping, nor tax
@case
def duties_and_fees(store: Hostile) -> None:
    abroad = elsewhere(store.ann, "GB")
    for charge in (
        other("DUTY", 1_250),
        other("FEE", 150, STATE, title="Packaging fee"),
        other("ADDITIONAL_FEE", 299, title="Import fee"),
    ):
        store.order(abroad, goods(store.mug), charge)
    back = store.order(abroad, goods(store.mug), other("DUTY", 800))
    _refund(back, 4, _all(back))


# no decimals, three decimals; the shop's money and the buyer's are added up
@case
def presentment_currencies(store: Hostile) -> None:
    for number, currency in enumerate(("JPY", "KWD", "EUR")):
        country = {"JPY": "JP", "KWD": "KW", "EUR": "DE"}[currency]
        buyer = store.person(f"abroad{number}@hostile.example", "Abe", country=country)
        charges = goods(store.pin, 3, rates=VAT, discount=100), other("SHIPPING", 795, VAT)
        made = store.order(buyer, *charges, currency=currency)
        _refund(made, 2, [made.goods[0].take(1)])


# the tax is added twice, or not at all
@case
def taxes_included_and_not(store: Hostile) -> None:
    for included in (True, False):
        made = store.order(
            store.ann,
            goods(store.pin, 7, rates=STATE, included=included, discount=250),
            other("SHIPPING", 495, STATE, included=included),
        )
        _refund(made, 5, [made.goods[0].take(3)])


# a rate of the order's whole amount divides by zero
@case
def orders_of_nothing(store: Hostile) -> None:
    store.order(store.ann, goods(store.mug, discount=store.mug.price), codes=("ONTHEHOUSE",))
    free = store.order(store.ann, goods(store.pin, 3, discount=999))
    _refund(free, 1, [free.goods[0].take(1)])
    emptied = store.order(store.ann, goods(store.mug))
    edit = emptied.goods[0].take(1, "UPDATE")
    emptied.agree("OrderEditAgreement", "ORDER_EDIT", later(emptied, 1), [edit])


# prices of a fraction of a cent per unit, sums beyond 32 bits
@case
def extremes(store: Hostile) -> None:
    (dear,) = store.product("Factory", 99_999_999_99)
    (cheap,) = store.product("Screw", 1)
    store.order(store.ann, goods(dear))
    store.order(store.ann, goods(cheap, 1_000_000, discount=333_333, rates=STATE))


# the second page of an order's lines, of a refund's lines
@case
def many_lines(store: Hostile) -> None:
    store.order(store.ann, *(goods(store.pin, 1 + n % 3, rates=STATE) for n in range(260)))
    long = store.order(store.ann, *(goods(store.pin, 2) for _ in range(130)))
    _refund(long, 9, [line.take(1) for line in long.goods[:120]])


# ---------------------------------------------------------------------------------- refunds


# money goes back and no goods do
@case
def refund_of_shipping_only(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug), other("SHIPPING", 795, STATE))
    _refund(made, 3, [made.basket.others[0].take(1)])


# goods come back and no money goes
@case
def refund_of_nothing(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 2))
    sale = made.goods[0].take(1)
    _refund(made, 3, [sale], adjustment=-sale.total)


# the adjustment is negative: more goes back than the lines were worth
@case
def refund_of_more_than_the_lines(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 2))
    _refund(made, 3, [made.goods[0].take(1)], adjustment=-500)


# the shop keeps a fee
@case
def refund_of_less_than_the_lines(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 2))
    _refund(made, 3, [made.goods[0].take(2)], adjustment=500)


# a gesture: no line, only money
@case
def refund_of_money_only(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 2))
    _refund(made, 3, [], adjustment=-700)


# the return belongs to another month, year and day of the shop than the order
@case
def refund_in_a_later_month(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug), when="2025-12-31T23:30:00Z")
    _refund(made, 62, _all(made))


# the order changes after it was closed
@case
def refund_after_archive(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 2), when="2026-02-01T15:00:00Z")
    made.closed = later(made, 4)
    _refund(made, 90, [made.goods[0].take(1)])


# nothing is put back on the shelf, in two refunds of one second
@case
def refunds_without_restock(store: Hostile) -> None:
    made = store.order(store.ann, goods(store.mug, 3), restock="NO_RESTOCK")
    _refund(made, 3, [made.goods[0].take(1)])
    _refund(made, 3, [made.goods[0].take(1)])


# -------------------------------------------------------------------------- orders that change


# lines with a current quantity of zero, lines that the order did not have at first
@case
def edited_orders(store: Hostile) -> None:
    for kind in ("removed", "added", "lowered", "repriced", "exchanged"):
        made = store.order(store.ann, goods(store.mug, 3, rates=STATE), goods(store.pin))
        first = made.goods[0]
        sales: list[Sale] = []
        if kind in ("removed", "exchanged"):
            sales.append(first.take(3, "RETURN" if kind == "exchanged" else "UPDATE"))
        if kind in ("added", "exchanged"):
            added = goods(store.jug, 4, rates=STATE, id=14_900_000_000_000 + made.slot)
            made.basket.lines.append(added)
            sales.append(added.give())
        if kind == "lowered":
            sales.append(first.take(1, "UPDATE"))
        if kind == "repriced":
            sales.append(first.reprice(300))
        made.agree("OrderEditAgreement", "ORDER_EDIT", later(made, 1), sales)
        if made.owed > made.received:
            moment, due = later(made, 1), made.owed - made.received
            made.transact("SALE", "SUCCESS", moment, due)


# never paid, and yet once a sale; and given back before it was cancelled
@case
def cancelled_orders(store: Hostile) -> None:
    unpaid = store.order(store.ann, goods(store.mug, 2), pay="authorized")
    _cancel(unpaid, 1, "VOIDED")
    unpaid.transact("VOID", "SUCCESS", later(unpaid, 1), unpaid.transactions[0].amount)
    _cancel(store.order(store.ann, goods(store.mug), pay="pending"), 1, "VOIDED")
    partly = store.order(store.ann, goods(store.mug, 3), goods(store.pin))
    _refund(partly, 2, [partly.goods[0].take(1)])
    _cancel(partly, 5, "REFUNDED")


# a line whose variant is null, whose product is null, or both with no product ever
@case
def lines_without_product(store: Hostile) -> None:
    lost = store.order(store.ann, goods(store.mug), goods(store.pin))
    store.change(lost, lambda node: _line(node, 0).update(variant=None))
    (gone,) = store.product("Withdrawn", 1_500, oddity="deleted")
    store.order(store.ann, goods(gone, 2))
    store.nodes["events"].append(_deletion(gone.product.id, "2026-11-01T10:00:00Z"))
    store.order(store.ann, other("PRODUCT", 2_000, title="Engraving 🖋"), source="draft")


# a draft has no checkout, a point of sale no address and no cart
@case
def drafts_and_points_of_sale(store: Hostile) -> None:
    store.order(store.ann, goods(store.mug), source="draft", pay="pending")
    till = store.order(store.ann, goods(store.mug, rates=STATE), source="pos")
    till.fulfillment = "FULFILLED"
    _refund(till, 0.1, [till.goods[0].take(1)])


# what Shopify may add tomorrow
@case
def unknown_values(store: Hostile) -> None:
    for fields in (
        {"displayFinancialStatus": "IN_INSTALMENTS"},
        {"displayFulfillmentStatus": "AWAITING_DRONE"},
        {"returnStatus": "ON_THE_MOON"},
        {"sourceName": "hologram", "aFieldOfTomorrow": {"deep": [1, None]}},
    ):
        store.change(store.order(store.ann, goods(store.mug)), fields)
    cancelled = store.order(store.ann, goods(store.mug))
    _cancel(cancelled, 1, "REFUNDED")
    store.change(cancelled, {"cancelReason": "SOLAR_FLARE"})
    for change in (_unknown_payment, _unknown_agreement):
        store.change(store.order(store.ann, goods(store.mug)), change)
    sold = store.order(store.ann, goods(store.mug), when=UNKNOWN_SALE)
    store.change(sold, _unknown_sale)
    back = store.order(store.ann, goods(store.mug, 2))
    _refund(back, 2, [back.goods[0].take(1)])
    store.change(back, _unknown_restock)


def _unknown_sale(node: Node) -> None:
    sale = node["agreements"]["nodes"][0]["sales"]["nodes"][0]
    sale.update(lineType="TIME_TRAVEL", actionType="BORROW")


def _unknown_payment(node: Node) -> None:
    node["transactions"][0].update(kind="BARTER", status="HELD_FOR_REVIEW")


def _unknown_agreement(node: Node) -> None:
    node["agreements"]["nodes"][0].update(reason="WHIM")


def _unknown_restock(node: Node) -> None:
    node["refunds"][0]["refundLineItems"]["nodes"][0].update(restockType="TELEPORT")


# history that another system wrote: no sales, and a processing time before the record's
@case
def imported_orders(store: Hostile) -> None:
    for days, included in ((1, False), (400, True)):
        made = store.order(
            store.ann,
            goods(store.mug, 2, rates=STATE, included=included, discount=300),
            other("SHIPPING", 495, STATE, included=included),
            when="2026-08-15T15:00:00Z",
            processed=iso(at("2026-08-15T15:00:00Z") - days * 86_400),
        )
        _refund(made, 5, [made.goods[0].take(1)])
        store.change(made, lambda node: node["agreements"].update(nodes=[]))


# ------------------------------------------------------------------------------------- time


# the hour that comes twice, the one that never was, the day of 23 and of 25 hours
@case
def hours_of_the_clock_change(store: Hostile) -> None:
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


# a page ends among records of one updatedAt, and a cursor by time skips the rest
@case
def one_moment_for_many(store: Hostile) -> None:
    moment = "2026-10-05T09:00:00Z"
    for number in range(45):
        person = store.person(f"same{number}@hostile.example", f"Same {number}")
        made = store.order(person, goods(store.pin), when="2026-06-15T15:00:00Z")
        store.change(made, {"updatedAt": moment})


# the second order of one second; as text its id comes first
@case
def two_orders_of_one_second(store: Hostile) -> None:
    quick = store.person("quick@hostile.example", "Quick")
    for number in (9_999_999_999_999, 10_000_000_000_000):
        store.order(quick, goods(store.pin), when="2026-06-15T15:00:00Z", id=number)


# ------------------------------------------------------------------- orders that disagree


# Shopify's own figures contradict each other: named and kept back, the others go on
@case
def orders_that_disagree(store: Hostile) -> None:
    cent = store.order(store.ann, goods(store.mug))
    store.change(cent, lambda node: _raise(node, "originalTotalPriceSet"))
    opened = store.order(store.ann, goods(store.mug, 2))
    store.change(opened, lambda node: _line(node, 0).update(currentQuantity=1))
    store.contradictory |= {cent.slot, opened.slot}


# a date no shop was open on
@case
def orders_out_of_time(store: Hostile) -> None:
    for year in ("1899", "2173"):
        made = store.order(store.ann, goods(store.mug))
        store.change(made, {"processedAt": f"{year}-05-05T12:00:00Z"})
        store.unreadable.add(made.slot)


# ------------------------------------------------------------------------------- checkouts


# pending and abandoned by a second, recovered, completed, nobody's, and twice of one cart
@case
def checkouts(store: Hostile) -> None:
    left = store.person("left@hostile.example", "Left")
    store.checkout(left, goods(store.mug), when="2026-11-22T00:00:00Z", token="day")
    store.checkout(left, goods(store.mug), when="2026-11-22T00:00:01Z", token="nearly")
    store.checkout(left, goods(store.jug, 2), when="2026-10-30T10:00:00Z", token="old")
    store.checkout(None, goods(store.mug), when="2026-11-10T10:00:00Z", token="nobody")
    for token in ("ac/cart", "cn/cart"):
        url = f"https://hostile.example/123/checkouts/{token}/recover?key=a&locale=en"
        links = {"abandonedCheckoutUrl": url}
        store.checkout(left, goods(store.pin), when="2026-11-11T10:00:00Z", token="", **links)
    back = store.person("back@hostile.example", "Back")
    recovered = store.order(back, goods(store.mug), when="2026-11-20T10:00:00Z")
    store.change(recovered, {"checkoutToken": "recovered"})
    moments = {"when": "2026-11-17T10:00:00Z", "completed": "2026-11-20T10:00:00Z"}
    store.checkout(back, goods(store.mug), goods(store.pin), token="recovered", **moments)
    moments = {"when": "2026-11-18T10:00:00Z", "completed": "2026-11-18T10:05:00Z"}
    store.checkout(left, goods(store.pin), token="elsewhere", **moments)


# ---------------------------------------------------------------------------------- products


# text, prices and variants that a product library does not expect
@case
def products(store: Hostile) -> None:
    store.product('Bobby\'s <b>"Best"</b> & Brightest', 0, oddity="html")
    store.product("福袋 🎁 " + "x" * 240, 4_200, oddity="emoji")
    store.product("=SUM(A1:A9)", 100, 200, oddity="no_sku")
    store.product("Draft", 100, oddity="draft", status="DRAFT")
    store.product("Archived", 100, status="ARCHIVED")
    store.product("Shades", *range(1_000, 1_120))
    for status in ("UNLISTED", "FORESEEN"):
        store.product(f"Of a status {status}", 100, status=status)


# ------------------------------------------------------------------------------------------


def _all(order: Order) -> list[Sale]:
    """Take back all that is left of an order."""
    return [each.take(each.current) for each in order.basket.charges if each.current]


def _refund(order: Order, days: float, sales: list[Sale], adjustment: int = 0) -> None:
    """Refund sales so many days after the order."""
    refund(order, later(order, days), sales, adjustment)
    whole = order.refunded >= order.received
    order.financial = "REFUNDED" if whole else "PARTIALLY_REFUNDED"
    if not order.received:
        order.financial = "PAID"


def _cancel(order: Order, days: float, financial: str) -> None:
    """Cancel an order, which takes back what is left of it."""
    refund(order, later(order, days), _all(order))
    order.cancelled = later(order, days)
    order.financial = financial


def _line(node: Node, position: int) -> Node:
    line: Node = node["lineItems"]["nodes"][position]
    return line


def _raise(node: Node, name: str) -> None:
    """Make an amount a cent more."""
    for money in node[name].values():
        money["amount"] = str(Decimal(money["amount"]) + Decimal("0.01"))


def _deletion(product: int, when: str) -> Node:
    return {
        "__typename": "BasicEvent",
        "id": f"gid://shopify/BasicEvent/{600_000_000 + product % 1_000}",
        "action": "destroy",
        "createdAt": when,
        "message": "Somebody deleted a product.",
        "appTitle": None,
        "subjectId": f"gid://shopify/Product/{product}",
        "subjectType": "PRODUCT",
        "arguments": [],
        "additionalData": None,
    }


def hostile_store() -> Hostile:
    """The store, with all its cases."""
    store = Hostile()
    for build in CASES:
        build(store)
    return store


def main(folder: str) -> None:
    """Write the store folder, and beside it `ledger.json`, what it must yield."""
    store = hostile_store()
    store.write(Path(folder))
    ledger: dict[str, Any] = store.ledger()
    (Path(folder) / "ledger.json").write_text(json.dumps(ledger, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
