"""A HubSpot account: its CRM, who may ask how much of it, and what people do in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.core.clock import Clock
from sandbox.core.faults import Faults
from sandbox.hubspot.account import person
from sandbox.hubspot.account.faults import KINDS
from sandbox.hubspot.account.limits import RateLimits
from sandbox.hubspot.account.locks import WriteLocks
from sandbox.hubspot.automation.flows import Flows
from sandbox.hubspot.content.files import Files
from sandbox.hubspot.content.rendering import Renderer
from sandbox.hubspot.core.access import Access
from sandbox.hubspot.core.behaviours import PORTAL_ID
from sandbox.hubspot.core.object_types import resolve
from sandbox.hubspot.lists.lists import Lists
from sandbox.hubspot.marketing.emails import Emails
from sandbox.hubspot.marketing.outbox import Outbox
from sandbox.hubspot.records.crm import Crm


class Account(Crm):
    """One account. The routes write to it; tests look into it, and may deep-copy it.

    ten_secondly_limit counts requests per `interval` seconds; latency is how many seconds
    an answer takes when the work is done; most_writers is how many writes of one object
    type may be under way at once; the rest is as in Crm.
    """

    def __init__(
        self,
        clock: Clock,
        currencies: Sequence[str],
        token: str,
        *,
        ten_secondly_limit: int = 190,
        daily_limit: int = 650_000,
        interval: float = 10.0,
        search_lag: float = 1.0,
        latency: float = 0.0,
        most_writers: int = 10,
        portal_id: int = PORTAL_ID,
    ) -> None:
        super().__init__(clock, currencies, search_lag=search_lag, portal_id=portal_id)
        self.token = token
        self.access = Access(self.behaviours)
        self.faults = Faults(KINDS)
        self.latency = latency
        self.locks = WriteLocks(most_writers)
        self.limits = RateLimits(ten_secondly_limit, daily_limit, interval)
        self.lists = Lists(self)
        self.files = Files(clock, self.access)
        self.emails = Emails(self, self.files, self.flows_using)
        self.outbox = Outbox(self, self.emails, Renderer(self, self.files, self.access))
        self.flows = Flows(self, self.lists, self)

    def flows_using(self, email_id: str) -> list[str]:
        """The ids of the flows that send an e-mail."""
        return self.flows.using_email(email_id)

    def archive(self, object_type: str, record_id: str) -> None:
        """Move a record to the recycle bin. Raises Problem 404."""
        super().archive(object_type, record_id)
        self.flows.look()

    def restore(self, object_type: str, record_id: str) -> dict[str, Any]:
        """Take a record out of the recycle bin. Raises Problem 404, 409."""
        return self._seen(person.restore(self, resolve(object_type), record_id))

    def erase(self, object_type: str, record_id: str) -> None:
        """Delete a record for good, living or archived. Raises Problem 404."""
        person.erase(self, resolve(object_type), record_id)
        self.flows.look()

    def create(self, object_type: str, properties: Mapping[str, str]) -> dict[str, Any]:
        """Make a record by hand, as a person would. Raises Problem 400, 409."""
        return self._seen(person.create(self, resolve(object_type), properties))

    def edit(
        self, object_type: str, record_id: str, properties: Mapping[str, str]
    ) -> dict[str, Any]:
        """Change a record by hand, as a person would. Raises Problem 400, 404, 409."""
        return self._seen(person.edit(self, resolve(object_type), record_id, properties))

    def merge(
        self, primary_id: str, other_id: str, *, keep_primary: bool = False
    ) -> dict[str, Any]:
        """Make one contact of two, with a new id or the primary's. Raises Problem 400, 404."""
        merged = person.merge(self, primary_id, other_id, keep_primary=keep_primary)
        self.flows.merged(merged["id"])
        return merged

    def add_email(self, contact_id: str, address: str) -> dict[str, Any]:
        """Give a contact one more e-mail. Raises Problem 400, 404, 409."""
        return self._seen(person.add_email(self, contact_id, address))

    def administer(
        self, object_type: str, name: str, changes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Change any property, HubSpot's own too, as an admin can. Raises Problem 400, 404."""
        return self.properties[resolve(object_type)].administer(name, changes)

    def restrict(self, object_type: str, name: str, *, read_only: bool = True) -> None:
        """Make a property read-only for the app, or writable, as an admin would."""
        self.properties[resolve(object_type)].restrict(name, read_only=read_only)

    def _seen(self, record: dict[str, Any]) -> dict[str, Any]:
        """A record that was written, once the flows that are on have been asked about it."""
        self.flows.look()
        return record
