"""Orders that change, that came another way, and that hold what nobody knows yet."""

from __future__ import annotations

from sandbox.generator.core.times import at, iso
from sandbox.generator.orders.charges import Sale
from tests.stores.hostile.shop import STATE, Hostile, cancel_later, line_of, refund_later
from tests.stores.store import Node, goods, later, other

UNKNOWN_SALE = "2026-07-20T15:00:00Z"
"""When the sale of a type that Shopify may add tomorrow took place."""


def edited_orders(store: Hostile) -> None:
    """Lines with a current quantity of zero, lines that the order did not have at first."""
    for kind in ("removed", "added", "lowered", "repriced", "exchanged"):
        made = store.order(store.ann, goods(store.mug, 3, rates=STATE), goods(store.pin))
        first = made.goods[0]
        sales: list[Sale] = []
        if kind in ("removed", "exchanged"):
            sales.append(first.take(3, "RETURN" if kind == "exchanged" else "UPDATE"))
        if kind in ("added", "exchanged"):
            added = goods(store.jug, 4, rates=STATE, id=14_900_000_000_000 + made.slot)
            made.basket.lines.append(added)
            sales.append(added.give())
        if kind == "lowered":
            sales.append(first.take(1, "UPDATE"))
        if kind == "repriced":
            sales.append(first.reprice(300))
        made.agree("OrderEditAgreement", "ORDER_EDIT", later(made, 1), sales)
        if made.owed > made.received:
            moment, due = later(made, 1), made.owed - made.received
            made.transact("SALE", "SUCCESS", moment, due)


def cancelled_orders(store: Hostile) -> None:
    """Never paid, and yet once a sale; and given back before it was cancelled."""
    unpaid = store.order(store.ann, goods(store.mug, 2), pay="authorized")
    cancel_later(unpaid, 1, "VOIDED")
    unpaid.transact("VOID", "SUCCESS", later(unpaid, 1), unpaid.transactions[0].amount)
    cancel_later(store.order(store.ann, goods(store.mug), pay="pending"), 1, "VOIDED")
    partly = store.order(store.ann, goods(store.mug, 3), goods(store.pin))
    refund_later(partly, 2, [partly.goods[0].take(1)])
    cancel_later(partly, 5, "REFUNDED")


def lines_without_product(store: Hostile) -> None:
    """A line whose variant is null, whose product is null, or both with no product ever."""
    lost = store.order(store.ann, goods(store.mug), goods(store.pin))
    store.change(lost, lambda node: line_of(node, 0).update(variant=None))
    (gone,) = store.product("Withdrawn", 1_500, oddity="deleted")
    store.order(store.ann, goods(gone, 2))
    store.nodes["events"].append(_deletion(gone.product.id, "2026-11-01T10:00:00Z"))
    store.order(store.ann, other("PRODUCT", 2_000, title="Engraving 🖋"), source="draft")


def drafts_and_points_of_sale(store: Hostile) -> None:
    """A draft has no checkout, a point of sale no address and no cart."""
    store.order(store.ann, goods(store.mug), source="draft", pay="pending")
    till = store.order(store.ann, goods(store.mug, rates=STATE), source="pos")
    till.fulfillment = "FULFILLED"
    refund_later(till, 0.1, [till.goods[0].take(1)])


def unknown_values(store: Hostile) -> None:
    """What Shopify may add tomorrow."""
    for fields in (
        {"displayFinancialStatus": "IN_INSTALMENTS"},
        {"displayFulfillmentStatus": "AWAITING_DRONE"},
        {"returnStatus": "ON_THE_MOON"},
        {"sourceName": "hologram", "aFieldOfTomorrow": {"deep": [1, None]}},
    ):
        store.change(store.order(store.ann, goods(store.mug)), fields)
    cancelled = store.order(store.ann, goods(store.mug))
    cancel_later(cancelled, 1, "REFUNDED")
    store.change(cancelled, {"cancelReason": "SOLAR_FLARE"})
    for change in (_unknown_payment, _unknown_agreement):
        store.change(store.order(store.ann, goods(store.mug)), change)
    sold = store.order(store.ann, goods(store.mug), when=UNKNOWN_SALE)
    store.change(sold, _unknown_sale)
    back = store.order(store.ann, goods(store.mug, 2))
    refund_later(back, 2, [back.goods[0].take(1)])
    store.change(back, _unknown_restock)


def _unknown_sale(node: Node) -> None:
    sale = node["agreements"]["nodes"][0]["sales"]["nodes"][0]
    sale.update(lineType="TIME_TRAVEL", actionType="BORROW")


def _unknown_payment(node: Node) -> None:
    node["transactions"][0].update(kind="BARTER", status="HELD_FOR_REVIEW")


def _unknown_agreement(node: Node) -> None:
    node["agreements"]["nodes"][0].update(reason="WHIM")


def _unknown_restock(node: Node) -> None:
    node["refunds"][0]["refundLineItems"]["nodes"][0].update(restockType="TELEPORT")


def imported_orders(store: Hostile) -> None:
    """History of another system: no sales, and a processing time before the record's."""
    for days, included in ((1, False), (400, True)):
        made = store.order(
            store.ann,
            goods(store.mug, 2, rates=STATE, included=included, discount=300),
            other("SHIPPING", 495, STATE, included=included),
            when="2026-08-15T15:00:00Z",
            processed=iso(at("2026-08-15T15:00:00Z") - days * 86_400),
        )
        refund_later(made, 5, [made.goods[0].take(1)])
        store.change(made, lambda node: node["agreements"].update(nodes=[]))


def _deletion(product: int, when: str) -> Node:
    return {
        "__typename": "BasicEvent",
        "id": f"gid://shopify/BasicEvent/{600_000_000 + product % 1_000}",
        "action": "destroy",
        "createdAt": when,
        "message": "Somebody deleted a product.",
        "appTitle": None,
        "subjectId": f"gid://shopify/Product/{product}",
        "subjectType": "PRODUCT",
        "arguments": [],
        "additionalData": None,
    }
