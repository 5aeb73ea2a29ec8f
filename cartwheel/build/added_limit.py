"""The limit that `dbt show` adds to the end of a query."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

_JINJA = {r"\{#.*?#\}": " ", r"\{%.*?%\}": " ", r"\{\{.*?\}\}": " a "}


def told_of_limit(arguments: Sequence[str]) -> str:
    """What to change where a query failed because dbt added a limit; "" where it did not.

    arguments are dbt's. A query with a limit or a semicolon at its end takes no other limit,
    nor does a statement such as show tables.
    """
    query = _value_of("--inline", arguments)
    if "show" not in arguments or not query or _value_of("--limit", arguments) == "-1":
        return ""
    for pattern, stand_in in _JINJA.items():
        query = re.sub(pattern, stand_in, query, flags=re.DOTALL)
    if not _is_sql(query) or _is_sql(f"{query}\nlimit 5"):
        return ""
    return (
        "dbt adds a limit to the end of the query, which leaves no place for a limit or a ; "
        "there. To run the query as it stands, add: --limit -1"
    )


def _value_of(option: str, arguments: Sequence[str]) -> str:
    """What an option of dbt's says, in either way to write it; "" where it is not there."""
    for number, argument in enumerate(arguments, 1):
        if argument == option:
            return "".join(arguments[number : number + 1])
        if argument.startswith(f"{option}="):
            return argument.removeprefix(f"{option}=")
    return ""


def _is_sql(query: str) -> bool:
    try:
        return len(duckdb.extract_statements(query)) == 1
    except duckdb.Error:
        return False
