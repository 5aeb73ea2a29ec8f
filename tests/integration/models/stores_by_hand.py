"""Three stores with more than a year of orders, for dashboards: two in pounds, one in yen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.integration.models.orders_by_hand import LEEDS, LONDON, TOKYO, Order, Refund, Sale

TITLES = (
    "</script><script>document.title='taken'</script>",
    "<img src=https://example.invalid/a.png onerror=\"document.title='taken'\">",
    '=HYPERLINK("https://example.invalid")',
    "Candle & holder",
    'White hanging heart T-light holder with a name of great length, "quoted"',
    "Ночник",
    *(f"Cup no. {number}" for number in range(8)),
)
BAG = "Party bag"
VISITS = (
    {"source": "Google", "utmParameters": {"source": "google", "medium": "cpc"}},
    {"source": "an unknown source"},
    {"source": "direct"},
)
FIRST_DAY = datetime(2025, 2, 3, 10)
DAYS = 491  # up to 9 June 2026
ORDERS = 70


def fill_three_stores(raw):
    """Orders of a few persons, discounts, returns and checkouts, from one seed."""
    random = Random(7)
    for shop, currency, zone in (
        (LONDON, "GBP", "Europe/London"),
        (LEEDS, "GBP", "Europe/London"),
        (TOKYO, "JPY", "Asia/Tokyo"),
    ):
        raw.shop(shop, zone, currency, "2025-01-01T00:00:00Z", "2025-01-02")
        for number in range(ORDERS):
            _order(raw, random, shop, number + 1000)
    for number in range(30):
        started = datetime(2026, 3, 20, 12) + timedelta(days=random.randrange(80))
        ended = started + timedelta(days=2) if number % 3 == 0 else None
        raw.checkout(number, _at(started), completed_at=ended and _at(ended))


def _order(raw, random, shop, number):
    placed = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    price = random.randrange(500, 9000)
    total = f"{price}" if shop == TOKYO else f"{price / 100:.2f}"
    title = TITLES[min(int(random.expovariate(0.4)), len(TITLES) - 1)]
    sale = Sale("PRODUCT", total, title=title, discount="5.00" if number % 4 == 0 else "0")
    sales = [sale, replace(sale, title=BAG, discount="0")] if number % 3 == 0 else [sale]
    refunds = []
    if number % 9 == 0:
        back = replace(sale, total=f"-{sale.total}", discount="0", quantity=-1)
        refunds = [Refund(number, _at(placed + timedelta(days=9)), (back,))]
    fields: dict[str, object] = {"email": f"person{random.randrange(ORDERS // 3)}@example.com"}
    if number % 4:
        visit = {"firstVisit": VISITS[number % 3]}
        fields["customerJourneySummary"] = visit
    else:
        fields["sourceName"] = "shopify_draft_order"
    fields["shippingAddress"] = {"country": ("France", "Japan", "Peru")[number % 3]}
    Order(number, _at(placed), *sales, refunds=refunds, shop=shop, **fields).land(raw)


def _at(time):
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
