"""The sweep: compares all of Shopify's ids with the stored ones, in both directions.

It finds deleted records (Shopify has events for products only), records that never came, and
changes that did not show up in time. A record is marked as deleted only after Shopify has also
been asked for it by its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cartwheel.core.errors import DeletionsRefused
from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run
from extract.shopify.client import Shopify
from extract.shopify.lenient_json import line
from extract.shopify.pagination import pages
from extract.shopify.resources import Resource

sql = SqlFiles(__file__)

# Less than a day, so that a daily run need not begin to the second when yesterday's did
AT_LEAST_EVERY = timedelta(hours=20)
MOST_BY_PAGES = 10_000  # ids; 13 points for 250 of them
ALWAYS_ALLOWED = 10  # deletions, however few records there are
IDS_A_QUESTION = 250

# The last comparison of a resource: when, how many ids were listed, how many counted.
_LAST = """
select swept_at, listed, counted from ops.sweeps
where shop = ? and resource = ? order by swept_at desc limit 1
"""


@dataclass(frozen=True)
class Difference:
    """gone: stored but not listed; lacking: listed but not stored, or stored outdated."""

    held: int
    listed: int
    gone: list[str]
    lacking: list[str]


def living(connection: Connection, run: Run, resource: Resource) -> int:
    """How many records of a resource are stored and not deleted, or are unreadable."""
    row = connection.execute(
        "select count(*) from ("
        f"select id from raw.{resource.root_table} where shop = ? and deleted_at is null "
        "union select id from ops.unreadable_records where shop = ? and resource = ?)",
        [run.shop, run.shop, resource.name],
    ).fetchone()
    return int(row[0]) if row else 0


def is_due(connection: Connection, run: Run, resource: Resource, counted: int) -> bool:
    """Whether ids are to be compared: once a day, and whenever the numbers disagree.

    If they disagreed by the same numbers at the last sweep, and all ids were equal then,
    Shopify just counts differently, and no sweep is due.
    """
    last = connection.execute(_LAST, [run.shop, resource.name]).fetchone()
    if last is None:
        return True
    swept_at, listed, then_counted = last
    unlike = counted - living(connection, run, resource) != then_counted - listed
    return bool(unlike or run.now() - swept_at >= AT_LEAST_EVERY)


def note_sweep(
    connection: Connection, run: Run, resource: Resource, listed: int, counted: int
) -> None:
    """Record that all ids were equal at this time."""
    connection.execute(
        "delete from ops.sweeps where shop = ? and resource = ?", [run.shop, resource.name]
    )
    connection.execute(
        "insert into ops.sweeps values (?, ?, ?, ?, ?, ?)",
        [run.shop, resource.name, run.now(), listed, counted, run.run_id],
    )


def page_ids(shopify: Shopify, resource: Resource, path: Path) -> int:
    """Write a line for each id of a resource, page by page; give their number."""
    variables = {"filter": None, "first": IDS_A_QUESTION}
    name, lines = f"ids_{resource.name}_page", 0
    with path.open("w", encoding="utf-8") as file:
        for page in pages(shopify, name, variables, resource.connection):
            for node in page["nodes"]:
                file.write(line(node))
                lines += 1
    return lines


def compare(
    connection: Connection, run: Run, resource: Resource, path: Path | None
) -> Difference:
    """Compare the ids in a file with the stored ones; None means no ids."""
    files = [str(path)] if path and path.stat().st_size else []
    connection.execute("create or replace temp table listed (id varchar, updated_at timestamp)")
    if files:
        set_variables(connection, files=files)
        connection.execute(sql("read_listed"))
    set_variables(connection, shop=run.shop, resource=resource.name)
    found = connection.execute(sql("compare_listed", table=str(resource.root_table))).fetchall()
    row = connection.execute("select count(distinct id) from listed").fetchone()
    return Difference(
        living(connection, run, resource),
        int(row[0]) if row else 0,
        [id_ for id_, is_held in found if is_held],
        [id_ for id_, is_held in found if not is_held],
    )


def guard(run: Run, resource: Resource, difference: Difference) -> None:
    """Raise DeletionsRefused if more records are missing than one run may mark."""
    limit = run.settings.sweep_limit
    gone = len(difference.gone)
    if gone <= ALWAYS_ALLOWED or gone <= limit * difference.held:
        return
    raise DeletionsRefused(
        f"Shopify no longer lists {gone:,} of {difference.held:,} stored {resource.name} of "
        f"{run.shop} ({difference.gone[0]} the first): more than the {limit:.0%} that one run "
        "may mark as deleted (CARTWHEEL_SWEEP_LIMIT), so none was marked. Check the shop; "
        "if they were really deleted, run: cartwheel extract --allow-deletes"
    )


def confirmed(shopify: Shopify, ids: list[str]) -> list[str]:
    """The ids for which Shopify has no node: its index alone is not reliable."""
    gone: list[str] = []
    for start in range(0, len(ids), IDS_A_QUESTION):
        asked = ids[start : start + IDS_A_QUESTION]
        nodes = shopify.query("nodes_exist", {"ids": asked})["nodes"]
        gone += [id_ for id_, node in zip(asked, nodes, strict=True) if node is None]
    return gone
