"""A figure is judged by earlier runs, once there are enough of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from quality.history import record
from quality.suite import read_suites
from tests.integration.quality.conftest import NOW, OPS, damaged, judged

# each figure somewhere else than it was: the fault, and what is told
FAULTS = {
    "half of the deals": (
        "delete from hubspot.deals where rowid % 2 = 0",
        "hubspot.deals: rows: 100, usually 200, should be from 160 to 1,000",
    ),
    "half of the people": (
        "delete from hubspot.contacts where rowid % 2 = 0",
        "contacts: rows",
    ),
    "half of the lines": ("delete from hubspot.line_items where rowid % 2 = 0", "items: rows"),
    "half of the ledger": ("delete from core.sales where rowid % 2 = 0", "core.sales: rows"),
    "a tenfold catalogue": (
        "insert into hubspot.products select p.* from hubspot.products p, range(9)",
        "hubspot.products: rows: 1,200, usually 120",
    ),
    "names lost lately": (
        "update hubspot.contacts set firstname = null, lastname = null where rowid % 3 = 0",
        "hubspot.contacts: blank_names: 0.3333, usually 0, should be from 0 to 0.2",
    ),
    "dates lost lately": (
        "update hubspot.deals set closedate = null where rowid % 3 = 0",
        "hubspot.deals: blank_close_dates: 0.335, usually 0",
    ),
    "SKUs lost": (
        "update hubspot.products set hs_sku = null where rowid % 3 = 0",
        "hubspot.products: blank_skus: 0.3333, usually 0",
    ),
    "products lost": (
        "update hubspot.line_items set shopify_product_key = null where rowid % 3 = 0",
        "hubspot.line_items: blank_products: 0.335, usually 0",
    ),
    "pence for pounds": (
        "update core.orders set ordered_gross_sales = ordered_gross_sales * 100",
        "core.sales: average_order_value of a.myshopify.com GBP: 4,200, usually 42, should be "
        "from 21 to 84",
    ),
    "a store that fell silent": (
        "update core.orders set placed_at = placed_at - interval 60 day where rowid % 10 > 0",
        "core.sales: orders_of_28_days of a.myshopify.com: 20, usually 200",
    ),
    "everything returned": (
        "update core.sales set returns = gross_sales",
        "core.sales: refund_rate of a.myshopify.com GBP: 1, usually 0",
    ),
    "deals rejected": (
        "insert into ops.hubspot_rejections select 'deals', 'k' || i from range(40) t (i)",
        "hubspot.deals: share_held_back: 0.2, usually 0, should be from 0 to 0.05",
    ),
    "contacts deleted by people": (
        "insert into ops.hubspot_records select 'contacts', 'k' || i, 'deleted_in_hubspot' "
        "from range(15) t (i)",
        "hubspot.contacts: share_held_back: 0.1, usually 0",
    ),
    "products quarantined": (
        "insert into hubspot.quarantined_products select i::varchar from range(30) t (i)",
        "hubspot.products: share_held_back: 0.2, usually 0",
    ),
}


@pytest.fixture
def grown(store: Settings) -> Settings:
    """The store with a catalogue that is large enough to judge, and the tables of a load."""
    with open_warehouse(store.warehouse) as connection:
        connection.execute(OPS)
    return store


def run_before(settings: Settings, times: int, *, passed: bool = True) -> None:
    """Keep what the gate finds now as so many earlier runs."""
    found = judged(settings)
    with open_warehouse(settings.warehouse) as connection:
        for number in range(times):
            at = NOW.replace(tzinfo=None) - timedelta(days=1 + number)
            record(connection, f"run {number}", at, found)
        if not passed:
            connection.execute("update ops.quality_runs set success = false")


def failed(settings: Settings) -> list[str]:
    """What the gate warns of now; it stops for no figure."""
    found = judged(settings)
    assert [str(each) for each in found if each.stops] == []
    return [each.in_short() for each in found if each.warns]


def test_each_figure_warns_where_it_changed(grown: Settings) -> None:
    """After five runs each fault is told with what is usual, and nothing else is told."""
    run_before(grown, 5)
    assert failed(grown) == []

    wrong = []
    for name, (statement, told) in FAULTS.items():
        warnings = failed(damaged(grown, statement))
        if not (len(warnings) == 1 and told in warnings[0]):
            wrong.append((name, warnings))

    assert wrong == []


def test_every_figure_has_its_fault() -> None:
    """Each figure of the suites is among the faults above."""
    told = " ".join(said for _, said in FAULTS.values())
    figures = {
        f"{suite.table.split('_')[-1].rpartition('.')[2]}: {figure.name}"
        for suite in read_suites()
        for figure in suite.figures
    }

    assert [figure for figure in sorted(figures) if figure not in told] == []


@pytest.mark.parametrize(("runs", "passed"), [(4, True), (5, False)])
def test_nothing_is_judged_without_enough_runs_that_passed(grown, runs, passed) -> None:
    """With four runs no average is odd, but a volume is; after runs that failed nothing is."""
    run_before(grown, runs, passed=passed)

    both = f"{FAULTS['pence for pounds'][0]}; {FAULTS['half of the deals'][0]}"

    warnings = failed(damaged(grown, both))

    assert [line.split(": ")[1] for line in warnings] == (["rows"] if passed else [])


def test_few_rows_are_not_judged(grown: Settings) -> None:
    """An average of a few orders may be anything."""
    run_before(grown, 5)
    few = "delete from core.orders where rowid > 50"

    warnings = failed(damaged(grown, f"{FAULTS['pence for pounds'][0]}; {few}"))

    assert [line for line in warnings if "average_order_value" in line] == []


def test_what_varied_may_vary(grown: Settings) -> None:
    """A figure that went up and down in earlier runs may do so again."""
    found = judged(grown)
    with open_warehouse(grown.warehouse) as connection:
        for number, times in enumerate((0.3, 1, 1.4, 0.6, 1, 1.7)):
            at = NOW.replace(tzinfo=None) - timedelta(days=1 + number)
            record(connection, f"run {number}", at, found)
            connection.execute(
                "update ops.quality_results set observed = observed * ? "
                "where run_id = ? and expectation = 'average_order_value'",
                [times, f"run {number}"],
            )

    more = FAULTS["pence for pounds"][0].replace("100", "2.5")
    assert failed(damaged(grown, more)) == []
    assert len(failed(damaged(grown, FAULTS["pence for pounds"][0]))) == 1
