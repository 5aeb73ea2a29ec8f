"""The gate stops broken contracts, warns of odd values, and lets good stores through."""

from __future__ import annotations

import re

import pytest

from cartwheel.core.errors import WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from quality.gate import check
from quality.rules import TABLES
from tests.nightly import mostly_nightly

STOPS = {
    "contacts lost": ("delete from hubspot.contacts", "hubspot.contacts: lost_rows"),
    "deals lost": ("delete from hubspot.deals", "hubspot.deals: lost_rows"),
    "products lost": ("delete from hubspot.products", "hubspot.products: lost_rows"),
    "line items lost": ("delete from hubspot.line_items", "hubspot.line_items: lost_rows"),
    "sales lost": ("delete from core.sales", "core.sales: lost_rows"),
    "e-mail without domain": (
        "update hubspot.contacts set email = 'ada@' where email like 'p1@%'",
        "hubspot.contacts: malformed_emails is 1",
    ),
    "e-mail in capitals": (
        "update hubspot.contacts set email = upper(email)",
        "hubspot.contacts: malformed_emails is 150",
    ),
    "deal key without store": (
        "update hubspot.deals set shopify_deal_key = 'order:1' where amount = 48",
        "hubspot.deals: malformed_keys",
    ),
    "product key of another kind": (
        "update hubspot.products set shopify_product_key = 'a.myshopify.com/sku:1'",
        "hubspot.products: malformed_keys",
    ),
    "line key of another kind": (
        "update hubspot.line_items set shopify_line_item_key = '17'",
        "hubspot.line_items: malformed_keys",
    ),
    "deal currency by symbol": (
        "update hubspot.deals set deal_currency_code = '£'",
        "hubspot.deals: malformed_currencies",
    ),
    "deal without currency": (
        "update hubspot.deals set deal_currency_code = null",
        "hubspot.deals: amounts_without_currency",
    ),
    "line currency in small letters": (
        "update hubspot.line_items set hs_line_item_currency_code = 'gbp'",
        "hubspot.line_items: malformed_currencies",
    ),
    "sale currency by name": (
        "update core.sales set currency = 'pounds'",
        "core.sales: malformed_currencies",
    ),
    "amounts lost": (
        "update hubspot.deals set amount = null",
        "hubspot.deals: share_without_amount is 1",
    ),
    "product prices lost": (
        "update hubspot.products set price = null",
        "hubspot.products: share_without_price is 1",
    ),
    "line prices lost": (
        "update hubspot.line_items set price = null",
        "hubspot.line_items: share_without_price is 1",
    ),
}

WARNINGS = {
    "a negative deal": (
        "update hubspot.deals set amount = -1 where shopify_deal_key like '%:7'",
        "hubspot.deals: negative_amounts is 1",
    ),
    "an order in the future": (
        "update hubspot.deals set closedate = '2027-01-01' where shopify_deal_key like '%:7'",
        "hubspot.deals: closedate_in_the_future is 1",
    ),
    "nobody with a name": (
        "update hubspot.contacts set firstname = null, lastname = null",
        "hubspot.contacts: share_without_any_name is 1",
    ),
    "a discount above the price": (
        "update hubspot.line_items set discount = 21 where shopify_line_item_key like '%:7'",
        "hubspot.line_items: discounts_above_price is 1",
    ),
    "a product without a web address": (
        "update hubspot.products set hs_url = 'shop/seven' where hs_sku = 'SKU7'",
        "hubspot.products: malformed_urls is 1",
    ),
    "a sale type from a newer Shopify": (
        "update core.sales set line_type = 'unknown' where sale_id = '7'",
        "core.sales: sales_of_unknown_type is 1",
    ),
}


# six of ten rows lack what they should have, the others have it in every wrong way
WRECK = """
update hubspot.contacts set
    email = 'x', firstname = null, lastname = null, shopify_total_spent = -1,
    shopify_created_at = '2030-01-01';
update hubspot.deals set
    shopify_deal_key = 'x',
    amount = case when rowid % 10 > 5 then -2e9 end,
    deal_currency_code = case when rowid % 10 <> 9 then '£' end,
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


def damage(settings: Settings, statement: str) -> None:
    """Run one statement on the warehouse."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute(statement)


def test_a_store_in_order_passes(store: Settings) -> None:
    """A warehouse without a flaw passes with neither failure nor warning."""
    report = check(store, silent)

    assert (report.success, report.failures, report.warnings) == (True, [], [])


