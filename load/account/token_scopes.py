"""Which scopes of those that a load needs the token lacks, asked without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cartwheel.core.errors import AccessDenied
from load.hubspot.client import Answer, Body, HubSpot, objects_path
from load.hubspot.concurrency import concurrently
from load.hubspot.scopes import scopes_of
from load.objects.catalogue import CATALOGUE

_NOTHING: Body = {"inputs": []}  # whatever HubSpot says to such a batch, it changes nothing


def lacking_scopes(hubspot: HubSpot) -> list[str]:
    """The scopes that the token lacks, in order, by a request for each.

    Writes are tried with batches of no records, which HubSpot refuses for that reason where the
    scope is there. Raises what the client raises but for a 403.
    """
    asked = (partial(_refused, hubspot, *request) for request in _requests(hubspot))
    return sorted({scope for scope in concurrently(asked) if scope})


def _requests(hubspot: HubSpot) -> Iterator[tuple[str, str, Body | None]]:
    """Method, path and body of a read and a write of each kind."""
    for name in CATALOGUE:
        properties = f"/crm/properties/{hubspot.version}/{name}"
        yield "GET", f"/crm/objects/{hubspot.version}/{name}", None
        yield "POST", objects_path(hubspot, name, "update"), _NOTHING
        yield "GET", f"{properties}/groups", None
        yield "POST", f"{properties}/batch/create", _NOTHING


def _refused(hubspot: HubSpot, method: str, path: str, body: Body | None) -> str:
    """The scope without which a request is refused, "" if it is not refused for one."""
    params = {"limit": "1"} if method == "GET" and "/objects/" in path else None
    if _allowed(lambda: hubspot.call(method, path, body, params)):
        return ""
    return scopes_of(method, path)


def _allowed(ask: Callable[[], Answer]) -> bool:
    try:
        ask()
    except AccessDenied as error:
        if error.status != 403:
            raise
        return False
    return True
