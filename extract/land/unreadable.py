"""Unreadable records: kept aside with the reason, so that the others land.

A record is a root with everything below it: an order with one unreadable line is not complete,
so none of it lands. Its stored version stays.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from cartwheel.core.errors import IncompleteData
from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run
from extract.land.staged_file import StagedFile
from extract.shopify.lenient_json import DEEPEST, is_readable, read_json, read_time, wrong_field
from extract.shopify.resources import ORDERS, Resource

sql = SqlFiles(__file__)

MOST_NAMED = 10  # records in one sentence
MOST_LINES = 10_000  # of a delivery; more than that means that the delivery itself is bad

_GID = rb"gid:(?:\\?/){2}shopify\\?/\w+\\?/[\w-]+"
_ID, _PARENT = (
    re.compile(rb'"' + name + rb'"\s*:\s*"(' + _GID + rb")") for name in (b"id", b"__parentId")
)
_CALLED = {
    "Order": "order",
    "Customer": "customer",
    "Product": "product",
    "AbandonedCheckout": "checkout",
    "Shop": "shop",
}


@dataclass
class Unreadable:
    """A record that cannot be read: id of its root, what a person calls it, why, as it came."""

    id: str
    record: str
    reason: str
    detail: str
    updated_at: str | None
    lines: list[bytes] = field(default_factory=list)

    def __str__(self) -> str:
        """The record and the reason, without any of its data."""
        return f"{self.record} ({self.reason})"


@dataclass(frozen=True)
class _Line:
    """A line that cannot be read; node holds the readable part, which may be empty."""

    id: str
    parent_id: str | None
    node: dict[str, Any]
    text: bytes

    def trouble(self) -> tuple[str, str]:
        """The reason, and a sentence with the field; nothing of what the field holds."""
        found = wrong_field(self.node)
        if found is None:
            return "not valid JSON", f"The JSON of {self.id} is not valid."
        reason, where = found
        if reason == "nested too deep":
            return reason, f"{where} of {self.id} is nested more than {DEEPEST:,} levels deep."
        return reason, f"The text of {where} of {self.id} is not valid Unicode."


def sift(connection: Connection, staged: StagedFile) -> list[Unreadable]:
    """Take unreadable records out of incoming, with everything below them.

    Looks through the file only where a line was refused or may be nested too deep. Raises
    IncompleteData if a line is not a record at all (in a file that was cut off, for instance),
    or if more than MOST_LINES cannot be read.
    """
    doubtful = connection.execute(sql("count_doubtful", deepest=str(DEEPEST))).fetchone()
    if not doubtful or not doubtful[0] or staged.path is None:
        return []
    lines = list(islice(_refused(staged.path, staged.resource), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise IncompleteData(
            f"More than {MOST_LINES:,} lines of {staged.resource.name} cannot be read: "
            f"{lines[0].trouble()[1]} That is more than a few bad records, so none of them was "
            "landed. Run again: cartwheel extract"
        )
    connection.execute("delete from incoming where payload is null")
    if not lines:
        return []
    records = _by_record(connection, lines)
    connection.execute("create or replace temp table stale (id varchar)")
    connection.execute("insert into stale select unnest(?::varchar[])", [list(records)])
    connection.execute(sql("drop_records"))
    return list(records.values())


def note_unreadable(
    connection: Connection,
    run: Run,
    resource: Resource,
    found: list[Unreadable],
    say: Callable[[str], None],
) -> None:
    """Keep unreadable records in ops.unreadable_records, and report the new ones.

    Records whose stored version is newer are left out.
    """
    if not found:
        return
    set_variables(connection, shop=run.shop, resource=resource.name, run_id=run.run_id)
    connection.execute(
        "create or replace temp table refused_records as from ops.unreadable_records limit 0"
    )
    connection.executemany(
        "insert into refused_records "
        "values (?, ?, ?, ?, ?, ?, ?, try_cast(? as timestamp), ?, ?)",
        [
            [
                run.shop,
                resource.name,
                each.id,
                each.record,
                each.reason,
                each.detail,
                b"".join(each.lines),
                each.updated_at,
                run.run_id,
                run.now(),
            ]
            for each in found
        ],
    )
    table = resource.root_table or ORDERS.name
    new = {row[0] for row in connection.execute(sql("note_unreadable", table=table)).fetchall()}
    _tell(resource, [each for each in found if each.id in new], say)


def forget_unreadable(connection: Connection, run: Run, ids: list[str]) -> None:
    """Forget the unreadable versions of records that were deleted."""
    connection.execute(
        "delete from ops.unreadable_records "
        "where shop = ? and id in (select unnest(?::varchar[]))",
        [run.shop, ids],
    )


def latest_of(found: list[Unreadable]) -> datetime | None:
    """The latest time of change (UTC) of what cannot be read."""
    times = [time for each in found if (time := read_time(each.updated_at))]
    return max(times, default=None)


def looks_like_record(text: bytes) -> bool:
    """Whether a line is a complete record with an id, even if it cannot be read."""
    bare = text.strip()
    return bare.startswith(b"{") and bare.endswith(b"}") and _ID.search(bare) is not None


def _tell(resource: Resource, new: list[Unreadable], say: Callable[[str], None]) -> None:
    if not new:
        return
    named = ", ".join(map(str, new[:MOST_NAMED]))
    more = f" and {len(new) - MOST_NAMED:,} more" if len(new) > MOST_NAMED else ""
    say(
        f"Warning: {len(new):,} of the {resource.name} received cannot be read and "
        f"{'was' if len(new) == 1 else 'were'} kept aside in ops.unreadable_records: "
        f"{named}{more}. All others landed; earlier versions of these stay. Correct them in "
        "Shopify, then run: cartwheel extract"
    )


def _refused(path: Path, resource: Resource) -> Iterator[_Line]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for text in file:
            if text.isspace() or is_readable(text):
                continue
            if not looks_like_record(text):
                raise IncompleteData(
                    f"The {resource.name} that Shopify delivered contain a line that is not "
                    "complete JSON, so none of them was landed. Run again: cartwheel extract"
                )
            yield _line(text)


def _line(text: bytes) -> _Line:
    try:
        node = read_json(text)
    except ValueError:
        node = {}
    found, parent = _ID.search(text), _PARENT.search(text)
    id_ = node.get("id") or (found[1] if found else b"").replace(b"\\", b"").decode()
    parent_id = node.get("__parentId") or (
        parent[1].replace(b"\\", b"").decode() if parent else None
    )
    return _Line(id_, parent_id, node, text)


def _by_record(connection: Connection, lines: list[_Line]) -> dict[str, Unreadable]:
    """The records that the lines belong to, by the ids of their roots."""
    above = {each.id: each.parent_id for each in lines}
    missing = [each.parent_id for each in lines if each.parent_id]
    above |= dict(
        connection.execute(
            "select id, parent_id from incoming where id in (select unnest(?::varchar[]))",
            [missing],
        ).fetchall()
    )
    nodes = {each.id: each.node for each in lines}
    records: dict[str, Unreadable] = {}
    for each in lines:
        root = each.id
        while parent := above.get(root):
            root = parent
        if root not in records:
            reason, detail = each.trouble()
            name, updated_at = _root(connection, root, nodes.get(root))
            records[root] = Unreadable(root, name, reason, detail, updated_at)
        records[root].lines.append(each.text)
    return records


def _root(
    connection: Connection, id_: str, node: dict[str, Any] | None
) -> tuple[str, str | None]:
    """What a person calls a record, and when it changed."""
    if node is None:
        row = connection.execute(
            "select json_extract_string(payload, ['$.name', '$.title', '$.updatedAt']) "
            "from incoming where id = ? and level = 0",
            [id_],
        ).fetchone()
        name, title, updated_at = row[0] if row else (None, None, None)
        node = {"name": name, "title": title, "updatedAt": updated_at}
    kind, number = id_.split("/")[-2:]
    named = {"Order": node.get("name"), "Product": node.get("title")}.get(kind)
    called = str(named).encode("utf-8", "replace").decode() if named else ""
    return called or f"{_CALLED.get(kind, kind)} {number}", node.get("updatedAt")
