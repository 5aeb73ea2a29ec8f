"""The pages of the reference that come from the code are as the code is now."""

from __future__ import annotations

import json
import re

import pytest

from cartwheel.cli.json_text import as_json
from cartwheel.core import errors
from docs_reference.__main__ import pages
from docs_reference.exit_codes import meanings
from docs_reference.json_reports import PLAN, keys
from docs_reference.lineage import Lineage, Origin
from docs_reference.markdown import cell, linked
from load.plan.held_back import Reason
from load.plan.plan import Counts, Plan
from load.run import LoadReport
from tests.unit.repository import ROOT

PAGES = dict(pages())


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_is_current(path):
    """A page says what the code says; `make reference` writes it again."""
    assert (ROOT / "docs" / path).read_text() == PAGES[path], "run: make reference"


def test_every_exit_code_is_explained():
    """The codes of the errors, of the help and of docs/operations.md are the same."""
    page = (ROOT / "docs/operations.md").read_text()
    section = page.partition("## How a command ended")[2].partition("\n## ")[0]
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    codes = {
        *(each.exit_code for each in vars(errors).values() if hasattr(each, "exit_code")),
        *(0, errors.INTERRUPTED),
    }

    assert set(meanings()) == told == codes


def test_the_keys_of_a_plan_are_those_that_it_prints():
    """What plan adds to the plan's own keys are those redacted and, with --object, records."""
    assert {*PLAN} == {*Plan({}).as_json(), "redacted", "records"}


def test_a_report_prints_the_keys_of_its_page():
    """So do the objects that stand in it."""
    reason = Reason("deals", "rejected", "r", False, 1, "1", "", "")
    printed = json.loads(as_json(LoadReport(Plan({"deals": Counts()}), held_back=[reason])))

    assert [*printed] == [*keys(LoadReport)]
    assert [*printed["plan"]] == [*keys(Plan)]
    assert [*printed["plan"]["objects"]["deals"]] == [*keys(Counts)]
    assert [*printed["held_back"][0]] == [*keys(Reason)]


MODELS = {
    "staging.orders": """
        with orders as (
            select *, from_json(payload, '{"name": "VARCHAR"}') as node from raw.orders
        )
        select shop, id as order_id, node.name as order_name, node.tags as tags,
            cast(node.total.amount as decimal(18, 2)) as total
        from orders
    """,
    "core.orders": """
        with orders as (select * from staging.orders),
        numbered as (
            select orders.*, row_number() over (partition by shop order by total) as place,
                rank() over (order by total) as rank
            from orders
        ),
        exploded as (
            select order_id, unnest(tags) as tag from orders
        ),
        tags as (select order_id, string_agg(tag, ',') as tags from exploded group by 1)
        select numbered.order_id, order_name, coalesce(total, 0) as total, place, rank,
            tags.tags, count(*) over () as orders, 'x' as constant
        from numbered left join tags using (order_id)
    """,
    "core.both": """
        select order_id, total as figure from core.orders
        union all
        select id, amount from raw.refunds
    """,
}


def origin(table, column, *path):
    """A field of raw."""
    return Origin(table, column, path)


@pytest.mark.parametrize(
    ("table", "column", "fields"),
    [
        ("core.orders", "order_name", {origin("raw.orders", "payload", "name")}),
        ("core.orders", "order_id", {origin("raw.orders", "id")}),
        ("core.orders", "total", {origin("raw.orders", "payload", "total", "amount")}),
        ("core.orders", "rank", {origin("raw.orders", "payload", "total", "amount")}),
        ("core.orders", "place", {origin("raw.orders", "payload", "total", "amount")}),
        ("core.orders", "tags", {origin("raw.orders", "payload", "tags")}),
        ("core.orders", "orders", set()),
        ("core.orders", "constant", set()),
        (
            "core.both",
            "figure",
            {
                origin("raw.orders", "payload", "total", "amount"),
                origin("raw.refunds", "amount"),
            },
        ),
    ],
)
def test_a_column_is_followed_to_its_fields(table, column, fields):
    """Through stars, CTEs, functions, ranks, lists and unions, down to raw."""
    assert Lineage.of(MODELS).fields(table, column) == fields


def test_the_columns_of_a_model_are_named_with_what_they_are_made_from():
    """Each in its order, with the columns of the models before it."""
    columns = dict(Lineage.of(MODELS).columns("core.both"))

    assert list(columns) == ["order_id", "figure"]
    assert columns["order_id"] == {
        Origin("core.orders", "order_id"),
        Origin("raw.refunds", "id"),
    }
    assert columns["figure"] == {
        Origin("core.orders", "total"),
        Origin("raw.refunds", "amount"),
    }


def test_sql_that_cannot_be_read_is_an_error():
    """A model that DuckDB does not parse is not left out silently."""
    with pytest.raises(ValueError, match="cannot parse"):
        Lineage.of({"core.broken": "select from where"})


def test_a_bar_ends_no_cell():
    """A choice of values stays in its cell, on GitHub and in the site."""
    assert cell("`--via [auto|bulk]`") == "<code>--via [auto&#124;bulk]</code>"
    assert cell("a | b") == "a \\| b"


def test_a_citation_becomes_a_link():
    """A page that a description cites is reached from where the description stands."""
    told = linked("The rule (docs/reference/rules.md#deals).", "reference/tables/hubspot.md")

    assert told == "The rule ([deals](../rules.md#deals))."
