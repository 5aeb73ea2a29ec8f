"""The reports, on orders written by hand (docs/data-model.md#reports)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.orders_by_hand import Order, Sale
from tests.integration.models.report_cases import fill_report_cases

ADDING_UP = [
    *("orders_over_time", "revenue_over_time", "average_order_value_over_time"),
    *("customers_over_time", "abandoned_checkouts_over_time", "top_products"),
    *("revenue_by_source", "sales_by_country", "sales_by_product_type_and_vendor"),
    *("discounts_and_refunds_over_time", "cohorts"),
]


@pytest.fixture(scope="module")
def reports_otherwise(build):
    """The same with other vars: one order together makes a pair."""
    return build(fill_report_cases, otherwise=True)


@pytest.fixture(scope="module")
def end_of_march(landed, models, asking):
    """The shop's reports nearly two years later, when in London it is 31 March by now."""
    settings = landed(fill_report_cases)
    with open_warehouse(settings.warehouse) as connection:
        models.create(connection, now=datetime(2028, 3, 30, 23, 30))
    return asking(settings.warehouse)


def test_every_data_test_passes(reports):
    """The parts of each report add up to the whole."""
    assert reports.verdict.failed == []


@pytest.mark.parametrize("report", ADDING_UP)
def test_a_report_that_loses_a_row_is_found(reports, models, tmp_path, report):
    """Without one of its rows, whichever has figures, a report adds up no more."""
    path = Path(copy(reports.settings.warehouse, tmp_path))
    [measure] = reports(
        "select column_name from duckdb_columns() where schema_name = 'reports' "
        "and table_name = ? and column_name in ('net_sales', 'orders', 'abandoned', "
        "'new_customers', 'discounts', 'ordered_sales') order by column_index limit 1",
        report,
    )[0]
    with open_warehouse(path) as connection:
        connection.execute(
            f"delete from reports.{report} where rowid = "
            f"(select max(rowid) from reports.{report} where {measure} <> 0 "
            f"{'' if report == 'cohorts' else 'and grain = ' + repr('month')})"
        )
        verdict = models.judge(connection, report)

    assert [name for name in verdict.failed if name.startswith("adds_up")]
    of_grain = "" if report == "cohorts" else "grain month, "
    said = rf"adds_up\S*: .*shop \S+, currency GBP, {of_grain}.*\w+ \S+, \w+_in_the_whole \d"
    assert [line for line in verdict.told if re.match(said, line)], verdict.told


@pytest.mark.parametrize(
    ("period", "comparison", "first", "last"),
    [
        ("last_7_days", "none", "2026-06-03", "2026-06-09"),
        ("last_7_days", "previous_period", "2026-05-27", "2026-06-02"),
        ("last_7_days", "previous_year", "2025-06-03", "2025-06-09"),
        ("last_30_days", "none", "2026-05-11", "2026-06-09"),
        ("last_90_days", "previous_period", "2025-12-12", "2026-03-11"),
        ("month_to_date", "none", "2026-06-01", "2026-06-10"),
        ("month_to_date", "previous_period", "2026-05-01", "2026-05-10"),
        ("last_month", "none", "2026-05-01", "2026-05-31"),
        ("last_month", "previous_period", "2026-04-01", "2026-04-30"),
        ("last_month", "previous_year", "2025-05-01", "2025-05-31"),
        ("year_to_date", "none", "2026-01-01", "2026-06-10"),
        ("year_to_date", "previous_period", "2025-01-01", "2025-06-10"),
        ("last_12_months", "none", "2025-06-10", "2026-06-09"),
        ("last_12_months", "previous_year", "2024-06-10", "2025-06-09"),
        ("all_time", "none", "2026-04-01", "2026-06-10"),
    ],
)
def test_periods_count_back_from_today(reports, period, comparison, first, last):
    """A fixed period is known by the shop's day, and is compared with as long a one."""
    found = reports(
        "select period_start, period_end from reports.periods "
        "where period = ? and comparison = ?",
        *(period, comparison),
    )

    assert found == [(date.fromisoformat(first), date.fromisoformat(last))]


@pytest.mark.parametrize(
    ("period", "comparison", "first", "last"),
    [
        ("last_month", "none", "2028-02-01", "2028-02-29"),
        ("last_month", "previous_year", "2027-02-01", "2027-02-28"),
        ("month_to_date", "previous_period", "2028-02-01", "2028-02-29"),
        ("last_12_months", "none", "2027-03-31", "2028-03-30"),
    ],
)
def test_periods_at_the_end_of_a_month(end_of_march, period, comparison, first, last):
    """On 31 March of a leap year February is compared with all of February."""
    found = end_of_march(
        "select period_start, period_end from reports.periods "
        "where period = ? and comparison = ?",
        *(period, comparison),
    )

    assert found == [(date.fromisoformat(first), date.fromisoformat(last))]


