"""The texts that a fault is aimed at: which document a request runs, which file is written."""

from __future__ import annotations

LISTED = ("orders", "order_agreements", "customers", "products", "abandoned_checkouts")
SWEPT = ("orders", "customers", "products", "abandoned_checkouts")

# what is read of a resource by pages: its own pages, and the rest of what hangs below
PAGES = {
    "orders": ("OrdersPage", "OrderLineItemsRest"),
    "order_agreements": ("OrderAgreementsPage", "OrderAgreementsRest", "SalesRest"),
    "customers": ("CustomersPage", "CustomerAddressesRest"),
    "products": ("ProductsPage", "ProductVariantsRest", "ProductMediaRest"),
    "abandoned_checkouts": ("AbandonedCheckoutsPage", "AbandonedCheckoutLineItemsRest"),
    "refunds": (
        "RefundsPage",
        "RefundLineItemsRest",
        "RefundShippingLinesRest",
        "OrderAdjustmentsRest",
        "RefundTransactionsRest",
    ),
}
# products that are gone are known by their events before their ids are compared
IDS = {
    "orders": ("IdsOrdersPage", "NodesExist"),
    "customers": ("IdsCustomersPage", "NodesExist"),
    "products": ("IdsProductsPage",),
    "abandoned_checkouts": ("IdsAbandonedCheckoutsPage", "NodesExist"),
}
PREFLIGHT = ("Shop", "Access", "Counts")


def asked(document: str) -> str:
    """What only a request of this document has in its text."""
    return f"query {document} {{" if document in ("Shop", "Access") else f"query {document}("


def exported(document: str) -> str:
    """What only the bulk query of this document has in its text, and the start of it."""
    return f" {document}\n"
