"""What flows need of the account's marketing e-mails: to look one up, and to send it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Email(Protocol):
    """A marketing e-mail, as far as a flow looks at it."""

    @property
    def state(self) -> str:
        """AUTOMATED once it is published for automation."""

    @property
    def subcategory(self) -> str:
        """What it is for, such as automated."""


class Emails(Protocol):
    """The e-mails of an account."""

    def get(self, email_id: str) -> Email:
        """One e-mail; raises Problem 404."""


class Outbox(Protocol):
    """Where a flow's mails go."""

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
        """Render an e-mail for a contact, and keep it."""


class Mailing(Protocol):
    """An account that has both."""

    @property
    def emails(self) -> Emails:
        """Its marketing e-mails."""

    @property
    def outbox(self) -> Outbox:
        """Its outbox."""
