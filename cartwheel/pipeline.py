"""The order of the steps: what `sync` and `demo` do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cartwheel.build.carried import is_carried, note_carried
from cartwheel.core.errors import (
    CartwheelError,
    QualityGateClosed,
    RecordsHeldBack,
    ShopsFailed,
    WarehouseError,
)
from cartwheel.core.progress import Say, labelled
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import DOMAIN, shop_name
from cartwheel.demo import check_room, demo_sandbox, make_room
from cartwheel.status import Status, read_status
from cartwheel.transform import TransformReport, failed_build, transform
from dashboard.cards import read_cards
from dashboard.page import DashboardReport, write_dashboard
from extract.replay import replay as replay_files
from extract.report import ExtractReport
from extract.run import extract
from load.account.adoption import look_up_contacts
from load.account.move import AccountReport, move_account, show_account
from load.plan.held_back import reasons_without_plan
from load.plan.plan_file import write_plan
from load.run import LoadReport, load, open_for_plan
from load.setup.run import SetupReport, check_access, set_up
from load.verify.refresh import refresh
from load.verify.verdict import too_many
from quality.gate import CheckReport, check

__all__ = [
    "AccountReport",
    "demo",
    "extract",
    "extract_all",
    "gated_load",
    "load",
    "look_up_contacts",
    "move_account",
    "open_for_plan",
    "pass_gate",
    "read_cards",
    "refresh",
    "replay",
    "set_up",
    "show_account",
    "status",
    "sync",
    "transform",
    "write_dashboard",
    "write_plan",
]

DEMO_ORDERS, DEMO_SEED = 1500, 1


@dataclass(frozen=True)
class ShopFailure:
    """A store that was not read to its end, and its error's own words."""

    shop: str
    message: str


@dataclass(frozen=True)
class ShopsReport:
    """The outcome of each store that was to be read, in the order of shops.toml."""

    shops: tuple[ExtractReport, ...]
    failures: tuple[ShopFailure, ...] = ()

    def plain(self) -> ExtractReport | ShopsReport:
        """The store's own report where only one was read; scripts of one store rely on it."""
        return self if len(self.shops) + len(self.failures) > 1 else self.shops[0]

    def explain(self) -> str:
        """Which stores failed and why, one line each; the first line says what to type."""
        number = len(self.shops) + len(self.failures)
        lines = [
            f"{len(self.failures)} of {number} stores could not be read completely; what was "
            "landed stays. Fix the problems listed below, then repeat the command; to read "
            f"only one: cartwheel extract --shop {self.failures[0].shop}"
        ]
        lines += [f"  {failure.shop}: {failure.message}" for failure in self.failures]
        return "\n".join(lines)


@dataclass(frozen=True)
class SyncReport:
    """What each step did; a dry run sets nothing up, and its load only plans.

    extract is the store's report, or one of all where several were read. Where nothing was new,
    check, setup and load are None: there was nothing for them to do.
    """

    extract: ExtractReport | ShopsReport
    transform: TransformReport
    check: CheckReport | None
    setup: SetupReport | None
    load: LoadReport | None


def extract_all(
    settings: Settings, say: Say, *, shop: str = "", **options: Any
) -> ExtractReport | ShopsReport:
    """Extract from every store of shops.toml, one after another, or from the one named.

    options go to the step, for each store. A store that fails does not stop the
    others. Returns the store's own report if only one is read.

    Raises ShopsFailed at the end, with the report of all, if any of several stores
    failed; where only one is read, its own error. SettingsError stops before the first.
    """
    report = _extract_each(settings, settings.shops(shop), say, options)
    if report.failures:
        raise ShopsFailed(report.explain(), report=report)
    return report.plain()


def replay(
    settings: Settings, files: Sequence[Path], say: Say, *, shop: str = ""
) -> ExtractReport:
    """Land saved files of bulk operations under the shop named, or SHOPIFY_SHOP."""
    named = replace(settings, shop=shop_name(shop, "--shop")) if shop else settings
    return replay_files(named, files, say)


def sync(
    settings: Settings,
    say: Say,
    *,
    dry_run: bool = False,
    shop: str = "",
    allow_deletes: bool = False,
    strict: bool = False,
    full: bool = False,
    watch: Callable[[Any], None] | None = None,
) -> SyncReport:
    """Carry what changed in Shopify to HubSpot: extract, transform, check, set up, load.

    Where nothing is new, neither in Shopify nor by the time that has passed, and the last load
    left nothing to do, it ends after the extract; with full each step does its work anyway.

    Reads every store, or the one named, and tells watch how far it is; the other steps process
    the whole warehouse. If some of several stores fail, the pipeline continues with what the
    others gave. With allow_deletes the guards of the extract and of the load allow more deletes
    than their limits; with strict, every record held back is an error.

    Raises what the steps raise; QualityGateClosed stops it before the load. Raises ShopsFailed
    if a store failed: at the end, with the whole report, or at once if none could be read. If a
    later step fails as well, its error has a note that says so. Raises RecordsHeldBack, with
    the whole report, if records are held back.
    """
    shops = settings.shops(shop)
    if not dry_run:
        settings.require_hubspot()
        check_access(settings, labelled(say, "setup"))
    reading = {"watch": watch, "allow_deletes": allow_deletes}
    extracted = _extract_each(settings, shops, labelled(say, "extract"), reading)
    if not extracted.shops:
        raise ShopsFailed(extracted.explain())
    try:
        transformed = transform(settings, labelled(say, "transform"), full=full)
        if transformed.nothing_new and not dry_run and is_carried(settings, strict=strict):
            say("nothing to check or to load: HubSpot has all of it since the last load")
            report = SyncReport(extracted.plain(), transformed, None, None, None)
        else:
            checked = pass_gate(settings, say)
            prepared = None if dry_run else set_up(settings, labelled(say, "setup"))
            loaded = load(
                settings,
                labelled(say, "load"),
                dry_run,
                allow_deletes=allow_deletes,
                strict=strict,
            )
            if not dry_run and not loaded.alarms:
                note_carried(settings, loaded.run_id, strict=strict)
            report = SyncReport(extracted.plain(), transformed, checked, prepared, loaded)
    except CartwheelError as error:
        if extracted.failures:
            error.add_note(extracted.explain())
        raise
    if extracted.failures:
        raise ShopsFailed(extracted.explain(), report=report)
    if report.load:
        _check_held_back(report.load, report)
    return report


