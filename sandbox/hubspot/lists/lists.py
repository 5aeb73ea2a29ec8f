"""The lists (segments) of an account, in the wire's shape, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.core.problems import Problem, bad_request, not_found
from sandbox.hubspot.lists.filters import OBJECTS, Accepts, read_filter
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

PROCESSING_TYPES = ("DYNAMIC", "MANUAL", "SNAPSHOT")
LISTED = ("0-1", "0-2", "0-3")  # object types that the sandbox lists
List = dict[str, Any]


class Lists:
    """The lists by id."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._next_id = 1
        self._lists: dict[str, List] = {}
        self._tests: dict[str, Accepts] = {}
        self._snapshots: dict[str, list[str]] = {}

    def create(self, wanted: Mapping[str, Any]) -> List:
        """Add a list; its name must be the only one of the account. Raises Problem 400."""
        name = self._free_name(wanted.get("name"))
        object_type_id, kind = wanted.get("objectTypeId"), wanted.get("processingType")
        if object_type_id not in LISTED:
            raise bad_request(f"There are no lists of object type {object_type_id!r}")
        if kind not in PROCESSING_TYPES:
            raise bad_request(f"processingType is one of {', '.join(PROCESSING_TYPES)}")
        branch = wanted.get("filterBranch")
        if (branch is None) is not (kind == "MANUAL"):
            raise bad_request("All lists but MANUAL ones have a filterBranch")
        accepts = branch and read_filter(self._crm, OBJECTS[object_type_id], branch)
        list_id, moment = str(self._next_id), stamp(self._crm.clock.now())
        self._next_id += 1
        made = self._lists[list_id] = {
            "listId": list_id,
            "name": name,
            "objectTypeId": object_type_id,
            "processingType": kind,
            "processingStatus": "COMPLETE",
            "listVersion": 1,
            "createdAt": moment,
            "updatedAt": moment,
            "filtersUpdatedAt": moment,
        }
        if accepts:
            made["filterBranch"] = branch
            self._tests[list_id] = accepts
        if kind == "SNAPSHOT":
            self._snapshots[list_id] = [record.id for record in self._matching(list_id)]
        return made

    def refilter(self, list_id: str, branch: Any) -> List:
        """Give a dynamic list other filters. Raises Problem 400, 404."""
        found = self.get(list_id)
        if found["processingType"] != "DYNAMIC":
            raise bad_request("Only the filters of a DYNAMIC list can be changed")
        self._tests[list_id] = read_filter(self._crm, OBJECTS[found["objectTypeId"]], branch)
        moment = stamp(self._crm.clock.now())
        found |= {"filterBranch": branch, "updatedAt": moment, "filtersUpdatedAt": moment}
        found["listVersion"] += 1
        return found

    def rename(self, list_id: str, name: object) -> List:
        """Give a list another name, the only one of the account. Raises Problem 400, 404."""
        found = self.get(list_id)
        found |= {
            "name": self._free_name(name, besides=list_id),
            "updatedAt": stamp(self._crm.clock.now()),
        }
        return found

    def get(self, list_id: str) -> List:
        """One list; raises Problem 404."""
        if list_id not in self._lists:
            raise not_found(f"List does not exist with ID {list_id}.")
        return self._lists[list_id]

    def named(self, object_type_id: str, name: str) -> List:
        """The list of an object type with that name; raises Problem 404."""
        for each in self._lists.values():
            if each["objectTypeId"] == object_type_id and each["name"] == name:
                return each
        raise not_found(f"List does not exist with name {name}.")

    def search(self, words: str, kinds: list[str], ids: list[str]) -> list[List]:
        """The lists whose names hold the words, of those types and ids where any are given."""
        return [
            each
            for each in self._lists.values()
            if words.casefold() in each["name"].casefold()
            and (not kinds or each["processingType"] in kinds)
            and (not ids or each["listId"] in ids)
        ]

    def delete(self, list_id: str) -> None:
        """Remove a list, and free its name; raises Problem 404."""
        del self._lists[self.get(list_id)["listId"]]
        self._tests.pop(list_id, None)
        self._snapshots.pop(list_id, None)

    def members(self, list_id: str) -> list[str]:
        """The ids of the living records in a list, in their order.

        A dynamic list is worked out again from the account's records each time; to a manual
        one flows alone add.
        """
        found = self.get(list_id)
        if found["processingType"] == "DYNAMIC":
            return [record.id for record in self._matching(list_id)]
        records = self._crm.records[OBJECTS[found["objectTypeId"]]]
        return [each for each in self._snapshots.get(list_id, []) if records.get(each)]

    def has(self, list_id: str, record: Record) -> bool:
        """Whether a living record is in a list; in one that was deleted nobody is."""
        if list_id not in self._lists:
            return False
        if self._lists[list_id]["processingType"] == "DYNAMIC":
            return self._tests[list_id](self._crm, record)
        return record.id in self._snapshots.get(list_id, ())

    def add_member(self, list_id: str, record_id: str) -> None:
        """Put a record into a manual list; raises Problem 404."""
        members = self._snapshots.setdefault(self.get(list_id)["listId"], [])
        if record_id not in members:
            members.append(record_id)

    def remove_member(self, list_id: str, record_id: str) -> None:
        """Take a record out of a manual list; raises Problem 404."""
        members = self._snapshots.setdefault(self.get(list_id)["listId"], [])
        if record_id in members:
            members.remove(record_id)

    def _free_name(self, name: object, besides: str = "") -> str:
        if not isinstance(name, str) or not name.strip():
            raise bad_request("A list needs a name, as text")
        taken = (each for each in self._lists.values() if each["listId"] != besides)
        if any(name.casefold() == each["name"].casefold() for each in taken):
            raise Problem(
                400,
                "VALIDATION_ERROR",
                f"A list with the name {name} already exists.",
                sub_category="ILS.DUPLICATE_LIST_NAMES",
            )
        return name

    def _matching(self, list_id: str) -> list[Record]:
        object_type = OBJECTS[self._lists[list_id]["objectTypeId"]]
        accepts = self._tests[list_id]
        return [
            record
            for record in self._crm.records[object_type].all()
            if accepts(self._crm, record)
        ]
