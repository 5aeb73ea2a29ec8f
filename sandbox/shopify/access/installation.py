"""What an app may see: scopes by type, the 60-day window on orders, protected customer data.

docs/reference/shopify.md#scopes: abandoned checkouts need read_orders; without
read_all_orders, orders older than 60 days vanish without a word. Protected customer data of
level 2 is names, addresses, phones and e-mails; an address's country and province are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from sandbox.core.clock import Clock
from sandbox.shopify.schema.contract import contract
from sandbox.store.store import Entry

ALL_SCOPES = (
    "read_orders",
    "read_all_orders",
    "read_customers",
    "read_products",
    "read_inventory",
    "read_publications",
    "read_locations",
    "read_locales",
)
SCOPE_OF_TYPE = {
    "Order": "read_orders",
    "Refund": "read_orders",
    "AbandonedCheckout": "read_orders",
    "Customer": "read_customers",
    "Product": "read_products",
    "ProductVariant": "read_products",
    "ResourcePublicationV2": "read_publications",
    "ShopLocale": "read_locales",
}
SCOPE_OF_COUNT = {
    "ordersCount": "read_orders",
    "abandonedCheckoutsCount": "read_orders",
    "customersCount": "read_customers",
    "productsCount": "read_products",
}
ORDER_WINDOW_SECONDS = 60 * 24 * 60 * 60.0
PROTECTED_FIELDS = {
    "Customer": {"firstName", "lastName", "displayName", "email", "phone"},
    "CustomerEmailAddress": {"emailAddress"},
    "CustomerPhoneNumber": {"phoneNumber"},
    "MailingAddress": {
        *("firstName", "lastName", "name", "company", "phone"),
        *("address1", "address2", "city", "zip", "latitude", "longitude"),
        "formattedArea",
    },
    "Order": {"email", "phone"},
}


@dataclass
class Installation:
    """What the app was granted in the shop; it may change while the app runs."""

    scopes: frozenset[str]
    protected_data: bool = True

    def granted(self) -> dict[str, Any]:
        """State what the app was granted as `change` takes it."""
        return {"scopes": sorted(self.scopes), "protected_data": self.protected_data}

    def change(
        self, scopes: Iterable[str] | None = None, protected_data: bool | None = None
    ) -> None:
        """Grant other scopes, or give or take access to protected data; None leaves it.

        Raises ValueError for a scope that the sandbox does not know, or for what is neither
        true nor false; nothing is changed then.
        """
        if protected_data not in (None, True, False):
            raise ValueError(f"protected_data is true or false, not {protected_data}")
        if unknown := set(scopes or ()) - {*ALL_SCOPES}:
            raise ValueError(
                f"There are no scopes {', '.join(sorted(unknown))}."
                f" There are: {', '.join(ALL_SCOPES)}."
            )
        if scopes is not None:
            self.scopes = frozenset(scopes)
        if protected_data is not None:
            self.protected_data = protected_data


@lru_cache(maxsize=256)
def asks_for_protected_data(text: str) -> bool:
    """Say whether a valid document selects protected customer data."""
    types = TypeInfo(contract())
    finder = _ProtectedFields(types)
    visit(parse(text), TypeInfoVisitor(types, finder))
    return finder.found


class _ProtectedFields(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found = False

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.types.get_parent_type()
        if parent and node.name.value in PROTECTED_FIELDS.get(parent.name, ()):
            self.found = True


def unapproved(field: str) -> GraphQLError:
    """Make the error that a field of protected customer data gives without access to it."""
    return GraphQLError(
        f"This app is not approved to use the {field} field. See"
        " https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
        extensions={"code": "ACCESS_DENIED"},
    )


def denied(field: str, scope: str) -> GraphQLError:
    """Make the error that a field without its scope gives."""
    return GraphQLError(
        f"Access denied for {field} field. Required access: `{scope}` access scope.",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": f"`{scope}` access scope.",
        },
    )


def oldest_visible_order(scopes: frozenset[str], clock: Clock) -> float | None:
    """Give the least created_at (seconds since 1970) of an order that shows; None for all."""
    if "read_all_orders" in scopes:
        return None
    return clock.now().timestamp() - ORDER_WINDOW_SECONDS


def is_visible(entry: Entry, oldest: float | None) -> bool:
    """Say whether an order is within the window."""
    return oldest is None or (entry.facts.get("created_at") or 0.0) >= oldest
