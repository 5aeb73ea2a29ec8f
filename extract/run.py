"""The station's one call: everything that changed in Shopify, landed in raw."""

from __future__ import annotations

import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cartwheel.errors import CartwheelError
from cartwheel.progress import Say, silent
from cartwheel.settings import Settings
from cartwheel.warehouse import open_warehouse
from extract.bulk import IN_FLIGHT, Delivery, Stopped, fetch
from extract.client import Shopify
from extract.land import land, short_parents
from extract.manifest import (
    Reading,
    Run,
    TableFigures,
    create_tables,
    move_watermark,
    note_initial_import,
    record,
    watermark,
)
from extract.preflight import Shop, preflight
from extract.refunds import fetch_refunds, orders_to_read
from extract.resources import BULK, ORDER_AGREEMENTS, ORDERS, REFUNDS, SHOP, Resource

OVERLAP = timedelta(minutes=5)  # Shopify's index may show an update late


@dataclass(frozen=True)
class ExtractReport:
    """What a run did, table by table; warnings are sentences for a person."""

    run_id: str
    shop: str
    tables: tuple[TableFigures, ...]
    requests: int
    warnings: tuple[str, ...]
    rows_seen: int = field(init=False)
    rows_landed: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows_seen", sum(table.seen for table in self.tables))
        object.__setattr__(self, "rows_landed", sum(table.landed for table in self.tables))


def extract(
    settings: Settings, say: Say = silent, *, since: timedelta | None = None
) -> ExtractReport:
    """Read what changed in the shop since the last run and land it in raw.

    The first run reads everything. since leaves out orders created longer ago; up to
    60 days it does without read_all_orders. What one resource lands stays, even if
    another fails: each has its own watermark.

    Raises SettingsError, AccessDenied, ServiceError, IncompleteData or WarehouseError;
    the first failure, after the other resources were landed or given up.
    """
    settings.require_shopify()
    return Extraction(settings, say, since).run_all()


