"""Tables of hubspot.* of any size, made up in DuckDB as the models shape them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from cartwheel.core.warehouse import open_warehouse
from load.objects.catalogue import CATALOGUE, ObjectType

SHOP = "bench.myshopify.com"
# per order, as the generated store of 20,000 orders has them
CONTACTS, LINES, PRODUCTS = 0.65, 3.5, 0.04

TYPES = {"number": "decimal(18, 4)", "checkbox": "boolean", "datetime": "timestamp"}
STANDARD = {
    "amount": "decimal(18, 4)",
    "price": "decimal(18, 4)",
    "quantity": "bigint",
    "discount": "decimal(18, 4)",
    "tax": "decimal(18, 4)",
    "closedate": "timestamp",
}
VALUES = {
    "varchar": "'value ' || (i * 31 % 9973) || ' of some twenty letters'",
    "decimal(18, 4)": "(i * 17 % 100000) / 100",
    "bigint": "1 + i % 3",
    "boolean": "i % 2 = 0",
    "timestamp": "timestamp '2025-01-01' + interval (i % 500000) minute",
    "date": "date '2025-01-01' + (i % 500)::int",
}
# columns that say what the record is, or that HubSpot checks
OWN = {
    "contacts": {"email": "'person' || i || '@example.com'"},
    "products": {"shopify_product_key": "'{shop}/variant:' || i"},
    "deals": {
        "shopify_deal_key": "'{shop}/order:' || i",
        "shopify_store": "'{shop}'",
        "shopify_order_id": "i::varchar",
        "shopify_checkout_id": "null",
        "pipeline": "'ecommerce'",
        "dealstage": "'processed'",
        "deal_currency_code": "'USD'",
    },
    "line_items": {
        "shopify_line_item_key": "'{shop}/line:' || i",
        "shopify_deal_key": "'{shop}/order:' || (i * 2 // 7)",
        "shopify_product_key": "'{shop}/variant:' || (i % {products})",
        "hs_line_item_currency_code": "'USD'",
    },
}


def make_marts(warehouse: Path, orders: int) -> int:
    """Write hubspot.* of a store of so many orders; gives the number of records."""
    numbers = {
        "contacts": int(orders * CONTACTS),
        "products": max(int(orders * PRODUCTS), 1),
        "deals": orders,
        "line_items": int(orders * LINES),
    }
    with open_warehouse(warehouse) as connection:
        connection.execute("create schema hubspot")
        for object_type in CATALOGUE.values():
            _make(connection, object_type, numbers)
        connection.execute(
            "create table hubspot.tombstones (object varchar, key varchar, reason varchar, "
            "deleted_at timestamp)"
        )
        connection.execute(
            f"""
            create table hubspot.associations as
            select 'deals' as from_object, shopify_deal_key as from_key,
                'contacts' as to_object,
                'person' || (shopify_order_id::bigint % {numbers["contacts"]}) || '@example.com'
                    as to_key,
                'deal_to_contact' as association_type
            from hubspot.deals
            union all
            select 'line_items', shopify_line_item_key, 'deals', shopify_deal_key,
                'line_item_to_deal'
            from hubspot.line_items
            """
        )
    return sum(numbers.values())


def change_orders(warehouse: Path, number: int) -> int:
    """Give so many orders another amount, and their line items another quantity."""
    with open_warehouse(warehouse) as connection:
        connection.execute(
            "update hubspot.deals set amount = amount + 1 where shopify_order_id::bigint < ?",
            [number],
        )
        connection.execute(
            "update hubspot.line_items set quantity = quantity + 1 where shopify_deal_key in "
            "(select shopify_deal_key from hubspot.deals where shopify_order_id::bigint < ?)",
            [number],
        )
    return number


def column_types(object_type: ObjectType) -> dict[str, str]:
    """The columns of hubspot.<object> with the types that its model gives them."""
    kinds = {each.name: TYPES.get(each.kind, "varchar") for each in object_type.ours}
    return kinds | {each: STANDARD.get(each, "varchar") for each in object_type.standard}


def _make(
    connection: duckdb.DuckDBPyConnection, object_type: ObjectType, numbers: dict[str, int]
) -> None:
    kinds = column_types(object_type)
    own = OWN[object_type.name]
    columns = ", ".join(
        f'({own.get(name, VALUES[kind])})::{kind} as "{name}"' for name, kind in kinds.items()
    ).format(shop=SHOP, products=numbers["products"])
    connection.execute(
        f"create table hubspot.{object_type.name} as select {columns} "
        f"from range({numbers[object_type.name]}) as numbers (i)"
    )
