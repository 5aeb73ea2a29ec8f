"""What the shop knows of each person by the end: flat tables over people, by index."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from sandbox.generator.orders.orders import Order
from sandbox.generator.shop.people import Person, person

RECORDED, CONTACT = 1, 2


class History(NamedTuple):
    """A customer's own past: number of orders, cents spent, when first seen, the last order.

    `last` is 0 for somebody without orders; instants are seconds since 1970.
    """

    orders: int
    spent: int
    first_seen: int
    last: int
    last_slot: int
    last_created: int
    last_processed: int


class _Tables(NamedTuple):
    """A column for each field of the histories, by the person's index."""

    orders: array[int]
    spent: array[int]
    first_seen: array[int]
    last: array[int]
    last_slot: array[int]
    last_created: array[int]
    last_processed: array[int]


class Register:
    """Everybody of one store; the size of the tables is all the memory it takes.

    `buyers` is how many people the schedule knows; newcomers have the indices from there on.
    """

    def __init__(self, seed: int, people: int) -> None:
        self.buyers = people
        self._seed = seed
        self._flags = bytearray(people)
        self._valid = array("q", bytes(8 * people))
        self._own = _Tables(*(array("q", bytes(8 * people)) for _ in History._fields))
        self._invalid_emails: set[str] = set()

    def newcomer(self) -> Person:
        """Somebody new who can be reached, by e-mail or phone."""
        while True:
            someone = person(self._seed, len(self._flags))
            self._flags.append(0)
            for table in (self._valid, *self._own):
                table.append(0)
            if someone.email or someone.phone:
                return someone

    def meet(self, someone: Person, moment: int, *, recorded: bool) -> None:
        """Note a source of contacts; `recorded` says that there is a customer record."""
        if recorded:
            self._flags[someone.index] |= RECORDED
            seen = self._own.first_seen
            seen[someone.index] = min(moment, seen[someone.index] or moment)
        if someone.contactable:
            self._flags[someone.canonical] |= CONTACT
        elif someone.email is not None:
            self._invalid_emails.add(someone.email)

    def is_recorded(self, index: int) -> bool:
        """Whether the person has a customer record."""
        return bool(self._flags[index] & RECORDED)

    def next_order(self, someone: Person) -> int:
        """The how-manieth order of this customer record the next one is."""
        return self._own.orders[someone.index] + 1

    def add_order(self, order: Order) -> None:
        """Enter an order of its buyer; a test order makes no buyer, its guest no contact."""
        buyer = order.buyer
        if not (order.test and buyer.guest):
            self.meet(buyer, min(order.created, order.processed), recorded=not buyer.guest)
        if order.test:
            return
        if not buyer.guest:
            own, index = self._own, buyer.index
            own.orders[index] += 1
            own.spent[index] += order.received - order.refunded
            own.last[index] = order.id
            own.last_slot[index] = order.slot
            own.last_created[index] = order.created
            own.last_processed[index] = order.processed
        nobody = buyer.guest and not buyer.contactable
        if order.cancelled is None and not nobody:
            self._valid[buyer.canonical] += 1

    def counts(self) -> dict[str, int]:
        """Contacts, malformed e-mails, and persons with one order and with several."""
        return {
            "contacts": sum(1 for flags in self._flags if flags & CONTACT),
            "invalid_emails": len(self._invalid_emails),
            "new_customers": sum(1 for orders in self._valid if orders >= 1),
            "returning_customers": sum(1 for orders in self._valid if orders >= 2),
        }

    def records(self) -> Iterator[tuple[Person, History]]:
        """The people with a customer record, by index, with their past."""
        for index, flags in enumerate(self._flags):
            if flags & RECORDED:
                past = History(*[table[index] for table in self._own])
                yield person(self._seed, index), past
