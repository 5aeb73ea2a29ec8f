"""The shop's languages, which the app may or may not read: no run fails without them."""

from __future__ import annotations

from typing import Any

from cartwheel.core.errors import (
    AccessDenied,
    Redirected,
    ServiceError,
    ServiceUnreachable,
)
from cartwheel.core.progress import Say
from extract.shopify.access import holds_scope
from extract.shopify.client import Shopify

# either is enough: docs/reference/shopify.md#scopes
SCOPES = ("read_locales", "read_markets_home")

Locales = list[dict[str, Any]]


def may_read_locales(held: frozenset[str]) -> bool:
    """Whether the scopes allow to read the shop's languages."""
    return any(holds_scope(held, scope) for scope in SCOPES)


def read_locales(shopify: Shopify, held: frozenset[str], say: Say) -> Locales | None:
    """The shop's languages as Shopify lists them; None where it does not.

    Raises ServiceUnreachable and Redirected; any other refusal is told and gives None.
    """
    if not may_read_locales(held):
        return None
    try:
        return list(shopify.query("locales")["shopLocales"])
    except (ServiceUnreachable, Redirected):
        raise
    except AccessDenied:
        return None
    except ServiceError as problem:
        say(f"Warning: {problem}. The shop's languages stay as they were read last.")
        return None
