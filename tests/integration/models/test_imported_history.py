"""Orders that were processed years ago and booked when they were imported."""

from __future__ import annotations

import pytest

from tests.integration.models.orders_by_hand import LONDON, Order, Sale

SOLD = Sale("PRODUCT", "10.00")
PROCESSED, BOOKED = "2019-03-01T12:00:00Z", "2026-05-04T12:00:00Z"
ANN = {"email": "ann@example.com"}


@pytest.fixture(scope="module")
def history(build):
    """A person's order of 2026, and one of 2019 that was imported after it."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2018-01-01T00:00:00Z")
        Order(1, "2026-02-03T12:00:00Z", SOLD, **ANN).land(raw)
        Order(2, PROCESSED, SOLD, booked=BOOKED, createdAt=BOOKED, **ANN).land(raw)

    return build(fill)


def test_the_order_index_goes_by_the_processing(history):
    """The imported order is the first one, and the other no new customer's any more."""
    assert history(
        "select order_id, order_index, is_first_order from core.orders order by 1"
    ) == [("1", 2, False), ("2", 1, True)]


@pytest.mark.parametrize(
    ("report", "start", "starts"),
    [
        ("daily_sales", "sale_date", ("2019-03-01", "2026-02-03", "2026-05-04")),
        ("weekly_sales", "week_start", ("2019-02-25", "2026-02-02", "2026-05-04")),
    ],
)
def test_new_and_returning_count_when_it_was_processed(history, report, start, starts):
    """New in 2019, returning in February 2026, and nobody came in May, when it was booked."""
    processed, bought, booked = starts

    assert history(
        f"select {start}::varchar, orders, new_customers, returning_customers"
        f" from reports.{report} order by 1"
    ) == [(processed, 0, 1, 0), (bought, 1, 0, 1), (booked, 1, 0, 0)]


def test_the_sales_stay_on_the_day_of_their_agreement(history):
    """The ledger says when a sale was booked, as Shopify's reports do."""
    assert history(
        "select sale_date::varchar, net_sales::integer from core.sales order by 1"
    ) == [("2026-02-03", 10), ("2026-05-04", 10)]


def test_the_warning_names_the_order(history, site):
    """The build warns of imported history, with the order and both days."""
    [warning] = site.failures(history.settings, "imported_history")

    assert f"#2 of {LONDON} (processed on 2019-03-01, booked on 2026-05-04)" in warning
    assert "#1 " not in warning
