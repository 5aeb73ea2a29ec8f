"""The outcome of the plan's rows, in HubSpot's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from cartwheel.core.errors import ServiceError
from load.objects.account_values import Omitted

RowT = TypeVar("RowT")

# what a record is, as ops.hubspot_records has it (cartwheel/core/sql/ops_reported.sql)
LIVING, ARCHIVED, DELETED, MERGED = "living", "archived", "deleted_in_hubspot", "merged"


@dataclass(frozen=True)
class Acknowledged(Generic[RowT]):
    """A row that is done: its record's status now, and what was sent by which request.

    parent_id is the id of the deal that a line item was created with; answered are the values
    that HubSpot has in another form than ours, "" where it has none of ours; before are those
    of an adopted record, None if it was ours; overwritten are the properties that had another
    value there; existed, that HubSpot had the record that was to be created.
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
    existed: bool = False


@dataclass(frozen=True)
class Rejected(Generic[RowT]):
    """A row that HubSpot rejected, and why."""

    row: RowT
    category: str
    reason: str
    request_id: str | None = None
    outdated: bool = False  # HubSpot goes on showing a stage that is no longer Shopify's


class MatchedRow(NamedTuple):
    """A row whose contact HubSpot already has, to be updated by its id."""

    n: int
    hubspot_id: str


class IdChange(NamedTuple):
    """A record of ours that has another id by now; None if it was deleted."""

    object: str
    key: str
    hubspot_id: str | None


@dataclass
class Outcome(Generic[RowT]):
    """The outcome of some rows; matched ones are not done yet: HubSpot has the record.

    error is what stopped the work on them half-way; results from before it count.
    """

    acknowledged: list[Acknowledged[RowT]] = field(default_factory=list)
    rejected: list[Rejected[RowT]] = field(default_factory=list)
    matched: list[MatchedRow] = field(default_factory=list)
    id_changes: list[IdChange] = field(default_factory=list)
    error: ServiceError | None = None

    def add(self, other: Outcome[RowT]) -> None:
        """Add the outcome of other rows."""
        self.acknowledged += other.acknowledged
        self.rejected += other.rejected
        self.matched += other.matched
        self.id_changes += other.id_changes
        self.error = self.error or other.error
