"""The warehouse: whether it can be read, who uses it, and the last run of each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cartwheel.core.errors import WarehouseLocked
from cartwheel.core.sentences import first_sentence
from cartwheel.core.settings import Settings
from cartwheel.core.shop_language import shop_language
from cartwheel.core.warehouse import open_warehouse, tables
from cartwheel.core.working_folders import is_folder, is_held, lock_of
from cartwheel.doctor.checks import (
    Check,
    Checks,
    Finding,
    of_error,
    ok,
    warning,
    wrong,
)
from cartwheel.last_runs import LastRun, last_runs, logged_runs
from cartwheel.status import age
from cartwheel.step_runs import FAILED, INTERRUPTED, read_noted
from load.account.currencies import currencies_of_marts
from load.account.portal import RecordedPortal, recorded_portal
from load.plan.state import expect_this_version

OLD = timedelta(hours=26)  # a daily run that took longer than the one before is not late
STEPS = ("extract", "transform", "check", "load")


@dataclass
class Warehouse:
    """What the warehouse says; before it is read, or if it cannot be, nothing.

    portal is the account of its ledger, currencies those of the deals in it, language the
    shop's, as shop_language() gives it.
    """

    is_readable: bool = False
    portal: RecordedPortal | None = None
    currencies: frozenset[str] = frozenset()
    language: str | None = None
    runs: tuple[LastRun, ...] = ()


def check_warehouse(settings: Settings, now: datetime) -> tuple[list[Check], Warehouse]:
    """The checks of the warehouse, and what the checks of HubSpot need of it."""
    checks, warehouse = Checks("warehouse"), Warehouse()
    path = settings.warehouse
    checks.run("left behind", lambda: _left_behind(path))
    if not path.exists():
        checks.run("file", lambda: ok(f"there is none at {path} yet: cartwheel sync makes it"))
        warehouse.is_readable = True
        return checks.done, warehouse
    if checks.run("file", lambda: _read(path, warehouse)).is_wrong:
        checks.skip("warehouse, file", *(f"last {step}" for step in STEPS))
        return checks.done, warehouse
    for step in STEPS:
        runs = [run for run in warehouse.runs if run.step == step]
        checks.run(f"last {step}", partial(_last, step, runs, now))
    return checks.done, warehouse


def _read(path: Path, warehouse: Warehouse) -> Finding:
    """Open the file, briefly, and read all that is asked of it.

    Raises WarehouseError if it is damaged or comes from another version.
    """
    try:
        with open_warehouse(path, read_only=True, keep_modes=True) as connection:
            expect_this_version(connection)
            if {"hubspot.deals", "hubspot.line_items"} <= tables(connection):
                warehouse.currencies = frozenset(currencies_of_marts(connection))
            warehouse.portal = recorded_portal(connection)
            warehouse.language = shop_language(connection)
            warehouse.runs = tuple(last_runs(logged_runs(connection), read_noted(path)))
    except WarehouseLocked as error:
        return wrong(
            of_error(error).said,
            "Wait until that run has ended, or close the notebook that has it open, then run: "
            "cartwheel doctor",
        )
    warehouse.is_readable = True
    return ok(f"{path} can be read, and its ledger is of this version")


def _last(step: str, runs: list[LastRun], now: datetime) -> Finding:
    """The last run of a step, of an extract that of each store; the worst counts."""
    if not runs:
        return ok("it never ran: cartwheel sync runs all steps")
    if failed := [run for run in runs if run.status == FAILED]:
        return wrong(_told(failed, now), f"Run: cartwheel {step}, which says why it fails")
    if interrupted := [run for run in runs if run.status == INTERRUPTED]:
        return warning(
            _told(interrupted, now),
            f"Run: cartwheel {step}, which goes on: what was done is kept",
        )
    oldest = min(runs, key=lambda run: run.at)
    passed = age(now - oldest.at)
    if now - oldest.at <= OLD:
        return ok(f"{oldest.status} {passed} ago")
    if oldest.status == "running":
        return warning(
            f"it began {passed} ago and did not finish", f"Run: cartwheel {step}, which goes on"
        )
    return warning(
        f"{oldest.status}, but {passed} ago",
        "If cron runs it, look at cron's mail and log; run: cartwheel sync",
    )


def _told(runs: list[LastRun], now: datetime) -> str:
    """Such as: failed 3 h ago: 0 writes: HubSpot was away; interrupted 2 min ago.

    Of an error that is its first sentence: what to do about it, the check says itself.
    """
    return "; ".join(
        ": ".join(
            filter(None, (f"{run.status} {age(now - run.at)} ago", first_sentence(run.detail)))
        )
        for run in runs
    )


def _left_behind(path: Path) -> Finding:
    """Whether killed runs left folders with customers' data, or their locks."""
    above = path.with_name(f"{path.name}.spool")
    if not is_folder(above):
        return ok("nothing of a killed run")
    names = {each.name.removesuffix(".lock") for each in above.iterdir()}
    held = sorted(name for name in names if is_held(lock_of(above / name)))
    left = sorted(names - set(held))
    if left:
        return warning(
            f"a killed run left {', '.join(left)} in {above}, with customers' data",
            "Run: cartwheel extract, which removes it",
        )
    if held:
        return ok(f"an extract of {', '.join(held)} runs now")
    return ok("nothing of a killed run")
