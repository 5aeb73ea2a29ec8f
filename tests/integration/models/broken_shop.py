"""A shop in which every typed field is broken on a record of its own."""

from __future__ import annotations

import json

from tests.integration.models.orders_by_hand import LONDON, Order, Refund, Sale
from tests.integration.models.typed_fields import STAGING, judged
from tests.stores.store import Node

AT = "2026-01-02T12:00:00Z"
GOODS = Sale("PRODUCT", "12.00", tax="2.00", discount="1.00", quantity=2)
SHIPPING = Sale("SHIPPING", "6.00", tax="1.00")
BACK = (
    Sale("PRODUCT", "-6.00", tax="-1.00", quantity=-1),
    Sale("SHIPPING", "-6.00", tax="-1.00"),
    Sale("ADJUSTMENT", "-1.00"),
)
NOT_ONE = {
    "money": "ten",
    "number": "heavy",
    "integer": "two",
    "boolean": "maybe",
    "timestamp": "2026-02-30T10:00:00Z",
    "gid": "seven",
    "currency": "pounds",
}
# table of raw -> the first digits of the ids of the records that are broken in it, and what
# the record is that is quarantined
PARTS = {
    "orders": ("Order", "order"),
    "order_line_items": ("LineItem", "order"),
    "order_agreements": ("OrderAgreement", "order"),
    "sales": ("Sale/OrderAgreement", "order"),
    "refunds": ("Refund", "order"),
    "refund_line_items": ("RefundLineItem", "order"),
    "refund_shipping_lines": ("RefundShippingLine", "order"),
    "refund_transactions": ("OrderTransaction", "order"),
    "order_adjustments": ("OrderAdjustment", "order"),
    "abandoned_checkouts": ("AbandonedCheckout", "checkout"),
    "abandoned_checkout_line_items": ("AbandonedCheckoutLineItem", "checkout"),
    "customers": ("Customer", "customer"),
    "products": ("Product", "product"),
    "product_variants": ("ProductVariant", "variant"),
}
# the position of a record among those of its table that belong to one parent
PLACES = {
    "order_line_items": "0",
    "sales": "0",
    "refund_line_items": "0",
    "refund_shipping_lines": "1",
    "refund_transactions": "9",
    "order_adjustments": "2",
}
FIRST = 1000


def fields():
    """Each typed field of a record that is sent: (number, table, path, kind)."""
    found = [
        (table, path, kind)
        for table in PARTS
        for path, kind in judged(STAGING / f"stg_shopify__{table}.sql").items()
    ]
    return [(FIRST + n, *field) for n, field in enumerate(found)]


def record(number, table):
    """The source_id under which a broken record is quarantined."""
    return f"{PARTS[table][1]}:{number}"


def fill(raw):
    """Land a whole record for each field, of a person of its own, and a few beside them."""
    fill_beside(raw)
    for number, table, *_ in fields():
        land(raw, number, PARTS[table][1])


def fill_beside(raw):
    """Land the shop and the records that nothing is done to."""
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    for number, kind in ((1, "order"), (2, "checkout"), (3, "variant")):
        land(raw, number, kind)


def land(raw, number, kind):
    """Land the record of a kind, and the person behind it."""
    if kind == "order":
        raw.customer(number, f"person{number}@example.com")
        customer = {"id": f"gid://shopify/Customer/{number}"}
        sales = (GOODS, SHIPPING)
        refund = Refund(number, "2026-01-05T12:00:00Z", BACK)
        Order(number, AT, *sales, refunds=[refund], customer=customer).land(raw)
        node: Node = {"id": f"gid://shopify/OrderTransaction/{number}9", "processedAt": AT}
        raw.land("refund_transactions", LONDON, node, f"gid://shopify/Refund/{number}")
    elif kind == "checkout":
        raw.customer(number, f"person{number}@example.com")
        customer = {"id": f"gid://shopify/Customer/{number}"}
        raw.checkout(number, "2026-06-01T10:00:00Z", customer=customer, name=f"#C{number}")
        node = {"id": f"gid://shopify/AbandonedCheckoutLineItem/{number}", "title": "Thing"}
        parent = f"gid://shopify/AbandonedCheckout/{number}"
        node |= {"quantity": 1, "originalUnitPriceSet": money("5.00")}
        raw.land("abandoned_checkout_line_items", LONDON, node, parent)
    elif kind == "customer":
        raw.customer(number, f"person{number}@example.com")
    else:
        product = {"id": f"gid://shopify/Product/{number}", "title": f"Thing {number}"}
        raw.land("products", LONDON, product)
        variant = {"id": f"gid://shopify/ProductVariant/{number}", "price": "5.00"}
        raw.land("product_variants", LONDON, variant | {"title": "One"}, product["id"])


def break_field(raw, number, table, path, kind):
    """Give a field of the landed record a value that is not of its type."""
    put(raw, number, table, path, NOT_ONE[kind])


def put(raw, number, table, path, value):
    """Give a field of the landed record a value; [] in a path adds an element to a list."""
    id = f"gid://shopify/{PARTS[table][0]}/{number}".replace("Agreement/", "Agreement")
    if table == "order_agreements":
        id = f"gid://shopify/OrderAgreement/{number}"
    id += PLACES.get(table, "")
    (found,) = raw.connection.execute(
        f"select payload from raw.{table} where id = ?", [id]
    ).fetchone()
    node = json.loads(found)
    name, _, rest = path.partition("[].")
    if rest:
        element = _merged({"id": f"gid://shopify/Part/{number}"}, _nested(rest, value))
        node[name] = [*(node.get(name) or []), element]
    else:
        node = _merged(node, _nested(path, value))
    raw.connection.execute(
        f"update raw.{table} set payload = ?, payload_hash = null where id = ?",
        [json.dumps(node), id],
    )


def money(amount):
    """A MoneyBag of one amount."""
    return {"shopMoney": {"amount": amount, "currencyCode": "GBP"}}


def _nested(path, value):
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def _merged(node, changes):
    for name, value in changes.items():
        before = node.get(name)
        both = isinstance(before, dict) and isinstance(value, dict)
        node[name] = _merged(before, value) if both else value
    return node
