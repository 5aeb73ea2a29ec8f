"""Whether a query failed because `dbt show` added a limit to it."""

from __future__ import annotations

import pytest

from cartwheel.build.added_limit import told_of_limit


@pytest.mark.parametrize(
    "query",
    [
        "select 1;",
        "select shop from {{ ref('orders') }} order by all limit 3",
        "{% set most = 3 %}select 1 limit {{ most }} offset 2;",
        "show tables",
    ],
)
def test_what_takes_no_other_limit_is_told(query):
    """A limit or a semicolon at the end leaves no place for dbt's limit."""
    assert told_of_limit(["show", "--inline", query]).endswith("add: --limit -1")
    assert told_of_limit(["show", f"--inline={query}", "--limit=10"])


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "select * from (select 1 limit 1)",
        "select 1 -- limit 3",
        "selec 1 limit 3",
        "describe select 1",
    ],
)
def test_what_failed_for_another_reason_is_not(query):
    """Of a query that takes a limit, or is wrong by itself, nothing is said."""
    assert told_of_limit(["show", "--inline", query]) == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "--limit", "-1", "--inline", "select 1;"],
        ["compile", "--inline", "select 1;"],
        ["show", "--select", "orders"],
        [],
    ],
)
def test_where_dbt_adds_none_none_is_told(arguments):
    """dbt adds a limit to what show shows, unless --limit is -1."""
    assert told_of_limit(arguments) == ""
