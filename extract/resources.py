"""What is read from Shopify: one resource a document, and the tables its lines land in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A raw table, and how its lines are known in a file of mixed lines.

    parent is the table above it, "" for the root. kinds are the types in the ids of
    its own lines, others those that belong to its siblings: Shopify adds types (of
    media, of sales), so one table below each parent takes whatever is not another's.
    count is the parent's field that tells how many lines it has here, if it has one.
    """

    name: str
    parent: str = ""
    kinds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    count: str = ""


@dataclass(frozen=True)
class Resource:
    """One read of Shopify's.

    root is the type in the ids of its root lines; where no table is a root (order
    agreements, refunds), these only say which parents were read. count is the field
    of counts.graphql that tells how many roots there are; scope what is needed.
    """

    name: str
    root: str
    scope: str
    tables: tuple[Table, ...]
    count: str = ""

    @property
    def root_table(self) -> str | None:
        """The table that root lines land in, or None where they do not land."""
        return next((table.name for table in self.tables if not table.parent), None)


SHOP = Resource("shops", "Shop", "", (Table("shops"),))

PRODUCTS = Resource(
    "products",
    "Product",
    "read_products",
    (
        Table("products"),
        Table(
            "product_variants",
            parent="products",
            kinds=("ProductVariant",),
            count="variantsCount",
        ),
        Table(
            "product_media",
            parent="products",
            others=("ProductVariant",),
            count="mediaCount",
        ),
    ),
    count="productsCount",
)

CUSTOMERS = Resource(
    "customers",
    "Customer",
    "read_customers",
    (Table("customers"), Table("customer_addresses", parent="customers")),
    count="customersCount",
)

ORDERS = Resource(
    "orders",
    "Order",
    "read_orders",
    (Table("orders"), Table("order_line_items", parent="orders")),
    count="ordersCount",
)

ORDER_AGREEMENTS = Resource(
    "order_agreements",
    "Order",
    "read_orders",
    (Table("order_agreements", parent="orders"), Table("sales", parent="order_agreements")),
    count="ordersCount",
)

ABANDONED_CHECKOUTS = Resource(
    "abandoned_checkouts",
    "AbandonedCheckout",
    "read_orders",
    (
        Table("abandoned_checkouts"),
        Table("abandoned_checkout_line_items", parent="abandoned_checkouts"),
    ),
    count="abandonedCheckoutsCount",
)

REFUNDS = Resource(
    "refunds",
    "Order",
    "read_orders",
    (
        Table("refunds", parent="orders"),
        Table("refund_line_items", parent="refunds", kinds=("RefundLineItem",)),
        Table("refund_shipping_lines", parent="refunds", kinds=("RefundShippingLine",)),
        Table("order_adjustments", parent="refunds", kinds=("OrderAdjustment",)),
        Table("refund_transactions", parent="refunds", kinds=("OrderTransaction",)),
    ),
)

BULK = (ORDERS, ORDER_AGREEMENTS, CUSTOMERS, PRODUCTS, ABANDONED_CHECKOUTS)
ALL = (SHOP, *BULK, REFUNDS)
