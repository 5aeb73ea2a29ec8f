"""Defects of the best-known peer about people, orders and checkouts: here each is a test.

The others, about the ledger, stand in a file of their own.
"""

from __future__ import annotations

from cartwheel.build.dbt import dbt
from tests.integration.models.many_cases import GUESTS, LONDON, PAST_2_53, TOKYO


def test_every_guest_is_a_person_of_their_own(many_cases):
    """(3) Of five guest orders on two days, three are a person's first and one a later one."""
    found = many_cases(
        "select sale_date::varchar, orders, new_customers, returning_customers "
        "from reports.daily_sales where shop = ? and sale_date between '2026-04-01' "
        "and '2026-04-02' order by sale_date",
        GUESTS,
    )

    assert found == [("2026-04-01", 4, 3, 0), ("2026-04-02", 2, 0, 1)]


def test_a_guest_without_email_is_neither_new_nor_returning(many_cases):
    """(3) Nobody's orders are not taken for one customer's."""
    found = many_cases(
        "select is_first_order, is_returning, order_index, person_key from core.orders "
        "where order_id in ('123', '125')"
    )

    assert found == [(False, False, None, None)] * 2


def test_orders_of_one_second_are_numbered_by_id(many_cases):
    """(4) Equal times are told apart by the id as a number, past 2^53 too."""
    found = many_cases(
        "select order_id, order_index, is_first_order from core.orders "
        "where person_key = 'tie@x.example' order by order_index"
    )

    assert found == [
        ("160", 1, True),
        ("1500", 2, False),
        (str(PAST_2_53), 3, False),
        (str(PAST_2_53 + 1), 4, False),
    ]


def test_one_of_the_orders_of_one_second_is_the_first_purchase(many_cases):
    """(4) One deal enters the workflow for new customers, and the day has one new customer."""
    entered = many_cases(
        "select order_id from workflows.new_customer where person_key = 'tie@x.example'"
    )
    counted = many_cases(
        "select new_customers, returning_customers from reports.daily_sales "
        "where shop = ? and sale_date = '2026-03-05'",
        GUESTS,
    )

    assert (entered, counted) == ([("160",)], [(1, 1)])


def test_a_completed_checkout_is_not_abandoned(many_cases):
    """(6) Whether Shopify or an order says that it was completed, it is in no audience."""
    states = many_cases(
        "select checkout_id, checkout_state from core.checkouts "
        "where checkout_id in ('320', '347') order by checkout_id"
    )
    enrolled = many_cases(
        "select checkout_id from workflows.abandoned_checkout "
        "where checkout_id in ('320', '347') and is_enrolled"
    )

    assert states == [("320", "recovered"), ("347", "completed")]
    assert enrolled == []


def test_an_empty_source_fails(build):
    """(10) A shop that counted orders and has none stops the build, whatever others have."""

    def fill(raw):
        for shop in (LONDON, TOKYO):
            raw.shop(shop, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
            raw.connection.execute(
                "insert into ops.sweeps values (?, 'orders', '2026-06-08', 1, 1, 'run')", [shop]
            )
        raw.order(1, "2026-03-01T10:00:00Z")

    results = dbt(build(fill).settings, "test", "--select", "no_source_is_silent")

    statuses = {result.node.name: str(result.status) for result in results}
    assert statuses["no_source_is_silent"] == "fail"


def test_a_source_that_was_emptied_since_passes(many_cases):
    """(10) The only product of a shop was deleted after the last count: nothing is amiss."""
    living = many_cases(
        "select count(*) from core.products where shop = ? and not is_deleted", TOKYO
    )

    assert living == [(0,)]
    assert many_cases("select sum(failed) from ops.transform_runs") == [(0,)]
