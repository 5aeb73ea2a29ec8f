"""The result of a plan: how many records of which object, and why others are held back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from load.plan.held_back import SKIPPED, Reason
from load.plan.omitted_properties import OmittedProperty


@dataclass(frozen=True)
class Counts:
    """How many records of an object have which outcome.

    Adopted records are among them: contacts, which are looked up before, under update, others
    under create, since only HubSpot's answer tells that it had them.
    quarantined counts those that our rules do not send: the models keep them apart, or
    HubSpot would refuse a value; rejected those that HubSpot refused and that have not
    changed since; skipped those that a person deleted or merged with another in HubSpot,
    and the line items of deals that HubSpot does not have. Together they are held back.
    """

    create: int = 0
    update: int = 0
    unchanged: int = 0
    delete: int = 0
    quarantined: int = 0
    rejected: int = 0
    skipped: int = 0

    @property
    def held_back(self) -> int:
        """Records that are not sent, for whatever reason."""
        return self.quarantined + self.rejected + self.skipped

    @property
    def rows(self) -> int:
        """Records that are to be in HubSpot, sent or held back."""
        return self.create + self.update + self.unchanged + self.held_back

    @property
    def writes(self) -> int:
        """Records that a load would send."""
        return self.create + self.update + self.delete


@dataclass(frozen=True)
class Plan:
    """Counts per object ("associations" among them).

    properties: object -> property -> how many updates touch it;
    held_back: how many records of an object are held back for which reason;
    adopted: how many of the updates are of contacts that HubSpot was found to have;
    omitted: the properties that records in HubSpot go without.
    """

    objects: dict[str, Counts]
    properties: dict[str, dict[str, int]] = field(default_factory=dict)
    held_back: list[Reason] = field(default_factory=list)
    adopted: int = 0
    omitted: list[OmittedProperty] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """Records and associations that a load would send."""
        return sum(counts.writes for counts in self.objects.values())

    def alarming(self, name: str) -> int:
        """Records of an object that are held back and need attention."""
        return sum(
            each.records
            for each in self.held_back
            if each.object == name and each.fate != SKIPPED and not each.is_ordinary
        )

    def as_json(self) -> dict[str, Any]:
        """The plan as `cartwheel plan --json` prints it."""
        return {
            "objects": {name: asdict(counts) for name, counts in self.objects.items()},
            "writes": self.writes,
            "adopted": self.adopted,
            "held_back": [asdict(each) for each in self.held_back],
            "omitted": [each._asdict() for each in self.omitted],
        }