def test_a_store_without_orders_passes(empty_store: Settings) -> None:
    """Empty tables pass where core promises no row."""
    report = check(empty_store, silent)

    assert (report.success, report.failures, report.warnings) == (True, [], [])


@pytest.mark.parametrize(
    ("statement", "failure"), mostly_nightly(STOPS.values(), 0, 1), ids=STOPS.keys()
)
def test_a_broken_contract_stops(store: Settings, statement: str, failure: str) -> None:
    """Each broken contract closes the gate, alone, and is named."""
    damage(store, statement)

    report = check(store, silent)

    assert not report.success
    assert [line for line in report.failures if line.startswith(failure)]


def test_odd_values_warn(store: Settings) -> None:
    """Odd but legal values leave the gate open, and each is told."""
    for statement, _ in WARNINGS.values():
        damage(store, statement)

    report = check(store, silent)

    assert report.success
    told = [warning for _, warning in WARNINGS.values()]
    assert [t for t in told if not any(line.startswith(t) for line in report.warnings)] == []


def test_every_rule_can_fail(store: Settings) -> None:
    """No rule is written so that it always passes."""
    damage(store, WRECK)

    check(store, silent)

    with open_warehouse(store.warehouse, read_only=True) as connection:
        failed = connection.execute(
            "select table_name, measure from ops.quality_results where not success"
        ).fetchall()
    rules = {(table.name, rule.measure) for table in TABLES for rule in table.rules}
    assert set(failed) == rules


def test_a_jump_in_rows_warns(store: Settings) -> None:
    """A table that lost more than a fifth of its rows since the last run is told."""
    check(store, silent)
    damage(store, "delete from hubspot.deals where hash(shopify_deal_key) % 2 = 0")

    report = check(store, silent)

    assert report.success
    assert [line for line in report.warnings if "hubspot.deals: rows_against_last_run" in line]


def test_a_failed_run_is_no_yardstick(store: Settings) -> None:
    """After a run that failed, the counts are compared with the last run that passed."""
    check(store, silent)
    damage(
        store,
        "create table deals as from hubspot.deals;"
        "create table products as from hubspot.products;"
        "insert into hubspot.deals from deals; delete from hubspot.products",
    )
    assert not check(store, silent).success
    damage(
        store,
        "delete from hubspot.deals; insert into hubspot.deals from deals;"
        "insert into hubspot.products from products",
    )

    assert check(store, silent).warnings == []


def test_a_failure_shows_the_way_to_its_rows(store: Settings) -> None:
    """The query in a failure's sentence finds the rows that are broken."""
    damage(store, "update hubspot.deals set deal_currency_code = '£' where amount = 48")
    report = check(store, silent)
    query = report.failures[0].split("See: ")[1]

    with open_warehouse(store.warehouse, read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) == 200


def test_a_failure_names_nobody(store: Settings) -> None:
    """What the gate says about malformed e-mails does not hold them."""
    damage(store, "update hubspot.contacts set email = 'secret person' where email like 'p1@%'")
    said: list[str] = []

    check(store, said.append)

    assert said
    assert "secret person" not in " ".join(said)


def test_results_are_kept(store: Settings) -> None:
    """Each run and all its findings stand in ops."""
    report = check(store, silent)

    with open_warehouse(store.warehouse, read_only=True) as connection:
        runs = connection.execute(
            "select success, checks, failures, warnings from ops.quality_runs"
        ).fetchall()
        results = connection.execute("select count(*) from ops.quality_results").fetchone()
    assert runs == [(True, report.checks, 0, 0)]
    assert results == (report.checks,)


def test_data_docs_load_nothing_remote(store: Settings) -> None:
    """No page of the Data Docs names a remote style, script or picture."""
    pages = list(check(store, silent).docs_path.parent.rglob("*.html"))

    assert len(pages) >= 11
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|img|link)[^>]+https?://[^>]*>", text), page.name


def test_data_docs_links_lead_somewhere(store: Settings) -> None:
    """The first page links to Great Expectations' page of each table."""
    index = check(store, silent).docs_path
    links = re.findall(r'<a href="([^"]+)"', index.read_text(encoding="utf-8"))

    assert len(links) == 5
    assert [link for link in links if not (index.parent / link).is_file()] == []


def test_a_missing_table_names_the_next_command(settings: Settings) -> None:
    """Before any transformation the gate says what to run."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("create schema core")

    with pytest.raises(WarehouseError, match="cartwheel transform"):
        check(settings, silent)
