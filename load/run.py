"""The load: executes the plan, object by object, and proves that it did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from load.account.adoption import look_up_contacts
from load.account.portal import check_portal, record_portal
from load.account.preflight import check_account, quarantine_unknown_stages, require_account
from load.hubspot.client import HubSpot, HubSpotClient
from load.ledger.ledger import Ledger
from load.ledger.lookups import forget_sent
from load.plan.delete_guard import check_deletes
from load.plan.held_back import Reason
from load.plan.omitted_properties import OmittedProperty
from load.plan.plan import Counts, Plan, plan
from load.plan.plan_file import check_plan
from load.send.email_changes import follow_email_changes
from load.send.loader import Loader
from load.verify.control_totals import Totals, control_totals
from load.verify.recycle_bin import is_due
from load.verify.recycle_bin import sweep as read_recycle_bin
from load.verify.refresh import Verified
from load.verify.refresh import verify as read_again
from load.verify.verdict import find_alarms


@dataclass(frozen=True)
class LoadReport:
    """What a load did; with dry_run only `plan` is filled and nothing was sent.

    writes: records and associations that HubSpot acknowledged; objects: what it
    acknowledged of each object, and what is unchanged or held back after that, in the
    plan's words and numbers; held_back: why; omitted: the properties that records went
    without in this run; alarms: what was not as asked, in sentences.
    """

    plan: Plan
    dry_run: bool = False
    run_id: str = ""
    writes: int = 0
    quarantined: int = 0
    rejected: int = 0
    skipped: int = 0
    objects: dict[str, Counts] = field(default_factory=dict)
    held_back: list[Reason] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    totals: Totals | None = None
    verified: Verified | None = None
    omitted: list[OmittedProperty] = field(default_factory=list)

    @property
    def fates(self) -> dict[str, Counts]:
        """Per object, what HubSpot acknowledged; of a dry run, what it would be sent."""
        return self.plan.objects if self.dry_run else self.objects


def load(
    settings: Settings,
    say: Say,
    dry_run: bool = False,
    *,
    allow_deletes: bool = False,
    retry_rejected: bool = False,
    plan_file: Path | None = None,
    sweep: bool = False,
    verify: str = "",
    strict: bool = False,
    hubspot: HubSpot | None = None,
) -> LoadReport:
    """Send what changed since the last load to HubSpot.

    With plan_file, exactly what `cartwheel plan --out` wrote there, or nothing. With sweep,
    HubSpot's recycle bin is read even if it was within the last day. With verify, so many
    records of each object ("all": every one) are read back afterwards and compared. With
    strict, everything that is held back is an alarm.

    Raises OtherAccount if the token is of another account than the ledger,
    DeletionsRefused if too much would be deleted, LoadFailed if the file's plan no longer
    fits (nothing is sent then), if HubSpot takes nothing of an object, or if the control
    totals or what was read back disagree; SettingsError if HubSpot lacks what
    `cartwheel setup` creates; and what the client raises. What was acknowledged before an
    error is remembered, and the next load goes on from there.
    """
    if dry_run:
        look_up_contacts(settings, say)
        with open_for_plan(settings) as connection:
            return LoadReport(_plan(connection, plan_file), dry_run=True)
    if hubspot is None:
        with closing(HubSpotClient(settings, say)) as client:
            return load(
                settings,
                say,
                allow_deletes=allow_deletes,
                retry_rejected=retry_rejected,
                plan_file=plan_file,
                sweep=sweep,
                verify=verify,
                strict=strict,
                hubspot=client,
            )
    run_id = f"load-{settings.clock():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with open_warehouse(
        settings.warehouse, memory_limit=settings.load_memory_limit
    ) as connection:
        ledger = Ledger(connection, run_id, settings.clock())
        if retry_rejected:
            ledger.rejections.forget_all()
            ledger.omissions.forget_all()
        ledger.begin_run()
        loader = Loader(ledger, hubspot, say)
        try:
            portal = check_portal(connection, hubspot, say)
            planned = _plan(connection, plan_file)
            ledger.rejections.forget_vanished()
            ledger.omissions.forget_vanished()
            ledger.remember_sent_keys()
            ledger.refresh_fingerprints()
            check_deletes(connection, planned, settings.delete_limit, allowed=allow_deletes)
            record_portal(connection, portal, ledger.now, run_id)
            account, omitted = None, []
            if planned.writes:
                account = require_account(hubspot)
                changed = check_account(ledger, hubspot, account, planned, say)
                news = planned.objects["contacts"].create + planned.adopted
                if news and (sweep or is_due(ledger)):
                    read_recycle_bin(ledger, hubspot, say)
                    changed = True
                if follow_email_changes(ledger, hubspot) or changed:
                    planned = _plan(connection, plan_file)
                quarantine_unknown_stages(connection)
            ledger.rejections.quarantine()
            after = planned
            if account:
                loader.send(account)
                omitted = ledger.omissions.of_run()
                for each in omitted:
                    say(each.in_words())
                forget_sent(connection)
                after = plan(connection)
                ledger.rejections.quarantine()
            totals = control_totals(connection, after)
            verified = None
            if verify:
                account = account or require_account(hubspot)
                verified = read_again(ledger, hubspot, account, say, verify)
            objects = _became(planned, loader.sent, after)
            share = settings.held_back_limit
            alarms = find_alarms(connection, after, run_id, share=share, strict=strict)
            alarms += filter(None, (each.alarm() for each in omitted))
        except BaseException as error:
            ledger.end_run("failed", loader.sent, str(error) or type(error).__name__)
            raise
        ledger.end_run("succeeded", objects)
    report = LoadReport(
        planned,
        run_id=run_id,
        writes=sum(counts.writes for counts in objects.values()),
        quarantined=sum(counts.quarantined for counts in objects.values()),
        rejected=sum(counts.rejected for counts in objects.values()),
        skipped=sum(counts.skipped for counts in objects.values()),
        objects=objects,
        held_back=after.held_back,
        alarms=alarms,
        totals=totals,
        verified=verified,
        omitted=omitted,
    )
    say(
        f"{report.writes:,} written, {report.quarantined:,} quarantined, "
        f"{report.rejected:,} rejected, {report.skipped:,} skipped"
    )
    return report


def _became(planned: Plan, sent: Mapping[str, Counts], after: Plan) -> dict[str, Counts]:
    """What HubSpot acknowledged per object; the rest as the plans before and after count it."""
    return {
        name: replace(
            sent.get(name, Counts()),
            unchanged=planned.objects[name].unchanged,
            quarantined=left.quarantined,
            rejected=left.rejected,
            skipped=left.skipped,
        )
        for name, left in after.objects.items()
    }


def open_for_plan(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """The warehouse, opened to be read alone, with as little memory as a load takes."""
    return open_warehouse(
        settings.warehouse, read_only=True, memory_limit=settings.load_memory_limit
    )


def _plan(connection: duckdb.DuckDBPyConnection, plan_file: Path | None) -> Plan:
    planned = plan(connection)
    if plan_file:
        check_plan(connection, plan_file)
    return planned
