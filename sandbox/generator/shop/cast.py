"""The people every store has and every sample lacks: each breaks some naive assumption."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.generator.core.times import at

FIRST_BIG_ID = 9_007_199_254_740_992
"""2^53: this id and the next are one number to whoever reads ids as floats."""


@dataclass(frozen=True, slots=True)
class Role:
    """A person's peculiarity. None of `first`, `last`, `email`: Shopify has null there.

    `orders` is how many the person places, `at` when, where that matters (seconds since
    1970); `same_as` names the role whose e-mail this one shares once normalised; `valid` says
    whether the e-mail makes a contact (docs/reference/rules.md#e-mails).
    """

    name: str
    first: str | None = "Robin"
    last: str | None = "Marsh"
    email: str | None = None
    valid: bool = True
    orders: int = 1
    at: tuple[int, ...] = ()
    guest: bool = False
    same_as: str | None = None
    phone: str | None = None
    order_email: str | None = None
    id: int | None = None
    country: str = "US"
    note: str | None = None
    tags: tuple[str, ...] = ()
    redacted: bool = False
    company: str | None = None


_DST_ENDS = (at("2025-11-02T05:30:00Z"), at("2025-11-02T06:30:00Z"), at("2025-11-03T04:30:00Z"))
_DST_STARTS = (at("2026-03-08T06:59:00Z"), at("2026-03-08T07:30:00Z"))
_SAME_SECOND = (at("2026-06-15T15:00:00Z"), at("2026-06-15T15:00:00Z"))

CAST = (
    Role("shared_lower", "Sam", "Shared", "sam.shared@shop.example", orders=2),
    Role("shared_upper", "Samuel", "Shared", "Sam.Shared@Shop.example", same_as="shared_lower"),
    Role("plus_plain", "Pat", "Plus", "pat@shop.example", orders=2),
    Role("plus_tag", "Pat", "Plus", "pat+promo@shop.example"),
    Role("phone_only", "Phoebe", None, phone="+12125550142", orders=2),
    Role("order_email_only", "Otto", "Mail", order_email="otto.once@shop.example"),
    Role("guest_twice", "Greta", "Guest", "greta.guest@shop.example", guest=True, orders=2),
    Role("guest_without_email", None, None, guest=True, orders=2),
    Role("guest_invalid", "Ina", "Valid", "ina.valid@", valid=False, guest=True),
    Role(
        "guest_known",
        "Pat",
        "Plus",
        "  PAT@shop.example",
        guest=True,
        same_as="plus_plain",
    ),
    Role("invalid_plain", "Nat", "Sign", "nat.sign.shop.example", valid=False, orders=2),
    Role("invalid_dots", "Dot", "Dots", "dot..dots@shop.example", valid=False),
    Role("invalid_label", "Lea", "Bell", "lea@localhost", valid=False),
    Role("invalid_space", "Spa", "Ce", "spa ce@shop.example", valid=False),
    Role("trailing_blank", "Tracy", "Blank", "tracy.blank@shop.example \u00a0"),
    Role("punycode", "Jörg", "Bücher", "joerg@xn--bcher-kva.example", country="DE"),
    Role("null_name", None, None, "nameless@shop.example"),
    Role("emoji", "🦊 Foxy", "💐", "foxy@shop.example"),
    Role("rtl", "يوسف", "الصباح", "yousef@shop.example", country="KW"),
    Role("cjk", "美咲", "山田", "misaki@shop.example", country="JP", orders=2),
    Role("apostrophe", "D'Arcy", "O'Neill-St. John", "darcy.o'neill@shop.example"),
    Role("combining", "Ame\u0301lie", "N\u0303un\u0303ez", "amelie@shop.example", country="FR"),
    Role("long_name", "Wolfeschlegel" * 20, "stein" * 12, "long.name@shop.example"),
    Role("formula", "=HYPERLINK(1)", "@SUM", "formula@shop.example", note="+1-1;-2"),
    Role("markup", "<b>Bob</b>", '"; drop', "markup@shop.example", note="<script>1</script>"),
    Role("redacted", None, None, redacted=True),
    Role("big_id", "Big", "Even", "big.even@shop.example", id=FIRST_BIG_ID),
    Role("bigger_id", "Big", "Odd", "big.odd@shop.example", id=FIRST_BIG_ID + 1),
    Role("dst_ends", "Fall", "Back", "fall.back@shop.example", orders=3, at=_DST_ENDS),
    Role("dst_starts", "Spring", "Forward", "spring@shop.example", orders=2, at=_DST_STARTS),
    Role("same_second", "Twin", "Clicks", "twin@shop.example", orders=2, at=_SAME_SECOND),
    Role("company", "Bea", "Business", "bea@shop.example", company="Business & Sons LLC"),
    Role("german", "Zoë", "Großmann", "zoe.grossmann@shop.example", country="DE", orders=2),
    Role("british", "Björn", "Ó Súilleabháin", "bjorn@shop.example", country="GB"),
    Role("kuwaiti", "Noura", "Al-Sabah", "noura@shop.example", country="KW"),
    Role("tagged", "Tag", "Heuer;Co", "tagged@shop.example", tags=("VIP", "a;b", "wholesale")),
)
ROLE_PLACES = {role.name: place for place, role in enumerate(CAST)}
