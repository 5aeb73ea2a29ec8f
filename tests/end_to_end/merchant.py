"""What merchants and their customers do after the first sync, told to the sandbox's Shopify."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.end_to_end.journey import Journey

Node = dict[str, Any]
GID = "gid://shopify"
SHARED_KINDS = ("Product", "ProductVariant", "Customer", "App", "Location")


def money(amount: Decimal, currency: str = "USD") -> Node:
    """A MoneyBag in a shop whose customers pay in its own currency."""
    value = {"amount": str(amount), "currencyCode": currency}
    return {"shopMoney": value, "presentmentMoney": value}


def amount(bag: Node) -> Decimal:
    """A MoneyBag's amount in the shop's currency."""
    return Decimal(bag["shopMoney"]["amount"])


@dataclass
class Merchant:
    """Acts on the store of a journey, at the moment of the sandbox's clock."""

    road: Journey

    @property
    def now(self) -> str:
        """The sandbox's clock, as Shopify writes it."""
        return self.road.request("GET", "/_sandbox/clock")["now"].replace(".000Z", "Z")

    def wait_until(self, now: str) -> None:
        """Move the clock of the sandbox, and of the commands that run from then on."""
        before = self.road.env_file.read_text().splitlines()
        kept = [line for line in before if not line.startswith("CARTWHEEL_NOW=")]
        self.road.env_file.write_text("\n".join([*kept, f"CARTWHEEL_NOW={now}", ""]))
        self.road.request("POST", "/_sandbox/clock", {"now": now})

    def node(self, resource: str, number: int) -> Node:
        """A node of the store as it is now."""
        return self.road.request("GET", f"/_sandbox/shopify/{resource}/{number}")

    def order(self, name: str) -> Node:
        """The order of that name as it is now."""
        with (self.road.folder / "store" / "orders.jsonl").open() as lines:
            numbers = {
                node["name"]: node["legacyResourceId"] for node in map(json.loads, lines)
            }
        return self.node("orders", int(numbers[name]))

    def save(self, resource: str, node: Node) -> None:
        """Put a node in the place of the one with its id, updated now."""
        body = {name: value for name, value in node.items() if name != "updatedAt"}
        self.road.request("POST", f"/_sandbox/shopify/{resource}", body)

    def change(self, resource: str, number: int, **fields: Any) -> None:
        """Change fields of a node."""
        self.save(resource, self.node(resource, number) | fields)

    def new_customer(self, number: int, email: str, **fields: Any) -> None:
        """Add a customer who has nothing but a first name and an e-mail, and these fields."""
        template = self.node("customers", 7000000000033)
        address = {"emailAddress": email}
        blank: Node = {"lastName": None, "note": None, "tags": [], "defaultAddress": None}
        own = {
            "id": f"{GID}/Customer/{number}",
            "legacyResourceId": str(number),
            "createdAt": self.now,
            "firstName": "Ines",
            "defaultEmailAddress": template["defaultEmailAddress"] | address,
            "defaultPhoneNumber": None,
            "addressesV2": {"nodes": [], "pageInfo": template["addressesV2"]["pageInfo"]},
            "numberOfOrders": "0",
            "lastOrder": None,
        }
        self.save("customers", template | blank | own | fields)

    def move_to(self, number: int, email: str) -> None:
        """Give a customer another e-mail."""
        found = self.node("customers", number)["defaultEmailAddress"]
        self.change("customers", number, defaultEmailAddress=found | {"emailAddress": email})

    def take_off(self, name: str, position: int) -> Node:
        """Edit an order: its line at that position goes. Gives the line as it was."""
        order = self.order(name)
        line = deepcopy(order["lineItems"]["nodes"][position])
        self._lower(order, position)
        order["edited"] = True
        self.save("orders", order)
        return line

    def refund(self, name: str, position: int) -> Decimal:
        """Refund the whole of a line, taxes included; gives how much."""
        order = self.order(name)
        line = order["lineItems"]["nodes"][position]
        units = {line["id"].rpartition("/")[2]: line["quantity"]}
        path = f"/_sandbox/shopify/orders/{order['legacyResourceId']}/refund"
        refunded = self.road.request("POST", path, {"lines": units})
        return amount(refunded["totalRefundedSet"]) - amount(order["totalRefundedSet"])

    def recover(self, checkout_number: int, *, like: str) -> Node:
        """Complete a checkout now, by an order like the named one; gives the order."""
        checkout = self.node("abandoned_checkouts", checkout_number)
        order = renumbered(self.order(like))
        moments = {"createdAt": self.now, "processedAt": self.now, "closedAt": None}
        token = checkout["abandonedCheckoutUrl"].partition("/recover")[0].rpartition("/")[2]
        order |= moments | {
            "name": "#2001",
            "number": 2001,
            "customer": {key: checkout["customer"][key] for key in ("id", "legacyResourceId")},
            "email": checkout["customer"]["defaultEmailAddress"]["emailAddress"],
            "checkoutToken": token,
            "displayFulfillmentStatus": "UNFULFILLED",
            "fulfillments": [],
        }
        order["agreements"]["nodes"][0]["happenedAt"] = self.now
        self.save("orders", order)
        self.change("abandoned_checkouts", checkout_number, completedAt=self.now)
        return order

    def _lower(self, order: Node, position: int) -> None:
        """Take a line's units off an order, by an edit."""
        line = order["lineItems"]["nodes"][position]
        given = amount(line["discountedTotalSet"])
        tax = sum((amount(each["priceSet"]) for each in line["taxLines"]), Decimal())
        for name, part in {
            "currentSubtotalPriceSet": given,
            "currentTotalTaxSet": tax,
            "currentTotalPriceSet": given + tax,
        }.items():
            order[name] = money(amount(order[name]) - part)
        quantity = line["currentQuantity"]
        line["currentQuantity"] = line["refundableQuantity"] = 0
        template = deepcopy(order["agreements"]["nodes"][0])
        sale = template["sales"]["nodes"][0] | {
            "id": f"{GID}/ProductSale/9{order['legacyResourceId']}",
            "actionType": "RETURN",
            "quantity": -quantity,
            "totalAmount": money(-given - tax),
            "totalTaxAmount": money(-tax),
            "totalDiscountAmountBeforeTaxes": money(Decimal()),
            "totalDiscountAmountAfterTaxes": money(Decimal()),
            "taxes": [],
            "lineItem": {"id": line["id"]},
        }
        template |= {
            "__typename": "OrderEditAgreement",
            "id": f"{GID}/OrderEditAgreement/9{order['legacyResourceId']}",
            "happenedAt": self.now,
            "reason": "ORDER_EDIT",
            "sales": template["sales"] | {"nodes": [sale]},
        }
        order["agreements"]["nodes"].append(template)


def renumbered(value: Any) -> Any:
    """A copy of a node whose own ids, and its children's, are new."""
    if isinstance(value, dict):
        copied = {name: renumbered(inner) for name, inner in value.items()}
        if "legacyResourceId" in copied and "/" in str(copied.get("id")):
            copied["legacyResourceId"] = copied["id"].rpartition("/")[2]
        return copied
    if isinstance(value, list):
        return [renumbered(inner) for inner in value]
    if isinstance(value, str) and value.startswith(f"{GID}/"):
        kind, _, number = value.removeprefix(f"{GID}/").partition("/")
        return value if kind in SHARED_KINDS else f"{GID}/{kind}/8{number}"
    return value