def test_today_is_the_shops_and_not_the_last_days_with_data(end_of_march):
    """Long after the last order the last seven days are empty."""
    assert end_of_march("select distinct today from reports.periods") == [(date(2028, 3, 31),)]
    assert end_of_march("from reports.revenue_over_time where period = 'last_7_days'") == []


def test_a_store_names_the_time_zone_of_its_days(end_of_march):
    """The clock by which it is 31 March already stands in reports.stores."""
    found = end_of_march("select distinct time_zone, today from reports.stores")

    assert found == [("Europe/London", date(2028, 3, 31))]


@pytest.mark.parametrize(
    ("grain", "start", "counts"),
    [
        ("day", "2026-04-15", (1, 0, 1, 0)),
        ("month", "2026-04-01", (2, 2, 1, 1)),
        ("month", "2026-05-01", (1, 1, 0, 0)),
        ("quarter", "2026-04-01", (3, 3, 2, 2)),
    ],
)
def test_customers_are_distinct_persons_of_their_stretch(reports, grain, start, counts):
    """Who orders twice in a month is one customer of it, new and returning."""
    found = reports(
        "select customers, new_customers, returning_customers, new_and_returning_customers "
        "from reports.customers_over_time where grain = ? and period_start = ?",
        *(grain, date.fromisoformat(start)),
    )

    assert found == [counts]


def test_an_average_is_that_of_the_whole_stretch(reports):
    """15, 10 and 14 over three orders are 13; the cancelled order of May counts in none."""
    found = reports(
        "select period_start::varchar, ordered_sales, orders_not_cancelled, "
        "average_order_value from reports.average_order_value_over_time "
        "where grain = 'month' order by 1"
    )

    assert found == [
        ("2026-04-01", 39, 3, 13),
        ("2026-05-01", 13, 2, Decimal("6.5")),
        ("2026-06-01", 5, 1, 5),
    ]


def test_a_stretch_is_complete_when_it_is_over(reports):
    """On 10 June May is over; June, its week and its quarter are not."""
    found = reports(
        "select grain, is_complete from reports.revenue_over_time "
        "where grain in ('week', 'month', 'quarter') "
        "and '2026-06-10' between period_start and period_end order by 1"
    )
    [(may,)] = reports(
        "select is_complete from reports.revenue_over_time "
        "where grain = 'month' and period_start = '2026-05-01'"
    )

    assert found == [("month", False), ("quarter", False), ("week", False)]
    assert may


def test_cohorts_are_by_the_month_of_the_first_order(reports):
    """Retention, and what a customer of the cohort was worth up to each month.

    The row without a cohort holds the guest and who only cancelled.
    """
    found = reports(
        "select cohort_month::varchar, months_since_first_order, customers, "
        "customers_who_ordered, retention, orders, net_sales, "
        "cumulative_net_sales_per_customer from reports.cohorts order by all nulls last"
    )

    assert found == [
        ("2026-04-01", 0, 2, 2, 1, 3, 39, Decimal("19.5")),
        ("2026-04-01", 1, 2, 0, 0, 0, 0, Decimal("19.5")),
        ("2026-04-01", 2, 2, 1, Decimal("0.5"), 1, 5, 22),
        ("2026-05-01", 0, 1, 1, 1, 1, 10, 10),
        ("2026-05-01", 1, 1, 0, 0, 0, -10, 0),
        (None, None, None, 0, None, 0, 3, None),
    ]


def test_first_products_and_who_came_back(reports):
    """Ann and Bob came back after 14 and 68 days; Cid, who began with a cup, did not."""
    found = reports(
        "select title, customers, returning_customers, repeat_rate, "
        "average_days_to_second_order, orders, net_sales from reports.first_products order by 1"
    )

    assert found == [
        ("Cup", 3, 2, Decimal("0.666667"), 41, 5, 44),
        ("Saucer", 2, 2, 1, 41, 4, 44),
    ]


def test_a_first_product_s_currencies_are_never_added(landed, models, asking):
    """Ann buys a cup in euros as well: she counts once, and no euro is added to a pound."""

    def fill(raw):
        fill_report_cases(raw)
        euros = {"currencyCode": "EUR", "email": "ann@example.com"}
        Order(8, "2026-05-20T12:00:00Z", Sale("PRODUCT", "70.00"), **euros).land(raw)

    settings = landed(fill)
    with open_warehouse(settings.warehouse) as connection:
        models.create(connection)
    ask = asking(settings.warehouse)

    assert ask(
        "select currency, title, customers, returning_customers, orders, net_sales "
        "from reports.first_products order by all"
    ) == [("GBP", "Cup", 3, 2, 6, 44), ("GBP", "Saucer", 2, 2, 5, 44)]
    assert ask("select currency, sum(net_sales) from core.orders group by 1 order by 1")[0] == (
        "EUR",
        70,
    )