def _check_held_back(loaded: LoadReport, report: Any) -> None:
    """Raise RecordsHeldBack, with the command's report, if the load raised alarms."""
    if not loaded.alarms:
        return
    said = ". ".join(loaded.alarms)
    raise RecordsHeldBack(
        f"Everything was sent except for records held back. {said}. "
        "See the reasons: cartwheel status; "
        f"each record: cartwheel plan --object {loaded.alarms[0].partition(':')[0]}",
        report=report,
    )


def _extract_each(
    settings: Settings, shops: Sequence[Settings], say: Say, options: dict[str, Any]
) -> ShopsReport:
    """Read the stores in turn; the only one raises its own error."""
    if len(shops) < len(settings.listed):
        say(f"reading only {shops[0].shop} of the {len(settings.listed)} stores listed")
    if len(shops) == 1:
        return ShopsReport((extract(shops[0], say, **options),))
    names = [shop.shop.removesuffix(DOMAIN) for shop in shops]
    width = max(map(len, names)) + 2
    came: list[ExtractReport] = []
    failures: list[ShopFailure] = []
    for name, shop in zip(names, shops, strict=True):
        say_of_shop = labelled(say, name, width)
        try:
            came.append(extract(shop, say_of_shop, **options))
        except CartwheelError as error:
            failures.append(ShopFailure(shop.shop, str(error)))
            say_of_shop(f"failed: {error}")
    return ShopsReport(tuple(came), tuple(failures))


def pass_gate(settings: Settings, say: Say) -> CheckReport:
    """Judge what would be sent.

    Raises QualityGateClosed with every failed expectation if the load must not follow, and
    where the last build failed: its tests found what nobody should send.
    """
    if failed := failed_build(settings):
        raise QualityGateClosed(
            f"The quality gate is closed: the last build failed ({failed}). Nothing was sent. "
            "Build again: cartwheel transform"
        )
    report = check(settings, labelled(say, "check"))
    if not report.success:
        raise QualityGateClosed(
            f"The quality gate is closed: {'; '.join(report.failures)}. Nothing was sent. "
            f"Open {report.docs_path}, fix the source or the model, then run: cartwheel sync"
        )
    return report


def gated_load(
    settings: Settings, say: Say, *, dry_run: bool = False, **options: Any
) -> LoadReport:
    """Pass the gate, then load; a dry run only plans. options go to the load.

    Raises RecordsHeldBack, with the report, if records are held back; and what the
    gate and the load raise.
    """
    if not dry_run:
        pass_gate(settings, say)
    report = load(settings, labelled(say, "load"), dry_run, **options)
    _check_held_back(report, report)
    return report


def status(settings: Settings) -> Status:
    """The current state; once the marts are built, a plan tells what is held back."""
    with open_for_plan(settings) as session:
        try:
            planned = session.refresh()
        except WarehouseError:
            connection = session.connection
            return read_status(connection, reasons_without_plan(connection))
        warnings = too_many(planned, settings.held_back_limit)
        return read_status(session.connection, planned.held_back, warnings, planned.omitted)


@dataclass(frozen=True)
class DemoReport:
    """What the demo built, and in how many seconds."""

    sync: SyncReport
    dashboard: DashboardReport
    warehouse: Path
    seconds: float


def demo(
    warehouse: Path,
    page: Path,
    say: Say,
    *,
    orders: int = DEMO_ORDERS,
    seed: int = DEMO_SEED,
) -> DemoReport:
    """Run the pipeline end to end on a generated store, against the sandbox's two APIs.

    Starts a new warehouse at the given path, once the sandbox listens; raises
    WarehouseError rather than replace one that holds another shop's data.
    """
    clock, say_of_sandbox = time.monotonic(), labelled(say, "sandbox")
    check_room(warehouse)
    say_of_sandbox(f"generating a store with {orders:,} orders (seed {seed})")
    with demo_sandbox(orders, seed) as env_file:
        # the demo's own settings alone: the environment may name a real account
        settings = Settings.read(env_file, environ={"CARTWHEEL_WAREHOUSE": str(warehouse)})
        say_of_sandbox(f"Shopify and HubSpot listen at {settings.shopify_api_url}")
        make_room(warehouse)
        synced = sync(settings, say)
    drawn = write_dashboard(warehouse, page)
    return DemoReport(synced, drawn, warehouse, time.monotonic() - clock)
