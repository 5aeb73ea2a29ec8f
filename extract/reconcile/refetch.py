"""After the reading: refetches records that landed incomplete."""

from __future__ import annotations

from datetime import datetime, timedelta

from cartwheel.core.counts import counted
from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run
from extract.land.watermarks import move_watermark
from extract.read.pages import read_by_id
from extract.read.session import Session
from extract.reconcile.completeness import short_parents, unbalanced_orders
from extract.shopify.resources import LISTED, ORDER_AGREEMENTS, ORDERS, Resource, Table

sql = SqlFiles(__file__)

JOURNEY_TAKES = timedelta(days=3)  # after that it is not expected any more
MOST_JOURNEYS = 250  # orders that are refetched in one run
MOST_UNBALANCED = 1000
REPORT = "If the next run says so again, please open an issue in Cartwheel's repository."
REFETCHED = "refetch"  # the watermark up to which landed rows have been checked


def refetch(session: Session, since: datetime | None) -> None:
    """Refetch records that landed since a time (UTC) and are incomplete.

    That is the time of the last complete check: the run that landed them may have failed or
    been killed before its own.
    """
    run, until = session.run, session.run.now()
    with session.warehouse() as connection:
        short = [
            (resource, table, found)
            for resource in LISTED
            for table in resource.tables
            if table.stated and (found := short_parents(connection, run, table, since))
        ]
        if not short and not _unbalanced(connection, run, since):
            move_watermark(connection, run, REFETCHED, until)
            return
    _refetch_short_parents(session, short, since)
    _refetch_unbalanced_orders(session, since)
    with session.warehouse() as connection:
        move_watermark(connection, run, REFETCHED, until)


def _refetch_short_parents(
    session: Session, found: list[tuple[Resource, Table, list[str]]], since: datetime | None
) -> None:
    """Refetch, page by page, records that came with fewer children than they state.

    If Shopify returns no more the second time either, that is a warning.
    """
    for resource, table, short in found:
        session.say(
            f"{table.name}: {counted(len(short), 'record')} of {table.parent} came with fewer "
            "than stated; reading again"
        )
        read_again(session, resource, short, f"short of {table.name}")
        with session.warehouse() as connection:
            still = short_parents(connection, session.run, table, since)
        if still:
            session.note(
                f"Warning: Shopify gives fewer {table.name} than stated for "
                f"{counted(len(still), 'record')} of {table.parent}, even when read one by one "
                f"(such as {still[0]}). {REPORT}"
            )


def _refetch_unbalanced_orders(session: Session, since: datetime | None) -> None:
    """Refetch orders and agreements whose sales do not add up to the order's total.

    This finds sales that an export left out silently, since Shopify gives no count of them. For
    an order without sales the second time too, Shopify keeps none.
    """
    with session.warehouse() as connection:
        unbalanced = _unbalanced(connection, session.run, since)
    if not unbalanced:
        return
    session.say(
        f"sales: those of {counted(len(unbalanced), 'order')} do not add up to the order's "
        "total; reading them again"
    )
    for resource in (ORDERS, ORDER_AGREEMENTS):
        read_again(session, resource, list(unbalanced), "unbalanced")
    with session.warehouse() as connection:
        left = _unbalanced(connection, session.run, since)
    still = [id_ for id_, has_sales in left.items() if has_sales]
    if still:
        session.note(
            f"Warning: the sales of {counted(len(still), 'order')} do not add up to the "
            f"order's total, even when read one by one (such as {still[0]}). {REPORT}"
        )


def refresh_journeys(session: Session) -> None:
    """Refetch recent orders whose customer journey was not ready when they were read."""
    with session.warehouse() as connection:
        set_variables(
            connection,
            shop=session.run.shop,
            run_id=session.run.run_id,
            unready_since=session.run.now() - JOURNEY_TAKES,
        )
        rows = connection.execute(sql("unready_orders", most=str(MOST_JOURNEYS))).fetchall()
    if rows:
        read_again(session, ORDERS, [row[0] for row in rows], "without journey")


def read_again(session: Session, resource: Resource, ids: list[str], why: str) -> None:
    """Read these records by their ids and land them; why goes into the run log."""
    entry = session.entry(f"{resource.name} {why}", "pages")
    path = session.folder / f"{entry.resource.replace(' ', '-')}.jsonl"
    with session.recorded(entry):
        session.land(read_by_id(session.shopify, resource, ids, path), entry)
    session.tell(entry)


def _unbalanced(connection: Connection, run: Run, since: datetime | None) -> dict[str, bool]:
    """As unbalanced_orders; the first MOST_UNBALANCED, those that have sales before others."""
    found = unbalanced_orders(connection, run, since)
    by_urgency = sorted(found.items(), key=lambda item: (not item[1], item[0]))
    return dict(by_urgency[:MOST_UNBALANCED])
