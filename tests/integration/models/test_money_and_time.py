"""Money of every currency, with tax and without, and the shop's own days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.compiled import failures
from tests.integration.models.orders_by_hand import (
    CAIRO,
    CURRENCIES,
    KUWAIT,
    LONDON,
    TOKYO,
    Order,
    Refund,
    Sale,
)

ZONES = {
    LONDON: "Europe/London",
    TOKYO: "Asia/Tokyo",
    KUWAIT: "Asia/Kuwait",
    CAIRO: "Africa/Cairo",
}
MOMENTS = [
    pytest.param(LONDON, "2026-06-01T16:00:00Z", "2026-06-01", id="one instant in London"),
    pytest.param(TOKYO, "2026-06-01T16:00:00Z", "2026-06-02", id="and in Tokyo"),
    # the clocks of London go from 01:00 to 02:00
    pytest.param(LONDON, "2026-03-29T00:59:59Z", "2026-03-29", id="before the missing hour"),
    pytest.param(LONDON, "2026-03-29T01:00:00Z", "2026-03-29", id="after the missing hour"),
    pytest.param(LONDON, "2026-03-28T23:59:59Z", "2026-03-28", id="the day before is winter's"),
    pytest.param(LONDON, "2026-03-29T22:59:59Z", "2026-03-29", id="a day of 23 hours"),
    pytest.param(LONDON, "2026-03-29T23:00:00Z", "2026-03-30", id="summer's midnight"),
    # and from 02:00 back to 01:00
    pytest.param(LONDON, "2025-10-25T23:00:00Z", "2025-10-26", id="still summer's midnight"),
    pytest.param(LONDON, "2025-10-26T00:30:00Z", "2025-10-26", id="01:30 for the first time"),
    pytest.param(LONDON, "2025-10-26T01:30:00Z", "2025-10-26", id="01:30 once more"),
    pytest.param(LONDON, "2025-10-26T23:59:59Z", "2025-10-26", id="a day of 25 hours"),
    pytest.param(LONDON, "2025-10-27T00:00:00Z", "2025-10-27", id="winter's midnight"),
    # in Cairo the first hour of a day is missing, and the last one doubled
    pytest.param(CAIRO, "2025-04-24T21:59:59Z", "2025-04-24", id="before a missing midnight"),
    pytest.param(CAIRO, "2025-04-24T22:00:00Z", "2025-04-25", id="a day begins at 01:00"),
    pytest.param(CAIRO, "2025-10-30T20:30:00Z", "2025-10-30", id="23:30 for the first time"),
    pytest.param(CAIRO, "2025-10-30T21:30:00Z", "2025-10-30", id="23:30 once more"),
    pytest.param(CAIRO, "2025-10-30T22:00:00Z", "2025-10-31", id="the midnight after it"),
]
WITHOUT_TAX = (Sale("PRODUCT", "10.80", tax="1.80", discount="1.00", quantity=2),)
WITH_TAX = (Sale("PRODUCT", "10.80", tax="1.80", discount="1.00", quantity=2, seen="1.20"),)
HALF_BACK = (Sale("PRODUCT", "-5.40", tax="-0.90", discount="-0.50", quantity=-1),)
TAXED = {"without tax": "900", "with tax": "901"}
TAXED_DERIVED = {"without tax, derived": "902", "with tax, derived": "903"}


def _taxes_both_ways(raw):
    for number, included in ((900, False), (901, True), (902, False), (903, True)):
        back = Refund(number, "2026-02-03T12:00:00Z", HALF_BACK)
        sales = WITH_TAX if included else WITHOUT_TAX
        at = "2026-02-02T12:00:00Z"
        order = Order(number, at, *sales, refunds=[back], taxesIncluded=included)
        order.land(raw, agreements=number < 902)


def _currencies(raw):
    def presented(amount, currency):
        money = {"amount": "9.99", "currencyCode": "GBP"}
        other = {"amount": amount, "currencyCode": currency}
        return {
            "totalPriceSet": {"shopMoney": money, "presentmentMoney": other},
            "presentmentCurrencyCode": currency,
        }

    at = "2026-01-05T12:00:00Z"
    Order(910, at, Sale("PRODUCT", "9.99"), **presented("1951.0", "JPY")).land(raw)
    Order(911, at, Sale("PRODUCT", "9.99"), **presented("4.117", "KWD")).land(raw)
    yen = Sale("PRODUCT", "895", tax="81", discount="95", seen="105")
    fils = Sale("PRODUCT", "4.117", tax="0.196", discount="0.333", quantity=3)
    for number, agreements in ((920, True), (921, False)):
        Order(number, at, yen, shop=TOKYO, taxesIncluded=True).land(raw, agreements)
        Order(number, at, fils, shop=KUWAIT).land(raw, agreements)


def _money_on_its_way(raw):
    received = {"totalReceivedSet": Order(0, "").bag("10.80")}
    for number, money in ((930, "5.40"), (931, "5.39")):
        back = Refund(number, "2026-02-05T12:00:00Z", HALF_BACK, money)
        at = "2026-02-04T12:00:00Z"
        Order(number, at, *WITHOUT_TAX, refunds=[back], **received).land(raw)


@pytest.fixture(scope="module")
def shops(build):
    """Four shops of as many currencies and zones, with an order for each fact below."""

    def fill(raw):
        for domain, zone in ZONES.items():
            raw.shop(domain, zone, CURRENCIES[domain], "2025-01-01T00:00:00Z")
        for number, moment in enumerate(MOMENTS, start=100):
            shop, at, _ = moment.values
            Order(number, at, Sale("PRODUCT", "1.00"), shop=shop).land(raw)
        _taxes_both_ways(raw)
        _currencies(raw)
        _money_on_its_way(raw)

    return build(fill)


@pytest.mark.parametrize(("shop", "at", "day"), MOMENTS)
def test_a_sale_is_of_the_shops_day(shops, shop, at, day):
    """The day of an instant is the shop's, through both changes of its clocks."""
    found = shops(
        "select sale_date::varchar, placed_date::varchar from core.sales "
        "join core.orders using (shop, order_id) where shop = ? and happened_at = ?",
        *(shop, at.removesuffix("Z")),
    )

    assert found == [(day, day)]


