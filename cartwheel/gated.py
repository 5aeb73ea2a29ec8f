"""What may be sent: the quality gate, and the load behind it."""

from __future__ import annotations

from typing import Any

from cartwheel.core.errors import QualityGateClosed, RecordsHeldBack
from cartwheel.core.progress import Say, labelled
from cartwheel.core.settings import Settings
from cartwheel.transform import failed_build
from load.run import LoadReport, load
from quality.gate import CheckReport, check


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
    check_held_back(report, report)
    return report


def check_held_back(loaded: LoadReport, report: Any) -> None:
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
