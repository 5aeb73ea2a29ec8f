"""Everybody who buys or almost buys: one index a person, the same at each look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sandbox.generator.core.draw import mixed
from sandbox.generator.shop.cast import CAST, ROLE_PLACES, Role

FIRST = (
    "Aoife", "Ben", "Chloé", "Dmitri", "Élodie", "Femi", "Grace", "Hiro", "Ingrid", "José",
    "Kofi", "Lena", "Marek", "Ngozi", "Olga", "Priya", "Quinn", "Rosa", "Siobhán", "Tomás",
    "Uma", "Viktor", "Wanda", "Xochitl", "Yara", "Zuzana",
)  # fmt: skip
LAST = (
    "Abara", "Brontë", "Castillo", "D’Arcy", "Eriksen", "Fujita", "García", "Hughes", "Ito",
    "Jansen", "Kowalski", "López", "Müller", "Nguyễn", "O'Neill", "Petrov", "Quist", "Rossi",
    "Smith-Jones", "Tanaka", "Ueda", "van der Berg", "Weiß", "Xu", "Young", "Žižek",
)  # fmt: skip
DOMAINS = ("shop.example", "mail.example", "post.example.org", "inbox.example.com")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person lives; `tax` names the rule that taxes the order, `currency` its money."""

    country: str
    code: str
    province: str | None
    province_code: str | None
    cities: tuple[str, ...]
    zip: str | None
    currency: str
    tax: str


NEW_YORK = Place(
    "United States", "US", "New York", "NY", ("New York", "Albany"), "10001", "USD", "NY"
)
PLACES = {
    "US": NEW_YORK,
    "DE": Place("Germany", "DE", None, None, ("Berlin", "Köln"), "10115", "EUR", "DE"),
    "FR": Place("France", "FR", None, None, ("Paris", "Nîmes"), "75001", "EUR", "FR"),
    "GB": Place("United Kingdom", "GB", None, None, ("Leeds", "York"), "LS1 4DY", "GBP", "GB"),
    "JP": Place("Japan", "JP", "Tōkyō", "JP-13", ("渋谷区", "Tokyo"), "150-0002", "JPY", "JP"),
    "KW": Place("Kuwait", "KW", None, None, ("Kuwait City",), None, "KWD", ""),
}
STATES = (
    NEW_YORK,
    NEW_YORK,
    Place(
        "United States", "US", "California", "CA", ("Oakland", "Fresno"), "94601", "USD", "CA"
    ),
    Place("United States", "US", "Texas", "TX", ("Austin", "El Paso"), "78701", "USD", "TX"),
    Place("United States", "US", "Oregon", "OR", ("Portland", "Bend"), "97201", "USD", ""),
    Place("Canada", "CA", "Quebec", "QC", ("Montréal", "Québec"), "H2X 1Y4", "USD", ""),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `canonical` is the index of the first one with the same normalised e-mail.

    `email` is as typed; `contactable` says that it makes a contact once normalised.
    """

    index: int
    first: str | None
    last: str | None
    email: str | None
    contactable: bool
    phone: str | None
    guest: bool
    canonical: int
    place: Place
    draw: int
    role: Role | None

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        return " ".join(part for part in (self.first, self.last) if part)

    @property
    def customer_id(self) -> int:
        """The legacy id of the customer record."""
        if self.role is not None and self.role.id is not None:
            return self.role.id
        return 7_000_000_000_000 + 11 * self.index

    @property
    def email_on_order(self) -> str | None:
        """What the person types at the checkout."""
        typed = self.role.order_email if self.role is not None else None
        return typed or self.email

    @property
    def accepts_marketing(self) -> bool:
        """Whether the e-mail is subscribed; two in five are."""
        return self.email is not None and self.draw % 5 < 2


@lru_cache(maxsize=20_000)
def person(seed: int, index: int) -> Person:
    """The person of an index: first the cast, then drawn people, one in seven a guest."""
    draw = mixed(seed, 1, index)
    if index < len(CAST):
        return _cast(CAST[index], index, draw)
    guest = draw % 1_000 < 136
    first = FIRST[(draw >> 10) % len(FIRST)]
    last = LAST[(draw >> 16) % len(LAST)]
    email: str | None = f"buyer{index}@{DOMAINS[(draw >> 24) % len(DOMAINS)]}"
    phone = None
    if draw >> 30 & 3 == 0:
        phone = f"+1212555{(draw >> 32) % 10_000:04d}"
    if (draw >> 48) % 100 < (12 if guest else 1):
        email, phone = None, (None if guest else f"+1646555{(draw >> 32) % 10_000:04d}")
    elif (draw >> 48) % 100 < 20 and email is not None:
        email = f"{email[:1].upper()}{email[1:]}"
    abroad = (draw >> 40) % 1_000
    place = STATES[(draw >> 52) % len(STATES)]
    for ceiling, code in ((12, "DE"), (20, "FR"), (28, "GB"), (32, "JP"), (35, "KW")):
        if abroad < ceiling:
            place = PLACES[code]
            break
    return Person(
        index, first, last, email, email is not None, phone, guest, index, place, draw, None
    )


def _cast(role: Role, index: int, draw: int) -> Person:
    return Person(
        index=index,
        first=role.first,
        last=role.last,
        email=role.email,
        contactable=role.email is not None and role.valid,
        phone=role.phone,
        guest=role.guest,
        canonical=ROLE_PLACES[role.same_as] if role.same_as else index,
        place=PLACES[role.country],
        draw=draw,
        role=role,
    )
