"""A HubSpot account: everything it holds, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.hubspot import person
from sandbox.hubspot.associations import Associations
from sandbox.hubspot.behaviours import PORTAL_ID, Behaviours
from sandbox.hubspot.faults import KINDS
from sandbox.hubspot.in_flight import InFlight
from sandbox.hubspot.limits import RateLimits
from sandbox.hubspot.lists import Lists
from sandbox.hubspot.object_types import ALIASES, OBJECT_TYPES, missing, resolve
from sandbox.hubspot.pipelines import Pipelines
from sandbox.hubspot.properties import PropertyBook
from sandbox.hubspot.records import Record, Records

__all__ = ["ALIASES", "OBJECT_TYPES", "PORTAL_ID", "Account", "missing", "resolve"]


class Account:
    """One account. The routes write to it; tests look into it, and may deep-copy it.

    currencies are the effective ones, the company's first. ten_secondly_limit counts
    requests per `interval` seconds; search_lag is how far the search index is behind,
    latency how long an answer takes when the work is done, both in seconds; most_writers
    is how many writes of one object type may be under way at once; portal_id is its own.
    """

    def __init__(
        self,
        clock: Clock,
        currencies: Sequence[str],
        token: str,
        *,
        ten_secondly_limit: int = 190,
        daily_limit: int = 650_000,
        interval: float = 10.0,
        search_lag: float = 1.0,
        latency: float = 0.0,
        most_writers: int = 10,
        portal_id: int = PORTAL_ID,
    ) -> None:
        self.clock = clock
        self.currencies = list(currencies)
        self.token = token
        self.behaviours = Behaviours(portal_id)
        self.faults = Faults(KINDS)
        self.latency = latency
        self.in_flight = InFlight(most_writers)
        self.limits = RateLimits(ten_secondly_limit, daily_limit, interval)
        next_id = count(10_001).__next__
        self.records = {
            name: Records(
                next_id,
                "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate",
                search_lag,
            )
            for name in OBJECT_TYPES
        }
        self.books = {name: PropertyBook(name, clock, self.behaviours) for name in OBJECT_TYPES}
        self.pipelines = Pipelines(clock, self.behaviours)
        self.lists = Lists(self)
        self.links = Associations(self._lives, self.behaviours)

    def objects(self, object_type: str, *, archived: bool = False) -> list[dict[str, Any]]:
        """The living (or the archived) records, with all their values, in order of id."""
        records = self.records[resolve(object_type)]
        return [record.wire() for record in records.all(archived=archived)]

    def associations(
        self, from_object: str | None = None, to_object: str | None = None
    ) -> list[dict[str, Any]]:
        """The associations (from_object, from_id, to_object, to_id, type_id).

        Each is seen from both sides, unless one is asked for. Raises Problem 404 for a
        type that the account does not have.
        """
        from_name, to_name = (name and resolve(name) for name in (from_object, to_object))
        return [
            link._asdict()
            for link in self.links.all()
            if from_name in (None, link.from_object) and to_name in (None, link.to_object)
        ]

    def archive(self, object_type: str, record_id: str) -> None:
        """Move a record to the recycle bin, as a person would. Raises Problem 404."""
        name = resolve(object_type)
        record = self.find(name, record_id)
        self.records[name].archive(record, self.clock.now())
        self.links.remove_record(name, record_id)

    def restore(self, object_type: str, record_id: str) -> dict[str, Any]:
        """Take a record out of the recycle bin. Raises Problem 404, 409."""
        return person.restore(self, resolve(object_type), record_id)

    def erase(self, object_type: str, record_id: str) -> None:
        """Delete a record for good, living or archived. Raises Problem 404."""
        person.erase(self, resolve(object_type), record_id)

    def create(self, object_type: str, properties: Mapping[str, str]) -> dict[str, Any]:
        """Make a record by hand, as a person would. Raises Problem 400, 409."""
        return person.create(self, resolve(object_type), properties)

    def edit(
        self, object_type: str, record_id: str, properties: Mapping[str, str]
    ) -> dict[str, Any]:
        """Change a record by hand, as a person would. Raises Problem 400, 404, 409."""
        return person.edit(self, resolve(object_type), record_id, properties)

    def merge(
        self, primary_id: str, other_id: str, *, keep_primary: bool = False
    ) -> dict[str, Any]:
        """Make one contact of two, with a new id or the primary's. Raises Problem 400, 404."""
        return person.merge(self, primary_id, other_id, keep_primary=keep_primary)

    def add_email(self, contact_id: str, address: str) -> dict[str, Any]:
        """Give a contact one more e-mail. Raises Problem 400, 404, 409."""
        return person.add_email(self, contact_id, address)

    @property
    def portal_id(self) -> int:
        """The id by which HubSpot knows the account."""
        return self.behaviours.portal_id

    def administer(
        self, object_type: str, name: str, changes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Change any property, HubSpot's own too, as an admin can. Raises Problem 400, 404."""
        return self.books[resolve(object_type)].administer(name, changes)

    def restrict(self, object_type: str, name: str, *, read_only: bool = True) -> None:
        """Make a property read-only for the app, or writable, as an admin would."""
        self.books[resolve(object_type)].restrict(name, read_only=read_only)

    def find(self, object_type: str, record_id: str, *, archived: bool = False) -> Record:
        """A record by its id; raises Problem 404."""
        record = self.records[object_type].get(record_id, archived=archived)
        if record is None:
            raise missing(object_type, [record_id])
        return record

    def _lives(self, object_type: str, record_id: str) -> bool:
        return self.records[object_type].get(record_id) is not None
