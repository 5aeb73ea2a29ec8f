"""Associations between records, always seen from both sides.

Facts: docs/reference/hubspot.md#associations
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sandbox.hubspot.core.behaviours import AssociationLimit, Behaviours
from sandbox.hubspot.core.problems import Problem, bad_request, not_found
from sandbox.hubspot.records.changes import Changes

# (from, to): the HUBSPOT_DEFINED type ids, the default one first
TYPES: dict[tuple[str, str], tuple[int, ...]] = {
    ("contacts", "deals"): (4,),
    ("deals", "contacts"): (3,),
    ("line_items", "deals"): (20,),
    ("deals", "line_items"): (19,),
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
}
MOST_ASSOCIATIONS = 50_000  # where no admin set fewer; in HubSpot it is the plan that does
INVERSE = {4: 3, 3: 4, 20: 19, 19: 20, 279: 280, 280: 279, 1: 2, 2: 1}
INVERSE |= {341: 342, 342: 341, 5: 6, 6: 5}
LABELS = {1: "Primary", 2: "Primary", 5: "Primary", 6: "Primary"}

Exists = Callable[[str, str], bool]
Side = dict[str, dict[str, frozenset[int]]]


class Link(NamedTuple):
    """One association, seen from one side."""

    from_object: str
    from_id: str
    to_object: str
    to_id: str
    type_id: int


class Associations:
    """All associations of an account; `exists` tells whether a record lives."""

    def __init__(self, exists: Exists, behaviours: Behaviours, changes: Changes) -> None:
        self._changes = changes
        self._exists = exists
        self._behaviours = behaviours
        self._sides: dict[tuple[str, str], Side] = {pair: {} for pair in TYPES}

    def types(self, from_object: str, to_object: str) -> tuple[int, ...]:
        """The type ids of a pair of objects; raises Problem 400 if it has none."""
        if (from_object, to_object) not in TYPES:
            raise bad_request(f"{from_object} cannot be associated with {to_object}")
        return TYPES[from_object, to_object]

    def check(self, from_object: str, from_id: str, to_object: str, to_id: str) -> None:
        """Raise Problem for a missing record, or a line item that has another parent."""
        for name, object_type, record_id in (
            ("fromObjectId", from_object, from_id),
            ("toObjectId", to_object, to_id),
        ):
            if not self._exists(object_type, record_id):
                raise not_found(
                    f"No record of {object_type} has the id {record_id}.", {name: [record_id]}
                )
        line, parent = (from_id, to_id) if from_object == "line_items" else (to_id, from_id)
        if "line_items" in (from_object, to_object):
            others = set(self._sides["line_items", "deals"].get(line, ())) - {parent}
            if others:
                raise Problem(
                    400,
                    "VALIDATION_ERROR",
                    f"Line item {line} already belongs to deal {min(others)}; a line item "
                    "belongs to exactly one parent.",
                    context={"fromObjectId": [from_id], "toObjectId": [to_id]},
                )

    def check_limits(
        self, from_object: str, to_object: str, pairs: Sequence[tuple[str, str]]
    ) -> None:
        """Raise Problem 400 where new pairs (from id, to id) go past a limit of the account."""
        for limit in self._behaviours.association_limits:
            ends = (limit.from_object, limit.to_object)
            if ends == (from_object, to_object):
                self._check_limit(limit, pairs)
            elif ends == (to_object, from_object):
                self._check_limit(limit, [(to_id, from_id) for from_id, to_id in pairs])

    def most(self, from_object: str, to_object: str) -> int:
        """How many records of one type a record of the other may be associated with."""
        self.types(from_object, to_object)
        limits = self._behaviours.association_limits
        return min(
            [
                limit.most
                for limit in limits
                if (limit.from_object, limit.to_object) == (from_object, to_object)
            ],
            default=MOST_ASSOCIATIONS,
        )

    def counts(self, from_object: str, to_object: str) -> dict[str, int]:
        """How many records of one type each of the other is associated with, if any."""
        side = self._sides[from_object, to_object]
        return {from_id: len(targets) for from_id, targets in side.items() if targets}

    def _check_limit(self, limit: AssociationLimit, pairs: Sequence[tuple[str, str]]) -> None:
        targets: dict[str, set[str]] = {}
        for from_id, to_id in pairs:
            known = targets.setdefault(
                from_id, set(self.of(limit.from_object, from_id, limit.to_object))
            )
            known.add(to_id)
        full = [each for each, known in targets.items() if len(known) > limit.most]
        # what is associated already stays so, also past a limit that was set later
        full = [
            each
            for each in full
            if targets[each] > set(self.of(limit.from_object, each, limit.to_object))
        ]
        if full:
            raise Problem(
                400,
                "VALIDATION_ERROR",
                f"Each record of {limit.from_object} can be associated with at most "
                f"{limit.most} of {limit.to_object} in this account.",
                context={"fromObjectId": full} if limit.named else None,
                sub_category="crm.associations.ASSOCIATION_LIMIT_EXCEEDED",
            )

    def add(
        self, from_object: str, from_id: str, to_object: str, to_id: str, ids: Iterable[int]
    ) -> None:
        """Associate two records that `check` has passed."""
        ids = frozenset(ids)
        self._merge((from_object, to_object), from_id, to_id, ids)
        inverse = frozenset(INVERSE[type_id] for type_id in ids)
        self._merge((to_object, from_object), to_id, from_id, inverse)

    def remove(self, from_object: str, from_id: str, to_object: str, to_id: str) -> None:
        """Part two records; those that are not associated stay so."""
        self._sides[from_object, to_object].get(from_id, {}).pop(to_id, None)
        self._sides[to_object, from_object].get(to_id, {}).pop(from_id, None)
        self._changes.note(from_object, from_id)
        self._changes.note(to_object, to_id)

    def remove_record(self, object_type: str, record_id: str) -> None:
        """Part a record from all others."""
        for from_object, to_object in TYPES:
            if from_object == object_type:
                for to_id in self._sides[from_object, to_object].pop(record_id, {}):
                    self._sides[to_object, from_object].get(to_id, {}).pop(record_id, None)
                    self._changes.note(to_object, to_id)

    def move(self, object_type: str, old_id: str, new_id: str) -> None:
        """Give a record's associations to another, beside those that it has."""
        for from_object, to_object in TYPES:
            if from_object == object_type:
                for to_id, ids in list(self.of(from_object, old_id, to_object).items()):
                    self.add(from_object, new_id, to_object, to_id, ids)
        self.remove_record(object_type, old_id)

    def of(self, from_object: str, from_id: str, to_object: str) -> dict[str, frozenset[int]]:
        """The ids of the associated records, each with its type ids."""
        return self._sides[from_object, to_object].get(from_id, {})

    def all(self) -> Iterator[Link]:
        """Every association, from each of its two sides."""
        for (from_object, to_object), side in self._sides.items():
            for from_id, targets in list(side.items()):
                for to_id, ids in list(targets.items()):
                    for type_id in sorted(ids):
                        yield Link(from_object, from_id, to_object, to_id, type_id)

    def _merge(
        self, pair: tuple[str, str], from_id: str, to_id: str, ids: frozenset[int]
    ) -> None:
        targets = self._sides[pair].setdefault(from_id, {})
        targets[to_id] = targets.get(to_id, frozenset()) | ids
        self._changes.note(pair[0], from_id)
