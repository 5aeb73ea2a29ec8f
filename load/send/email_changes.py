"""E-mails that changed in Shopify: HubSpot's contact is kept under the new e-mail.

The plan identifies the contact (load/plan/sql/find_renamed.sql) before anything is looked up.
The ledger is changed first; then the contact is updated by its id like any other, and a load
after a killed one finds it under the new e-mail and updates it again.
"""

from __future__ import annotations

from cartwheel.core.warehouse import transaction
from load.hubspot.batch_read import read_matches
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpot
from load.ledger.ledger import Ledger
from load.ledger.lookups import remember
from load.plan.session import PlanSession


def follow_email_changes(session: PlanSession, ledger: Ledger, hubspot: HubSpot) -> bool:
    """Let the ledger know the contacts of the plan by their new e-mails.

    HubSpot is first asked for contacts with these e-mails. Returns whether the plan has to be
    computed again.
    """
    new = session.changed_emails()
    for batch in batched(new):
        matches = read_matches(hubspot, "contacts", "email", batch)
        ids = [matches[key].hubspot_id if key in matches else None for key in batch]
        remember(session.connection, "contacts", batch, ids, ledger.now)
    if new:
        with transaction(session.connection):
            session.follow_changed_emails()
    return bool(new)
