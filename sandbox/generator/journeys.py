"""How a buyer came to the shop: visits with referrer and UTM parameters."""

from __future__ import annotations

from typing import Any

from sandbox.generator.draw import mixed
from sandbox.generator.product_nodes import SHOP_URL
from sandbox.generator.times import DAY, HOUR, iso

Node = dict[str, Any]

SOURCES: tuple[tuple[str, str | None, str | None, Node | None], ...] = (
    ("Google", "https://www.google.com/", "SEO", None),
    ("Google", "https://www.google.com/", "AD", {"source": "google", "medium": "cpc"}),
    ("Facebook", "https://l.facebook.com/", "AD", {"source": "facebook", "medium": "paid"}),
    ("Email", None, "NEWSLETTER", {"source": "newsletter", "medium": "email"}),
    ("direct", None, None, None),
    ("an unknown source", "https://blog.example/päge?q=%22tea%22", "LINK", None),
)
CAMPAIGNS = ("spring", "été 2026", "black-friday")
TO_COME = {
    "ready": False,
    "customerOrderIndex": None,
    "daysToConversion": None,
    "momentsCount": None,
    "firstVisit": None,
    "lastVisit": None,
}


def _visit(number: int, at: int, draw: int) -> Node:
    source, referrer, tactic, utm = SOURCES[draw % len(SOURCES)]
    page = f"{SHOP_URL}/products/{('lamp', 'mug', 'tent')[(draw >> 8) % 3]}"
    parameters: Node | None = None
    if utm is not None:
        campaign = CAMPAIGNS[(draw >> 16) % len(CAMPAIGNS)]
        parameters = {**utm, "campaign": campaign, "term": None, "content": None}
        page += f"?utm_source={utm['source']}&utm_medium={utm['medium']}"
    return {
        "id": f"gid://shopify/CustomerVisit/{number}",
        "occurredAt": iso(at),
        "landingPage": page,
        "referrerUrl": referrer,
        "referralCode": "FRIEND7" if draw % 23 == 0 else None,
        "source": source,
        "sourceDescription": None,
        "sourceType": tactic,
        "utmParameters": parameters,
    }


def journey(
    seed: int, slot: int, created: int, index: int | None, buyer: int, web: bool
) -> Node:
    """The journey summary of an order; other channels than the web tell of no visits.

    The first visit's source is the buyer's own and the same on all of the buyer's orders.
    """
    if not web or slot % 17 == 0:
        return {**TO_COME, "ready": not web, "customerOrderIndex": index}
    draw = mixed(seed, 31, slot)
    days = draw % 20
    first = created - days * DAY - HOUR
    return {
        "ready": True,
        "customerOrderIndex": index,
        "daysToConversion": days,
        "momentsCount": {"count": 2 + draw % 7, "precision": "EXACT"},
        "firstVisit": _visit(2 * slot + 1, first, mixed(seed, 33, buyer)),
        "lastVisit": _visit(2 * slot + 2, created - HOUR // 2, draw),
    }
