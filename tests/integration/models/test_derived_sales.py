"""The ledger of orders without sales agreements, against the one that has them."""

from __future__ import annotations

import pytest

from cartwheel.core.settings import Settings
from extract.run import extract
from sandbox.generator import generate
from sandbox.server import Sandbox

ORDERS, SEED = 320, 5
MEASURES = (
    "gross_sales", "discounts", "returns", "net_sales", "shipping", "taxes", "duties", "fees",
    "total_sales", "gift_card_sales", "tips", "all_sales", "total_amount", "tax_amount",
)  # fmt: skip
KEPT = "order_id like '%7'"
"""The orders that keep their agreements in the second warehouse."""

SALES = "select sales.*, orders.edited from core.sales join core.orders using (shop, order_id)"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """A made-up store with a case of everything, as extract landed it."""
    folder = tmp_path_factory.mktemp("derived")
    generate(folder / "store", ORDERS, SEED)
    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    with Sandbox(folder / "store") as sandbox:
        settings = Settings.read(environ={**sandbox.env, **warehouse})
        extract(settings)
    return settings.warehouse


@pytest.fixture(scope="module")
def given(build, extracted):
    """The store's warehouse, its ledger as Shopify gives it."""
    return build(lambda raw: _copy(raw.connection, extracted))


@pytest.fixture(scope="module")
def derived(build, extracted):
    """The same, but that most orders have no agreements."""

    def fill(raw):
        _copy(raw.connection, extracted)
        kept = KEPT.replace("order_id", "parent_id")
        raw.connection.execute(f"delete from raw.order_agreements where not {kept}")
        raw.connection.execute(
            "delete from raw.sales where parent_id not in (select id from raw.order_agreements)"
        )

    return build(fill, tested=True)


def _copy(connection, source):
    connection.execute(f"attach '{source}' as source (read_only)")
    tables = "select table_name from duckdb_tables() where database_name = 'source'"
    for (table,) in connection.execute(f"{tables} and schema_name = 'raw'").fetchall():
        connection.execute(f"insert into raw.{table} by name from source.raw.{table}")
    connection.execute("insert into ops.initial_imports from source.ops.initial_imports")
    connection.execute("detach source")


def _sums(ask, keys, where, measures=MEASURES):
    sums = ", ".join(f"sum({name})" for name in measures)
    query = f"select {keys}, {sums} from ({SALES}) where {where} group by all order by all"
    return ask(query)


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param("order_id", id="order"),
        pytest.param("order_id, event, happened_at, sale_date", id="order and moment"),
        pytest.param("order_id, event, line_type", id="order and kind of sale"),
        pytest.param("order_id, order_line_id, event, sum(quantity)", id="line and event"),
    ],
)
def test_without_edits_the_derived_ledger_is_the_given_one(given, derived, keys):
    """Every measure of every order that was not edited is the same to the last decimal."""
    if "quantity" in keys:
        where = "not edited and line_type in ('product', 'gift_card')"
    else:
        where = "not edited"

    expected = _sums(given, keys, where)
    assert len(expected) > 250
    assert _sums(derived, keys, where) == expected


def test_with_edits_an_order_comes_to_the_same(given, derived):
    """An edited order's net sales, shipping and taxes are the same, whatever the edit was."""
    measures = ("net_sales", "shipping", "taxes", "fees", "total_sales", "all_sales")

    expected = _sums(given, "order_id", "edited", measures)
    assert len(expected) > 5
    assert _sums(derived, "order_id", "edited", measures) == expected


def test_a_line_that_an_edit_added_is_no_sale_of_the_order(given, derived):
    """Where an edit added a line, the line's sale is an edit, derived as well as given."""
    added = "select order_id from core.sales where event = 'edit' and all_sales > 0"
    where = f"order_id in ({added})"

    expected = _sums(given, "order_id, order_line_id, event", where)
    assert len(expected) > 5
    assert _sums(derived, "order_id, order_line_id, event", where) == expected


def test_the_day_of_an_edit_is_not_known(derived):
    """A derived edit carries the moment of its order, which never changes."""
    found = derived(
        "select count(*), count(*) filter (happened_at = placed_at) "
        "from core.sales join core.orders using (shop, order_id) "
        "where event = 'edit' and sale_id like 'derived-%'"
    )

    [(edits, at_the_order)] = found
    assert edits == at_the_order > 5


def test_every_kind_of_sale_is_derived(derived):
    """The comparison is of something: each kind is sold, and each but a fee comes back."""
    found = derived(
        f"select distinct line_type, all_sales > 0 from ({SALES}) "
        "where sale_id like 'derived-%' and all_sales <> 0"
    )

    kinds = {"product", "gift_card", "shipping", "tip", "duty", "fee", "adjustment"}
    both_ways = {(kind, sold) for kind in kinds for sold in (True, False)}
    assert set(found) == both_ways - {("fee", False)}


def test_derived_sales_say_so(given, derived):
    """An order's sale ids start with derived- where it has no agreements, and only there."""
    kept = derived(f"select * from core.sales where {KEPT} order by sale_id")
    others = derived(f"select sale_id from core.sales where not {KEPT}")

    assert kept
    assert kept == given(f"select * from core.sales where {KEPT} order by sale_id")
    assert all(sale_id.startswith("derived-") for (sale_id,) in others)


def test_every_identity_holds(derived):
    """No test of dbt fails on derived sales, and a warning counts the orders."""
    [(orders,)] = derived(f"select count(*) from core.orders where not {KEPT}")
    [warning] = [
        line for line in derived.verdict.warnings if "every_order_has_its_agreement" in line
    ]

    assert derived.verdict.failed == []
    assert warning.startswith(f"{orders} orders have no sales agreement of their placement: ")
