"""What may be sent: the quality gate, and the steps behind it, each noted as it runs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from cartwheel.build.run_log import last_built
from cartwheel.carried_records import count_carried
from cartwheel.core.counts import counted
from cartwheel.core.errors import (
    CartwheelError,
    QualityGateClosed,
    RecordsHeldBack,
    WarehouseError,
)
from cartwheel.core.progress import Say, Watch, labelled
from cartwheel.core.redaction import redacted
from cartwheel.core.settings import Settings
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse
from cartwheel.failed_build import closed_by, failed_build
from cartwheel.step_runs import HeldBackCount, note_carried_records, recorded
from load.account.preflight import check_before_load
from load.run import LoadReport, load
from load.setup.run import SetupReport, set_up
from quality.gate import CheckReport, check
from quality.history import last_check

_RETRY = (
    ". A rejected record is sent again when it changes, or once HubSpot would take it by: "
    "cartwheel load --retry-rejected"
)


def pass_gate(settings: Settings, say: Say, watch: Watch | None = None) -> CheckReport:
    """Judge what would be sent; watch is told how far that is.

    Raises QualityGateClosed with every failed expectation if the load must not follow, and
    where the last build failed: its tests found what nobody should send.
    """
    with recorded(settings, "check") as noted, waiting(labelled(say, "check")):
        report = _judge(settings, say, watch)
        noted.detail = report.in_words()
    return report


def _judge(settings: Settings, say: Say, watch: Watch | None) -> CheckReport:
    if failed := failed_build(settings):
        raise QualityGateClosed(closed_by(settings, failed))
    same_rows = _judged_before(settings)
    report = check(settings, labelled(say, "check"), watch=watch)
    if not report.success:
        checks = f", or the check in {' or '.join(report.suites)}," if report.suites else ","
        raise QualityGateClosed(
            f"The quality gate is closed: {'; '.join(report.failures)}. Nothing was sent. "
            f"Open {report.docs_path}, fix the source or the model{checks} then run: cartwheel "
            f"sync{same_rows}"
        )
    return report


def was_closed(settings: Settings) -> bool:
    """Whether the last check of the warehouse closed the gate."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        checked = last_check(connection)
    return checked is not None and not checked.success


def _judged_before(settings: Settings) -> str:
    """What to do if these rows were judged before, since a sync would build them no more."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        built, checked = last_built(connection), last_check(connection)
    if built is None or checked is None or checked.started_at < built:
        return ""
    verdict = "passed" if checked.success else "closed the gate too"
    return (
        f". Nothing was built since the check of {checked.started_at:%Y-%m-%d %H:%M:%S} UTC, "
        f"which {verdict}, so these rows are of the same build. If the warehouse itself was "
        "edited, run: cartwheel sync --full"
    )


def gated_load(
    settings: Settings, say: Say, *, dry_run: bool = False, **options: Any
) -> LoadReport:
    """Pass the gate, then load; a dry run only plans. options go to the load.

    The account is asked before the gate, which takes a while. Raises RecordsHeldBack, with the
    report, if records are held back; and what the gate and the load raise.
    """
    if not dry_run:
        try:
            with waiting(labelled(say, "load")):
                check_before_load(settings, labelled(say, "load"))
        except CartwheelError as error:
            with recorded(settings, "load"):  # a monitor is to know of it
                raise error from None
        pass_gate(settings, say, options.get("watch"))
    report = send(settings, say, dry_run=dry_run, **options)
    check_held_back(report, report)
    return report


def send(settings: Settings, say: Say, *, dry_run: bool, **options: Any) -> LoadReport:
    """Load, whatever the gate says; options go to the load, which raises what it raises.

    Notes what HubSpot has then, unless it is a dry run.
    """
    say = labelled(say, "load")
    if dry_run:
        with waiting(say):
            return load(settings, say, dry_run, **options)
    with recorded(settings, "load") as noted, waiting(say):
        report = load(settings, say, **options)
        noted.detail = counted(report.writes, "write")
    # the load is done, whoever opens the warehouse now
    with suppress(WarehouseError):
        _note_carried(settings, report)
    return report


def _note_carried(settings: Settings, report: LoadReport) -> None:
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        carried = count_carried(connection)
    held_back = tuple(
        HeldBackCount(each.object, each.fate, redacted(each.reason), each.records)
        for each in report.held_back
    )
    note_carried_records(settings, replace(carried, held_back=held_back))


def prepare(
    settings: Settings, say: Say, *, dry_run: bool = False, **options: Any
) -> SetupReport:
    """Set up what HubSpot lacks; options go to the setup, which raises what it raises."""
    if dry_run:
        return set_up(settings, say, dry_run=True, **options)
    with recorded(settings, "setup") as noted, waiting(say):
        report = set_up(settings, say, **options)
        noted.detail = f"{len(report.created)} created, {report.existing} existed"
    return report


def check_held_back(loaded: LoadReport, report: Any) -> None:
    """Raise RecordsHeldBack, with the command's report, if the load raised alarms."""
    if not loaded.alarms:
        return
    said = ". ".join(loaded.alarms)
    objects = dict.fromkeys(alarm.partition(":")[0] for alarm in loaded.alarms)
    commands = " or ".join(f"cartwheel plan --object {name}" for name in objects)
    raise RecordsHeldBack(
        f"Everything was sent except for records held back. {said}. "
        f"See the reasons: cartwheel status; each record: {commands}"
        f"{_RETRY if loaded.rejected else ''}",
        report=report,
    )
