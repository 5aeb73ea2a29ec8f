"""The gate stops broken contracts, warns of odd values, and lets good stores through."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from cartwheel.core.clock import machine_time
from cartwheel.core.errors import QualityGateClosed, SettingsError, WarehouseError
from cartwheel.core.ops import create_reported_tables
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.gated import pass_gate
from quality.conditions import AGGREGATES, CONDITIONS, QUERY, ROW_COUNT
from quality.gate import check, judge_warehouse
from quality.suite import SUITES, read_suites
from tests.integration.quality.conftest import NOW, damaged, judged

STOPS = {
    "e-mail without domain": (
        "update hubspot.contacts set email = 'adalovelace@' where email like 'p1@%'",
        "hubspot.contacts: malformed_emails: 1 of 150 rows (customer 1)",
    ),
    "e-mail in capitals": (
        "update hubspot.contacts set email = upper(email)",
        "hubspot.contacts: malformed_emails: 150 of 150 rows",
    ),
    "e-mail that is too long": (
        "update hubspot.contacts set email = repeat('x', 250) || email where email like 'p1@%'",
        "hubspot.contacts: emails_of_impossible_length: 1 of 150 rows (customer 1)",
    ),
    "e-mail with an endless domain": (
        "update hubspot.contacts set email = email || repeat('m', 62) where email like 'p1@%'",
        "hubspot.contacts: emails_of_impossible_domain: 1 of 150 rows (customer 1)",
    ),
    "deal key without store": (
        "update hubspot.deals set shopify_deal_key = 'order:1' "
        "where shopify_deal_key like '%:1'",
        "hubspot.deals: malformed_keys: 1 of 200 rows (order:1)",
    ),
    "product key of another kind": (
        "update hubspot.products set shopify_product_key = 'a.myshopify.com/sku:1'",
        "hubspot.products: malformed_keys: 120 of 120 rows",
    ),
    "line key of another kind": (
        "update hubspot.line_items set shopify_line_item_key = '17'",
        "hubspot.line_items: malformed_keys: 400 of 400 rows",
    ),
    "deal currency by symbol": (
        "update hubspot.deals set deal_currency_code = '£' where shopify_deal_key like '%:7'",
        "hubspot.deals: malformed_currencies: 1 of 200 rows (a.myshopify.com/order:7)",
    ),
    "line currency in small letters": (
        "update hubspot.line_items set hs_line_item_currency_code = 'gbp'",
        "hubspot.line_items: malformed_currencies: 400 of 400 rows",
    ),
    "sale currency by name": (
        "update core.sales set currency = 'pounds'",
        "core.sales: malformed_currencies: 400 of 400 rows (a.myshopify.com/sale:0-0, ",
    ),
    "product prices lost": (
        "update hubspot.products set price = null where rowid > 9",
        "hubspot.products: share_without_price: 110 of 120 rows, should be at most 50 % of the",
    ),
}

WARNINGS = {
    "a negative deal": (
        "update hubspot.deals set amount = -1 where shopify_deal_key like '%:7'",
        "hubspot.deals: negative_amounts: 1 of 200 rows (a.myshopify.com/order:7)",
    ),
    "an order in the future": (
        "update hubspot.deals set closedate = '2027-01-01' where shopify_deal_key like '%:7'",
        "hubspot.deals: closedate_in_the_future: 1 of 200 rows (a.myshopify.com/order:7)",
    ),
    "nobody with a name": (
        "update hubspot.contacts set firstname = null, lastname = null",
        "hubspot.contacts: share_without_any_name: 150 of 150 rows",
    ),
    "a discount above the price": (
        "update hubspot.line_items set discount = 21 where shopify_line_item_key like '%:7'",
        "hubspot.line_items: discounts_above_price: 1 of 400 rows (a.myshopify.com/line:7)",
    ),
    "a product without a web address": (
        "update hubspot.products set hs_url = 'shop/seven' where hs_sku = 'SKU7'",
        "hubspot.products: malformed_urls: 1 of 120 rows (a.myshopify.com/variant:7)",
    ),
    "a sale type from a newer Shopify": (
        "update core.sales set line_type = 'unknown' where sale_id = '7-0'",
        "core.sales: sales_of_unknown_type: 1 of 400 rows (a.myshopify.com/sale:7-0)",
    ),
}

# six of ten rows lack what they should have, the others have it in every wrong way
WRECK = """
update hubspot.contacts set
    email = if(rowid = 0, 'a@b.' || repeat('m', 64), 'x'), firstname = null, lastname = null,
    shopify_total_spent = -1, shopify_created_at = '2030-01-01';
