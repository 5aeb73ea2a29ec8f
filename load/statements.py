"""The loader's SQL, one statement or a few a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def sql(name: str) -> str:
    """The text of load/sql/<name>.sql, to be filled by format()."""
    return Path(__file__).parent.joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
