"""Orders that were processed years ago and booked when they were imported."""

from __future__ import annotations

import pytest

from tests.integration.models.compiled import failures
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


def test_new_and_returning_count_when_it_was_processed(history):
    """New in 2019, returning in February 2026, and nobody came in May, when it was booked."""
    assert history(
        "select sale_date::varchar, orders, new_customers, returning_customers"
        " from reports.daily_sales order by 1"
    ) == [("2019-03-01", 0, 1, 0), ("2026-02-03", 1, 0, 1), ("2026-05-04", 1, 0, 0)]


def test_customers_of_a_week_are_those_whose_orders_were_processed_in_it(history):
    """The weeks are those of the processing; in that of the booking nobody came."""
    assert history(
        "select period_start::varchar, new_customers, returning_customers"
        " from reports.customers_over_time where grain = 'week' order by 1"
    ) == [("2019-02-25", 1, 0), ("2026-02-02", 0, 1)]


def test_the_sales_stay_on_the_day_of_their_agreement(history):
    """The ledger says when a sale was booked, as Shopify's reports do."""
    assert history(
        "select sale_date::varchar, net_sales::integer from core.sales order by 1"
    ) == [("2026-02-03", 10), ("2026-05-04", 10)]


def test_the_warning_names_the_order(history):
    """The build warns of imported history, with the order and both days."""
    [warning] = failures(history.settings, "imported_history")

    assert f"#2 of {LONDON} (processed on 2019-03-01, booked on 2026-05-04)" in warning
    assert "#1 " not in warning
