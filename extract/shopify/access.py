"""Which scopes the app holds on the shop."""

from __future__ import annotations

from typing import Any

from extract.shopify.client import Shopify
from extract.shopify.resources import ORDERS, Resource


def lost_scopes(shopify: Shopify, resource: Resource) -> list[str]:
    """The scopes for seeing every record of a resource that the app no longer has.

    Checked when records seem to be deleted: a scope may be revoked during a run, and
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
    """Whether a scope is granted; one for writing allows reading too."""
    return scope in held or scope.replace("read_", "write_", 1) in held
