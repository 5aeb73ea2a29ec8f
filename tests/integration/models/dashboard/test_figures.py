"""The page holds the reports' figures, all of them and nothing else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import SettingsError, WarehouseError
from cartwheel.core.warehouse import open_warehouse
from dashboard.cards import read_cards
from dashboard.catalogue import GRAINS, REPORTS
from dashboard.choice import Choice
from dashboard.figures import read_figures
from dashboard.page import write_dashboard
from tests.integration.models.dashboard.conftest import data_of

OVER_TIME = [report for report in REPORTS if report.is_over_time]
STEPS = {"day": "1 day", "week": "7 day", "month": "1 month", "quarter": "3 month"}
RANKINGS = [report for report in REPORTS if report.form == "ranking"]


def named(report):
    return report.key


def units(value, scope):
    """An amount in the currency's smallest units."""
    return int(Decimal(value) * 10**scope.digits)


def of_mart(stores, report, scope, condition, *groups):
    """The stored columns of a report, summed over a scope, by groups."""
    sums = ", ".join(f"sum({column.name})" for column in report.stored)
    rows = stores(
        f"select {', '.join([*groups, sums])} from reports.{report.key} "
        f"where currency = ? and list_contains(?, shop) and {condition} "
        f"{'group by ' + ', '.join(groups) if groups else ''}",
        scope.currency,
        list(scope.shops),
    )
    width = len(groups)
    return {
        row[:width]: [
            units(value, scope) if column.kind == "money" else value
            for column, value in zip(report.stored, row[width:], strict=True)
        ]
        for row in rows
    }


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("report", OVER_TIME, ids=named)
def test_each_bucket_is_the_mart_s(stores, figures, report, grain):
    """Day by day, week by week: what the mart has, and zero where it has no row."""
    for scope in figures.scopes:
        expected = of_mart(stores, report, scope, f"grain = '{grain}'", "period_start")
        starts = [
            day
            for (day,) in stores(
                "select unnest(generate_series($1::date, $1::date + interval 3 year, "
                f"interval {STEPS[grain]}))::date limit $2",
                *scope.axes[grain],
            )
        ]
        found = figures.rows[report.key][scope.key][grain]
        for place, column in enumerate(found):
            wanted = [expected.get((day,), [0] * len(found))[place] for day in starts]
            assert (column or [0] * len(starts)) == wanted
        assert {day for (day,) in expected} <= set(starts)


@pytest.mark.parametrize("report", OVER_TIME, ids=named)
def test_each_period_is_the_mart_s(stores, figures, report):
    """The fixed periods and what each is compared with are counted afresh by the mart."""
    for scope in figures.scopes:
        expected = of_mart(stores, report, scope, "grain = 'period'", "period", "comparison")
        found = {
            (period, comparison): values
            for period, by_comparison in figures.rows[report.key][scope.key]["period"].items()
            for comparison, values in by_comparison.items()
        }
        assert found == expected


@pytest.mark.parametrize("report", RANKINGS, ids=named)
def test_a_ranking_s_parts_sum_to_the_whole(stores, figures, report):
    """What is beyond the greatest stands in one row; nothing is lost."""
    for scope in figures.scopes:
        for dimension, periods in figures.rows[report.key][scope.key].items():
            condition = "grain = 'period' and comparison = 'none'"
            if dimension:
                condition += f" and dimension = '{dimension}'"
            expected = of_mart(stores, report, scope, condition, "period")
            for period, table in periods.items():
                sums = [sum(column) for column in zip(*table["rows"], strict=True)]
                assert sums == expected[(period,)]
                assert len(table["rows"]) <= report.most + 1
            assert {period for (period,) in expected} == set(periods)


def test_the_bridge_leads_from_deals_to_total_sales(stores, figures):
    """The steps between the first and the last row are their difference."""
    for scope in figures.scopes:
        rows = [row[0] for row in figures.rows["sales_bridge"][scope.key]["rows"]]
        assert sum(rows[:-1]) == rows[-1]
        [whole] = of_mart(
            stores,
            OVER_TIME[0],
            scope,
            "grain = 'period' and period = 'all_time'",
            "comparison",
        ).values()
        assert rows[-1] == whole[-1]


