"""Great Expectations' types of expectations as questions to DuckDB.

Great Expectations cannot ask DuckDB itself, and in pandas the rows of a large store would
neither fit into memory nor into the time of a sync.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

import duckdb

Kwargs = Mapping[str, Any]

QUERY = "unexpected_rows_expectation"
ROW_COUNT = "expect_table_row_count_to_be_between"

# type -> the metric that it judges, and its SQL over a column
AGGREGATES: dict[str, tuple[str, str]] = {
    "expect_column_max_to_be_between": ("column.max", "max({})"),
    "expect_column_mean_to_be_between": ("column.mean", "avg({})"),
    "expect_column_median_to_be_between": ("column.median", "median({})"),
    "expect_column_min_to_be_between": ("column.min", "min({})"),
    "expect_column_sum_to_be_between": ("column.sum", "sum({})"),
}


def in_words(error: duckdb.Error) -> str:
    """What DuckDB says is wrong, and what it takes for meant, without the query that it quotes.

    Such as: Binder Error: Referenced column "total" not found in FROM clause. Candidate
    bindings: "total_sales"
    """
    said = takewhile(lambda line: not line.startswith("LINE "), str(error).splitlines())
    return ". ".join(line.strip().rstrip(".!") for line in said if line.strip())


def literal(value: object) -> str:
    """A value as SQL."""
    if isinstance(value, datetime):
        return f"timestamp '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "'" + str(value).replace("'", "''") + "'"
    return repr(value)


def column_of(kwargs: Kwargs, name: str = "column") -> str:
    """The column of an expectation, quoted."""
    return '"' + str(kwargs[name]).replace('"', '""') + '"'


def _outside(value: str, kwargs: Kwargs) -> str:
    parts = []
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None:
        parts.append(f"{value} {'<=' if kwargs.get('strict_min') else '<'} {literal(low)}")
    if high is not None:
        parts.append(f"{value} {'>=' if kwargs.get('strict_max') else '>'} {literal(high)}")
    return " or ".join(parts) or "false"


def _listed(kwargs: Kwargs) -> str:
    values = ", ".join(literal(value) for value in kwargs["value_set"])
    return f"{column_of(kwargs)} in ({values})"


def _matches(kwargs: Kwargs) -> str:
    return f"regexp_matches({column_of(kwargs)}, {literal(kwargs['regex'])})"


def _not_greater(kwargs: Kwargs) -> str:
    a, b = column_of(kwargs, "column_A"), column_of(kwargs, "column_B")
    return f"{a} {'<' if kwargs.get('or_equal') else '<='} {b}"


# type -> the SQL condition of a row that fails, of those in which the column has a value
CONDITIONS: dict[str, Callable[[Kwargs], str]] = {
    "expect_column_values_to_not_be_null": lambda kwargs: f"{column_of(kwargs)} is null",
    "expect_column_values_to_be_null": lambda kwargs: f"{column_of(kwargs)} is not null",
    "expect_column_values_to_be_between": lambda kwargs: _outside(column_of(kwargs), kwargs),
    "expect_column_value_lengths_to_be_between": lambda kwargs: _outside(
        f"length({column_of(kwargs)})", kwargs
    ),
    "expect_column_values_to_match_regex": lambda kwargs: f"not {_matches(kwargs)}",
    "expect_column_values_to_not_match_regex": _matches,
    "expect_column_values_to_be_in_set": lambda kwargs: f"not ({_listed(kwargs)})",
    "expect_column_values_to_not_be_in_set": _listed,
    "expect_column_pair_values_a_to_be_greater_than_b": _not_greater,
}
