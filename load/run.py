"""The load: executes the plan, object by object, and verifies the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cartwheel.core.interruptions import is_interruption
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from load.account.adoption import look_up_contacts
from load.account.portal import check_portal, record_portal
from load.account.preflight import check_account, quarantine_unknown_stages, require_account
from load.account.state import AccountState
from load.hubspot.client import HubSpot, connected
from load.ledger.ledger import Ledger
from load.ledger.lookups import forget_sent
from load.plan.delete_guard import check_deletes
from load.plan.held_back import Reason
from load.plan.omitted_properties import OmittedProperty
from load.plan.plan import Counts, Plan
from load.plan.plan_file import check_plan
from load.plan.session import PlanSession
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
    without in this run; alarms: what needs attention, in sentences; remaining: the writes that
    the next load would make, though nothing changes.
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
    remaining: int = 0

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
    watch: Watch | None = None,
) -> LoadReport:
    """Send what changed since the last load to HubSpot.

    With plan_file, exactly what `cartwheel plan --out` wrote there, or nothing; contacts to
    create are looked up first, since HubSpot may have got one of them meanwhile. With sweep,
    HubSpot's recycle bin is read even if it was within the last day. With verify, that many
    records of each object ("all": every one) are read back afterwards and compared. With
    strict, everything that is held back is an alarm. watch is told how many records are sent,
    say where nobody watches.

    Raises OtherAccount if the token and the ledger belong to different accounts,
    DeletionsRefused if too much would be deleted, LoadFailed if the file's plan no longer fits
    (nothing is sent then), if HubSpot takes nothing of an object, or if the control totals or
    what was read back disagree; AccountNotSetUp if HubSpot lacks what setup creates; and what
    the client raises. What was acknowledged before an error is remembered, and the next load
    goes on from there.
    """
    if dry_run or plan_file:
        again = plan_file is not None
        look_up_contacts(settings, say, hubspot=hubspot, watch=watch, again=again)
    if dry_run:
        with open_for_plan(settings) as session:
            compare(session, say, watch)
            if plan_file:
                check_plan(session, plan_file)
            say(would(session.counts))
            return LoadReport(session.counts, dry_run=True)
    options = Options(allow_deletes, retry_rejected, plan_file, sweep, verify, strict)
    with (
        connected(settings, say, hubspot=hubspot) as client,
        open_warehouse(
            settings.warehouse, memory_limit=settings.load_memory_limit
        ) as connection,
    ):
        return Load(settings, say, options, PlanSession(connection), client, watch).run()


@dataclass(frozen=True)
class Options:
    """The options of load() besides the settings."""

    allow_deletes: bool = False
    retry_rejected: bool = False
    plan_file: Path | None = None
    sweep: bool = False
    verify: str = ""
    strict: bool = False


class Load:
    """One load, step by step: plan, check, send, plan again, prove, judge."""

    def __init__(
        self,
        settings: Settings,
        say: Say,
        options: Options,
        session: PlanSession,
        hubspot: HubSpot,
        watch: Watch | None = None,
    ) -> None:
        now = settings.clock()
        self._settings, self._say, self._options = settings, say, options
        self._watch = watch
        self._session, self._hubspot = session, hubspot
        self._run_id = new_run_id("load", now)
        self._ledger = Ledger(session.connection, self._run_id, now)
        self._loader = Loader(session, self._ledger, hubspot, say, watch)

    def run(self) -> LoadReport:
        """Run the whole load; its end is recorded in ops.load_runs in any case."""
        if self._options.retry_rejected:
            self._ledger.rejections.forget_all()
            self._ledger.omissions.forget_all()
        self._ledger.begin_run()
        try:
            report = self._steps()
        except BaseException as error:
            if is_interruption(error):
                self._ledger.end_run("interrupted", self._loader.sent)
            else:
                message = str(error) or type(error).__name__
                self._ledger.end_run("failed", self._loader.sent, message)
            raise
        self._ledger.end_run("succeeded", report.objects)
        self._say(
            f"{report.writes:,} written, {report.quarantined:,} quarantined, "
            f"{report.rejected:,} rejected, {report.skipped:,} skipped"
        )
        return report

    def _steps(self) -> LoadReport:
        portal = check_portal(self._session.connection, self._hubspot, self._say)
        compare(self._session, self._say, self._watch)
        planned = self._refreshed()
        self._ledger.take_over(self._session)
        limit, allowed = self._settings.delete_limit, self._options.allow_deletes
        check_deletes(self._session, limit, allowed=allowed)
        record_portal(self._session.connection, portal, self._ledger.now, self._run_id)

        account = self._checked_account(planned) if planned.writes else None
        planned = self._session.counts
        self._ledger.rejections.quarantine(self._session)
        omitted = self._send(account) if account else []

        totals = control_totals(self._session)
        verified = self._read_back(account) if self._options.verify else None
        return self._report(planned, omitted, totals, verified)

    def _refreshed(self) -> Plan:
        """The plan as it is now, once it is known to be that of the file, if there is one."""
        if self._options.plan_file:
            check_plan(self._session, self._options.plan_file)
        return self._session.counts

    def _checked_account(self, planned: Plan) -> AccountState:
        """Ask the account what it would refuse of the plan, and take that into the plan."""
        account = require_account(self._hubspot)
        changed = check_account(self._session, self._hubspot, account, self._say)
        new_contacts = planned.objects["contacts"].create + planned.adopted
        if new_contacts and (self._options.sweep or is_due(self._ledger)):
            changed |= read_recycle_bin(self._ledger, self._hubspot, self._say)
        if follow_email_changes(self._session, self._ledger, self._hubspot) or changed:
            self._session.refresh()
            self._refreshed()
        quarantine_unknown_stages(self._session)
        return account

    def _send(self, account: AccountState) -> list[OmittedProperty]:
        """Send the plan, and plan what is left; gives what records went without."""
        self._loader.send(account)
        omitted = self._ledger.omissions.of_run()
        for each in omitted:
            self._say(each.in_words())
        forget_sent(self._session.connection)
        self._session.refresh()
        self._ledger.rejections.quarantine(self._session)
        return omitted

    def _read_back(self, account: AccountState | None) -> Verified:
        account = account or require_account(self._hubspot)
        return read_again(
            self._ledger,
            self._hubspot,
            account,
            self._say,
            self._options.verify,
            watch=self._watch,
        )

    def _report(
        self,
        planned: Plan,
        omitted: list[OmittedProperty],
        totals: Totals,
        verified: Verified | None,
    ) -> LoadReport:
        """What was planned, its outcome, and what needs attention."""
        left = self._session.counts
        objects = _became(planned, self._loader.sent, left)
        share, strict = self._settings.held_back_limit, self._options.strict
        alarms = find_alarms(self._session, self._run_id, share=share, strict=strict)
        alarms += filter(None, (each.alarm() for each in omitted))
        return LoadReport(
            planned,
            run_id=self._run_id,
            writes=sum(counts.writes for counts in objects.values()),
            quarantined=sum(counts.quarantined for counts in objects.values()),
            rejected=sum(counts.rejected for counts in objects.values()),
            skipped=sum(counts.skipped for counts in objects.values()),
            objects=objects,
            held_back=left.held_back,
            alarms=alarms,
            totals=totals,
            verified=verified,
            omitted=omitted,
            remaining=left.writes,
        )


def would(planned: Plan) -> str:
    """What a plan would write, in one line."""
    total = {
        fate: sum(getattr(counts, fate) for counts in planned.objects.values())
        for fate in ("create", "update", "delete", "held_back")
    }
    return (
        f"{total['create']:,} to create, {total['update']:,} to update, "
        f"{total['delete']:,} to delete, {total['held_back']:,} held back"
    )


def _became(planned: Plan, sent: Mapping[str, Counts], after: Plan) -> dict[str, Counts]:
    """What HubSpot acknowledged per object; the rest as the plans before and after count it.

    Each record counts once: one that was unchanged and is held back by now is no longer
    unchanged, such as a line item of a deal that a user was found to have deleted.
    """

    done = {name: sent.get(name, Counts()) for name in after.objects}

    def unchanged(name: str, left: Counts) -> int:
        # the associations of a record that is held back are in no plan any more
        rows = left.rows if name == "associations" else planned.objects[name].rows
        written = done[name].create + done[name].update
        return max(0, rows - written - left.create - left.update - left.held_back)

    return {
        name: replace(
            done[name],
            unchanged=unchanged(name, left),
            quarantined=left.quarantined,
            rejected=left.rejected,
            skipped=left.skipped,
        )
        for name, left in after.objects.items()
    }


@contextmanager
def open_for_plan(settings: Settings) -> Iterator[PlanSession]:
    """A plan on the warehouse, opened read-only, with as little memory as a load."""
    with open_warehouse(
        settings.warehouse, read_only=True, memory_limit=settings.load_memory_limit
    ) as connection:
        yield PlanSession(connection)


def compare(
    session: PlanSession, say: Say, watch: Watch | None = None, *, step: str = "load"
) -> Plan:
    """Compute the plan, and say so; watch is told how far that is, say if nobody watches."""
    say("comparing the warehouse with what HubSpot has acknowledged")
    return session.refresh(Progress("", watch or told_to(say), step=step, verb="compared"))
