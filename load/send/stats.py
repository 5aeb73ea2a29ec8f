"""What is to be sent of one object and action, and its outcome so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cartwheel.core.errors import LoadFailed
from load.ledger.results import ARCHIVED, DELETED, LIVING, MERGED, Outcome
from load.plan.plan import Counts

REJECTED_LIMIT = 300  # rejected rows of an object, with none accepted, that end a load


@dataclass
class SendStats:
    """The rows of one job that are done."""

    taken: int = 0
    unchanged: int = 0
    deleted: int = 0
    merged: int = 0
    rejected: int = 0
    linked: int = 0
    adopted: int = 0
    existed: int = 0
    outdated: int = 0
    overwritten: Counter[str] = field(default_factory=Counter)
    reason: str = ""

    @property
    def rows(self) -> int:
        """All rows that are done."""
        return self.taken + self.unchanged + self.deleted + self.merged + self.rejected

    def add(self, outcome: Outcome[Any]) -> None:
        """Count a batch."""
        statuses = [done.status for done in outcome.acknowledged]
        self.taken += statuses.count(LIVING) + statuses.count(ARCHIVED)
        # done without a request, since nothing of them was to be sent
        unchanged = sum(
            done.status == LIVING and not done.request_id for done in outcome.acknowledged
        )
        self.taken -= unchanged
        self.unchanged += unchanged
        self.deleted += statuses.count(DELETED)
        self.merged += statuses.count(MERGED)
        self.rejected += len(outcome.rejected)
        self.linked += sum(done.parent_id is not None for done in outcome.acknowledged)
        self.adopted += sum(done.before is not None for done in outcome.acknowledged)
        self.existed += sum(done.existed for done in outcome.acknowledged)
        for done in outcome.acknowledged:
            self.overwritten.update(done.overwritten)
        self.outdated += sum(bad.outdated for bad in outcome.rejected)
        if outcome.rejected and not self.reason:
            self.reason = outcome.rejected[0].category

    def stop_if_all_rejected(self, name: str) -> None:
        """Raise LoadFailed when HubSpot has refused REJECTED_LIMIT rows and accepted none."""
        if self.rejected >= REJECTED_LIMIT and not self.taken:
            raise LoadFailed(
                f"HubSpot refused all {self.rejected:,} {name} that it was sent "
                f"({self.reason}), so the load stopped there. To see the reasons: cartwheel "
                "status"
            )

    def added_to(self, counts: Counts, action: str) -> Counts:
        """The counts plus those of these rows."""
        return replace(
            counts,
            **{action: getattr(counts, action) + self.taken},
            rejected=counts.rejected + self.rejected,
            skipped=counts.skipped + self.deleted + self.merged,
        )

    def linked_to(self, counts: Counts) -> Counts:
        """The counts of associations, plus those that came with their records."""
        return replace(counts, create=counts.create + self.linked)

    def in_words(self, action: str) -> str:
        """The counts as text; contains no values of records."""
        # adopted too, so that it is the number of the report
        said = f"{self.taken:,} {action}d{' or adopted' if self.existed else ''}"
        if self.linked:
            said += f", {self.linked:,} of them with their deals"
        if self.existed:
            said += f", {self.existed:,} of them adopted: HubSpot had them"
        if self.rejected:
            said += f", {self.rejected:,} rejected ({self.reason})"
        if self.outdated:
            said += f", {self.outdated:,} of them keep a stage in HubSpot that is out of date"
        if self.adopted:
            said += f", {self.adopted:,} of them adopted: HubSpot had them{self._overwriting()}"
        if self.deleted:
            said += f", {self.deleted:,} deleted in HubSpot and skipped"
        if self.merged:
            said += f", {self.merged:,} merged with another in HubSpot and skipped"
        return said

    def _overwriting(self) -> str:
        """How many values of which properties were overwritten; the audit has the values."""
        names = [f"{name} in {number:,}" for name, number in self.overwritten.most_common()]
        return f", with another {', '.join(names)}" if names else ""


@dataclass
class Job:
    """Batches of one object and action: how to send each, and how to record its result."""

    name: str
    label: str
    action: str
    tasks: Iterable[Callable[[], Outcome[Any]]]
    remember: Callable[[Sequence[Outcome[Any]]], None]
    stats: SendStats = field(default_factory=SendStats)

    def remembering(self, remember: Callable[[Sequence[Outcome[Any]]], None]) -> Job:
        """The same job with another way to remember."""
        return replace(self, remember=remember)
