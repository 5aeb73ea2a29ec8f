"""What the CRM of an account holds, in memory: records, properties, pipelines, associations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sandbox.core.clock import Clock
from sandbox.hubspot.core.behaviours import PORTAL_ID, Behaviours
from sandbox.hubspot.core.object_types import OBJECT_TYPES, missing, resolve
from sandbox.hubspot.records.associations import Associations
from sandbox.hubspot.records.changes import Changes
from sandbox.hubspot.records.records import Record, Records
from sandbox.hubspot.schema.pipelines import Pipelines
from sandbox.hubspot.schema.properties import Properties


class Crm:
    """Records, properties and the like by object type, under the account's behaviours.

    currencies are the effective ones, the company's first; search_lag is how many seconds
    the search index is behind.
    """

    def __init__(
        self,
        clock: Clock,
        currencies: Sequence[str],
        *,
        search_lag: float = 1.0,
        portal_id: int = PORTAL_ID,
    ) -> None:
        self.clock = clock
        self.currencies = list(currencies)
        self.behaviours = Behaviours(portal_id)
        self.changes = Changes()
        next_id = count(10_001).__next__
        self.records = {
            name: Records(
                name,
                next_id,
                "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate",
                search_lag,
                self.changes,
            )
            for name in OBJECT_TYPES
        }
        self.properties = {
            name: Properties(name, clock, self.behaviours) for name in OBJECT_TYPES
        }
        self.pipelines = Pipelines(clock, self.behaviours)
        self.links = Associations(self._lives, self.behaviours, self.changes)

    @property
    def portal_id(self) -> int:
        """The id by which HubSpot knows the account."""
        return self.behaviours.portal_id

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

    def find(self, object_type: str, record_id: str, *, archived: bool = False) -> Record:
        """A record by its id; raises Problem 404."""
        record = self.records[object_type].get(record_id, archived=archived)
        if record is None:
            raise missing(object_type, [record_id])
        return record

    def archive(self, object_type: str, record_id: str) -> None:
        """Move a record to the recycle bin. Raises Problem 404."""
        name = resolve(object_type)
        record = self.find(name, record_id)
        self.records[name].archive(record, self.clock.now())
        self.links.remove_record(name, record_id)

    def _lives(self, object_type: str, record_id: str) -> bool:
        return self.records[object_type].get(record_id) is not None
