"""A HubSpot account: everything it holds, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.hubspot.associations import Associations
from sandbox.hubspot.faults import KINDS
from sandbox.hubspot.limits import RateLimits
from sandbox.hubspot.lists import Lists
from sandbox.hubspot.pipelines import Pipelines
from sandbox.hubspot.problems import Problem, not_found
from sandbox.hubspot.properties import PropertyBook
from sandbox.hubspot.records import Record, Records

PORTAL_ID = 62_515
# object type: its id, and its name in the singular
OBJECT_TYPES = {
    "contacts": ("0-1", "contact"),
    "companies": ("0-2", "company"),
    "deals": ("0-3", "deal"),
    "products": ("0-7", "product"),
    "line_items": ("0-8", "line_item"),
}
ALIASES = {alias: name for name, both in OBJECT_TYPES.items() for alias in (name, *both)}


class Account:
    """One account. The routes write to it; tests look into it.

    currencies are the effective ones, the company's first. ten_secondly_limit counts
    requests per `interval` seconds; search_lag is how far the search index is behind,
    in seconds.
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
    ) -> None:
        self.clock = clock
        self.currencies = list(currencies)
        self.token = token
        self.portal_id = PORTAL_ID
        self.faults = Faults(KINDS)
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
        self.books = {name: PropertyBook(name, clock) for name in OBJECT_TYPES}
        self.pipelines = Pipelines(clock)
        self.lists = Lists(self)
        self.links = Associations(
            lambda object_type, record_id: self.records[object_type].get(record_id) is not None
        )

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

    def find(self, object_type: str, record_id: str, *, archived: bool = False) -> Record:
        """A record by its id; raises Problem 404."""
        record = self.records[object_type].get(record_id, archived=archived)
        if record is None:
            raise missing(object_type, [record_id])
        return record


def resolve(object_type: str) -> str:
    """The plural name of an object type: contacts for contact, contacts or 0-1.

    Raises Problem 404 for a type that the account does not have.
    """
    if object_type not in ALIASES:
        raise not_found(f"Unable to infer object type from: {object_type}")
    return ALIASES[object_type]


def missing(object_type: str, ids: Sequence[str]) -> Problem:
    """Problem 404 (or a row of a 207) for ids that no living record has."""
    singular = OBJECT_TYPES[object_type][1].upper()
    return not_found(
        f"Could not get some {singular} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        {"ids": list(ids)},
    )
