"""The input of each row in a batch, and what is omitted from it after a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from load.hubspot.batch_write import Accepted, RowError
from load.hubspot.client import Body
from load.ledger.results import LIVING, Acknowledged, Rejected
from load.objects.account_values import AccountValues, Omitted
from load.objects.values import same
from load.plan.rows import Row

# property -> what HubSpot's automations change with it: sent again, so that ours stays
_TOGETHER = {"dealstage": "closedate"}


@dataclass
class Draft:
    """A row's values as they are to be sent, and its omitted properties.

    desired are those that the record should hold; before those of a record of somebody
    else's that is to be ours, None where it is ours already.
    """

    row: Row
    account_values: AccountValues
    sent: dict[str, str]
    desired: dict[str, str]
    omitted: list[Omitted] = field(default_factory=list)
    before: dict[str, str] | None = None
    referred: str = ""  # the property that names another record since the last refusal

    @property
    def trace(self) -> str:
        """The row's name in HubSpot's answers."""
        return str(self.row.n)

    def input(self, record: Body) -> Body:
        """The row in a batch; record says which record it is."""
        return {**record, "objectWriteTraceId": self.trace, "properties": self.sent}

    def unlink(self, name: str, why: RowError) -> None:
        """Clear a reference to a record that no longer exists and has no successor."""
        blame = why.property_errors[name]
        self.omit(Omitted(name, self.desired[name], blame.code, blame.message, why.request_id))
        self.refer(name, None)

    def without_blamed(self, why: RowError) -> bool:
        """Omit what a refusal blames; returns whether that changed what is sent."""
        referred, self.referred = self.referred, ""
        names = [
            name
            for name in why.property_errors
            if name in self.sent and name != referred and self.account_values.is_optional(name)
        ]
        for name in names:
            blame = why.property_errors[name]
            self.omit(
                Omitted(
                    name, self.desired.get(name, ""), blame.code, blame.message, why.request_id
                )
            )
        return bool(names or referred)

    def omit(self, omitted: Omitted) -> None:
        """Omit a property."""
        self.sent.pop(omitted.property, None)
        self.omitted = [each for each in self.omitted if each.property != omitted.property]
        self.omitted.append(omitted)

    def acknowledged(self, taken: Accepted) -> Acknowledged[Row]:
        """The row with what HubSpot answered to it."""
        account_values, row = self.account_values, self.row
        answered = {
            name: value
            for name, value in row.answered.items()
            if name in self.desired and name not in self.sent
        }
        answered |= account_values.stored_differently(self.desired, self.sent, taken.properties)
        for each in self.omitted:
            if each.property not in self.sent and each.property in self.desired:
                # of an adopted record nothing was acknowledged, so it holds none of ours
                answered[each.property] = row.acknowledged.get(each.property, "")
        return Acknowledged(
            row,
            LIVING,
            taken.hubspot_id,
            self.sent if taken.request_id else {},
            taken.request_id,
            answered=answered,
            omitted=self.omitted,
            before=self.before if taken.request_id else None,
            overwritten=self._overwritten() if taken.request_id else (),
            existed=taken.existed,
        )

    def rejected(self, why: RowError) -> Rejected[Row]:
        """The row with HubSpot's reason for rejecting it, and the stage that it still shows."""
        name, held = "dealstage", self.row.acknowledged
        if name not in held or held[name] == self.desired.get(name):
            return Rejected(self.row, why.category, why.reason, why.request_id)
        reason = (
            f"{why.reason} Until that is fixed, HubSpot shows the stage {held[name]}; it is "
            f"{self.desired.get(name)} in Shopify."
        )
        return Rejected(self.row, why.category, reason, why.request_id, outdated=True)

    def adopt(self, before: Body) -> None:
        """Mark the row as that of a record that HubSpot already had, with these values."""
        self.before = {name: str(before.get(name) or "") for name in self.sent}
        self.disown()

    def disown(self) -> None:
        """Omit what only records created by Cartwheel get."""
        for each in self.account_values.provenance(self.desired):
            self.omit(each)

    def refer(self, name: str, record_id: str | None) -> None:
        """Refer to another record than the one that no longer exists, or to none."""
        self.referred = name
        if record_id is None:
            self.sent.pop(name, None)
            self.desired.pop(name, None)
        else:
            self.sent[name] = self.desired[name] = record_id
        text = orjson.dumps(self.desired, option=orjson.OPT_SORT_KEYS).decode()
        # without a fingerprint the next plan compares the values
        self.row = self.row._replace(text=text, fingerprint=None)

    def _overwritten(self) -> list[str]:
        return [
            name
            for name, value in (self.before or {}).items()
            if value
            and name in self.sent
            and not same(self.account_values.kinds.get(name, ""), value, self.sent[name])
        ]


def draft(
    row: Row, account_values: AccountValues, wanted: Mapping[str, str] | None = None
) -> Draft:
    """A row with all its values, or with those that are wanted."""
    desired = row.desired
    sent, omitted = account_values.put(desired if wanted is None else wanted)
    return Draft(row, account_values, sent, desired, omitted)


def with_companions(changes: Mapping[str, str], desired: Mapping[str, str]) -> dict[str, str]:
    """Changes with the properties that HubSpot would set by itself when these change."""
    also = {
        name: desired[name]
        for each, name in _TOGETHER.items()
        if each in changes and name in desired
    }
    return {**also, **changes}
