"""How a buyer came to the shop: visits with referrer and UTM parameters."""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbox.generator.core.draw import mixed
from sandbox.generator.core.json_text import fields, flag
from sandbox.generator.core.times import DAY, HOUR, iso
from sandbox.generator.nodes.products import SHOP_URL
from sandbox.generator.orders.orders import Order

Node = dict[str, Any]

SOURCES: tuple[tuple[str, str | None, str | None, Node | None], ...] = (
    ("Google", "https://www.google.com/", "SEO", None),
    ("Google", "https://www.google.com/", "AD", {"source": "google", "medium": "cpc"}),
    ("Facebook", "https://l.facebook.com/", "AD", {"source": "facebook", "medium": "paid"}),
    ("Email", None, "NEWSLETTER", {"source": "newsletter", "medium": "email"}),
    ("direct", None, None, None),
    ("an unknown source", "https://blog.example/päge?q=%22tea%22", "LINK", None),
)
PRODUCTS = ("lamp", "mug", "tent")
CAMPAIGNS = ("spring", "été 2026", "black-friday")
TO_COME = fields(
    {
        "daysToConversion": None,
        "momentsCount": None,
        "firstVisit": None,
        "lastVisit": None,
    }
)


@cache
def _arrival(origin: int, product: str, campaign: str, invited: bool) -> str:
    """The fields of a visit that tell where it came from and where it went."""
    source, referrer, tactic, utm = SOURCES[origin]
    page = f"{SHOP_URL}/products/{product}"
    parameters: Node | None = None
    if utm is not None:
        parameters = {**utm, "campaign": campaign, "term": None, "content": None}
        page += f"?utm_source={utm['source']}&utm_medium={utm['medium']}"
    return fields(
        {
            "landingPage": page,
            "referrerUrl": referrer,
            "referralCode": "FRIEND7" if invited else None,
            "source": source,
            "sourceDescription": None,
            "sourceType": tactic,
            "utmParameters": parameters,
        }
    )


def _visit(number: int, at: int, draw: int) -> str:
    arrival = _arrival(
        draw % len(SOURCES),
        PRODUCTS[(draw >> 8) % len(PRODUCTS)],
        CAMPAIGNS[(draw >> 16) % len(CAMPAIGNS)],
        draw % 23 == 0,
    )
    return f'{{"id":"gid://shopify/CustomerVisit/{number}","occurredAt":"{iso(at)}",{arrival}}}'


def journey(seed: int, order: Order) -> str:
    """The journey summary of an order as JSON text; only the web's orders tell of visits.

    The first visit's source is the buyer's own and the same on all of the buyer's orders.
    """
    slot, created = order.slot, order.created
    place = "null" if order.index is None else order.index
    if not order.web or slot % 17 == 0:
        return f'{{"ready":{flag(not order.web)},"customerOrderIndex":{place},{TO_COME}}}'
    draw = mixed(seed, 31, slot)
    days = draw % 20
    arrived = created - days * DAY - HOUR
    first = _visit(2 * slot + 1, arrived, mixed(seed, 33, order.buyer.canonical))
    last = _visit(2 * slot + 2, created - HOUR // 2, draw)
    return (
        f'{{"ready":true,"customerOrderIndex":{place},"daysToConversion":{days},'
        f'"momentsCount":{{"count":{2 + draw % 7},"precision":"EXACT"}},'
        f'"firstVisit":{first},"lastVisit":{last}}}'
    )