update hubspot.deals set
    shopify_deal_key = 'x',
    amount = if(rowid % 2 = 0, 2e9, -1),
    deal_currency_code = '£',
    closedate = case when rowid % 10 > 5 then timestamp '2030-01-01' end,
    shopify_created_at = '2030-01-01';
update hubspot.products set
    shopify_product_key = 'x', price = case when rowid % 10 > 5 then -1 end, hs_sku = null,
    hs_url = 'x', shopify_created_at = '2030-01-01';
update hubspot.line_items set
    shopify_line_item_key = 'x', price = case when rowid % 10 > 5 then -1 end, discount = 1,
    quantity = 1000000, shopify_product_key = null, hs_line_item_currency_code = 'gbp';
update core.sales set
    happened_at = '2030-01-01', line_type = 'unknown', gross_sales = -1, total_sales = 2e9,
    currency = 'pounds';
"""


def test_a_store_in_order_passes(store: Settings) -> None:
    """A warehouse without a flaw passes with neither failure nor warning, and is kept."""
    report = check(store, silent)

    assert (report.success, report.failures, report.warnings) == (True, [], [])
    with open_warehouse(store.warehouse, read_only=True) as connection:
        runs = connection.execute(
            "select success, checks, failures, warnings, message from ops.quality_runs"
        ).fetchall()
        results = connection.execute("select count(*) from ops.quality_results").fetchone()
    assert runs == [(True, report.checks, 0, 0, "")]
    assert results == (report.checks,)


def test_a_store_without_orders_passes(empty_store: Settings) -> None:
    """Empty tables pass."""
    assert [each for each in judged(empty_store) if not each.success] == []


def test_each_broken_contract_stops(store: Settings) -> None:
    """Each broken contract closes the gate by itself, and is told with its rows."""
    untold = []
    for name, (statement, said) in STOPS.items():
        found = [each for each in judged(damaged(store, statement)) if each.stops]
        if not (len(found) == 1 and str(found[0]).startswith(said)):
            untold.append((name, [str(each) for each in found]))

    assert untold == []


def test_rows_that_were_judged_before_are_told(store: Settings) -> None:
    """Where nothing was built since the last check, a sync would judge the same rows again.

    Then the gate names what builds them again; after a build it does not.
    """

    def closed(built: datetime) -> str:
        with open_warehouse(wrong.warehouse) as connection:
            create_reported_tables(connection)
            connection.execute(
                "insert into ops.transform_runs (started_at, finished_at, status, message) "
                "values ($1, $1, 'succeeded', ''), (now(), now(), 'succeeded', 'nothing new')",
                [built],
            )
        with pytest.raises(QualityGateClosed) as caught:
            pass_gate(wrong, silent)
        return str(caught.value)

    check(store, silent)
    edited = "update hubspot.deals set deal_currency_code = '£' where rowid < 9"
    wrong = damaged(store, edited)
    again = r"Nothing was built since the check of .* UTC, which {}, .*: cartwheel sync --full$"

    assert re.search(again.format("passed"), closed(NOW.replace(tzinfo=None)))
    assert re.search(again.format("closed the gate too"), closed(NOW.replace(tzinfo=None)))
    assert closed(machine_time()).endswith(
        "fix the source or the model, or the check in quality/suites/deals.yml, then run: "
        "cartwheel sync"
    )


def test_odd_values_warn(store: Settings) -> None:
    """Odd but legal values leave the gate open, and each is told."""
    odd = damaged(store, ";".join(statement for statement, _ in WARNINGS.values()))

    report = check(odd, silent)

    assert report.success
    told = [warning for _, warning in WARNINGS.values()]
    assert [t for t in told if not any(line.startswith(t) for line in report.warnings)] == []
    assert len(report.warnings) == len(told)


def test_every_expectation_can_fail(store: Settings) -> None:
    """No expectation is written so that it always passes; its rows are kept by key."""
    wreck = damaged(store, WRECK)

    report = check(wreck, silent)

    with open_warehouse(wreck.warehouse, read_only=True) as connection:
        failed = connection.execute(
            "select table_name, expectation from ops.quality_results where not success"
        ).fetchall()
        rows = connection.execute(
            "select distinct table_name, expectation from ops.quality_rows"
        ).fetchall()
        message = connection.execute("select message from ops.quality_runs").fetchone()
    every = {(suite.table, each.name) for suite in read_suites() for each in suite.expectations}
    assert set(failed) - {("hubspot.contacts", "blank_names")} == every
    assert set(rows) == every
    assert not report.success
    assert message[0].startswith(
        "stops: hubspot.contacts: malformed_emails: 149 of 150 rows (customer"
    )
    assert re.search(r" / warns: \d+ more$", message[0])


def test_a_failure_shows_the_way_to_its_rows(store: Settings) -> None:
    """The query in a failure's sentence finds the rows that are broken."""
    wrong = damaged(store, "update hubspot.deals set deal_currency_code = '£' where rowid < 9")

    [failure] = [each for each in judged(wrong) if each.stops]

    query = str(failure).split("See: ")[1]
    with open_warehouse(wrong.warehouse, read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) == 9


