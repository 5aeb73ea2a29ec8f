"""A made-up store that holds what the real one lacks, against the ledger that it states."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.end_to_end.test_real_store import LEDGER_SQL, exactly, ledger_row


@pytest.mark.parametrize(
    ("period", "format_"), [("daily", "%Y-%m-%d"), ("monthly", "%Y-%m")], ids=["day", "month"]
)
def test_daily_sales_equal_the_stated_ledger(generated, ledger, period, format_):
    """Every day and month of reports.daily_sales has the figures that the generator states."""
    rows = generated.rows(
        f"select strftime(sale_date, '{format_}') as period, {LEDGER_SQL}"
        " from reports.daily_sales group by all"
    )

    found = {row[0]: tuple(map(exactly, row[1:])) for row in rows}
    assert found == {
        key: ledger_row(value) for key, value in ledger["sales_ledger"][period].items()
    }


def test_the_stated_totals_agree(generated, ledger):
    """The sums over all days are the stated totals, none of them trivially zero."""
    (row,) = generated.rows(f"select {LEDGER_SQL} from reports.daily_sales")

    assert tuple(map(exactly, row)) == ledger_row(ledger["sales_ledger"]["total"])
    assert all(row)


COUNTS = {
    "orders": "select count(*) from core.orders",
    "cancelled_orders": "select count(*) from core.orders where cancelled_at is not null",
    "contacts": "select count(*) from hubspot.contacts",
    "deals": "select count(*) from hubspot.deals",
    "products": "select count(*) from core.products where not is_deleted",
    "variants": "select count(*) from hubspot.products",
    "line_items": "select count(*) from hubspot.line_items",
    "invalid_emails": """select count(distinct lower(trim(email)))
        from hubspot.quarantined_contacts""",
}


@pytest.mark.parametrize("name", COUNTS)
def test_stated_count(generated, ledger, name):
    """The warehouse holds as many as the generator says it made."""
    assert Decimal(generated.value(COUNTS[name])) == Decimal(ledger["counts"][name])


def test_deal_amounts_are_as_stated(generated, ledger):
    """The deals of each currency are worth as much as the generator says."""
    found = dict(
        generated.rows("select deal_currency_code, sum(amount) from hubspot.deals group by all")
    )

    stated = ledger["counts"]["deal_amount_total"]
    assert found == {currency: Decimal(amount) for currency, amount in stated.items()}


def test_deals_stand_in_their_stages(generated, ledger):
    """The deals of each of the six stages are as many as stated."""
    found = dict(generated.rows("select dealstage, count(*) from hubspot.deals group by all"))

    assert found == {k: v for k, v in ledger["counts"]["deals_by_stage"].items() if v}
    assert len(found) == 6


def test_new_and_returning_customers(generated, ledger):
    """Persons with a first and with a later order are as many as stated."""
    assert generated.rows(
        "select count(distinct person_key) filter (order_index = 1),"
        " count(distinct person_key) filter (order_index > 1) from core.orders"
    ) == [(ledger["counts"]["new_customers"], ledger["counts"]["returning_customers"])]
