"""The life of an order: placed, paid, edited, sent, refunded, cancelled."""

from __future__ import annotations

import random

from sandbox.generator.core.draw import lognormal
from sandbox.generator.core.times import DAY, HOUR, NOW
from sandbox.generator.orders.charges import Charge, Sale
from sandbox.generator.orders.orders import Fulfillment, Order, Refund
from sandbox.generator.shop.catalogue import Catalogue

UNPAID = ("pending", "authorized", "expired")
GATEWAYS = {"pos": "cash", "draft": "manual"}
LATEST = NOW - 600


def live(order: Order, rng: random.Random, catalogue: Catalogue) -> None:
    """Let everything happen that the order's plan says and that its age allows."""
    _place(order)
    _pay(order)
    _edit(order, rng, catalogue)
    if not order.cancelled and order.plan.cancel == "":
        _fulfill(order, rng)
    _give_back(order, rng)
    _cancel(order, rng)
    _settle(order, rng)


def _when(order: Order, delay: int) -> int | None:
    """When something due after a delay happens; None if that is yet to come.

    What is prescribed happens in any case.
    """
    moment = order.created + delay
    if moment <= LATEST:
        return moment
    return max(order.created + 1, LATEST) if order.plan.prescribed else None


def _place(order: Order) -> None:
    sales = [charge.give() for charge in order.basket.charges]
    order.agree("OrderAgreement", "ORDER", order.processed, sales)


