"""dbt's tests own shapes, relations and identities, the gate what only data can tell."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from quality.suite import read_suites
from tests.unit.repository import ROOT

# a generic test of dbt's -> the expectations that would say the same of the column
SAME = {
    "not_null": {"expect_column_values_to_not_be_null"},
    "accepted_values": {"expect_column_values_to_be_in_set"},
    "unique": {"expect_column_values_to_be_unique"},
}


def of_dbt() -> Iterator[tuple[str, str, str]]:
    """Table, column and name of each generic test of a mart's column."""
    for path in sorted((ROOT / "dbt_project/models/marts").glob("*/*.yml")):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            name = model["name"].removeprefix("hubspot_")
            for column in model.get("columns", []):
                for test in column.get("data_tests", []):
                    kind = test if isinstance(test, str) else next(iter(test))
                    yield f"{path.parent.name}.{name}", column["name"], kind


def test_no_check_stands_in_both():
    """No expectation of a suite says of a column what a test of dbt's says of it."""
    expected = {
        (suite.table, each.kwargs.get("column"), each.type)
        for suite in read_suites()
        for each in suite.expectations
    }
    tested = [*of_dbt()]

    twice = [
        (table, column, kind)
        for table, column, kind in tested
        for same in SAME.get(kind, ())
        if (table, column, same) in expected
    ]
    assert ("hubspot.products", "shopify_product_key", "not_null") in tested
    assert twice == []