class Extraction:
    """One run: its client, its spool folder, its figures so far."""

    def __init__(self, settings: Settings, say: Say, since: timedelta | None) -> None:
        self.settings = settings
        self.run = Run(settings)
        self.since = since
        self.complete = since is None
        self.warnings: list[str] = []
        self.tables: list[TableFigures] = []
        self._say = say
        self._shopify = Shopify(settings, self._note)
        self._stop = threading.Event()

    def run_all(self) -> ExtractReport:
        """Preflight, shop, bulk resources, refunds; if all came, a note of the first import."""
        with open_warehouse(self.settings.warehouse) as connection:
            create_tables(connection)
            searches = {
                resource: self._search(
                    resource, watermark(connection, self.run.shop, resource.name)
                )
                for resource in BULK
            }
        try:
            shop = preflight(self._shopify, self._say, since=self.since)
            with tempfile.TemporaryDirectory(prefix="cartwheel-") as folder:
                self._land_shop(shop, Path(folder))
                self._land_bulk(shop, searches, Path(folder))
                self._land_refunds(Path(folder))
        finally:
            self._shopify.close()
        if self.complete:
            with open_warehouse(self.settings.warehouse) as connection:
                note_initial_import(connection, self.run)
        return ExtractReport(
            self.run.run_id,
            self.run.shop,
            tuple(self.tables),
            self._shopify.requests_sent,
            tuple(self.warnings),
        )

    def _land_shop(self, shop: Shop, folder: Path) -> None:
        spool = folder / "shop.jsonl"
        spool.write_text(shop.line(), encoding="utf-8")
        self._land(SHOP, spool, Reading(datetime.now(UTC), 2, spool.stat().st_size), 1)

    def _land_bulk(
        self, shop: Shop, searches: dict[Resource, str | None], folder: Path
    ) -> None:
        failures: list[Exception] = []
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            begun = {
                pool.submit(self._fetch, resource, search, folder): resource
                for resource, search in searches.items()
            }
            try:
                for future in as_completed(begun):
                    resource = begun[future]
                    counted = 0 if searches[resource] else shop.counts[resource.count]
                    problem = self._land_delivery(resource, future, counted)
                    if problem:
                        failures.append(problem)
                        self._stop.set()
            except BaseException:
                self._stop.set()
                raise
        if failures:
            raise failures[0]

    def _fetch(self, resource: Resource, search: str | None, folder: Path) -> Delivery:
        return fetch(
            self._shopify,
            resource,
            self.run,
            folder / f"{resource.name}.jsonl",
            search=search,
            stop=self._stop,
            say=self._say,
        )

    def _land_delivery(
        self, resource: Resource, future: Future[Delivery], counted: int
    ) -> CartwheelError | None:
        """Land what came; the problem instead, if something else came.

        counted is how many roots there must be, as the shop counts them; fewer are
        landed with a warning, and the watermark waits until all have come.
        """
        try:
            delivery = future.result()
            short = delivery.roots < counted
            complete = not (short or self._windowed(resource))
            self._land(
                resource, delivery.spool, delivery.reading, delivery.lines, complete=complete
            )
        except Stopped:
            return None
        except CartwheelError as problem:
            with open_warehouse(self.settings.warehouse) as connection:
                reading = Reading(datetime.now(UTC))
                record(connection, self.run, resource.name, reading, [], str(problem))
            return problem
        if delivery.spool:
            delivery.spool.unlink()
        if short:
            self.complete = False
            self._note(
                f"Warning: Shopify counts {counted:,} {resource.name}, but exported only "
                f"{delivery.roots:,}. The next run reads all of them again; if it says the "
                "same, check the app's scopes."
            )
        return None

    def _land_refunds(self, folder: Path) -> None:
        """Refunds of the orders that landed since the last complete reading of refunds."""
        considered_until = self.run.now()
        with open_warehouse(self.settings.warehouse) as connection:
            since = watermark(connection, self.run.shop, REFUNDS.name)
            to_read = orders_to_read(connection, self.run, since)
        spool = folder / "refunds.jsonl"
        pages = fetch_refunds(self._shopify, to_read, spool)
        self._land(REFUNDS, spool, pages.reading, pages.lines)
        with open_warehouse(self.settings.warehouse) as connection:
            lacking = orders_to_read(connection, self.run, since)
            if not lacking:
                move_watermark(connection, self.run, REFUNDS.name, considered_until)
        if lacking:
            self._note(
                f"Warning: {len(lacking):,} orders came without the refunds that they list "
                f"({lacking[0]} the first). They may just have been deleted; the next run "
                "asks again."
            )

    def _land(
        self,
        resource: Resource,
        spool: Path | None,
        reading: Reading,
        expected: int,
        *,
        complete: bool = True,
    ) -> None:
        with open_warehouse(self.settings.warehouse) as connection:
            figures = land(
                connection,
                resource,
                spool,
                self.run,
                reading,
                expected,
                complete=complete,
            )
            short = {
                table.name: short_parents(connection, self.run, table)
                for table in resource.tables
            }
        self.tables += figures
        for name, count in short.items():
            if count:
                self._note(
                    f"Warning: {count:,} records came with fewer {name} than they say they "
                    "have. If the next run says so again, please report it."
                )
        for table in figures:
            self._say(f"{table.table:<30} {table.seen:>9,} read {table.landed:>9,} landed")

    def _search(self, resource: Resource, landed_until: datetime | None) -> str | None:
        """The search for what is new, in Shopify's syntax; None for everything.

        Quoted, or Shopify ignores the time of day; in UTC, or it misreads the offset;
        with >=, because updatedAt is cut to whole seconds (reference/shopify.md, 4).
        """
        if self.since and self._windowed(resource):
            return f"created_at:>='{_moment(self.run.now() - self.since)}'"
        return f"updated_at:>='{_moment(landed_until - OVERLAP)}'" if landed_until else None

    def _windowed(self, resource: Resource) -> bool:
        return self.since is not None and resource in (ORDERS, ORDER_AGREEMENTS)

    def _note(self, warning: str) -> None:
        self.warnings.append(warning)
        self._say(warning)


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
