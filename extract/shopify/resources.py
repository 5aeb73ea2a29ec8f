"""What is read from Shopify: one resource per document, and the tables for its lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A raw table, how its lines are known in a file of mixed lines, and how it is read.

    parent is the table above it, "" for the root. kinds are the types in the ids of
    its own lines, others those that belong to its siblings: Shopify adds types (of
    media, of sales), so one table below each parent takes whatever is not another's.

    field is the parent's field that holds its nodes: a connection, whose rest is read by
    the document <name>_rest, or a plain list. below_no_node: the parent has no id that
    Shopify can look up, so that rest is read through the parent's own parent.

    stated and held are SQL over a parent's payload and over the payload of each of its
    lines: what the parent says it has at least, and what a line adds to it.
    """

    name: str
    parent: str = ""
    kinds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    field: str = ""
    below_no_node: bool = False
    stated: str = ""
    held: str = "1"


@dataclass(frozen=True)
class Resource:
    """One kind of reading from Shopify.

    root is the type in the ids of its root lines; where no table is a root (order
    agreements, refunds), these only say which parents were read. connection is the field
    of the API's root that lists them; count is the field of counts.graphql that tells
    how many there are; scope what is needed.

    page and nested are how many roots, and how many nodes below each, one page asks for:
    well below the 1,000 points that a query may cost. by_update says that pages come in
    the order of their change, so that what was read so far is a place to go on from.
    by_day says that Shopify compares updated_at by whole days only.
    """

    name: str
    root: str
    scope: str
    tables: tuple[Table, ...]
    connection: str = ""
    count: str = ""
    page: int = 100
    nested: int = 50
    by_update: bool = True
    by_day: bool = False

    @property
    def root_table(self) -> str | None:
        """The table that root lines land in, or None where they do not land."""
        return next((table.name for table in self.tables if not table.parent), None)

    def below(self, parent: str) -> tuple[Table, ...]:
        """The tables right below a table, "" for the root node."""
        above = parent or self.root_table or "orders"
        return tuple(table for table in self.tables if table.parent == above)


def _counted(field: str) -> str:
    """What a parent states in a field of type Count, unless it is only an estimate."""
    return (
        f"if(json_extract_string(payload, '$.{field}.precision') = 'EXACT', "
        f"json_extract(payload, '$.{field}.count')::bigint, 0)"
    )


def _amount(field: str) -> str:
    """An amount in the shop's currency."""
    return f"json_extract_string(payload, '$.{field}.shopMoney.amount')::decimal(18, 4)"


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
            field="variants",
            stated=_counted("variantsCount"),
        ),
        Table(
            "product_media",
            parent="products",
            others=("ProductVariant",),
            field="media",
            stated=_counted("mediaCount"),
        ),
    ),
    connection="products",
    count="productsCount",
)

CUSTOMERS = Resource(
    "customers",
    "Customer",
    "read_customers",
    (
        Table("customers"),
        Table("customer_addresses", parent="customers", field="addressesV2"),
    ),
    connection="customers",
    count="customersCount",
    nested=10,
    by_day=True,
)

ORDERS = Resource(
    "orders",
    "Order",
    "read_orders",
    (
        Table("orders"),
        Table(
            "order_line_items",
            parent="orders",
            field="lineItems",
            # gift cards and tips are lines too, but no part of the subtotal
            stated="json_extract(payload, '$.subtotalLineItemsQuantity')::bigint",
            held="json_extract(payload, '$.quantity')::bigint",
        ),
    ),
    connection="orders",
    count="ordersCount",
)

ORDER_AGREEMENTS = Resource(
    "order_agreements",
    "Order",
    "read_orders",
    (
        Table("order_agreements", parent="orders", field="agreements"),
        Table("sales", parent="order_agreements", field="sales", below_no_node=True),
    ),
    connection="orders",
    count="ordersCount",
)

ABANDONED_CHECKOUTS = Resource(
    "abandoned_checkouts",
    "AbandonedCheckout",
    "read_orders",
    (
        Table("abandoned_checkouts"),
        Table(
            "abandoned_checkout_line_items",
            parent="abandoned_checkouts",
            field="lineItems",
            # nothing counts them, but they have prices that add up
            stated=_amount("totalLineItemsPriceSet"),
            held=_amount("originalTotalPriceSet"),
        ),
    ),
    connection="abandonedCheckouts",
    count="abandonedCheckoutsCount",
    by_update=False,
)

REFUNDS = Resource(
    "refunds",
    "Order",
    "read_orders",
    (
        Table("refunds", parent="orders", field="refunds"),
        Table(
            "refund_line_items",
            parent="refunds",
            kinds=("RefundLineItem",),
            field="refundLineItems",
        ),
        Table(
            "refund_shipping_lines",
            parent="refunds",
            kinds=("RefundShippingLine",),
            field="refundShippingLines",
        ),
        Table(
            "order_adjustments",
            parent="refunds",
            kinds=("OrderAdjustment",),
            field="orderAdjustments",
        ),
        Table(
            "refund_transactions",
            parent="refunds",
            kinds=("OrderTransaction",),
            field="transactions",
        ),
    ),
    connection="orders",
    page=50,
)

LISTED = (ORDERS, ORDER_AGREEMENTS, CUSTOMERS, PRODUCTS, ABANDONED_CHECKOUTS)
SWEPT = tuple(resource for resource in LISTED if resource.root_table)
ALL = (SHOP, *LISTED, REFUNDS)
