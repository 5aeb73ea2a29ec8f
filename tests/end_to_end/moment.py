"""What HubSpot holds at a moment, to compare with what it holds later."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.end_to_end.records import KEYS

if TYPE_CHECKING:
    from tests.end_to_end.journey import Journey

STAMPS = {"hs_lastmodifieddate", "lastmodifieddate"}


@dataclass
class Moment:
    """HubSpot's records by object and key, and what the commands told on the way there.

    counts: living records; contacts_of: the e-mails that a deal is associated with.
    """

    living: dict[str, dict[str, dict[str, Any]]]
    archived: dict[str, set[str]]
    counts: dict[str, int]
    contacts_of: dict[str, list[str]]
    told: dict[str, Any] = field(default_factory=dict)

    def values(self, object_type: str, key: str) -> dict[str, Any]:
        """A living record's properties."""
        return self.living[object_type][key]["properties"]

    def deal(self, name: str) -> str:
        """The key of the deal of that name."""
        deals = self.living["deals"]
        return next(key for key in deals if self.values("deals", key)["dealname"] == name)

    def lines_of(self, deal: str) -> set[str]:
        """The keys of a deal's living line items."""
        lines = self.living["line_items"]
        return {
            key for key in lines if self.values("line_items", key)["shopify_deal_key"] == deal
        }

    def changed_since(self, before: Moment, object_type: str) -> set[str]:
        """The keys of the living records that were created or written since then."""
        return {
            key
            for key, record in self.living[object_type].items()
            if before.living[object_type].get(key) != record
        }

    def properties_since(self, before: Moment, object_type: str, key: str) -> set[str]:
        """The names of a record's properties that have other values than then."""
        was, now = before.values(object_type, key), self.values(object_type, key)
        return {name for name in was | now if was.get(name) != now.get(name)} - STAMPS


def look(road: Journey, **told: Any) -> Moment:
    """The moment as it is in HubSpot now."""

    def records(object_type: str, archived: str) -> list[dict[str, Any]]:
        path = f"/_sandbox/hubspot/objects/{object_type}?archived={archived}"
        return road.request("GET", path)

    living = {name: records(name, "false") for name in KEYS}
    by_id = {r["id"]: r["properties"][key] for n, key in KEYS.items() for r in living[n]}
    contacts_of: dict[str, list[str]] = {}
    for link in road.request("GET", "/_sandbox/hubspot/associations?from=deals&to=contacts"):
        contacts_of.setdefault(by_id[link["from_id"]], []).append(by_id[link["to_id"]])
    return Moment(
        {n: {r["properties"][KEYS[n]]: r for r in found} for n, found in living.items()},
        {n: {r["properties"][key] for r in records(n, "true")} for n, key in KEYS.items()},
        Counter({name: len(found) for name, found in living.items()}),
        contacts_of,
        told,
    )
