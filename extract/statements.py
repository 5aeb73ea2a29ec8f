"""The SQL of extract/sql, with table names filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent / "sql"


def statement(name: str, **names: str) -> str:
    """The SQL of sql/<name>.sql, its {placeholders} replaced.

    names are our own tables and conditions, from extract.resources; values from
    elsewhere go in as parameters or variables, never here.
    """
    return _text(name).format(**names)


def set_variables(connection: duckdb.DuckDBPyConnection, **values: object) -> None:
    """Set what the statements read with getvariable()."""
    for name, value in values.items():
        connection.execute(f"set variable {name} = ?", [value])


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
