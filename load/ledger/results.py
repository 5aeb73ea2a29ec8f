"""What became of rows of the plan, in HubSpot's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from cartwheel.core.errors import ServiceError
from load.objects.account_values import Omitted

RowT = TypeVar("RowT")

# what a record is, as ops.hubspot_records has it (load/sql/tables.sql)
LIVING, ARCHIVED, DELETED, MERGED = "living", "archived", "deleted_in_hubspot", "merged"


@dataclass(frozen=True)
class Acknowledged(Generic[RowT]):
    """A row that is done: what its record is now, and what was sent by which request.

    parent_id is the id of the deal that a line item was created with; answered are the
    values that HubSpot holds in another form than ours, "" where it has none of ours;
    before are those that an adopted record held, None if it was ours, and overwritten the
    properties that had another value there.
    """

    row: RowT
    status: str
    hubspot_id: str | None = None
    sent: dict[str, str] = field(default_factory=dict)
    request_id: str | None = None
    parent_id: str | None = None
    answered: dict[str, str] = field(default_factory=dict)
    omitted: Sequence[Omitted] = ()
    before: dict[str, str] | None = None
    overwritten: Sequence[str] = ()


@dataclass(frozen=True)
class Rejected(Generic[RowT]):
    """A row that was not taken, and why."""

    row: RowT
    category: str
    reason: str
    request_id: str | None = None
    outdated: bool = False  # HubSpot goes on showing a stage that is no longer Shopify's


class MatchedRow(NamedTuple):
    """A row whose contact HubSpot has already, to be updated by its id."""

    n: int
    hubspot_id: str


class IdChange(NamedTuple):
    """A record of ours that has another id by now; None where it is gone."""

    object: str
    key: str
    hubspot_id: str | None


@dataclass
class Outcome(Generic[RowT]):
    """What became of some rows; matched are not done yet: HubSpot has the record.

    error is what ended the work on them in its middle: what came before it counts.
    """

    acknowledged: list[Acknowledged[RowT]] = field(default_factory=list)
    rejected: list[Rejected[RowT]] = field(default_factory=list)
    matched: list[MatchedRow] = field(default_factory=list)
    id_changes: list[IdChange] = field(default_factory=list)
    error: ServiceError | None = None

    def add(self, other: Outcome[RowT]) -> None:
        """Take in what became of other rows."""
        self.acknowledged += other.acknowledged
        self.rejected += other.rejected
        self.matched += other.matched
        self.id_changes += other.id_changes
        self.error = self.error or other.error
