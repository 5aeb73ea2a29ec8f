"""Orders and checkouts of a small shop, of which each report can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

from tests.integration.models.orders_by_hand import LONDON, Order, Refund, Sale

CUP, SAUCER, SPOON = (
    Sale("PRODUCT", price, title=title)
    for title, price in (("Cup", "10.00"), ("Saucer", "5.00"), ("Spoon", "3.00"))
)


def fill_report_cases(raw):
    """Three customers, a guest of whom nothing is known, and one who cancelled."""
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    ann, bob, cid, dan = (
        {"email": f"{name}@example.com"} for name in ("ann", "bob", "cid", "dan")
    )
    visit = {"source": "Google", "utmParameters": {"source": "google", "medium": "CPC"}}
    journey = {"customerJourneySummary": {"firstVisit": visit}}
    france = {"shippingAddress": {"country": "France"}}
    back = replace(CUP, total="-10.00", quantity=-1)
    orders = [
        # in London it is 1 April by then
        Order(1, "2026-03-31T23:30:00Z", CUP, SAUCER, **ann, **journey),
        Order(2, "2026-04-15T12:00:00Z", CUP, **ann),
        Order(
            3,
            "2026-04-02T12:00:00Z",
            replace(CUP, total="9.00", discount="1.00"),
            SAUCER,
            **bob,
            **france,
        ),
        Order(4, "2026-06-09T12:00:00Z", SAUCER, **bob),
        Order(
            5,
            "2026-05-31T22:59:59Z",
            CUP,
            refunds=[Refund(5, "2026-06-05T12:00:00Z", (back,))],
            **cid,
        ),
        Order(6, "2026-05-10T12:00:00Z", SPOON),
        Order(
            7,
            "2026-05-11T12:00:00Z",
            CUP,
            refunds=[Refund(7, "2026-05-11T13:00:00Z", (back,))],
            cancelledAt="2026-05-11T13:00:00Z",
            **dan,
        ),
    ]
    for order in orders:
        order.land(raw)
    raw.checkout(300, "2026-06-01T12:00:00Z")
    raw.checkout(301, "2026-06-02T12:00:00Z", completed_at="2026-06-04T12:00:00Z")
    raw.checkout(302, "2026-06-03T12:00:00Z", completed_at="2026-06-03T13:00:00Z")
