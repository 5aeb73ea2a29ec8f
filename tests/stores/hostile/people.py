"""Buyers whose names, e-mails, records and ids break naive code."""

from __future__ import annotations

from tests.stores.hostile.shop import Hostile
from tests.stores.store import goods

PAST_2_53 = 9_007_199_254_740_992
"""2^53: this id and the next are one number to whoever reads ids as floats."""


def guests(store: Hostile) -> None:
    """A join on the customer loses the order, or makes all guests one person."""
    twice = store.person("guest@hostile.example", "Greta", guest=True)
    store.order(twice, goods(store.mug), when="2026-03-01T15:00:00Z")
    store.order(twice, goods(store.pin), when="2026-03-02T15:00:00Z")
    for _ in range(2):
        nobody = store.person(None, None, None, guest=True)
        store.order(nobody, goods(store.mug), source="pos")


def customers_without_email(store: Hostile) -> None:
    """No e-mail is no contact, and yet a person whose orders count as one's."""
    phone = store.person(None, "Phoebe", None, phone="+12125550142")
    store.order(phone, goods(store.mug), when="2026-02-01T15:00:00Z")
    store.order(phone, goods(store.mug), when="2026-04-01T15:00:00Z")
    neither = store.person(None, "Nemo")
    store.order(neither, goods(store.pin))
    typed = store.person(None, "Otto", order_email="otto.once@hostile.example")
    store.order(typed, goods(store.pin))


def emails(store: Hostile) -> None:
    """Comparing e-mails as typed makes two people of one, and one of two."""
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


def emails_that_are_not_valid(store: Hostile) -> None:
    """HubSpot refuses the whole batch, or the row; a contact of that kind is never sent."""
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


def names(store: Hostile) -> None:
    """Text is cut, escaped, normalised or executed on its way."""
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


def two_customers_of_one_email(store: Hostile) -> None:
    """The e-mail's newest record wins, its tags are united, its orders counted once."""
    first = store.person("twin@hostile.example", "Old", tags=("VIP",))
    second = store.person("Twin@hostile.example ", "New", tags=("a;b", "wholesale"))
    store.order(first, goods(store.mug), when="2026-01-05T15:00:00Z")
    store.order(second, goods(store.jug), when="2026-07-05T15:00:00Z")


def merged_customer(store: Hostile) -> None:
    """The orders moved to the survivor, what points at the other id points at nobody."""
    survivor = store.person("survivor@hostile.example", "Survivor")
    away = store.person("merged.away@hostile.example", "Away")
    store.hide(away)
    store.order(survivor, goods(store.mug), when="2026-03-01T15:00:00Z")
    store.order(survivor, goods(store.mug), when="2026-05-01T15:00:00Z")
    store.checkout(away, goods(store.mug), when="2026-11-02T10:00:00Z", token="merged")


def redacted_customer(store: Hostile) -> None:
    """The record is still there and says nothing; the orders count."""
    redacted = store.person(None, None, None, redacted=True)
    store.order(redacted, goods(store.mug))


def deleted_customer(store: Hostile) -> None:
    """An order names a customer that Shopify no longer has."""
    gone = store.person("deleted@hostile.example", "Gone")
    store.hide(gone)
    store.order(gone, goods(store.mug))


def company(store: Hostile) -> None:
    """The purchasing entity is no customer, and the order is exempt from tax."""
    buyer = store.person("bea@hostile.example", "Bea", company="Business & Sons LLC")
    store.order(buyer, goods(store.mug, 40), source="draft", pay="pending")


def ids_past_2_53(store: Hostile) -> None:
    """As floats the two ids are one."""
    for number in (PAST_2_53, PAST_2_53 + 1):
        person = store.person(f"big{number}@hostile.example", "Big", id=number)
        (variant,) = store.product(f"Big {number}", 1_000, id=number)
        variant.id = number
        store.order(person, goods(variant, id=number), id=number)
