"""Deleted products: the only kind for which Shopify keeps events, for a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run, TableFigures
from extract.read.strategy import OVERLAP, moment
from extract.shopify.api_usage import Usage
from extract.shopify.client import Shopify
from extract.shopify.pagination import pages

sql = SqlFiles(__file__)

NAME = "product_deletions"
DESTROYED = "action:destroy AND subject_type:PRODUCT"


@dataclass(frozen=True)
class Deletions:
    """The products that events say were deleted, and when the latest event happened."""

    ids: tuple[str, ...]
    latest: datetime | None
    usage: Usage


def read_deletions(shopify: Shopify, since: datetime | None) -> Deletions:
    """Read the events of deleted products from a time on (UTC; None: all that are kept)."""
    search = DESTROYED
    if since is not None:
        search += f" AND created_at:>='{moment(since - OVERLAP)}'"
    ids, latest = [], None
    with shopify.metered() as meter:
        for page in pages(shopify, f"{NAME}_page", {"filter": search, "first": 100}, "events"):
            for event in page["nodes"]:
                if event.get("subjectType") == "PRODUCT" and event["action"] == "destroy":
                    ids.append(str(event["subjectId"]))
                happened = datetime.fromisoformat(event["createdAt"]).astimezone(UTC)
                latest = max(latest or happened, happened)
    until = latest.replace(tzinfo=None) if latest else None
    return Deletions(tuple(ids), until, meter.usage())


def mark_gone(connection: Connection, run: Run, table: str, ids: list[str]) -> TableFigures:
    """Give these records a tombstone with the time of this run; for a transaction.

    Records that have one already, or were never stored, stay unchanged.
    """
    connection.execute("create or replace temp table gone (id varchar)")
    connection.execute("insert into gone select unnest(?::varchar[])", [ids])
    set_variables(connection, shop=run.shop, run_id=run.run_id, landed_at=run.now())
    row = connection.execute(
        f"select count(*) from raw.{table} where shop = ? and deleted_at is null "
        "and id in (select id from gone)",
        [run.shop],
    ).fetchone()
    marked = int(row[0]) if row else 0
    connection.execute(sql("tombstone", table=table))
    return TableFigures(table, seen=len(ids), landed=marked, deleted=marked)
