"""What the account has sent: each e-mail as its contact received it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.content.crm_functions import CannotRender
from sandbox.hubspot.content.rendering import Rendered, Renderer
from sandbox.hubspot.core.object_types import OBJECT_TYPES
from sandbox.hubspot.marketing.emails import Emails
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

DEALS = OBJECT_TYPES["deals"][0]


class Outbox:
    """The e-mails that flows have sent, in the order in which they did.

    An e-mail that could not be sent is in it too, with an `error` and without its texts.
    """

    def __init__(self, crm: Crm, emails: Emails, renderer: Renderer) -> None:
        self.sent: list[dict[str, Any]] = []
        self.renderer = renderer
        self._crm = crm
        self._emails = emails

    def send(
        self,
        email_id: str,
        contact_id: str,
        *,
        flow_id: str,
        object_type_id: str,
        record_id: str,
        at: datetime,
    ) -> None:
        """Send a published e-mail to a contact, for the record that a flow has enrolled.

        A contact without an e-mail address, or that was deleted meanwhile, gets nothing.
        """
        contact = self._crm.records["contacts"].get(contact_id)
        if contact is None or not contact.properties.get("email"):
            return
        entry: dict[str, Any] = {
            "emailId": email_id,
            "flowId": flow_id,
            "contactId": contact_id,
            "recordId": record_id,
            "to": contact.properties["email"],
            "sentAt": stamp(at),
        }
        try:
            deals = self._crm.records["deals"]
            deal = deals.get(record_id) if object_type_id == DEALS else None
            entry |= self._rendered(email_id, contact, deal)._asdict()
        except CannotRender as error:
            entry["error"] = str(error)
        self.sent.append(entry)

    def forget(self) -> None:
        """Empty it."""
        self.sent.clear()

    def _rendered(self, email_id: str, contact: Record, deal: Record | None) -> Rendered:
        email = next((each for each in self._emails.all() if each.id == email_id), None)
        if email is None or not (email.is_published and email.is_automated):
            raise CannotRender(f"Email {email_id} is not published for automation")
        return self.renderer.render(email.members, contact, deal, email_id)
