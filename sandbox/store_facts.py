"""What a store's index keeps of each node: the values that filters and sorting need.

A fact is named as Shopify's search filter of the same meaning (reference/shopify.md,
section 4, "Search/incremental").
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

Node = dict[str, Any]
Kind = Literal["time", "day", "text", "state", "number", "flag"]


class Fact(NamedTuple):
    """How to read one fact of a node, and how a filter compares it.

    time: seconds since 1970; day: the same, compared by whole days; state: a text that
    Shopify's filters have other words for too; a tuple holds several values of which any
    may match.
    """

    kind: Kind
    read: Callable[[Node], Any]


def seconds(stamp: str | None) -> float | None:
    """Turn an ISO 8601 time of the API into seconds since 1970, UTC unless it says else."""
    if not stamp:
        return None
    moment = datetime.fromisoformat(stamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def tail(gid: str) -> int:
    """Give the number at the end of a gid: `gid://shopify/Order/12?x=y` gives 12."""
    return int(gid.partition("?")[0].rpartition("/")[2])


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _time(key: str) -> Fact:
    return Fact("time", lambda node: seconds(node.get(key)))


def _text(key: str) -> Fact:
    return Fact("text", lambda node: node.get(key))


def _texts(key: str) -> Fact:
    return Fact("text", lambda node: tuple(node.get(key) or ()))


def _flag(key: str) -> Fact:
    return Fact("flag", lambda node: node.get(key))


def _within(*path: str) -> Callable[[Node], Any]:
    def read(node: Node) -> Any:
        value: Any = node
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    return read


def _amount(*path: str) -> Fact:
    read = _within(*path)
    return Fact("number", lambda node: _number(read(node)))


def _order_states(node: Node) -> tuple[str, ...]:
    if node.get("cancelledAt"):
        return ("cancelled", "any")
    return ("closed", "any") if node.get("closedAt") else ("open", "not_closed", "any")


def _customer_number(node: Node) -> Decimal | None:
    customer = node.get("customer")
    return Decimal(tail(customer["id"])) if customer else None


def _customer_name(node: Node) -> str | None:
    address = node.get("billingAddress") or node.get("shippingAddress") or {}
    names = (address.get("lastName"), address.get("firstName"))
    return ", ".join(name for name in names if name) or None


_DATED = {"created_at": _time("createdAt"), "updated_at": _time("updatedAt")}

FACTS: dict[str, dict[str, Fact]] = {
    "orders": {
        **_DATED,
        "processed_at": _time("processedAt"),
        "name": _text("name"),
        "email": _text("email"),
        "financial_status": _text("displayFinancialStatus"),
        "fulfillment_status": Fact("state", _within("displayFulfillmentStatus")),
        "return_status": _text("returnStatus"),
        "status": Fact("state", _order_states),
        "test": _flag("test"),
        "tag": _texts("tags"),
        "customer_id": Fact("number", _customer_number),
        "customer_name": Fact("text", _customer_name),
        "cart_token": _text("cartToken"),
        "checkout_token": _text("checkoutToken"),
        "confirmation_number": _text("confirmationNumber"),
        "po_number": _text("poNumber"),
        "discount_code": _text("discountCode"),
        "gateway": _texts("paymentGatewayNames"),
        "source_name": _text("sourceName"),
        "source_identifier": _text("sourceIdentifier"),
        "order_number": _amount("number"),
        "total_price": _amount("totalPriceSet", "shopMoney", "amount"),
        "current_total_price": _amount("currentTotalPriceSet", "shopMoney", "amount"),
        "total_items_quantity": _amount("subtotalLineItemsQuantity"),
    },
    "customers": {
        "created_at": _DATED["created_at"],
        "updated_at": Fact("day", _DATED["updated_at"].read),
        "email": Fact("text", _within("defaultEmailAddress", "emailAddress")),
        "phone": Fact("text", _within("defaultPhoneNumber", "phoneNumber")),
        "first_name": _text("firstName"),
        "last_name": _text("lastName"),
        "name": _text("displayName"),
        "country": Fact("text", _within("defaultAddress", "country")),
        "state": _text("state"),
        "tag": _texts("tags"),
        "orders_count": _amount("numberOfOrders"),
        "total_spent": _amount("amountSpent", "amount"),
    },
    "products": {
        **_DATED,
        "published_at": _time("publishedAt"),
        "title": _text("title"),
        "handle": _text("handle"),
        "product_type": _text("productType"),
        "vendor": _text("vendor"),
        "status": _text("status"),
        "tag": _texts("tags"),
        "gift_card": _flag("isGiftCard"),
        "inventory_total": _amount("totalInventory"),
    },
    "abandoned_checkouts": {
        **_DATED,
        "name": _text("name"),
        "customer_name": Fact("text", _customer_name),
        "status": Fact("text", lambda node: "closed" if node.get("completedAt") else "open"),
        "recovery_state": Fact(
            "text", lambda node: "recovered" if node.get("completedAt") else "not_recovered"
        ),
        "total_price": _amount("totalPriceSet", "shopMoney", "amount"),
    },
    "events": {
        "created_at": _time("createdAt"),
        "action": _text("action"),
        "subject_type": _text("subjectType"),
    },
}


def read_facts(resource: str, node: Node) -> dict[str, Any]:
    """Read all facts of a node. Raises ValueError naming the one that cannot be read."""
    facts: dict[str, Any] = {}
    for name, fact in FACTS[resource].items():
        try:
            facts[name] = fact.read(node)
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(f"its {name} cannot be read ({error})") from error
    return facts