def test_time_between_orders_is_in_whole_weeks(reports):
    """Fourteen days are two weeks, 68 days nine; half came back within two."""
    found = reports(
        "select orders_between, weeks, intervals, days, cumulative_share "
        "from reports.time_between_orders order by all"
    )

    assert found == [
        ("first to second", 2, 1, 14, Decimal("0.5")),
        ("first to second", 9, 1, 68, 1),
    ]


def test_products_bought_together(reports_otherwise):
    """Cup and saucer: 2 of 6 orders; 2 of 4 with a cup; no more often than by chance."""
    found = reports_otherwise(
        "select title, other_title, orders, orders_with_product, orders_with_other_product, "
        "orders_with_both, support, confidence, other_confidence, lift "
        "from reports.products_bought_together"
    )

    assert found == [
        ("Cup", "Saucer", 6, 4, 3, 2, *map(Decimal, ("0.333333", "0.5", "0.666667", "1")))
    ]


def test_rare_pairs_are_left_out(reports):
    """Two orders are fewer than the five that the var asks for."""
    assert reports("from reports.products_bought_together") == []


def test_checkouts_that_came_back(reports):
    """Two were left for 24 hours, one of them came back; the third was quick."""
    found = reports(
        "select abandoned, recovered, still_open, recovery_rate, abandoned_value, "
        "recovered_revenue from reports.abandoned_checkouts_over_time where grain = 'month'"
    )

    assert found == [(2, 1, 1, Decimal("0.5"), 10, 5)]


def test_countries_and_sources_have_an_unknown_row(reports):
    """What nobody knows is a row, so that the parts sum to the whole."""
    countries = reports(
        "select country, orders, net_sales from reports.sales_by_country "
        "where period = 'all_time' order by 1"
    )
    sources = reports(
        "select source, orders, net_sales from reports.revenue_by_source "
        "where period = 'all_time' and dimension = 'first_utm_medium' order by 1"
    )

    assert countries == [("France", 1, 14), ("unknown", 6, 33)]
    assert sources == [("cpc", 1, 15), ("unknown", 6, 32)]


def test_discounts_and_what_comes_back(reports):
    """In all time 1 of 58 was a discount and 20 came back, of two of seven orders."""
    found = reports(
        "select orders, orders_with_a_discount, orders_with_a_return, gross_sales, discounts, "
        "returns, discount_rate, return_rate from reports.discounts_and_refunds_over_time "
        "where period = 'all_time'"
    )

    assert found == [
        (7, 1, 2, 68, 1, 20, Decimal("0.014706"), Decimal("0.294118")),
    ]


def test_segments_hold_every_customer(reports):
    """Scores and segment of each, with what they bought."""
    assert reports(
        "select sum(customers), sum(orders), sum(net_sales), min(currency) "
        "from reports.rfm_segments"
    ) == [(3, 5, 44, "GBP")]


def test_sync_health_is_empty_before_the_first_run(reports):
    """Nothing ran: there is no row."""
    assert reports("from reports.sync_health") == []


def test_sync_health_is_a_view(reports):
    """What a run writes down shows at once, without a build."""
    with open_warehouse(reports.settings.warehouse) as connection:
        connection.execute(
            "insert into ops.load_runs values "
            "('load-1', '2026-06-10 10:00', '2026-06-10 10:01', 'succeeded', 3, null, null),"
            "('load-2', '2026-06-10 11:00', null, 'running', 0, null, null)"
        )
        connection.execute(
            "insert into ops.quality_runs values ('check-1', '2026-06-10 12:00', "
            "'2026-06-10 12:00:04', false, 9, 1, 2, 'hubspot.deals: rows: 1')"
        )
    found = reports(
        "select step, run_id, seconds, is_last, status, records_changed, "
        "checks_passed, checks_warned, checks_failed, message "
        "from reports.sync_health order by started_at"
    )
    with open_warehouse(reports.settings.warehouse) as connection:
        connection.execute("delete from ops.load_runs; delete from ops.quality_runs")

    nothing = (None, None, None, None)
    assert found == [
        ("load", "load-1", 60, False, "succeeded", 3, *nothing),
        ("load", "load-2", None, True, "running", 0, *nothing),
        ("check", "check-1", 4, True, "failed", None, 6, 2, 1, "hubspot.deals: rows: 1"),
    ]
