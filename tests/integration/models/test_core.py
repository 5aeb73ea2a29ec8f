"""Orders, checkouts and the ledger, on cases written by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartwheel.core.shop_language import language_in
from tests.integration.models.conftest import LONDON, TOKYO


@pytest.mark.parametrize(
    ("order_id", "stage"),
    [
        pytest.param("103", "cancelled", id="cancelled"),
        pytest.param("203", "cancelled", id="refunded wins over fulfilled"),
        pytest.param("202", "shipped", id="fulfilled"),
        pytest.param("205", "processed", id="partially paid"),
        pytest.param("204", "checkout_completed", id="payment expired"),
        pytest.param("200", "processed", id="unknown status, but paid"),
        pytest.param("201", "checkout_completed", id="unknown status, not paid"),
    ],
)
def test_the_stage_of_an_order(two_shops, order_id, stage):
    """The first rule that matches gives the stage (docs/data-model.md#stages-of-a-deal)."""
    found = two_shops("select deal_stage from core.orders where order_id = ?", order_id)

    assert found == [(stage,)]


def test_an_unknown_status_is_a_warning(two_shops):
    """A status that Shopify added is counted in the run's warnings and fails nothing."""
    assert two_shops.verdict.failed == []
    assert any("unknown_financial_status" in line for line in two_shops.verdict.warnings)


@pytest.mark.parametrize(
    ("checkout_id", "state", "order_id"),
    [
        pytest.param("300", "abandoned", None, id="open for exactly 24 hours"),
        pytest.param("301", "pending", None, id="open for a second less"),
        pytest.param("302", "recovered", None, id="completed after 24 hours"),
        pytest.param("303", "completed", None, id="completed before"),
        pytest.param("304", "recovered", "320", id="an order carries its token"),
    ],
)
def test_the_outcome_of_a_checkout(two_shops, checkout_id, state, order_id):
    """24 hours after its creation an open checkout is abandoned, a completed one recovered."""
    found = two_shops(
        "select checkout_state, order_id from core.checkouts where checkout_id = ?", checkout_id
    )

    assert found == [(state, order_id)]


def test_a_shops_language_is_its_primary_locale(two_shops):
    """Of two stores, the one that was opened first and tells its language decides."""
    known = two_shops("select shop, primary_locale from staging.stg_shopify__shops")

    assert sorted(known) == [(LONDON, None), (TOKYO, "ja")]
    assert language_in(two_shops.settings.warehouse) == "ja"


def test_test_orders_are_left_out(two_shops):
    """An order in test mode is in no mart, and neither are its sales."""
    assert two_shops("select * from core.orders where order_id = '104'") == []
    assert two_shops("select * from core.sales where order_id = '104'") == []


def test_a_removed_line_is_gone(two_shops):
    """A line that its order no longer has is not in core.order_lines."""
    found = two_shops("select order_line_id from core.order_lines where order_id = '404'")

    assert found == [("404",)]


def test_a_day_is_the_shops_day(two_shops):
    """23:30 UTC on 1 June is 2 June in London's summer."""
    found = two_shops(
        "select sale_date::varchar, orders, new_customers, returning_customers "
        "from reports.daily_sales where sale_date between '2026-06-01' and '2026-06-03'"
    )

    assert found == [("2026-06-02", 3, 2, 1)]


def test_average_order_value_is_exact(two_shops):
    """20.00 over three orders is 6.6667: a decimal, rounded half up at the fourth place."""
    found = two_shops(
        "select average_order_value from reports.daily_sales where sale_date = '2026-06-02'"
    )

    assert found == [(Decimal("6.6667"),)]


@pytest.mark.parametrize(
    ("column", "amount"),
    [
        ("gross_sales", "13.0000"),
        ("discounts", "2.0000"),
        ("returns", "3.0000"),
        ("net_sales", "8.0000"),
        ("shipping", "5.0000"),
        ("taxes", "3.0000"),
        ("fees", "3.0000"),
        ("total_sales", "19.0000"),
        ("gift_card_sales", "6.0000"),
        ("tips", "5.0000"),
        ("all_sales", "30.0000"),
    ],
)
def test_each_kind_of_sale_has_its_column(two_shops, column, amount):
    """The columns are those of the ledger's definition; an unknown kind counts as a fee."""
    found = two_shops(f"select {column} from core.orders where order_id = '403'")

    assert found == [(Decimal(amount),)]


def test_every_model_is_built_from_nothing(empty_warehouse):
    """With empty raw tables all models and tests pass, and no mart holds a row."""
    rows = empty_warehouse(
        "select sum(estimated_size) from duckdb_tables() where schema_name in "
        "('core', 'hubspot', 'reports', 'workflows')"
    )

    assert empty_warehouse.verdict.failed == []
    assert rows == [(0,)]


def test_a_warning_says_what_was_found(two_shops):
    """A test that warns is told in a sentence, with the value and its orders."""
    [warning] = [
        each for each in two_shops.verdict.warnings if "unknown_financial_status" in each
    ]

    assert warning == (
        "2 orders have a financial status that Cartwheel does not know: ESCROWED "
        "(#200 of london.myshopify.com, #201 of london.myshopify.com) "
        "(unknown_financial_status_of_orders)"
    )
