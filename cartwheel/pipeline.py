"""The order of the stations: what `sync` and `demo` do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from cartwheel.demo import demo_sandbox, make_room
from cartwheel.errors import QualityGateClosed
from cartwheel.progress import Say, labelled
from cartwheel.settings import Settings
from cartwheel.transform import TransformReport, transform
from extract.run import ExtractReport, extract
from load.plan import changes, plan
from load.run import LoadReport, load
from load.setup import SetupReport, check_access, set_up
from notebooks.page import DashboardReport, write_dashboard
from quality.gate import CheckReport, check

__all__ = [
    "changes",
    "demo",
    "extract",
    "gated_load",
    "load",
    "pass_gate",
    "plan",
    "set_up",
    "sync",
    "transform",
    "write_dashboard",
]

DEMO_ORDERS, DEMO_SEED = 1500, 1


@dataclass(frozen=True)
class SyncReport:
    """What each station did; a dry run sets nothing up, and its load only plans."""

    extract: ExtractReport
    transform: TransformReport
    check: CheckReport
    setup: SetupReport | None
    load: LoadReport


def sync(settings: Settings, say: Say, *, dry_run: bool = False) -> SyncReport:
    """Carry what changed in Shopify to HubSpot: extract, transform, check, set up, load.

    Raises what the stations raise; QualityGateClosed stops it before the load.
    """
    settings.require_shopify()
    if not dry_run:
        settings.require_hubspot()
        check_access(settings)
    extracted = extract(settings, labelled(say, "extract"))
    transformed = transform(settings, labelled(say, "transform"))
    checked = pass_gate(settings, say)
    prepared = None if dry_run else set_up(settings, labelled(say, "setup"))
    loaded = load(settings, labelled(say, "load"), dry_run)
    return SyncReport(extracted, transformed, checked, prepared, loaded)


def pass_gate(settings: Settings, say: Say) -> CheckReport:
    """Judge what would be sent.

    Raises QualityGateClosed with every failed expectation if the load must not follow.
    """
    report = check(settings, labelled(say, "check"))
    if not report.success:
        raise QualityGateClosed(
            f"The quality gate is closed: {'; '.join(report.failures)}. Nothing was sent. "
            f"Open {report.docs_path}, mend the source or the model, then run: cartwheel sync"
        )
    return report


def gated_load(
    settings: Settings,
    say: Say,
    *,
    dry_run: bool = False,
    allow_deletes: bool = False,
    retry_rejected: bool = False,
) -> LoadReport:
    """Pass the gate, then load; a dry run only plans."""
    if not dry_run:
        pass_gate(settings, say)
    return load(
        settings,
        labelled(say, "load"),
        dry_run,
        allow_deletes=allow_deletes,
        retry_rejected=retry_rejected,
    )


@dataclass(frozen=True)
class DemoReport:
    """What the demo left behind, and in how many seconds."""

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
    """Send a made-up store through the whole road, against the sandbox's two APIs.

    Starts a new warehouse at the given path; raises WarehouseError rather than
    replace one that holds another shop's data.
    """
    clock, say_of_sandbox = time.monotonic(), labelled(say, "sandbox")
    make_room(warehouse)
    say_of_sandbox(f"making a store of {orders:,} orders (seed {seed})")
    with demo_sandbox(orders, seed) as env_file:
        # the demo's own settings alone: the environment may name a real account
        settings = Settings.read(env_file, environ={"CARTWHEEL_WAREHOUSE": str(warehouse)})
        say_of_sandbox(f"Shopify and HubSpot listen at {settings.shopify_api_url}")
        synced = sync(settings, say)
    drawn = write_dashboard(warehouse, page)
    return DemoReport(synced, drawn, warehouse, time.monotonic() - clock)
