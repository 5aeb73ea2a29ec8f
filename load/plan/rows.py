"""The rows of a plan, as those who send them get them."""

from __future__ import annotations

from typing import NamedTuple

import orjson


class Row(NamedTuple):
    """A row of the plan.

    parent_id is HubSpot's id of a line item's deal; text are the properties that HubSpot
    should have, kept those that it should have had at the last acknowledgement, and differing
    what HubSpot had instead, as JSON, the way the ledger keeps them.
    """

    n: int
    object: str
    key: str
    action: str
    hubspot_id: str | None
    fingerprint: int | None
    parent_id: str | None = None
    text: str = "{}"
    kept: str = "{}"
    differing: str | None = None

    @property
    def desired(self) -> dict[str, str]:
        """The properties that HubSpot should have."""
        return dict(orjson.loads(self.text))

    @property
    def last_wanted(self) -> dict[str, str]:
        """The properties that need no sending: those wanted at the last acknowledgement."""
        return dict(orjson.loads(self.kept))

    @property
    def answered(self) -> dict[str, str]:
        """Of these, the values that HubSpot had in another form, "" where it had none of
        ours."""
        return dict(orjson.loads(self.differing)) if self.differing else {}

    @property
    def acknowledged(self) -> dict[str, str]:
        """The properties that HubSpot last acknowledged, as it holds them."""
        return self.last_wanted | self.answered

    @property
    def changes(self) -> dict[str, str]:
        """The properties to send: "" clears one that an earlier load wrote."""
        desired, before = self.desired, self.last_wanted
        return {
            name: desired.get(name, "")
            for name in sorted(desired.keys() | before.keys())
            if desired.get(name) != before.get(name)
        }


class Pair(NamedTuple):
    """A row of the association plan; object is the association's type."""

    n: int
    object: str
    key: str
    from_id: str
    to_id: str
    fingerprint: int
