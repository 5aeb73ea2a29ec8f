"""What people did in HubSpot between a first load and the one that is killed."""

from __future__ import annotations

from sandbox.hubspot.account.account import Account
from tests.torture.load.shop import (
    ARCHIVED,
    EDITED,
    ERASED,
    IN_RECYCLE_BIN,
    MADE_BY_HAND,
    MERGED,
    SECONDARY,
    SHARING,
    TAKEN,
)


def work(account: Account) -> None:
    """Make, edit, archive and erase contacts, and give some a second e-mail.

    Some of them are customers already, some are customers of the later shop.
    """
    ids = {
        record["properties"]["email"]: record["id"] for record in account.objects("contacts")
    }
    account.archive("contacts", ids[_email(ARCHIVED)])
    account.erase("contacts", ids[_email(ERASED)])
    account.edit("contacts", ids[_email(EDITED)], {"firstname": "Anna"})
    account.add_email(ids[_email(SHARING)], MERGED)
    for number in MADE_BY_HAND:
        account.create("contacts", {"email": _email(number), "phone": f"+44 20 {number}"})
    account.create("contacts", {"email": f"moved{TAKEN}@example.com", "phone": "+44 20 1"})
    nearly = account.create("contacts", {"email": _email(IN_RECYCLE_BIN)})
    account.archive("contacts", nearly["id"])
    other = account.create("contacts", {"email": "first8@example.com", "lastname": "Own"})
    account.add_email(other["id"], SECONDARY)


def _email(number: int) -> str:
    return f"person{number}@example.com"
