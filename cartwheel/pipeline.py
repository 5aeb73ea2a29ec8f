"""The order of the steps: what `sync` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cartwheel.access import check_both_sides
from cartwheel.build.carried import is_carried, note_carried
from cartwheel.core.errors import CartwheelError, ShopsFailed
from cartwheel.core.progress import Say, labelled
from cartwheel.core.settings import Settings
from cartwheel.core.waiting import waiting
from cartwheel.extract_shops import ShopsReport, extract_each
from cartwheel.gated import check_held_back, pass_gate, prepare, send, was_closed
from cartwheel.step_runs import SYNC, confirm, recorded
from cartwheel.sync_lock import alone
from cartwheel.transform import TransformReport, transform
from extract.report import ExtractReport
from load.run import LoadReport
from load.setup.run import SetupReport
from quality.gate import CheckReport


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


def sync(
    settings: Settings,
    say: Say,
    *,
    dry_run: bool = False,
    shop: str = "",
    since: timedelta | None = None,
    allow_deletes: bool = False,
    strict: bool = False,
    full: bool = False,
    watch: Callable[[Any], None] | None = None,
) -> SyncReport:
    """Carry what changed in Shopify to HubSpot: extract, transform, check, set up, load.

    Where nothing is new, neither in Shopify nor by the time that has passed, and the last load
    left nothing to do, it ends after the extract; with full each step does its work anyway.

    Reads every store, or the one named; the other steps process the whole warehouse. watch is
    told how far each step is. If some of several stores fail, the pipeline continues with what
    the others gave. since leaves out orders created longer ago. With allow_deletes the guards
    of the extract and of the load allow more deletes than their limits; with strict, every
    record held back is an error.

    Raises AlreadyRunning if another sync of this warehouse is at work. Raises SettingsError or
    AccessDenied naming all that Shopify's and HubSpot's sides lack; and what the steps
    raise, of which QualityGateClosed stops it before the load. Raises ShopsFailed if a store
    failed: at the end, with the whole report, or at once if none could be read. If a later step
    fails as well, its error has a note that says so. Raises RecordsHeldBack, with the whole
    report, if records are held back.
    """
    shops = settings.shops(shop, to_hubspot=not dry_run)
    reading = {"watch": watch, "since": since, "allow_deletes": allow_deletes}
    with (
        alone(settings.warehouse),
        recorded(settings, SYNC),
        waiting(labelled(say, "sync")),
    ):
        report = _sync(settings, shops, say, reading, dry_run=dry_run, strict=strict, full=full)
    if report.load:
        check_held_back(report.load, report)
    return report


def _sync(
    settings: Settings,
    shops: Sequence[Settings],
    say: Say,
    reading: dict[str, Any],
    *,
    dry_run: bool,
    strict: bool,
    full: bool,
) -> SyncReport:
    if not dry_run:
        check_both_sides(settings, shops, labelled(say, "sync"), since=reading["since"])
    watch = reading["watch"]
    extracted = extract_each(settings, shops, labelled(say, "extract"), reading)
    if not extracted.shops:
        raise ShopsFailed(extracted.explain())
    try:
        transformed = transform(settings, labelled(say, "transform"), full=full, watch=watch)
        if (
            transformed.nothing_new
            and not dry_run
            and is_carried(settings, strict=strict)
            and not was_closed(settings)
        ):
            confirm(settings, "check", "setup", "load")
            say("nothing to check or to load: HubSpot has all of it since the last load")
            report = SyncReport(extracted.plain(), transformed, None, None, None)
        else:
            checked = pass_gate(settings, say, watch)
            prepared = None if dry_run else prepare(settings, labelled(say, "setup"))
            loaded = send(
                settings,
                say,
                dry_run=dry_run,
                allow_deletes=reading["allow_deletes"],
                strict=strict,
                watch=watch,
            )
            if not dry_run and not loaded.alarms and not loaded.remaining:
                note_carried(settings, loaded.run_id, strict=strict)
            report = SyncReport(extracted.plain(), transformed, checked, prepared, loaded)
    except CartwheelError as error:
        if extracted.failures:
            error.add_note(extracted.explain())
        raise
    if extracted.failures:
        raise ShopsFailed(extracted.explain(), report=report)
    return report
