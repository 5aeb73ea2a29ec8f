"""What Spark reads otherwise than DuckDB does is found in a query."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

PROJECT = Path(__file__).parents[3] / "dbt_project"

Node = dict[str, Any]
# of type int on Spark, bigint on DuckDB and in the contracts
RANKS = {"row_number", "rank", "dense_rank", "ntile"}


def test_no_sql_says_what_spark_takes_otherwise():
    """Spark wants a length for varchar, and dbt.listagg forgets its order there."""
    found = [
        path.relative_to(PROJECT).as_posix()
        for path in PROJECT.rglob("*.sql")
        if "engine" not in path.parts
        and re.search(r"\bvarchar\b|\bdbt\.listagg\b", path.read_text(), re.IGNORECASE)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        pytest.param(
            "select a.*, 1 as n from a join b using (x)",
            "a star after join … using",
            id="a table's star",
        ),
        pytest.param(
            "with c as (select * from a left join b using (x)) select * from c",
            "a star after join … using",
            id="a star of all, in a step",
        ),
        pytest.param(
            "select a.*, 1 as n from a union all select x, y, 2 as n from b",
            "a table's star in a branch of a union",
            id="a branch",
        ),
        pytest.param(
            "select x, y from a union all select * from a join b on a.x = b.x",
            "a star over a join in a branch of a union",
            id="a branch that joins",
        ),
        pytest.param(
            "select row_number() over (order by x) as place from a",
            "place is a row number of no declared type",
            id="a row number",
        ),
    ],
)
def test_what_spark_reads_otherwise_is_found(query, fault):
    """Each fault that the models must not have is found in a query that has it."""
    assert list(faults(query, {"place"})) == [fault]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("select a.*, b.n from a join b on a.x = b.x", id="a star after join … on"),
        pytest.param(
            "select * from a union all select * from b", id="branches of one step each"
        ),
        pytest.param("select x, b.n from a join b using (x)", id="columns after using"),
        pytest.param(
            "with c as (select *, row_number() over (order by x) as nth from a) "
            "select x, cast(nth as bigint) as place from c",
            id="a row number that does not leave the model",
        ),
    ],
)
def test_what_both_read_alike_is_let_be(query):
    """What means the same on both engines is no fault."""
    assert list(faults(query, {"place"})) == []


def faults(query: str, columns: set[str]) -> Iterator[str]:
    """What Spark would read otherwise in the query of a model of these columns."""
    for select, is_branch in selects(parsed(query)):
        joins = list(joined(select["from_table"]))
        for column in select["select_list"]:
            if column["class"] == "STAR":
                if any(join["using_columns"] for join in joins):
                    yield "a star after join … using"
                elif is_branch and column["relation_name"]:
                    yield "a table's star in a branch of a union"
                elif is_branch and joins:
                    yield "a star over a join in a branch of a union"
            elif column.get("function_name") in RANKS and column["alias"] in columns:
                yield f"{column['alias']} is a row number of no declared type"


def parsed(query: str) -> Node:
    """The syntax tree of a query, by DuckDB's own parser."""
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql(?)", [query]).fetchone()
    assert row is not None
    tree: Node = json.loads(row[0])
    assert not tree["error"], tree
    return tree


def selects(node: Any, *, is_branch: bool = False) -> Iterator[tuple[Node, bool]]:
    """Each select of a tree, and whether it is a branch of a union."""
    if isinstance(node, list):
        for part in node:
            yield from selects(part, is_branch=is_branch)
    elif isinstance(node, dict):
        if node.get("type") == "SELECT_NODE":
            yield node, is_branch
        in_union = node.get("type") == "SET_OPERATION_NODE"
        for part in node.values():
            yield from selects(part, is_branch=in_union)


def joined(table: Node) -> Iterator[Node]:
    """Each join of a from clause, those in its subqueries apart."""
    if table["type"] == "JOIN":
        yield table
        yield from joined(table["left"])
        yield from joined(table["right"])
