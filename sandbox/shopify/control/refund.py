"""A refund of an order while it is served: everything that is left of it, or units of lines.

The node of an order tells in its sales agreements what was sold and taken back so far. A
refund takes back, of each thing sold, what that comes to: so the parts of an order add up to
nothing once all of it is refunded, whatever was discounted, taxed or edited before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import compress
from typing import Any

from sandbox.store.facts import Node, tail

GID = "gid://shopify"
SUBJECTS = ("lineItem", "shippingLine", "duty", "fee", "additionalFee")
AMOUNTS = (
    "totalAmount",
    "totalTaxAmount",
    "totalDiscountAmountBeforeTaxes",
    "totalDiscountAmountAfterTaxes",
)
PAID = ("SALE", "CAPTURE")
FACES = ("shopMoney", "presentmentMoney")


class RefundError(ValueError):
    """An order cannot be refunded like that; the message says why."""


@dataclass
class Taken:
    """One thing sold and what the refund takes back of it: the sale, with negative amounts."""

    sale: Node

    @property
    def line_type(self) -> str:
        """PRODUCT, SHIPPING and so on."""
        return str(self.sale["lineType"])

    def worth(self, *, taxes: bool) -> Node:
        """What is given back for it, with its taxes or without."""
        total = negative(self.sale["totalAmount"])
        return total if taxes else plus(total, self.sale["totalTaxAmount"])

    @property
    def tax(self) -> Node:
        """The taxes within it."""
        return negative(self.sale["totalTaxAmount"])


def refunded(order: Node, now: str, units: Mapping[str, int] | None = None) -> Node:
    """The order after a refund: of all that is left, or of so many units of lines, by gid.

    Raises RefundError if nothing is left, or less than that.
    """
    order = deepcopy(order)
    number = 10 * tail(order["id"]) + len(order["refunds"])
    taken = [Taken(sale) for sale in _taken(order, units, number)]
    if not taken:
        raise RefundError(f"Nothing is left of the order {order['name']} to refund")
    money = _money_back(order, taken)
    transactions = _pay_back(order, money, number, now)
    order["refunds"].append(_refund(order, taken, money, transactions, number, now))
    order["agreements"]["nodes"].append(_agreement(order, taken, number, now))
    _lower_lines(order, taken)
    _lower_totals(order, taken, money)
    order["updatedAt"] = now
    return order


def plus(one: Node, other: Node) -> Node:
    """The sum of two MoneyBags."""
    return {
        face: _money(one[face], _amount(one, face) + _amount(other, face)) for face in FACES
    }


def negative(bag: Node) -> Node:
    """A MoneyBag with the other sign."""
    return {face: _money(bag[face], -_amount(bag, face)) for face in FACES}


def _amount(bag: Node, face: str = "shopMoney") -> Decimal:
    return Decimal(bag[face]["amount"])


def _money(like: Node, amount: Decimal) -> Node:
    text = f"{amount.normalize() + 0:f}"
    return {**like, "amount": text if "." in text else f"{text}.0"}


def _part(bag: Node, units: int, of: int) -> Node:
    """The share of so many units, to the cent or the last digit that is written."""
    faces = {}
    for face in FACES:
        whole = _amount(bag, face)
        digit = Decimal(1).scaleb(min(-2, int(whole.as_tuple().exponent)))
        faces[face] = _money(bag[face], (whole * units / of).quantize(digit, ROUND_HALF_UP))
    return faces


def _sum(bags: Iterable[Node], empty: Node) -> Node:
    total = {face: _money(empty[face], Decimal()) for face in FACES}
    for bag in bags:
        total = plus(total, bag)
    return total


def _subject(sale: Node) -> str:
    return next((str(sale[name]["id"]) for name in SUBJECTS if sale.get(name)), "")


def _taken(order: Node, units: Mapping[str, int] | None, number: int) -> list[Node]:
    """The sales of the refund, each the opposite of what is left of one thing sold."""
    sold: dict[str, list[Node]] = {}
    for agreement in order["agreements"]["nodes"]:
        for sale in agreement["sales"]["nodes"]:
            if subject := _subject(sale):
                sold.setdefault(subject, []).append(sale)
    if strange := set(units or ()) - sold.keys():
        raise RefundError(f"The order {order['name']} sold no {', '.join(sorted(strange))}")
    found: list[Node] = []
    for subject, sales in sold.items():
        left = _units(sales)
        wanted = left if units is None else units.get(subject, 0)
        if not 0 <= wanted <= left:
            raise RefundError(f"{wanted} units of {subject} cannot be refunded: {left} left")
        if wanted:
            found.append(_return(sales, wanted, 100 * number + len(found)))
    return found


def _return(sales: list[Node], units: int, number: int) -> Node:
    """The sale that takes so many units back of what some sales gave and took."""
    first = sales[0]
    taxes = [
        {
            **tax,
            "id": f"{GID}/SaleTax/{10 * number + place}",
            "amount": _back(sales, units, [sale["taxes"][place]["amount"] for sale in sales]),
        }
        for place, tax in enumerate(first["taxes"])
        if all(place < len(each["taxes"]) for each in sales)
    ]
    amounts = {name: _back(sales, units, [sale[name] for sale in sales]) for name in AMOUNTS}
    if taxes:
        amounts["totalTaxAmount"] = _sum((tax["amount"] for tax in taxes), first["totalAmount"])
    own = {"actionType": "RETURN", "quantity": -units, "taxes": taxes}
    return first | amounts | own | {"id": f"{GID}/{first['__typename']}/{number}"}


def _back(sales: list[Node], units: int, bags: list[Node]) -> Node:
    """An amount of so many units: what is left, less the share of the units that stay.

    bags holds the amount in each of the sales.
    """
    given = [sale["actionType"] != "RETURN" for sale in sales]
    stays = _units(sales) - units
    share = _part(_sum(compress(bags, given), bags[0]), stays, _units(compress(sales, given)))
    return plus(share, negative(_sum(bags, share)))


def _units(sales: Iterable[Node]) -> int:
    return sum(sale["quantity"] or 0 for sale in sales)


def _money_back(order: Node, taken: list[Taken]) -> Node:
    """What the sales come to, and no more than the shop has got and not given back."""
    worth = _sum((each.worth(taxes=True) for each in taken), order["totalRefundedSet"])
    held = plus(order["totalReceivedSet"], negative(order["totalRefundedSet"]))
    return min(worth, held, key=_amount)


def _pay_back(order: Node, money: Node, number: int, now: str) -> list[Node]:
    if _amount(money) <= 0:
        return []
    payments = [each for each in order["transactions"] if each["kind"] in PAID]
    # a status of tomorrow's API is a payment as well: the order says that money was received
    paid = next((each for each in payments if each["status"] == "SUCCESS"), payments[0])
    gid = f"{GID}/OrderTransaction/{100 * number}"
    back = paid | {
        "id": gid,
        "kind": "REFUND",
        "createdAt": now,
        "processedAt": now,
        "paymentId": f"c{100 * number}.1",
        "amountSet": money,
        "parentTransaction": {"id": paid["id"]},
    }
    order["transactions"].append(back)
    return [back]


def _refund(
    order: Node,
    taken: list[Taken],
    money: Node,
    transactions: list[Node],
    number: int,
    now: str,
) -> Node:
    included = bool(order["taxesIncluded"])
    lines = {line["id"]: line for line in order["lineItems"]["nodes"]}
    return {
        "id": f"{GID}/Refund/{number}",
        "legacyResourceId": str(number),
        **dict.fromkeys(("createdAt", "processedAt", "updatedAt"), now),
        "note": None,
        "return": None,
        "totalRefundedSet": money,
        "duties": [
            {"amountSet": each.worth(taxes=True)} for each in taken if each.line_type == "DUTY"
        ]
        or None,
        "refundLineItems": _connection(
            _refund_line(each, lines[_subject(each.sale)], 100 * number + place, included)
            for place, each in enumerate(taken)
            if each.sale.get("lineItem")
        ),
        "refundShippingLines": _connection(
            {
                "id": f"{GID}/RefundShippingLine/{100 * number + place}",
                "shippingLine": each.sale["shippingLine"],
                "subtotalAmountSet": each.worth(taxes=False),
                "taxAmountSet": each.tax,
            }
            for place, each in enumerate(taken)
            if each.line_type == "SHIPPING"
        ),
        "orderAdjustments": _connection([]),
        "transactions": _connection(transactions),
    }


def _refund_line(taken: Taken, line: Node, number: int, included: bool) -> Node:
    worth, units = taken.worth(taxes=included), -taken.sale["quantity"]
    return {
        "id": f"{GID}/RefundLineItem/{number}",
        "quantity": units,
        "restockType": "NO_RESTOCK",
        "restocked": False,
        "location": None,
        "lineItem": {
            name: line[name]
            if name in ("id", "sku")
            else line[name] and {"id": line[name]["id"]}
            for name in ("id", "sku", "product", "variant")
        },
        "priceSet": _part(worth, 1, units),
        "subtotalSet": worth,
        "totalTaxSet": taken.tax,
    }


def _agreement(order: Node, taken: list[Taken], number: int, now: str) -> Node:
    first = order["agreements"]["nodes"][0]
    return {
        "__typename": "RefundAgreement",
        "id": f"{GID}/RefundAgreement/{number}",
        "happenedAt": now,
        "reason": "REFUND",
        "app": first["app"],
        "user": first["user"],
        "sales": _connection(each.sale for each in taken),
        "refund": {"id": f"{GID}/Refund/{number}"},
    }


def _lower_lines(order: Node, taken: list[Taken]) -> None:
    units = {_subject(each.sale): -each.sale["quantity"] for each in taken}
    for line in order["lineItems"]["nodes"]:
        for name in ("currentQuantity", "refundableQuantity"):
            line[name] -= units.get(line["id"], 0)
        line["unfulfilledQuantity"] = min(line["unfulfilledQuantity"], line["currentQuantity"])
    for line in [*order["shippingLines"]["nodes"], order["shippingLine"]]:
        if line and line["id"] in units:
            line["currentDiscountedPriceSet"] = _sum([], line["currentDiscountedPriceSet"])


def _lower_totals(order: Node, taken: list[Taken], money: Node) -> None:
    included = bool(order["taxesIncluded"])

    def sums(*line_types: str, taxes: bool = included) -> Node:
        return _sum(
            (
                each.worth(taxes=taxes)
                for each in taken
                if not line_types or each.line_type in line_types
            ),
            order["totalPriceSet"],
        )

    worth = sums(taxes=True)
    discounts = (each.sale["totalDiscountAmountAfterTaxes"] for each in taken)
    less = {
        "currentSubtotalPriceSet": sums("PRODUCT", "GIFT_CARD"),
        "currentTotalPriceSet": worth,
        "currentTotalTaxSet": _sum((each.tax for each in taken), worth),
        "currentTotalDiscountsSet": negative(_sum(discounts, worth)),
        "currentShippingPriceSet": sums("SHIPPING"),
        "currentTotalDutiesSet": sums("DUTY", taxes=True),
        "totalTipReceivedSet": sums("TIP"),
        "netPaymentSet": money,
        # what was owed and not paid is owed no more
        "totalOutstandingSet": plus(worth, negative(money)),
    }
    for name, bag in less.items():
        if order[name] is not None:
            order[name] = plus(order[name], negative(bag))
    more = {
        "totalRefundedSet": money,
        "totalRefundedShippingSet": less["currentShippingPriceSet"],
    }
    for name, bag in more.items():
        order[name] = plus(order[name], bag)
    units = sum(-each.sale["quantity"] for each in taken if each.line_type == "PRODUCT")
    order["currentSubtotalLineItemsQuantity"] -= units
    if _amount(order["totalRefundedSet"]):
        whole = _amount(order["totalRefundedSet"]) >= _amount(order["totalReceivedSet"])
        order["displayFinancialStatus"] = "REFUNDED" if whole else "PARTIALLY_REFUNDED"


def _connection(nodes: Iterable[Any]) -> Node:
    return {"nodes": [*nodes], "pageInfo": {"hasNextPage": False, "endCursor": None}}
