"""E-mails that changed in Shopify: the contact that HubSpot has goes on under the new one.

Which contact that is says the plan (sql/find_renamed.sql), before anything was looked up. The
ledger is told first; then the contact is updated by its id like any other, and a load that is
killed in between finds it under the new e-mail and does the same again.
"""

from __future__ import annotations

from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import transaction
from load.hubspot.batch_read import read_matches
from load.hubspot.batch_write import SIZE
from load.hubspot.client import HubSpot
from load.ledger.ledger import Ledger
from load.ledger.lookups import remember

sql = SqlFiles(__file__)

# another contact has the new e-mail: that one takes over (left_contacts.sql)
_LEAVE_TAKEN = """
delete from load_renamed as renamed
using load_looked_up as looked_up
where looked_up.object = 'contacts' and looked_up.key = renamed.key
    and looked_up.hubspot_id <> renamed.hubspot_id
"""


def follow_email_changes(ledger: Ledger, hubspot: HubSpot) -> bool:
    """Let the ledger know the contacts of the plan by their new e-mails.

    HubSpot is asked first who has these. Gives whether the plan has to be made anew.
    """
    connection = ledger.connection
    new = connection.execute("select key from load_renamed order by key").fetchall()
    for start in range(0, len(new), SIZE):
        batch = [row[0] for row in new[start : start + SIZE]]
        holders = read_matches(hubspot, "contacts", "email", batch)
        ids = [holders[key].hubspot_id if key in holders else None for key in batch]
        remember(connection, "contacts", batch, ids, ledger.now)
    if new:
        connection.execute(_LEAVE_TAKEN)
        with transaction(connection):
            connection.execute(sql.text("rename"))
    return bool(new)
