"""The station's one call: everything that changed in Shopify, landed in raw."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

from cartwheel.errors import CartwheelError
from cartwheel.progress import Say, silent
from cartwheel.settings import Settings
from cartwheel.warehouse import transaction
from extract import deletions, refunds
from extract.bulk import Patience, cancel_leftovers
from extract.delivery import Delivery, Reading
from extract.manifest import (
    Tally,
    create_tables,
    end_interrupted,
    move_watermark,
    note_initial_import,
    prune_history,
    watermark,
)
from extract.pages import read_by_id
from extract.preflight import Shop, preflight
from extract.progress import Update, Watch
from extract.readers import Readers
from extract.reconcile import Sweeper, mend_short_parents, refresh_journeys
from extract.report import ExtractReport
from extract.resources import LISTED, ORDERS, PRODUCTS, REFUNDS, SHOP, SWEPT, Resource
from extract.session import Options, Session
from extract.spool import spool_folder
from extract.tasks import Via, tasks


def extract(
    settings: Settings,
    say: Say = silent,
    *,
    since: timedelta | None = None,
    via: Via = "auto",
    sweep: bool = False,
    allow_deletes: bool = False,
    keep: Path | None = None,
    patience: Patience | None = None,
    watch: Watch | None = None,
) -> ExtractReport:
    """Read what changed in the shop since the last run and land it in raw.

    The first run reads everything. since leaves out orders created longer ago; up to
    60 days it does without read_all_orders. via, sweep, allow_deletes, keep and patience:
    see Options. watch is told how far the reading is, say where nobody watches.

    What one resource lands stays, even if another fails: each has its own watermark.

    Raises SettingsError, AccessDenied, ServiceError, IncompleteData, DeletionsRefused or
    WarehouseError; the first failure, after the other resources were landed.
    """
    settings.require_shopify()
    options = Options(via, since, sweep, allow_deletes, keep, patience or Patience())
    with spool_folder(settings.warehouse) as folder:
        session = Session(settings, options, folder, say, watch or _told_to(say))
        try:
            return Extraction(session).run_all()
        finally:
            session.shopify.close()


def _told_to(say: Say) -> Watch:
    def watch(update: Update) -> None:
        say(str(update))

    return watch


class Extraction:
    """The steps of one run, in their order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._watermarks: dict[Resource, datetime | None] = {}
        self._deleted_until: datetime | None = None
        self._complete = session.options.since is None

    def run_all(self) -> ExtractReport:
        """Preflight, read and land, reconcile; if all came, note the first import."""
        session, began = self._session, time.monotonic()
        killed = self._open()
        shop = preflight(session.shopify, session.say, since=session.options.since)
        if cancelled := cancel_leftovers(session.shopify, killed):
            session.say(f"{cancelled} exports that a killed run had left behind were cancelled")
        self._land_shop(shop)
        started = session.shopify.server_time()
        self._land_listed(shop)
        self._mark_deleted_products(started)
        mend_short_parents(session)
        refresh_journeys(session)
        problems = self._sweep(shop)
        self._land_refunds()
        with session.warehouse() as connection:
            if self._complete and not problems:
                note_initial_import(connection, session.run)
            if session.settings.history_days is not None:
                prune_history(connection, session.run, session.settings.history_days)
        if problems:
            raise problems[0]
        took = session.shopify.took
        return ExtractReport(
            session.run.run_id,
            session.run.shop,
            tuple(session.figures.values()),
            took.requests,
            took.points,
            took.size,
            time.monotonic() - began,
            tuple(session.warnings),
        )

    def _open(self) -> set[str]:
        """Make the tables, read the watermarks; give the runs that were killed."""
        run = self._session.run
        with self._session.warehouse() as connection:
            create_tables(connection)
            for resource in (*LISTED, REFUNDS):
                self._watermarks[resource] = watermark(connection, run.shop, resource.name)
            self._deleted_until = watermark(connection, run.shop, deletions.NAME)
            return end_interrupted(connection, run.shop)

    def _land_shop(self, shop: Shop) -> None:
        spool = self._session.folder / "shops.jsonl"
        spool.write_text(shop.line(), encoding="utf-8")
        tally = Tally(SHOP.name, "pages")
        reading = Reading(2, 0, spool.stat().st_size)
        self._session.land(Delivery(SHOP, spool, 1, 1, reading), tally)
        self._session.tell(tally)

    def _land_listed(self, shop: Shop) -> None:
        session = self._session
        since = session.options.since
        wanted = tasks(
            session.shopify,
            self._watermarks,
            shop.counts,
            session.options.via,
            created_since=session.run.now() - since if since else None,
        )
        tallies = {task.resource.name: Tally(task.resource.name, task.via) for task in wanted}
        with session.warehouse() as connection:
            for tally in tallies.values():
                tally.write(connection, session.run)
        problems = Readers(session, wanted).land_all(tallies)
        if problems:
            raise problems[0]

    def _mark_deleted_products(self, started: datetime) -> None:
        """Follow the events of deleted products; before the first run there is nothing to."""
        session = self._session
        is_first = self._watermarks[PRODUCTS] is None
        tally = Tally(deletions.NAME, "events")
        found = deletions.Deletions((), started, Reading())
        if not is_first:
            found = deletions.read_deletions(session.shopify, self._deleted_until)
        with session.warehouse() as connection:
            with transaction(connection):
                figures = deletions.mark_gone(
                    connection, session.run, str(PRODUCTS.root_table), list(found.ids)
                )
                move_watermark(connection, session.run, deletions.NAME, found.latest)
            tally.add([figures], found.reading)
            tally.status = "succeeded"
            tally.write(connection, session.run)
        session.count([figures])
        if figures.deleted:
            session.say(f"products: {figures.deleted:,} marked as deleted")

    def _sweep(self, shop: Shop) -> list[CartwheelError]:
        """Compare ids where that is due; give what was refused."""
        session, problems = self._session, []
        counts = {**shop.counts, **self._count_again()}
        for resource in SWEPT:
            if session.options.since is not None and resource is ORDERS:
                continue
            if resource is ORDERS and not shop.sees_all_orders:
                continue
            whole = self._watermarks[resource] is None
            try:
                even = Sweeper(session, resource, counts[resource.count]).sweep(
                    just_read_whole=whole
                )
            except CartwheelError as problem:
                problems.append(problem)
                even = False
            self._complete = self._complete and even
        return problems

    def _count_again(self) -> dict[str, int]:
        """The shop's own counts as they are after the reading."""
        found = self._session.shopify.query("counts")
        return {field: int(count["count"]) for field, count in found.items()}

    def _land_refunds(self) -> None:
        """Refunds of the orders that landed since the last complete reading of refunds."""
        session, since = self._session, self._watermarks[REFUNDS]
        considered_until = session.run.now()
        with session.warehouse() as connection:
            to_read = refunds.orders_to_read(connection, session.run, since)
        tally = Tally(REFUNDS.name, "pages")
        session.progress.begin(REFUNDS.name, len(to_read))
        for first in range(0, len(to_read) or 1, refunds.PART):
            part = to_read[first : first + refunds.PART]
            spool = session.folder / f"refunds-{first}.jsonl"
            session.land(read_by_id(session.shopify, REFUNDS, part, spool), tally)
            session.progress.advance(REFUNDS.name, first + len(part))
        session.tell(tally)
        with session.warehouse() as connection:
            lacking = refunds.orders_to_read(connection, session.run, since)
            if not lacking:
                move_watermark(connection, session.run, REFUNDS.name, considered_until)
        if lacking:
            session.note(
                f"Warning: {len(lacking):,} orders came without the refunds that they list "
                f"({lacking[0]} the first). They may just have been deleted; the next run "
                "asks again."
            )