def test_pages_show_rows_by_key_and_nothing_of_a_person(store: Settings) -> None:
    """The pages name the rows that fail; of a person there is a number or a hash, no value.

    They load nothing remote, each link leads somewhere, and text of Shopify's is no HTML.
    """
    said: list[str] = []
    wrong = damaged(
        store,
        "update hubspot.contacts set email = 'secret person' where email in "
        "('p1@example.com', 'p20@example.com');"
        "update hubspot.deals set amount = -17.25 where shopify_deal_key like '%:7';"
        "update hubspot.products set hs_url = '<b onclick=alert(1)>$x</b>' where rowid = 3",
    )

    report = check(wrong, said.append)

    site = report.docs_path.parent
    pages = {
        path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*.html")
    }

    assert set(pages) == {
        "index.html",
        *(f"tables/{suite.table}.html" for suite in read_suites()),
    }
    everything = " ".join([*said, *pages.values()])
    assert "secret" not in everything
    assert "<b onclick" not in everything
    for page in ("index.html", "tables/hubspot.contacts.html"):
        assert "customer 1<" in pages[page] or "customer 1, " in pages[page], page
        assert re.search(r"person [0-9a-f]{32}", pages[page]), page
        assert "aaaaaa aaaaaa" in pages[page], page
    for page in ("index.html", "tables/hubspot.deals.html"):
        assert "a.myshopify.com/order:7" in pages[page], page
        assert "-17.25" in pages[page], page
    assert "&lt;b onclick=alert(1)&gt;" in pages["tables/hubspot.products.html"]
    for name, text in pages.items():
        assert not re.findall(r"<script|(?:src|href)=\"https?:", text), name
        for link in re.findall(r'<a [^>]*href="([^"#]+)"', text):
            assert (site / name).parent.joinpath(link).resolve().is_file(), (name, link)


