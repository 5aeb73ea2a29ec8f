"""What an app may see: scopes by type, and the 60-day window on orders.

reference/shopify.md, section 2, "Scopes": abandoned checkouts need read_orders; without
read_all_orders, orders older than 60 days vanish without a word.
"""

from __future__ import annotations

from graphql import GraphQLError

from sandbox.clock import Clock
from sandbox.store import Entry

ALL_SCOPES = (
    "read_orders",
    "read_all_orders",
    "read_customers",
    "read_products",
    "read_inventory",
    "read_publications",
    "read_locations",
)
SCOPE_OF_TYPE = {
    "Order": "read_orders",
    "Refund": "read_orders",
    "AbandonedCheckout": "read_orders",
    "Customer": "read_customers",
    "Product": "read_products",
    "ProductVariant": "read_products",
    "ResourcePublicationV2": "read_publications",
}
SCOPE_OF_COUNT = {
    "ordersCount": "read_orders",
    "abandonedCheckoutsCount": "read_orders",
    "customersCount": "read_customers",
    "productsCount": "read_products",
}
ORDER_WINDOW_SECONDS = 60 * 24 * 60 * 60.0


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