def _pay(order: Order) -> None:
    payment, total, at = order.plan.payment, order.owed, order.processed
    if total == 0:
        return
    if order.plan.cancel == "unpaid" and payment not in UNPAID:
        payment = "authorized"
    if payment == "pending":
        order.transact("SALE", "PENDING", at, total, "Bank Deposit")
    elif payment in ("authorized", "expired"):
        order.transact("AUTHORIZATION", "SUCCESS", at, total)
    elif payment == "captured":
        order.transact("AUTHORIZATION", "SUCCESS", at, total)
        moment = _when(order, DAY)
        if moment is not None:
            order.transact("CAPTURE", "SUCCESS", max(moment, at), total)
    elif payment == "partially_paid":
        order.transact("SALE", "SUCCESS", at, total // 2)
    elif payment == "gift_card" and total > 1:
        order.transact("SALE", "SUCCESS", at, total // 3 or 1, "gift_card")
        order.transact("SALE", "SUCCESS", at, total - (total // 3 or 1))
    else:
        if payment == "retried":
            order.transact("SALE", "FAILURE", at - 60, total, error="CARD_DECLINED")
        order.transact("SALE", "SUCCESS", at, total, _gateway(order))


def _gateway(order: Order) -> str:
    return GATEWAYS.get(order.plan.source, "")


def _edit(order: Order, rng: random.Random, catalogue: Catalogue) -> None:
    plan = order.plan
    moment = _when(order, rng.randrange(HOUR, 20 * HOUR)) if plan.edit else None
    if moment is None or not order.goods:
        return
    first = order.goods[0]
    sales: list[Sale] = []
    if plan.edit in ("added", "added_unpaid"):
        line = order.basket.line(catalogue.draw(rng), 1 + rng.randrange(2))
        sales.append(line.give())
    elif plan.edit == "reduced" and first.current > 1:
        sales.append(first.take(first.current // 2, "UPDATE"))
    elif plan.edit == "removed":
        sales.append(first.take(first.current))
    elif plan.edit == "repriced":
        sales.append(first.reprice(first.discounted // 5))
        first.discount_title = first.discount_title or "Price match"
    if not sales:
        return
    order.agree("OrderEditAgreement", "ORDER_EDIT", moment, sales)
    missing = sales[0].total
    if plan.edit == "added" and missing > 0 and order.received:
        order.transact("SALE", "SUCCESS", moment, missing, _gateway(order))


def _fulfill(order: Order, rng: random.Random) -> None:
    plan = order.plan
    if plan.fulfillment == "on_hold":
        order.fulfillment = "ON_HOLD"
        return
    lines = [line for line in order.line_items if line.line_type == "PRODUCT" and line.current]
    delay = 0 if plan.source == "pos" else rng.randrange(8 * HOUR, 4 * DAY)
    moment = _when(order, delay) if plan.fulfillment != "none" else None
    if moment is None or not lines:
        return
    if plan.fulfillment == "partial":
        lines = lines[: max(1, len(lines) // 2)]
    for line in lines:
        line.fulfilled = line.current
    if plan.fulfillment == "partial" and all(
        line.fulfilled == line.current for line in order.goods
    ):
        lines[0].fulfilled -= 1
    units = sum(line.fulfilled for line in lines)
    if units:
        order.fulfillments.append(Fulfillment(moment, units))
        order.updated = max(order.updated, moment)
        whole = plan.fulfillment == "full"
        order.fulfillment = "FULFILLED" if whole else "PARTIALLY_FULFILLED"


def _give_back(order: Order, rng: random.Random) -> None:
    kind = order.plan.refund
    if order.plan.cancel == "after_refund":
        kind = "partial"
    elif order.plan.cancel:
        return
    delay = 40 * DAY if order.plan.later_month else 2 * HOUR + lognormal(rng, 9 * DAY, 1.3)
    moment = _when(order, delay) if kind else None
    if moment is None or not order.goods or (order.received == 0 and order.owed):
        return
    moment = max(moment, order.updated)
    first = order.goods[0]
    if kind == "full":
        refund(order, moment, _everything(order))
    elif kind == "shipping":
        shipping = [each for each in order.basket.others if each.line_type == "SHIPPING"]
        refund(order, moment, [each.take(1) for each in shipping if each.current])
    elif kind == "generous":
        refund(order, moment, [first.take(1)], adjustment=-min(500, _kept(order, first)))
    elif kind == "withheld":
        sales = [first.take(first.current)]
        refund(order, moment, sales, adjustment=min(500, -sales[0].total))
    elif kind == "only_money":
        refund(order, moment, [], adjustment=-max(1, min(1_000, order.received // 4)))
    elif kind == "zero":
        sales = [first.take(1)]
        refund(order, moment, sales, adjustment=-sales[0].total)
    else:
        refund(order, moment, [first.take(1)])
        later = moment + 3 * DAY
        if kind == "twice" and order.goods:
            refund(order, min(later, LATEST), [order.goods[-1].take(1)])


def _kept(order: Order, line: Charge) -> int:
    """What may be given on top of one unit without giving more than was received."""
    unit = line.discounted // line.quantity
    return max(1, (order.received - order.refunded - unit) // 2)


def _everything(order: Order) -> list[Sale]:
    return [charge.take(charge.current) for charge in order.basket.charges if charge.current]


def refund(order: Order, at: int, sales: list[Sale], adjustment: int = 0) -> None:
    """Take back what the sales say; the adjustment is money kept, or (negative) added."""
    if not sales and not adjustment:
        return
    if adjustment:
        sales.append(Sale("ADJUSTMENT", "RETURN", None, adjustment))
    worth = -sum(sale.total for sale in sales)
    money = max(0, min(worth, order.received - order.refunded))
    number = 800_000_000_000 + 10 * order.slot + len(order.refunds)
    restock = order.plan.restock or ("RETURN" if order.fulfillments else "CANCEL")
    entry = Refund(number, at, sales, money, restock, "Refund 🙂" if order.slot % 2 else None)
    entry.returned = order.plan.returned and restock == "RETURN"
    if money:
        gateway = next(each.gateway for each in order.transactions if each.status == "SUCCESS")
        entry.transaction = order.transact("REFUND", "SUCCESS", at, money, gateway)
    order.refunds.append(entry)
    order.agree("RefundAgreement", "REFUND", at, sales).refund = entry


def _cancel(order: Order, rng: random.Random) -> None:
    kind = order.plan.cancel
    moment = _when(order, rng.randrange(2 * HOUR, 48 * HOUR)) if kind else None
    if moment is None:
        return
    moment = max(moment, order.updated)
    kept = 500 if kind == "fee_kept" else 0
    sales = _everything(order)
    worth = -sum(sale.total for sale in sales)
    refund(order, moment, sales, adjustment=min(kept, worth))
    if not order.received and order.transactions and order.transactions[0].kind != "SALE":
        order.transact("VOID", "SUCCESS", moment, order.transactions[0].amount)
    order.cancelled = moment
    order.updated = max(order.updated, moment)


def _settle(order: Order, rng: random.Random) -> None:
    """Read the statuses off what happened; an archived order was closed some days later."""
    order.financial = _financial(order)
    done = order.fulfillment == "FULFILLED" and order.received
    if (done or order.cancelled) and rng.random() < 0.6:
        closed = order.updated + rng.randrange(HOUR, 9 * DAY)
        order.closed = order.updated = closed if closed <= LATEST else order.updated
    order.updated = max(order.updated, order.created)


def _financial(order: Order) -> str:
    if order.cancelled and not order.received and order.transactions:
        return "VOIDED"
    if order.refunded:
        return "REFUNDED" if order.refunded >= order.received else "PARTIALLY_REFUNDED"
    if not order.received and order.transactions:
        first = order.transactions[0]
        if first.kind != "AUTHORIZATION":
            return "PENDING"
        return "EXPIRED" if order.plan.payment == "expired" else "AUTHORIZED"
    return "PARTIALLY_PAID" if order.received < order.owed else "PAID"
