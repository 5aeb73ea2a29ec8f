"""The routes of HubSpot's API, as far as the sandbox has it."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api import (
    associations,
    emails,
    flows,
    governance,
    lists,
    objects,
    schema,
    settings,
    source_code,
)


def routes(account: Account) -> list[Route]:
    """All of HubSpot's routes over one account, in the dated and in the classic shape."""
    return [
        *objects.routes(account),
        *schema.routes(account),
        *associations.routes(account),
        *settings.routes(account),
        *governance.routes(account),
        *lists.routes(account),
        *emails.routes(account),
        *source_code.routes(account),
        *flows.routes(account),
    ]