def test_cohorts_lose_nobody(stores, figures):
    """Each cohort's first month holds all of it, and its money is the mart's."""
    for scope in figures.scopes:
        of = figures.rows["cohorts"][scope.key]
        ordered, bought = of["columns"]
        assert [row[0] for row in ordered] == of["customers"]
        [(net_sales,)] = stores(
            "select sum(net_sales) from reports.cohorts where currency = ? "
            "and list_contains(?, shop) and cohort_month is not null",
            scope.currency,
            list(scope.shops),
        )
        assert sum(row[-1] for row in bought) == units(net_sales, scope)


def test_first_products_are_compared_with_everybody(stores, figures):
    """All persons with a first order, and those who came back, each store's once."""
    for scope in figures.scopes:
        found = figures.rows["first_products"][scope.key]
        persons = stores(
            "select shop, person_key, count(*) from core.orders where order_index is not null "
            "and person_key is not null and list_contains(?, shop) group by all",
            list(scope.shops),
        )
        assert found["everybody"] == [len(persons), sum(row[2] > 1 for row in persons)]
        [(products,)] = stores(
            "select count(distinct (shop, product_line)) from reports.first_products "
            "where list_contains(?, shop)",
            list(scope.shops),
        )
        assert found["all"] == products


def test_everybody_who_entered_a_workflow_is_shown(stores, figures):
    """The rows of each workflow sum to what is remembered of its enrolments."""
    for scope in figures.scopes:
        found = figures.rows["workflow_performance"][scope.key]
        entered: dict[str, int] = {}
        for (_, workflow, _), (count, *_) in zip(found["labels"], found["rows"], strict=True):
            entered[workflow] = entered.get(workflow, 0) + count
        remembered = stores(
            "select workflow, count(*) from ops.enrolments where currency = ? "
            "and list_contains(?, shop) group by all",
            scope.currency,
            list(scope.shops),
        )
        assert entered == dict(remembered) != {}


def test_currencies_are_never_added(figures):
    """Stores are put together only where they share a currency."""
    assert [(scope.key, scope.label, scope.shops) for scope in figures.scopes] == [
        ("all-GBP", "", ("leeds.myshopify.com", "london.myshopify.com")),
        ("leeds", "leeds.myshopify.com", ("leeds.myshopify.com",)),
        ("london", "london.myshopify.com", ("london.myshopify.com",)),
        ("tokyo", "tokyo.myshopify.com", ("tokyo.myshopify.com",)),
    ]


def test_one_store_alone(stores):
    """With --shop there is neither another store nor a report of all stores' persons."""
    figures = read_figures(stores.settings.warehouse, REPORTS, "london")

    assert [scope.key for scope in figures.scopes] == ["london"]
    assert figures.rows["rfm_segments"] == {}


