"""The checks that docs/quality.md tells how to add work as they are written there."""

from __future__ import annotations

import re
from shutil import copytree

import pytest

from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from quality.gate import check
from quality.suite import SUITES
from tests.data_quality.warehouse import Warehouse
from tests.integration.quality.conftest import damaged
from tests.unit.repository import ROOT

PAGE = (ROOT / "docs/quality.md").read_text()


def blocks(language):
    """The blocks of code of the page, in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def test_an_expectation_and_a_figure_of_ones_own(store, tmp_path):
    """The expectation stops the load with its rows; the figure is kept for later runs.

    So does an expectation of a file beside that of its table, which is named where it stops.
    """
    expectation, figure = blocks("yaml")
    suites = tmp_path / "suites"
    copytree(SUITES, suites)
    deals, sales = (suites / f"{name}.yml" for name in ("deals", "sales"))
    deals.write_text(deals.read_text().replace("\nfigures:", f"{expectation}\nfigures:"))
    sales.write_text(sales.read_text() + figure)
    own = expectation.replace("test_store_orders", "tried_orders")
    (suites / "own_deals.yml").write_text(
        f"table: hubspot.deals\nkey: shopify_deal_key\nexpectations:\n{own}"
    )
    wrong = damaged(store, "update hubspot.deals set dealname = 'TEST 1' where rowid = 4")

    report = check(wrong, silent, suites)

    assert [failure.partition(" (a.myshopify.com")[0] for failure in report.failures] == [
        "hubspot.deals: test_store_orders: 1 of 200 rows",
        "hubspot.deals: tried_orders: 1 of 200 rows",
    ]
    assert report.suites == ("quality/suites/deals.yml", "quality/suites/own_deals.yml")
    page = (report.docs_path.parent / "tables" / "hubspot.deals.html").read_text()
    assert page.count("^TEST") == 2
    with open_warehouse(wrong.warehouse, read_only=True) as connection:
        kept = connection.execute(
            "select part, observed, judged from ops.quality_results "
            "where expectation = 'discount_rate'"
        ).fetchall()
    assert kept == [("a.myshopify.com GBP", 0.0, 200)]


def test_a_case_of_ones_own(store):
    """The case passes where the query finds nothing, and shows the rows that it finds."""
    [code] = blocks("python")
    found: dict = {}
    exec(code, found)  # noqa: S102 - the page's own
    case = found["test_no_order_is_discounted_below_half"]

    case(Warehouse(store))
    with pytest.raises(
        pytest.fail.Exception, match=r"^1 rows fail:\nshop a\.my.*order_name #7"
    ):
        case(
            Warehouse(
                damaged(
                    store, "update core.orders set ordered_discounts = 30 where order_id = '7'"
                )
            )
        )


def test_the_queries_of_the_page_can_be_asked(store):
    """The query over the history of a figure gives a row per run."""
    check(store, silent)
    [query] = blocks("sql")

    with open_warehouse(store.warehouse, read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) == 1
