"""Landing: a file of mixed JSON lines becomes rows of raw, in one transaction.

The design and its measurements: docs/reference/landing.md#the-form-of-a-run. Nothing here goes
through Python row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from cartwheel.core.errors import IncompleteData
from cartwheel.core.progress import Say, silent
from cartwheel.core.sql import SqlFiles, set_variables
from cartwheel.core.warehouse import transaction
from extract.land.run_log import Connection, Run, TableFigures
from extract.land.staged_file import StagedFile
from extract.land.unreadable import Unreadable, latest_of, note_unreadable, sift
from extract.land.watermarks import move_watermark
from extract.shopify.resources import ORDERS, Resource, Table

sql = SqlFiles(__file__)

LATEST_DELAY = timedelta(hours=1)  # within which a change may show up late


def land(
    connection: Connection,
    staged: StagedFile,
    run: Run,
    *,
    batch_size: int | None = None,
    say: Say = silent,
) -> list[TableFigures]:
    """Land the lines of a delivery and move the watermark with them, where it is complete.

    Roots are compared by their hash; children are replaced per parent that was read:
    those that are no longer among them get deleted_at. What changes leaves its former
    version in <table>_history. With batch_size, that many roots are landed in one
    transaction, and the watermark moves in the last one. A record that cannot be read is
    kept aside, and reported through say.

    Raises IncompleteData, and lands nothing, if lines are missing, broken, or belong
    to a parent that the file lacks.
    """
    resource = staged.resource
    _read(connection, staged, run)
    _check_lines(connection, staged)
    unreadable = sift(connection, staged)
    _check_kinds(connection, resource)
    latest = _latest(connection, staged, unreadable)
    if not _count(connection, "from incoming"):
        with transaction(connection):
            note_unreadable(connection, run, resource, unreadable, say)
            if staged.complete:
                move_watermark(connection, run, resource.name, latest)
        return [TableFigures(table.name) for table in resource.tables]
    figures: list[Counter[str]] = [Counter() for _ in resource.tables]
    for last in _batches(connection, staged, batch_size):
        with transaction(connection):
            _drop_stale(connection, resource)
            for counted, table in zip(figures, resource.tables, strict=True):
                counted.update(_land_table(connection, resource, table))
            connection.execute(sql("forget_readable"))
            if last:
                note_unreadable(connection, run, resource, unreadable, say)
            if last and staged.complete:
                move_watermark(connection, run, resource.name, latest)
    connection.execute("drop table incoming")
    return [
        TableFigures(table.name, **counted)
        for table, counted in zip(resource.tables, figures, strict=True)
    ]


def _read(connection: Connection, staged: StagedFile, run: Run) -> None:
    path = staged.path
    files = [str(path)] if path and path.stat().st_size else []
    set_variables(
        connection,
        shop=run.shop,
        resource=staged.resource.name,
        run_id=run.run_id,
        landed_at=run.now(),
        root=staged.resource.root,
        files=files,
    )
    connection.execute(sql("create_incoming"))
    if not files:
        return
    connection.execute(sql("read_incoming"))


def _check_lines(connection: Connection, staged: StagedFile) -> None:
    lines = _count(connection, "from incoming")
    if staged.lines is not None and lines != staged.lines:
        raise IncompleteData(
            f"Shopify wrote {staged.lines:,} lines of {staged.resource.name}, but "
            f"{lines:,} arrived, so nothing of them was landed. Run again: cartwheel extract"
        )


def _check_kinds(connection: Connection, resource: Resource) -> None:
    orphans = _count(
        connection,
        "from incoming where level > 0 and parent_id not in "
        "(select id from incoming where id is not null)",
    )
    if orphans:
        raise IncompleteData(
            f"{orphans:,} lines of {resource.name} belong to records that were not delivered, "
            "so nothing was landed. Run again: cartwheel extract"
        )
    routes = " or ".join(_route(resource, table) for table in resource.tables)
    ignored = "false" if resource.root_table else "level = 0"
    strays = _count(connection, f"from incoming where ({routes} or {ignored}) is not true")
    if strays:
        raise IncompleteData(
            f"{strays:,} lines of {resource.name} have no id or are of a type that was not "
            "requested, so nothing was landed. Please report this with the API version"
        )


def _latest(
    connection: Connection, staged: StagedFile, unreadable: list[Unreadable]
) -> datetime | None:
    """The time up to which changes were read, never later than the start of the reading.

    Where nothing more follows, that is at least an hour before it began: else the latest
    of many records that changed in one second would be read again until another changes.
    """
    until, as_of = staged.until, staged.as_of
    if until is None:
        # what is later than any year that Python knows is not later than now either
        row = connection.execute(
            "select least(max(updated_at), timestamp '9999-12-31') "
            "from incoming where level = 0 and isfinite(updated_at)"
        )
        (until,) = row.fetchone() or (None,)
        read = [time for time in (until, latest_of(unreadable)) if time is not None]
        until = max(read, default=None)
    if as_of is None:
        return until
    if staged.last:
        until = max(until or datetime.min, as_of - LATEST_DELAY)
    return min(until, as_of) if until else None


def _batches(
    connection: Connection, staged: StagedFile, batch_size: int | None
) -> Iterator[bool]:
    """Put each batch into incoming in turn; yield whether it is the last one."""
    roots = staged.roots
    if roots is None:
        roots = _count(connection, "from incoming where level = 0")
    if batch_size is None or roots <= batch_size:
        yield True
        return
    set_variables(connection, batch_size=batch_size)
    connection.execute(sql("place_lines"))
    roots = _count(connection, "from root_places")
    for first in range(0, roots, batch_size):
        set_variables(connection, first_place=first)
        connection.execute(sql("pick_batch"))
        yield first + batch_size >= roots
    for table in ("delivered", "root_places", "line_places"):
        connection.execute(f"drop table {table}")


def _drop_stale(connection: Connection, resource: Resource) -> None:
    """Drop incoming records that are older than the stored ones.

    How old an order's agreements are, the order's own time of change tells, where there
    are any to be spoiled.
    """
    known = "true"
    if not resource.root_table:
        first = resource.tables[0].name
        known = f"held.id in (select parent_id from raw.{first} where shop = held.shop)"
    table = resource.root_table or ORDERS.name
    connection.execute(sql("drop_stale", table=table, known=known))
    connection.execute(sql("drop_records"))


def _land_table(connection: Connection, resource: Resource, table: Table) -> dict[str, int]:
    route = _route(resource, table)
    connection.execute(sql("find_changes", table=table.name, route=route))
    if _level(resource, table) == 2:
        connection.execute(sql("read_children", parent=table.parent))
    else:
        connection.execute(sql("read_roots"))
    connection.execute(sql("find_vanished", table=table.name))
    connection.execute(sql("apply_changes", table=table.name))
    seen = _count(connection, f"from incoming where {route}", "count(distinct id)")
    changed = _count(connection, "from changed")
    vanished = _count(connection, "from vanished")
    return {
        "seen": seen,
        "landed": changed + vanished,
        "unchanged": seen - changed,
        "deleted": vanished,
    }


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


def _count(connection: Connection, source: str, what: str = "count(*)") -> int:
    row = connection.execute(f"select {what} {source}").fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return int(row[0])
