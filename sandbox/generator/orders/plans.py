"""What happens to an order: drawn for most, prescribed for the ones every store must have."""

from __future__ import annotations

import random
from typing import NamedTuple

from sandbox.generator.shop.people import Person


class Plan(NamedTuple):
    """The fate of one order, as words; "" where nothing of the kind happens.

    payment: paid, captured (authorised first), retried (refused first), gift_card, pending,
    authorized, partially_paid, expired. fulfillment: full, partial, none, on_hold. discount:
    code, line, both, manual, free_shipping, everything. edit: added, added_unpaid, reduced,
    removed, repriced. refund: full, partial, twice, shipping, generous (more than the
    lines), withheld (less), only_money, zero, free_unit. cancel: unpaid, paid, after_refund,
    fee_kept. source: web, pos, draft. extra: tip, gift_card, duty, fee, additional_fee,
    deleted_product, custom_line, long, digital.
    """

    payment: str = "paid"
    fulfillment: str = "full"
    discount: str = ""
    edit: str = ""
    refund: str = ""
    cancel: str = ""
    source: str = "web"
    extra: str = ""
    test: bool = False
    imported: bool = False
    restock: str = ""
    later_month: bool = False
    returned: bool = False
    unknown: str = ""
    big_id: int = 0
    foreign: bool = False
    prescribed: bool = False


SCENARIOS: tuple[Plan, ...] = tuple(
    plan._replace(prescribed=True)
    for plan in (
        Plan(imported=True),
        Plan(imported=True, refund="partial"),
        Plan(refund="full", discount="both"),
        Plan(refund="partial", later_month=True, discount="code"),
        Plan(refund="shipping"),
        Plan(refund="generous"),
        Plan(refund="withheld"),
        Plan(refund="only_money", later_month=True),
        Plan(refund="zero"),
        Plan(refund="free_unit", discount="everything"),
        Plan(refund="partial", restock="NO_RESTOCK"),
        Plan(refund="twice", returned=True),
        Plan(extra="long"),
        Plan(edit="added"),
        Plan(edit="added_unpaid"),
        Plan(edit="reduced", discount="line"),
        Plan(edit="removed"),
        Plan(edit="repriced"),
        Plan(edit="added", refund="partial"),
        Plan(edit="reduced", refund="full"),
        Plan(cancel="unpaid", payment="authorized", discount="code"),
        Plan(cancel="unpaid", payment="pending"),
        Plan(cancel="paid"),
        Plan(cancel="after_refund"),
        Plan(cancel="fee_kept"),
        Plan(discount="everything"),
        Plan(discount="free_shipping"),
        Plan(discount="manual", source="draft"),
        Plan(discount="line", foreign=True),
        Plan(refund="partial", foreign=True),
        Plan(source="pos"),
        Plan(source="draft", edit="added"),
        Plan(extra="tip"),
        Plan(extra="tip", refund="full"),
        Plan(extra="gift_card"),
        Plan(extra="gift_card", discount="manual"),
        Plan(extra="gift_card", refund="full"),
        Plan(extra="duty", foreign=True),
        Plan(extra="duty", refund="full", foreign=True),
        Plan(extra="fee"),
        Plan(extra="additional_fee"),
        Plan(extra="deleted_product"),
        Plan(extra="custom_line", source="draft"),
        Plan(extra="digital"),
        Plan(payment="gift_card"),
        Plan(payment="captured"),
        Plan(payment="retried"),
        Plan(payment="partially_paid"),
        Plan(payment="expired", fulfillment="none"),
        Plan(payment="pending", fulfillment="full"),
        Plan(test=True),
        Plan(test=True, refund="full"),
        Plan(test=True, cancel="paid"),
        Plan(unknown="fulfillment", fulfillment="none"),
        Plan(unknown="financial"),
        Plan(unknown="transaction"),
        Plan(big_id=1),
        Plan(big_id=2),
        Plan(fulfillment="partial"),
        Plan(fulfillment="partial", refund="partial"),
        Plan(fulfillment="on_hold"),
        Plan(fulfillment="none"),
        Plan(payment="authorized", fulfillment="none"),
        Plan(payment="pending", fulfillment="none"),
    )
)

SHARES: dict[str, tuple[tuple[str, float], ...]] = {
    "payment": (
        ("captured", 0.12), ("retried", 0.02), ("gift_card", 0.01), ("pending", 0.01),
        ("authorized", 0.006), ("partially_paid", 0.004), ("expired", 0.002),
    ),
    "discount": (
        ("code", 0.20), ("line", 0.08), ("both", 0.03), ("manual", 0.01),
        ("free_shipping", 0.03), ("everything", 0.001),
    ),
    "edit": (
        ("added", 0.006), ("added_unpaid", 0.001), ("reduced", 0.004), ("removed", 0.003),
        ("repriced", 0.002),
    ),
    "refund": (
        ("full", 0.032), ("partial", 0.032), ("twice", 0.004), ("shipping", 0.004),
        ("generous", 0.002), ("withheld", 0.002), ("only_money", 0.003), ("zero", 0.001),
    ),
    "cancel": (
        ("unpaid", 0.001), ("paid", 0.003), ("after_refund", 0.0005), ("fee_kept", 0.0005),
    ),
    "source": (("pos", 0.04), ("draft", 0.02)),
    "extra": (
        ("tip", 0.02), ("gift_card", 0.01), ("duty", 0.002), ("fee", 0.002),
        ("additional_fee", 0.001), ("deleted_product", 0.01), ("custom_line", 0.004),
        ("long", 0.0001), ("digital", 0.01),
    ),
}  # fmt: skip


# a little more than each table's shares: a draw beyond that, as most are, chooses none of them
CEILINGS = {name: 1e-9 + sum(share for _, share in SHARES[name]) for name in SHARES}


def _choose(rng: random.Random, name: str, otherwise: str) -> str:
    draw = rng.random()
    if draw < CEILINGS[name]:
        for word, share in SHARES[name]:
            draw -= share
            if draw < 0:
                return word
    return otherwise


def drawn(rng: random.Random, buyer: Person) -> Plan:
    """A fate by the shares above; 1 % test orders, half a per cent cancelled."""
    plan = Plan(
        payment=_choose(rng, "payment", "paid"),
        discount=_choose(rng, "discount", ""),
        edit=_choose(rng, "edit", ""),
        refund=_choose(rng, "refund", ""),
        cancel=_choose(rng, "cancel", ""),
        source=_choose(rng, "source", "web"),
        extra=_choose(rng, "extra", ""),
        test=rng.random() < 0.01,
        imported=rng.random() < 0.003,
        restock="NO_RESTOCK" if rng.random() < 0.2 else "",
        returned=rng.random() < 0.2,
    )
    if buyer.guest and buyer.email is None:
        plan = plan._replace(source="pos")
    return plan


def prescribed(orders: int, taken: set[int]) -> dict[int, Plan]:
    """The scenarios by place of the order, spread over all but the taken places.

    All scenarios where a third of the orders can hold them, else the first ones.
    """
    chosen = SCENARIOS[: orders // 3] if orders < 3 * len(SCENARIOS) else SCENARIOS
    if orders < 500:
        chosen = tuple(
            plan._replace(extra="") if plan.extra == "long" else plan for plan in chosen
        )
    step = orders / max(1, len(chosen))
    plans: dict[int, Plan] = {}
    for number, plan in enumerate(chosen):
        place = int((number + 0.5) * step)
        while place in taken or place in plans:
            place = (place + 1) % orders
        plans[place] = plan
    return plans