def test_days_of_23_and_25_hours_are_whole(shops):
    """The report has each order on the shop's day, so that a day of any length has them all."""
    found = shops(
        "select sale_date::varchar, orders from reports.daily_sales where shop = ? and "
        "sale_date in ('2025-10-26', '2026-03-29') order by sale_date",
        LONDON,
    )

    assert found == [("2025-10-26", 4), ("2026-03-29", 3)]


@pytest.mark.parametrize("order_id", TAXED.values(), ids=TAXED)
def test_prices_with_tax_and_without_give_the_same_ledger(shops, order_id):
    """Gross, discounts, returns, net and tax are without regard to where the tax stood."""
    _the_same_ledger(shops, order_id)


@pytest.mark.parametrize("order_id", TAXED_DERIVED.values(), ids=TAXED_DERIVED)
def test_derived_sales_know_prices_with_tax(shops, order_id):
    """The same holds where the ledger is derived from lines with and without tax."""
    _the_same_ledger(shops, order_id)


def _the_same_ledger(ask, order_id):
    found = ask(
        "select gross_sales, discounts, returns, net_sales, taxes, total_sales "
        "from core.orders where order_id = ?",
        order_id,
    )

    assert found == [tuple(map(Decimal, ("10", "1", "4.5", "4.5", "0.9", "5.4")))]


@pytest.mark.parametrize(
    ("order_id", "total"),
    [
        pytest.param("910", "1951", id="no decimals"),
        pytest.param("911", "4.117", id="three"),
    ],
)
def test_what_the_buyer_saw_is_kept(shops, order_id, total):
    """A total in the buyer's currency is exact, whatever number of decimals that has."""
    found = shops(
        "select presentment_total, order_total from core.orders where order_id = ?", order_id
    )

    assert found == [(Decimal(total), Decimal("9.99"))]


@pytest.mark.parametrize("order_id", ["920", "921"], ids=["given", "derived"])
@pytest.mark.parametrize(
    ("shop", "amounts"),
    [
        pytest.param(TOKYO, ("909", "95", "814", "81", "895"), id="no decimals"),
        pytest.param(KUWAIT, ("4.254", "0.333", "3.921", "0.196", "4.117"), id="three"),
    ],
)
def test_the_ledger_is_exact_in_every_currency(shops, shop, amounts, order_id):
    """Yen are whole, fils thousandths, given by Shopify or derived with their own rounding."""
    found = shops(
        "select gross_sales, discounts, net_sales, taxes, all_sales from core.orders "
        "where shop = ? and order_id = ?",
        *(shop, order_id),
    )

    assert found == [tuple(map(Decimal, amounts))]


def test_money_that_a_refund_lacks_is_a_warning(shops):
    """A penny less than the refund's sales took back is counted: it may be on its way."""
    [warning] = failures(shops.settings, "money_of_a_refund_equals_its_sales")

    assert warning == (
        "1 refund gave back another amount than its sales took back: "
        "shop london.myshopify.com, refund_id 931, total_refunded 5.3900, taken_back -5.4000 "
        "(money_of_a_refund_equals_its_sales)"
    )


@pytest.mark.parametrize(
    ("cases", "day"),
    [pytest.param("many_cases", 1, id="Monday"), pytest.param("other_vars", 7, id="Sunday")],
)
def test_a_week_begins_on_the_day_that_is_asked_for(request, cases, day):
    """Each day's sales are in the week that begins on or less than seven days before it."""
    ask = request.getfixturevalue(cases)
    weeks = ask(
        "select distinct shop, period_start from reports.revenue_over_time where grain = 'week'"
    )
    days = ask("select distinct shop, sale_date from reports.daily_sales")

    assert len(weeks) > 5
    assert set(weeks) == {
        (shop, sold_on - timedelta(days=(sold_on.isoweekday() - day) % 7))
        for shop, sold_on in days
    }


def test_an_unknown_time_zone_is_named(landed, models):
    """A shop of which no day can be told stops the build, with its name and what to do."""
    settings = landed(
        lambda raw: raw.shop(LONDON, "Mars/Olympus", "GBP", "2025-01-01T00:00:00Z")
    )

    with open_warehouse(settings.warehouse) as connection:
        models.create(connection)
        told = models.judge(connection).told

    assert (
        f'the settings of {LONDON} (ianaTimezone is "Mars/Olympus", not a valid time zone; '
        "correct it in Shopify, then run: cartwheel sync)"
    ) in " ".join(told)
