"""Landing: a file of mixed JSON lines becomes rows of raw, in one transaction.

The design and its measurements: reference/stack.md, section 3. Nothing here goes
through Python row by row.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from cartwheel.errors import IncompleteData
from cartwheel.warehouse import transaction
from extract.manifest import Connection, Reading, Run, TableFigures, move_watermark, record
from extract.resources import Resource, Table
from extract.statements import statement


def land(
    connection: Connection,
    resource: Resource,
    spool: Path | None,
    run: Run,
    reading: Reading,
    expected: int | None = None,
    *,
    complete: bool = True,
) -> list[TableFigures]:
    """Land the lines of spool (None: there are none) and move the watermark with them.

    Roots are compared by their hash; children are replaced per parent that was read:
    those that are no longer among them get deleted_at. What changes leaves its former
    version in <table>_history. expected is the number of lines that the source says
    it wrote. complete is False where only part of the records was asked for: then the
    watermark stays, so that a later run asks for the rest.

    Raises IncompleteData, and lands nothing, if lines are missing, broken, or belong
    to a parent that the file lacks.
    """
    _read(connection, resource, spool, run)
    _check(connection, resource, expected)
    with transaction(connection):
        if resource.root_table:
            connection.execute(statement("drop_stale", table=resource.root_table))
        figures = [_land_table(connection, resource, table) for table in resource.tables]
        if complete:
            move_watermark(connection, run, resource.name, _latest(connection, reading))
        record(connection, run, resource.name, reading, figures)
    connection.execute("drop table incoming")
    return figures


def short_parents(connection: Connection, run: Run, table: Table) -> int:
    """How many parents landed by this run say they have more children than are held.

    Nested connections of bulk operations have been reported cut short without a word
    (reference/shopify.md, 4). 0 for a table whose parent does not tell its number.
    """
    if not table.count:
        return 0
    _set_variables(connection, shop=run.shop, run_id=run.run_id)
    names = {"table": table.name, "parent": table.parent, "count": table.count}
    row = connection.execute(statement("short_parents", **names)).fetchone()
    return int(row[0]) if row else 0


def _read(connection: Connection, resource: Resource, spool: Path | None, run: Run) -> None:
    files = [str(spool)] if spool and spool.stat().st_size else []
    _set_variables(
        connection,
        shop=run.shop,
        run_id=run.run_id,
        landed_at=run.now(),
        root=resource.root,
        files=files,
    )
    connection.execute(statement("create_incoming"))
    if not files:
        return
    try:
        connection.execute(statement("read_incoming"))
    except duckdb.InvalidInputException:
        raise IncompleteData(
            f"The {resource.name} that Shopify delivered hold a line that is not whole JSON, "
            "so nothing of them was landed. Run again: cartwheel extract"
        ) from None


def _check(connection: Connection, resource: Resource, expected: int | None) -> None:
    lines = _count(connection, "from incoming")
    if expected is not None and lines != expected:
        raise IncompleteData(
            f"Shopify wrote {expected:,} lines of {resource.name}, but {lines:,} arrived, "
            "so nothing of them was landed. Run again: cartwheel extract"
        )
    orphans = _count(
        connection,
        "from incoming where level > 0 and parent_id not in "
        "(select id from incoming where id is not null)",
    )
    if orphans:
        raise IncompleteData(
            f"{orphans:,} lines of {resource.name} belong to a record that was not delivered, "
            "so nothing was landed. Run again: cartwheel extract"
        )
    routes = " or ".join(_route(resource, table) for table in resource.tables)
    ignored = "false" if resource.root_table else "level = 0"
    strays = _count(connection, f"from incoming where ({routes} or {ignored}) is not true")
    if strays:
        raise IncompleteData(
            f"{strays:,} lines of {resource.name} have no id or are of a kind that was not "
            "asked for, so nothing was landed. Please report this with the API version"
        )


def _land_table(connection: Connection, resource: Resource, table: Table) -> TableFigures:
    route = _route(resource, table)
    level = _level(resource, table)
    connection.execute(statement("find_changes", table=table.name, route=route))
    if level == 2:
        connection.execute(statement("read_children", parent=table.parent))
    else:
        connection.execute(statement("read_roots"))
    connection.execute(statement("find_vanished", table=table.name))
    connection.execute(statement("apply_changes", table=table.name))
    seen = _count(connection, f"from incoming where {route}", "count(distinct id)")
    changed = _count(connection, "from changed")
    vanished = _count(connection, "from vanished")
    return TableFigures(table.name, seen, changed + vanished, seen - changed, vanished)


def _level(resource: Resource, table: Table) -> int:
    if not table.parent:
        return 0
    return 2 if table.parent in {other.name for other in resource.tables if other.parent} else 1


def _route(resource: Resource, table: Table) -> str:
    """The condition on incoming that its lines for this table meet."""
    conditions = [f"level = {_level(resource, table)}", "id is not null"]
    for kinds, negation in ((table.kinds, ""), (table.others, "not ")):
        if kinds:
            listed = ", ".join(f"'{kind}'" for kind in kinds)
            conditions.append(f"kind {negation}in ({listed})")
    return f"({' and '.join(conditions)})"


def _set_variables(connection: Connection, **values: object) -> None:
    for name, value in values.items():
        connection.execute(f"set variable {name} = ?", [value])


def _latest(connection: Connection, reading: Reading) -> datetime | None:
    """The latest change among the roots, but none after the reading began (see Reading)."""
    row = connection.execute("select max(updated_at) from incoming where level = 0").fetchone()
    latest = row[0] if row else None
    return min(latest, reading.as_of) if latest and reading.as_of else latest


def _count(connection: Connection, source: str, what: str = "count(*)") -> int:
    row = connection.execute(f"select {what} {source}").fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return int(row[0])
