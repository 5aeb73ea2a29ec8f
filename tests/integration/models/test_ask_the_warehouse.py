"""The queries of docs/how-to/ask-the-warehouse.md, as they are written there."""

from __future__ import annotations

import re

import pytest

from tests.unit.repository import ROOT

PAGE = (ROOT / "docs/how-to/ask-the-warehouse.md").read_text()
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.M | re.S)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.splitlines()[0])
def test_each_query_can_be_asked(many_cases, query):
    """Tables and columns are those of the warehouse."""
    many_cases(query)


def test_a_products_variants_are_added_up(many_cases):
    """A row per product, under its own title, and nothing lost of what the variants sold."""
    [query] = [each for each in QUERIES if "core.products" in each]
    query = query.replace("last_12_months", "all_time").replace("USD", "GBP")
    where = "period = 'all_time' and comparison = 'none' and currency = 'GBP'"
    [(variants, products, net_sales)] = many_cases(
        "select count(*), count(distinct (shop, coalesce(product_id, product_line))), "
        f"sum(net_sales) from reports.top_products where {where}"
    )

    found = many_cases(query)

    assert len(found) == products < variants
    assert sum(row[2] for row in found) == net_sales
    assert {row[1] for row in found} & {
        title for (title,) in many_cases("select title from core.products")
    }