def test_one_store_alone_shows_nothing_of_what_was_done_for_all(stores, tmp_path):
    """A load of all stores is no business of one; its own extract is."""
    path = Path(copy(stores.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        connection.execute(
            "insert into ops.load_runs (run_id, started_at, finished_at, status, writes) "
            "values ('load-1', now(), now(), 'succeeded', 123456)"
        )
        connection.execute(
            "insert into ops.extract_runs (run_id, shop, resource, started_at, finished_at, "
            "status) select 'run', shop, 'run', now(), now(), 'succeeded' from raw.shops"
        )
    write_dashboard(path, tmp_path / "all.html")
    write_dashboard(path, tmp_path / "one.html", Choice(shop="tokyo"))

    [of_all], [table] = (
        data_of(tmp_path / name)["rows"]["sync_health"].values()
        for name in ("all.html", "one.html")
    )
    assert 123456 in [row[3] for row in of_all["rows"]]
    assert [row[1:] for row in table["labels"]] == [["extract", "tokyo"]]


def test_a_name_that_somebody_gave_is_not_said_in_words(stores, tmp_path):
    """A product type called New is New in German; a stage and a run are German."""
    path = Path(copy(stores.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        connection.execute("update reports.sales_by_product_type_and_vendor set vendor = 'New'")
    write_dashboard(path, tmp_path / "page.html", Choice(language="de"))
    rows = data_of(tmp_path / "page.html")["rows"]

    kinds = rows["sales_by_product_type_and_vendor"]["london"][""]["all_time"]["labels"]
    assert {row[2] for row in kinds} == {"New"}
    stages = {row[1] for row in rows["orders_to_open"]["london"]["rows"]}
    assert stages == {"Bearbeitet"}


def test_an_unknown_store_is_named(stores):
    """A typo in the store's name says which there are."""
    with pytest.raises(SettingsError, match=r"no store paris. It has: leeds.*, london"):
        read_figures(stores.settings.warehouse, REPORTS, "paris")


@pytest.fixture
def reports_alone(stores, tmp_path):
    """The warehouse with nothing but the schema reports."""
    path = Path(copy(stores.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        for view in ("sync_health", "orders_to_open"):
            connection.execute(f"create table kept as from reports.{view}")
            connection.execute(f"drop view reports.{view}")
            connection.execute(f"create table reports.{view} as from kept; drop table kept")
        for (schema,) in connection.execute(
            "select distinct schema_name from duckdb_tables() union "
            "select schema_name from duckdb_views() where not internal"
        ).fetchall():
            if schema not in ("reports", "main"):
                connection.execute(f'drop schema "{schema}" cascade')
    return path


def test_page_and_digest_read_the_reports_alone(stores, reports_alone, tmp_path):
    """Without any other schema, both are the same."""
    for warehouse, name in ((stores.settings.warehouse, "a"), (reports_alone, "b")):
        write_dashboard(warehouse, tmp_path / name)

    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text()
    assert read_cards(reports_alone) == read_cards(stores.settings.warehouse)


def test_the_page_says_whether_test_orders_count(stores, tmp_path):
    """What var include_test_orders was when the reports were built, whatever it is by now."""
    path = Path(copy(stores.settings.warehouse, tmp_path))

    def footer():
        write_dashboard(path, tmp_path / "page.html", Choice(reports=("top_products",)))
        page = (tmp_path / "page.html").read_text()
        return page.partition("<footer>")[2].partition("</footer>")[0]

    left_out, counted = "Test orders are left out.", "Test orders are counted like others."
    assert left_out in footer()
    assert counted not in footer()
    with open_warehouse(path) as connection:
        connection.execute("update reports.stores set counts_test_orders = true")
    assert counted in footer()
    assert left_out not in footer()


def test_a_missing_report_names_the_next_command(tmp_path):
    """Before any transformation the error says what to run."""
    with open_warehouse(tmp_path / "w.duckdb"):
        pass

    with pytest.raises(WarehouseError, match="cartwheel transform"):
        read_figures(tmp_path / "w.duckdb", REPORTS)


def test_a_report_of_an_older_version_names_the_next_command(stores, tmp_path):
    """One that lacks a column is made anew by the command that the error names."""
    path = Path(copy(stores.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        connection.execute("alter table reports.stores drop column counts_test_orders")

    with pytest.raises(WarehouseError, match=r"counts_test_orders.* cartwheel transform"):
        read_figures(path, REPORTS[:1])


def test_before_the_first_order_there_is_a_page(empty_warehouse, tmp_path):
    """An empty warehouse is no error: the page says what to run."""
    report = write_dashboard(empty_warehouse.settings.warehouse, tmp_path / "page.html")

    assert report.reports == 0
    assert "There is no order yet" in report.path.read_text()


def test_a_title_cannot_end_the_script(written):
    """Text of a store is never markup: only the page's own scripts are in it."""
    text = written.read_text()

    assert text.count("</script>") == 3
    assert "<img" not in text
    labels = data_of(written)["rows"]["top_products"]["london"][""]["all_time"]["labels"]
    assert "</script><script>document.title='taken'</script>" in [row[1] for row in labels]


def test_a_page_that_cannot_be_written_is_told(stores, tmp_path):
    """The command ends with the file's name and what to do, not with a traceback."""
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "dashboard.html"

    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(stores.settings.warehouse)}).invoke(
        main, ["dashboard", "--output", str(target)]
    )

    assert done.exit_code == 1
    assert f"Error: {target} cannot be written" in done.output
