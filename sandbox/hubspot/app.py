"""The routes of HubSpot's API, as far as the sandbox has it."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.hubspot import (
    association_routes,
    governance_routes,
    list_routes,
    object_routes,
    schema_routes,
    settings_routes,
)
from sandbox.hubspot.account import Account


def routes(account: Account) -> list[Route]:
    """All of HubSpot's routes over one account, in the dated and in the classic shape."""
    return [
        *object_routes.routes(account),
        *schema_routes.routes(account),
        *association_routes.routes(account),
        *settings_routes.routes(account),
        *governance_routes.routes(account),
        *list_routes.routes(account),
    ]
