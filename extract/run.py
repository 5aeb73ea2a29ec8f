"""The entry point of extract: lands everything that changed in Shopify in raw."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cartwheel.core.errors import CartwheelError, ServiceUnreachable
from cartwheel.core.progress import Say, Watch, silent, told_to
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import transaction
from extract.land.kept_files import expect_writable
from extract.land.run_log import WHOLE_RUN, end_interrupted, interrupted
from extract.land.shop_node import LOCALES, landed_shop, shop_line
from extract.land.staged_file import StagedFile
from extract.land.staging_folder import staging_folder
from extract.land.tables import (
    create_tables,
    prune_history,
    refuse_mixed_stores,
    stores_beside,
)
from extract.land.unreadable import forget_unreadable
from extract.land.watermarks import move_watermark, note_initial_import, watermark
from extract.preflight import Shop, preflight
from extract.read.bulk import Patience, cancel_leftovers
from extract.read.pages import read_by_id
from extract.read.session import Options, Session
from extract.read.strategy import Via, tasks
from extract.read.workers import Workers
from extract.reconcile import deletions, refunds
from extract.reconcile.refetch import REFETCHED, refetch, refresh_journeys
from extract.reconcile.sweep import Sweeper
from extract.report import ExtractReport
from extract.shopify.api_usage import Usage
from extract.shopify.resources import LISTED, ORDERS, PRODUCTS, REFUNDS, SHOP, SWEPT, Resource

# said with the first extract of a shop, and by cartwheel doctor
UNKNOWN_LANGUAGE = (
    "Shopify does not tell the shop's language, for which the app needs the scope "
    "read_locales: labels in HubSpot and reports are in English. For another language, add the "
    "scope, or set CARTWHEEL_LANGUAGE."
)


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
    sleep: Callable[[float], None] = time.sleep,
) -> ExtractReport:
    """Read what changed in the shop since the last run and land it in raw.

    The first run reads everything. since leaves out orders created longer ago; up to
    60 days it does without read_all_orders. via, sweep, allow_deletes, keep, patience and
    sleep: see Options. watch is told how far the reading is, say where nobody watches.

    What one resource lands stays, even if another fails: each has its own watermark.

    Raises SettingsError, AccessDenied, ServiceError, IncompleteData, DeletionsRefused,
    WarehouseError or OutputError; the first failure, after the other resources were landed.
    """
    settings.require_shopify()
    options = Options(via, since, sweep, allow_deletes, keep, patience or Patience(), sleep)
    if keep is not None:
        expect_writable(keep)
    with staging_folder(settings.warehouse, settings.shop) as folder:
        session = Session(settings, options, folder, say, watch or told_to(say))
        try:
            return Extraction(session).run_all()
        finally:
            session.shopify.close()


class Extraction:
    """The steps of one run, in their order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._whole = session.entry(WHOLE_RUN, "all")
        self._watermarks: dict[Resource, datetime | None] = {}
        self._landed_shop: dict[str, Any] | None = None
        self._deleted_until: datetime | None = None
        self._mended_until: datetime | None = None
        self._complete = session.options.since is None
        self._failed: set[str] = set()
        self._problems: list[CartwheelError] = []

    def run_all(self) -> ExtractReport:
        """Preflight, read and land, reconcile; if all came, note the first import."""
        session, began = self._session, time.monotonic()
        killed = self._open()
        with session.recorded(self._whole):
            try:
                self._take_steps(killed)
            finally:
                self._whole.add([], session.not_logged())
        self._whole.status = "succeeded"
        with session.warehouse() as connection:
            self._whole.write(connection, session.run)
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

    def _take_steps(self, killed: set[str]) -> None:
        session = self._session
        shop = preflight(session.shopify, session.say, since=session.options.since)
        self._end(killed)
        self._land_shop(shop)
        started = session.shopify.server_time()
        self._problems += self._land_listed(shop)
        self._attempt(lambda: self._mark_deleted_products(started))
        self._attempt(lambda: refetch(session, self._mended_until))
        self._attempt(lambda: refresh_journeys(session))
        self._attempt(lambda: self._sweep(shop))
        self._attempt(self._land_refunds)
        with session.warehouse() as connection:
            if self._complete and not self._problems:
                note_initial_import(connection, session.run)
            if session.settings.history_days is not None:
                prune_history(connection, session.run, session.settings.history_days)
        self._raise_problems()

    def _attempt(self, step: Callable[[], None]) -> None:
        """Run a step even if earlier ones failed, unless Shopify cannot be reached."""
        if any(isinstance(problem, ServiceUnreachable) for problem in self._problems):
            return
        try:
            step()
        except CartwheelError as problem:
            self._problems.append(problem)

    def _raise_problems(self) -> None:
        """Raise the first problem, with the others as notes, and leave no export running."""
        if not self._problems:
            return
        first, *others = self._problems
        with suppress(CartwheelError):
            cancel_leftovers(self._session.shopify, {self._session.run.run_id})
        for other in others:
            first.add_note(str(other))
        raise first

    def _open(self) -> set[str]:
        """Create the tables, read the watermarks; return the runs that were killed."""
        run = self._session.run
        with self._session.warehouse() as connection:
            create_tables(connection)
            refuse_mixed_stores(connection, run.shop)
            self._tell_of_others(stores_beside(connection, run.shop))
            self._landed_shop = landed_shop(connection, run.shop)
            for resource in (*LISTED, REFUNDS):
                self._watermarks[resource] = watermark(connection, run.shop, resource.name)
            self._deleted_until = watermark(connection, run.shop, deletions.NAME)
            self._mended_until = watermark(connection, run.shop, REFETCHED)
            killed = interrupted(connection, run.shop)
            self._whole.write(connection, run)
            return killed

    def _tell_of_others(self, present: list[str]) -> None:
        """Say so where the shop joins stores that the settings do not list with it."""
        settings = self._session.settings
        listed = {each.shop for each in settings.listed}
        others = [shop for shop in present if shop not in listed]
        if others:
            self._session.note(
                f"Warning: {settings.warehouse} holds {', '.join(others)} already, and "
                f"{settings.shop} is read into it for the first time: all of it goes to one "
                "HubSpot account. If that is not meant, set CARTWHEEL_WAREHOUSE to another file"
            )

    def _end(self, killed: set[str]) -> None:
        """Cancel the exports of killed runs, and only then mark those as interrupted."""
        session = self._session
        if not killed:
            return
        if cancelled := cancel_leftovers(session.shopify, killed):
            session.say(f"cancelled {cancelled} exports that a killed run had left running")
        with session.warehouse() as connection:
            end_interrupted(connection, killed)

    def _land_shop(self, shop: Shop) -> None:
        session, before = self._session, self._landed_shop
        locales = shop.locales
        if locales is None and before is not None:
            locales = before.get(LOCALES)
        if locales is None and before is None and not session.settings.language:
            session.say(UNKNOWN_LANGUAGE)
        path = session.folder / "shops.jsonl"
        path.write_text(shop_line(shop.node, locales), encoding="utf-8")
        entry = session.entry(SHOP.name, "pages")
        # it came with the preflight, whose requests are the whole run's
        session.land(StagedFile(SHOP, path, 1, 1, Usage()), entry)
        session.tell(entry)

    def _land_listed(self, shop: Shop) -> list[CartwheelError]:
        """Read and land what changed of every resource; return what went wrong."""
        session = self._session
        since = session.options.since
        wanted = tasks(
            session.shopify,
            self._watermarks,
            shop.counts,
            session.options.via,
            created_since=session.run.now() - since if since else None,
        )
        entries = {
            task.resource.name: session.entry(task.resource.name, task.via) for task in wanted
        }
        with session.warehouse() as connection:
            for entry in entries.values():
                entry.write(connection, session.run)
        problems = Workers(session, wanted).land_all(entries)
        self._failed = {name for name, entry in entries.items() if entry.status == "failed"}
        return problems

    def _mark_deleted_products(self, started: datetime) -> None:
        """Apply the events of deleted products; the first run has nothing to delete."""
        session = self._session
        is_first = self._watermarks[PRODUCTS] is None
        entry = session.entry(deletions.NAME, "events")
        found = deletions.Deletions((), started, Usage())
        if not is_first:
            with session.recorded(entry):
                found = deletions.read_deletions(session.shopify, self._deleted_until)
        with session.warehouse() as connection:
            with transaction(connection):
                figures = deletions.mark_gone(
                    connection, session.run, str(PRODUCTS.root_table), list(found.ids)
                )
                forget_unreadable(connection, session.run, list(found.ids))
                move_watermark(connection, session.run, deletions.NAME, found.latest)
            entry.add([figures], found.usage)
            entry.status = "succeeded"
            entry.write(connection, session.run)
        session.count([figures])
        if figures.deleted:
            session.say(f"products: {figures.deleted:,} marked as deleted")

    def _sweep(self, shop: Shop) -> None:
        """Compare ids where that is due; a refusal affects only its own resource."""
        session = self._session
        counts = {**shop.counts, **self._count_again()}
        is_whole = session.options.since is None and shop.sees_all_orders
        sweepers = {
            resource: Sweeper(session, resource, counts[resource.count])
            for resource in SWEPT
            if resource.name not in self._failed and (is_whole or resource is not ORDERS)
        }
        with session.warehouse() as connection:
            due = [
                sweeper
                for resource, sweeper in sweepers.items()
                if sweeper.is_due(
                    connection, just_read_whole=self._watermarks[resource] is None
                )
            ]
        for sweeper in due:
            try:
                even = sweeper.sweep()
            except CartwheelError as problem:
                self._problems.append(problem)
                even = False
            self._complete = self._complete and even

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
            if not to_read:
                self._read_refunds([])  # which asks Shopify nothing
                move_watermark(connection, session.run, REFUNDS.name, considered_until)
                return
        self._read_refunds(to_read)
        with session.warehouse() as connection:
            lacking = refunds.orders_to_read(connection, session.run, since)
            if not lacking:
                move_watermark(connection, session.run, REFUNDS.name, considered_until)
        if lacking:
            session.note(
                f"Warning: {len(lacking):,} orders came without refunds that they list "
                f"({lacking[0]} the first). They may just have been deleted; the next run "
                "asks again."
            )

    def _read_refunds(self, orders: list[str]) -> None:
        """Read and land the refunds of these orders, a part of them at a time."""
        session = self._session
        entry = session.entry(REFUNDS.name, "pages")
        session.progress.begin(REFUNDS.name, len(orders))
        for first in range(0, len(orders) or 1, refunds.PART):
            part = orders[first : first + refunds.PART]
            path = session.folder / f"refunds-{first}.jsonl"
            with session.recorded(entry):
                session.land(read_by_id(session.shopify, REFUNDS, part, path), entry)
            session.progress.advance(REFUNDS.name, first + len(part))
        session.tell(entry)
