"""The records of one object type: living and archived, with their unique values.

A contact's further e-mail addresses are as unique as its first
(docs/reference/hubspot.md#e-mail-addresses).
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.core.problems import already_exists, conflict
from sandbox.hubspot.records.changes import Changes

ADDITIONAL_EMAILS = "hs_additional_emails"


class Record:
    """One record. `before` is what the search index still shows while it lags."""

    __slots__ = ("archived_at", "before", "created_at", "id", "properties", "updated_at",
                 "written")  # fmt: skip

    def __init__(self, record_id: str, moment: str) -> None:
        self.id = record_id
        self.properties: dict[str, str] = {}
        self.created_at = moment
        self.updated_at = moment
        self.archived_at: str | None = None
        self.before: dict[str, str] | None = None
        self.written = 0.0

    def wire(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """The record as HubSpot shows it, with all its values or the named ones."""
        properties: Mapping[str, str | None] = self.properties
        if names is not None:
            properties = {name: self.properties.get(name) for name in names}
        shown = {
            "id": self.id,
            "properties": properties,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "archived": self.archived_at is not None,
        }
        if self.archived_at is not None:
            shown["archivedAt"] = self.archived_at
        return shown


class Records:
    """Records by id, in the order of their ids, which only grow."""

    def __init__(
        self,
        object_type: str,
        next_id: Callable[[], int],
        modified_name: str,
        lag: float,
        changes: Changes,
    ) -> None:
        self._object_type = object_type
        self._changes = changes
        self._next_id = next_id
        self.modified_name = modified_name
        self.lag = lag
        self._records: dict[str, Record] = {}
        self._ids: list[int] = []
        self._owners: dict[str, dict[str, str]] = {}

    def get(self, record_id: str, *, archived: bool = False) -> Record | None:
        """A living (or an archived) record by its id."""
        record = self._records.get(record_id)
        return record if record and (record.archived_at is not None) == archived else None

    def owner(self, name: str, value: str) -> str | None:
        """The id of the living record that holds a unique value, or a secondary e-mail."""
        return self._owners.get(name, {}).get(value)

    def all(self, *, archived: bool = False) -> list[Record]:
        """The living (or the archived) records in the order of their ids."""
        return [
            record
            for record in list(self._records.values())
            if (record.archived_at is not None) == archived
        ]

    def page(self, after: int, limit: int, *, archived: bool) -> list[Record]:
        """Up to limit+1 records whose id is at least `after`."""
        start = bisect_left(self._ids, after)
        places = range(start, len(self._ids))
        found = (self._records[str(self._ids[place])] for place in places)
        wanted = (record for record in found if (record.archived_at is not None) == archived)
        return list(islice(wanted, limit + 1))

    def check_unique(
        self, record: Record | None, properties: Mapping[str, str], unique: Iterable[str]
    ) -> None:
        """Raise Problem 409 where another living record holds one of the unique values."""
        wanted = [(name, properties.get(name)) for name in unique]
        wanted += [("email", address) for address in additional_emails(properties)]
        for name, value in wanted:
            holder = value and self.owner(name, value)
            if holder and (record is None or holder != record.id):
                if name == "email":
                    raise already_exists(holder)
                raise conflict(
                    f"{name} {value} cannot be set: record {holder} already has that value.",
                    "CONFLICTING_UNIQUE_VALUE",
                    name,
                )

    def write(
        self,
        record: Record | None,
        properties: Mapping[str, str],
        unique: Iterable[str],
        now: datetime,
    ) -> Record:
        """Create a record, or change one; empty text clears. The values are checked before."""
        moment = stamp(now)
        before = record.properties if record else {}
        if record is None:
            number = self._next_id()
            record = Record(str(number), moment)
            record.properties = {"createdate": moment, "hs_object_id": record.id}
            self._records[record.id] = record
            self._ids.append(number)
        else:
            self._begin_lag(record, record.properties)
        for name in unique:
            self._owners.setdefault(name, {})
        self._release(record)
        record.updated_at = moment
        changed = {**record.properties, **properties, self.modified_name: moment}
        record.properties = {name: value for name, value in changed.items() if value}
        self._claim(record)
        record.written = time.monotonic()
        if self._changes.watched:
            changed_names = {
                name for name in properties if before.get(name) != record.properties.get(name)
            }
            self._changes.note(self._object_type, record.id, changed_names)
        return record

    def archive(self, record: Record, now: datetime) -> None:
        """Move a living record to the recycle bin and give its unique values free."""
        self._begin_lag(record, record.properties)
        record.archived_at = record.updated_at = stamp(now)
        record.written = time.monotonic()
        self._release(record)
        self._changes.note(self._object_type, record.id)

    def restore(self, record: Record, now: datetime) -> None:
        """Take an archived record out of the bin; its unique values are free."""
        self._begin_lag(record, None)
        record.archived_at, record.updated_at = None, stamp(now)
        record.written = time.monotonic()
        self._claim(record)
        self._changes.note(self._object_type, record.id)

    def erase(self, record: Record) -> None:
        """Delete a record for good: nothing of it is left."""
        self._release(record)
        del self._records[record.id]
        self._ids.pop(bisect_left(self._ids, int(record.id)))
        self._changes.note(self._object_type, record.id)

    def indexed(self) -> list[tuple[Record, dict[str, str]]]:
        """What the search index shows: each record with its values as of the lag ago."""
        visible_until = time.monotonic() - self.lag
        shown = []
        for record in list(self._records.values()):
            if record.written > visible_until:
                values = record.before
            else:
                values = None if record.archived_at else record.properties
            if values is not None:
                shown.append((record, values))
        return shown

    def _claim(self, record: Record) -> None:
        for owners, value in self._unique_values(record):
            owners[value] = record.id

    def _release(self, record: Record) -> None:
        for owners, value in self._unique_values(record):
            if owners.get(value) == record.id:
                del owners[value]

    def _unique_values(self, record: Record) -> Iterator[tuple[dict[str, str], str]]:
        for name, owners in self._owners.items():
            if value := record.properties.get(name):
                yield owners, value
        for address in additional_emails(record.properties):
            yield self._owners.setdefault("email", {}), address

    def _begin_lag(self, record: Record, values: dict[str, str] | None) -> None:
        if time.monotonic() - record.written >= self.lag:
            record.before = values


def additional_emails(properties: Mapping[str, str]) -> list[str]:
    """The secondary addresses among a record's values, in their order."""
    return [address for address in properties.get(ADDITIONAL_EMAILS, "").split(";") if address]


def joined(addresses: Iterable[str], primary: str) -> str:
    """Addresses as hs_additional_emails holds them, each once and without the primary one."""
    return ";".join(dict.fromkeys(each for each in addresses if each and each != primary))
