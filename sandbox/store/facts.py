"""What a store's index keeps of each node: the values that filters and sorting need.

A fact is named as Shopify's search filter of the same meaning
(docs/reference/shopify.md#search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

Node = dict[str, Any]
Kind = Literal["time", "day", "text", "state", "number", "flag"]


class Fact(NamedTuple):
    """How to read one fact of a node, and how a filter compares it.

    time: seconds since 1970; day: the same, compared by whole days; state: a text that
    Shopify's filters have other words for too; a tuple holds several values of which any
    may match. `of` are the paths within the node that it is read from, `a.b` for b in a.
    """

    kind: Kind
    read: Callable[[Node], Any]
    of: tuple[str, ...] = ()


class Facts(Mapping[str, Any]):
    """The facts of one node by name, in little room: nodes of a resource share the names."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        """Give a fact."""
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self._places)


def seconds(stamp: str | None) -> float | None:
    """Turn an ISO 8601 time of the API into seconds since 1970, UTC unless it says else."""
    if not stamp:
        return None
    moment = datetime.fromisoformat(stamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def tail(gid: str) -> int:
    """Give the number at the end of a gid: `gid://shopify/Order/12?x=y` gives 12."""
    return int(gid.partition("?")[0].rpartition("/")[2])


def _number(value: Any) -> int | Decimal | None:
    if value is None:
        return None
    text = str(value)
    try:
        # a whole number takes a third of the room
        return int(text) if text.isdecimal() else Decimal(text)
    except InvalidOperation:
        return None


def _time(key: str, kind: Kind = "time") -> Fact:
    return Fact(kind, lambda node: seconds(node.get(key)), (key,))


def _text(key: str) -> Fact:
    return Fact("text", lambda node: node.get(key), (key,))


def _texts(key: str) -> Fact:
    return Fact("text", lambda node: tuple(node.get(key) or ()), (key,))


def _flag(key: str) -> Fact:
    return Fact("flag", lambda node: node.get(key), (key,))


def _within(path: str) -> Callable[[Node], Any]:
    keys = path.split(".")

    def read(node: Node) -> Any:
        value: Any = node
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    return read


def _text_within(path: str) -> Fact:
    return Fact("text", _within(path), (path,))


def _amount(path: str) -> Fact:
    read = _within(path)
    return Fact("number", lambda node: _number(read(node)), (path,))


def _order_states(node: Node) -> tuple[str, ...]:
    if node.get("cancelledAt"):
        return ("cancelled", "any")
    return ("closed", "any") if node.get("closedAt") else ("open", "not_closed", "any")


def _customer_number(node: Node) -> int | None:
    customer = node.get("customer")
    return tail(customer["id"]) if customer else None


def _customer_name(node: Node) -> str | None:
    address = node.get("billingAddress") or node.get("shippingAddress") or {}
    names = (address.get("lastName"), address.get("firstName"))
    return ", ".join(name for name in names if name) or None


_BUYER = Fact(
    "text",
    _customer_name,
    tuple(
        f"{address}.{name}"
        for address in ("billingAddress", "shippingAddress")
        for name in ("lastName", "firstName")
    ),
)
_DATED = {"created_at": _time("createdAt"), "updated_at": _time("updatedAt")}

FACTS: dict[str, dict[str, Fact]] = {
    "orders": {
        **_DATED,
        "processed_at": _time("processedAt"),
        "name": _text("name"),
        "email": _text("email"),
        "financial_status": _text("displayFinancialStatus"),
        "fulfillment_status": Fact(
            "state", _within("displayFulfillmentStatus"), ("displayFulfillmentStatus",)
        ),
        "return_status": _text("returnStatus"),
        "status": Fact("state", _order_states, ("cancelledAt", "closedAt")),
        "test": _flag("test"),
        "tag": _texts("tags"),
        "customer_id": Fact("number", _customer_number, ("customer.id",)),
        "customer_name": _BUYER,
        "cart_token": _text("cartToken"),
        "checkout_token": _text("checkoutToken"),
        "confirmation_number": _text("confirmationNumber"),
        "po_number": _text("poNumber"),
        "discount_code": _text("discountCode"),
        "gateway": _texts("paymentGatewayNames"),
        "source_name": _text("sourceName"),
        "source_identifier": _text("sourceIdentifier"),
        "order_number": _amount("number"),
        "total_price": _amount("totalPriceSet.shopMoney.amount"),
        "current_total_price": _amount("currentTotalPriceSet.shopMoney.amount"),
        "total_items_quantity": _amount("subtotalLineItemsQuantity"),
    },
    "customers": {
        "created_at": _DATED["created_at"],
        "updated_at": _time("updatedAt", "day"),
        "email": _text_within("defaultEmailAddress.emailAddress"),
        "phone": _text_within("defaultPhoneNumber.phoneNumber"),
        "first_name": _text("firstName"),
        "last_name": _text("lastName"),
        "name": _text("displayName"),
        "country": _text_within("defaultAddress.country"),
        "state": _text("state"),
        "tag": _texts("tags"),
        "orders_count": _amount("numberOfOrders"),
        "total_spent": _amount("amountSpent.amount"),
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
        "customer_name": _BUYER,
        "status": Fact(
            "text",
            lambda node: "closed" if node.get("completedAt") else "open",
            ("completedAt",),
        ),
        "recovery_state": Fact(
            "text",
            lambda node: "recovered" if node.get("completedAt") else "not_recovered",
            ("completedAt",),
        ),
        "total_price": _amount("totalPriceSet.shopMoney.amount"),
    },
    "events": {
        "created_at": _time("createdAt"),
        "action": _text("action"),
        "subject_type": _text("subjectType"),
    },
}


_PLACES = {
    resource: {name: place for place, name in enumerate(facts)}
    for resource, facts in FACTS.items()
}


_MOST_SHARED = 4096
_known: dict[Any, Any] = {}


def _shared(value: Any) -> Any:
    """Give the first of equal texts: most facts of most nodes are states and tags."""
    if not isinstance(value, str | tuple):
        return value
    return (
        _known.setdefault(value, value)
        if len(_known) < _MOST_SHARED
        else _known.get(value, value)
    )


def read_facts(resource: str, node: Node) -> Facts:
    """Read all facts of a node. Raises ValueError naming the one that cannot be read."""
    values = []
    for name, fact in FACTS[resource].items():
        try:
            values.append(_shared(fact.read(node)))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(f"its {name} cannot be read ({error})") from error
    return Facts(_PLACES[resource], tuple(values))


def parts_of(node: Node) -> list[Node]:
    """Give the refunds of an order, the variants of a product: what can be found by itself."""
    variants = node.get("variants")
    return [*(node.get("refunds") or ()), *((variants or {}).get("nodes") or ())]


def structure_of(resource: str) -> dict[str, Any]:
    """Give what the facts and the ids are read from, as from_json takes a structure."""
    parts = {"refunds": [{"id": "JSON"}], "variants": {"nodes": [{"id": "JSON"}]}}
    found: dict[str, Any] = {"id": "JSON", **parts}
    for fact in FACTS[resource].values():
        for path in fact.of:
            *outer, last = path.split(".")
            within = found
            for key in outer:
                within = within.setdefault(key, {})
            within[last] = "JSON"
    return found
