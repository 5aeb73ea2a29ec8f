"""Which scopes the app holds on the shop."""

from __future__ import annotations

from typing import Any

from extract.shopify.client import Shopify
from extract.shopify.resources import ORDERS, Resource


def lost_scopes(shopify: Shopify, resource: Resource) -> list[str]:
    """What the app no longer holds of the scopes that show every record of a resource.

    Asked for after records were found gone: a scope may be taken away during a run, and
    without read_all_orders old orders look like deleted ones.
    """
    held = granted_scopes(shopify.query("shop"))
    wanted = [resource.scope, *(["read_all_orders"] if resource is ORDERS else [])]
    return [scope for scope in wanted if not holds_scope(held, scope)]


def granted_scopes(answer: dict[str, Any]) -> frozenset[str]:
    """The scopes in the answer to the document shop."""
    scopes = answer["currentAppInstallation"]["accessScopes"]
    return frozenset(str(scope["handle"]) for scope in scopes)


def holds_scope(held: frozenset[str], scope: str) -> bool:
    """Whether a scope is held; one that allows to write allows to read too."""
    return scope in held or scope.replace("read_", "write_", 1) in held
