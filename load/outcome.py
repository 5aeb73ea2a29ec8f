"""What became of rows of the plan, in HubSpot's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

RowT = TypeVar("RowT")

# what a record is, as ops.hubspot_records has it (load/sql/tables.sql)
LIVING, ARCHIVED, GONE, SHARED = "living", "archived", "deleted_in_hubspot", "shared"


@dataclass(frozen=True)
class Settled(Generic[RowT]):
    """A row that is done: what its record is now, and what was sent by which request.

    parent_id is the id of the deal that a line item was created with.
    """

    row: RowT
    status: str
    hubspot_id: str | None = None
    sent: dict[str, str] = field(default_factory=dict)
    request_id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True)
class Rejected(Generic[RowT]):
    """A row that was not taken, and why."""

    row: RowT
    category: str
    reason: str
    request_id: str | None = None


class Found(NamedTuple):
    """A row whose contact HubSpot has already, to be updated by its id."""

    n: int
    hubspot_id: str


class Moved(NamedTuple):
    """A record of ours that has another id by now."""

    object: str
    key: str
    hubspot_id: str


@dataclass
class Outcome(Generic[RowT]):
    """What became of some rows; found are not done, but known now, as other records are."""

    settled: list[Settled[RowT]] = field(default_factory=list)
    rejected: list[Rejected[RowT]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def add(self, other: Outcome[RowT]) -> None:
        """Take in what became of other rows."""
        self.settled += other.settled
        self.rejected += other.rejected
        self.found += other.found
        self.moved += other.moved
