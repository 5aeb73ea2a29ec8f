"""The diagram of `ops` in docs/architecture.md shows the tables that the code makes."""

from __future__ import annotations

import re

import duckdb

from tests.unit.repository import ROOT, text_files

TABLE = re.compile(r"create table if not exists ops\.\w+ \(.*?\n\)", re.DOTALL)
COLUMN = re.compile(r"alter table ops\.\w+ add column [^;]*;")
DRAWN = re.compile(r"^    (\w+) \{\n(.*?)^    \}", re.MULTILINE | re.DOTALL)
PACKAGES = {"cartwheel", "extract", "load", "predict", "quality"}


def made() -> set[tuple[str, str]]:
    """Table and column of everything in `ops`, made from the statements in the code."""
    texts = [
        (ROOT / path).read_text()
        for path in text_files()
        if path.parts[0] in PACKAGES and path.suffix in {".py", ".sql"}
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema ops")
        for statements in (TABLE, COLUMN):
            for statement in (found for text in texts for found in statements.findall(text)):
                connection.execute(statement)
        rows = connection.execute(
            "select table_name, column_name from information_schema.columns "
            "where table_schema = 'ops'"
        ).fetchall()
    return set(rows)


def drawn() -> set[tuple[str, str]]:
    """Table and column of everything that the diagrams show."""
    page = (ROOT / "docs/architecture.md").read_text()
    return {
        (table, line.split()[1])
        for table, lines in DRAWN.findall(page)
        for line in lines.splitlines()
    }


def test_the_diagram_shows_every_table_of_ops():
    """The diagrams show the tables of ops with all their columns, and nothing else."""
    shown, there = drawn(), made()

    assert len(there) > 100
    assert (sorted(there - shown), sorted(shown - there)) == ([], [])