# of each type that the gate knows: kwargs with which the deals pass, and with which they fail
TYPES = {
    "expect_column_values_to_not_be_null": ("column: amount", "column: nothing"),
    "expect_column_values_to_be_null": ("column: nothing", "column: amount"),
    "expect_column_values_to_be_between": (
        "column: amount, min_value: 48, max_value: 48",
        "column: amount, min_value: 48, strict_min: true",
    ),
    "expect_column_value_lengths_to_be_between": (
        "column: deal_currency_code, max_value: 3",
        "column: deal_currency_code, max_value: 2",
    ),
    "expect_column_values_to_match_regex": (
        "column: deal_currency_code, regex: GB, mostly: 1",
        "column: dealname, regex: '^#1', mostly: 0.9",
    ),
    "expect_column_values_to_not_match_regex": (
        "column: dealname, regex: '^#1.$', mostly: 0.9",
        "column: dealname, regex: '^#1.$'",
    ),
    "expect_column_values_to_be_in_set": (
        "column: deal_currency_code, value_set: [GBP]",
        "column: deal_currency_code, value_set: [USD, EUR]",
    ),
    "expect_column_values_to_not_be_in_set": (
        "column: deal_currency_code, value_set: [USD]",
        "column: deal_currency_code, value_set: [GBP]",
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        "column_A: closedate, column_B: shopify_created_at",
        "column_A: amount, column_B: amount",
    ),
    "unexpected_rows_expectation": (
        "unexpected_rows_query: 'select * from {batch} where amount < 0'",
        "unexpected_rows_query: 'select * from {batch} where closedate < {now}'",
    ),
    "expect_column_max_to_be_between": (
        "column: amount, max_value: 48",
        "column: amount, max_value: 47.99",
    ),
    "expect_column_min_to_be_between": (
        "column: amount, min_value: 48",
        "column: amount, min_value: 48.01",
    ),
    "expect_column_mean_to_be_between": (
        "column: amount, min_value: 48",
        "column: amount, max_value: 40",
    ),
    "expect_column_median_to_be_between": (
        "column: amount, min_value: 48",
        "column: amount, max_value: 40",
    ),
    "expect_column_sum_to_be_between": (
        "column: amount, min_value: 9600",
        "column: amount, min_value: 9601",
    ),
    "expect_table_row_count_to_be_between": ("min_value: 200", "max_value: 199"),
}


def test_each_type_of_expectation_is_judged(store: Settings, tmp_path) -> None:
    """Every type that the gate knows can pass and can fail, and its page is drawn."""
    entries = [
        f"  {kind}_{name}:\n    {{type: {kind}, severity: {severity}, notes: n,\n"
        f"    kwargs: {{{kwargs}}}}}"
        for kind, both in TYPES.items()
        for name, kwargs, severity in zip(
            ("passes", "fails"), both, ("critical", "info"), strict=True
        )
    ]
    head = "table: hubspot.deals\nkey: shopify_deal_key\ncolumns: {nothing: null::varchar}\n"
    (tmp_path / "all.yml").write_text(head + "expectations:\n" + "\n".join(entries))
    [suite] = read_suites(tmp_path)
    found, _ = judge_warehouse(store, [suite], NOW.replace(tzinfo=None))

    report = check(store, silent, tmp_path)

    assert set(TYPES) == {*CONDITIONS, *AGGREGATES, QUERY, ROW_COUNT}
    assert {each.name for each in found if each.success} == {f"{kind}_passes" for kind in TYPES}
    assert (report.success, report.failures, report.warnings) == (True, [], [])


def test_a_missing_table_names_the_next_command(settings: Settings) -> None:
    """Before any transformation the gate says what to run."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("create schema core")

    with pytest.raises(WarehouseError, match="cartwheel transform"):
        check(settings, silent)


def test_a_warehouse_of_another_version_is_told(store: Settings) -> None:
    """The results of another version are not read as ours."""
    statement = "create schema ops; create table ops.quality_results (measure varchar)"
    with open_warehouse(store.warehouse) as connection:
        connection.execute(statement)

    with pytest.raises(WarehouseError, match=r"another version of Cartwheel: ops\.quality_res"):
        check(store, silent)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "column: colour, min_value: 0",
            r"deals\.yml, negative_amounts, asks for what hubspot\.deals cannot answer: Binder "
            r'Error: Referenced column "colour" not found in FROM clause\. Candidate bindings: '
            r'.*"closedate"\. Correct the file, then',
        ),
        ("min_value: 0", r"deals\.yml, negative_amounts, lacks 'column' in kwargs"),
        (
            "column: amount, min_value: 0, loudly: true",
            r"deals\.yml, negative_amounts: Great E",
        ),
    ],
)
def test_a_suite_that_cannot_be_asked_is_told(store: Settings, tmp_path, text, told) -> None:
    """A mistake in a suite names its file, the expectation and the next command."""
    suite = (SUITES / "deals.yml").read_text()
    assert "column: amount, min_value: 0}" in suite
    (tmp_path / "deals.yml").write_text(suite.replace("column: amount, min_value: 0", text, 1))

    with pytest.raises(SettingsError, match=rf"{told}.*run: cartwheel check"):
        check(store, silent, tmp_path)
