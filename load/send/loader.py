"""The order of a load, with as much at once as the dependencies allow.

Products and new deals depend on nothing; contacts are looked up meanwhile. Then contacts, and
the line items, which name their product's id. Then changes of deals: whoever withdraws consent
has done so before a deal enters a workflow. Then associations, those to remove first. Deletes
come last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import Any

from cartwheel.core.errors import ServiceError
from cartwheel.core.instances import connect_again
from cartwheel.core.progress import Progress, Say, Watch, told_to
from load.account.state import AccountState
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpot
from load.hubspot.concurrency import groups_concurrently
from load.ledger.ledger import Ledger
from load.ledger.results import DELETED, Acknowledged, Outcome
from load.objects.account_values import account_values
from load.objects.catalogue import ASSOCIATIONS, CATALOGUE, AssociationType
from load.plan.plan import Counts
from load.plan.rows import Row
from load.plan.session import PlanSession
from load.send import associations
from load.send.records import RecordSender
from load.send.stats import Job


class Loader:
    """Sends a plan; `sent` holds what HubSpot has acknowledged so far, per object."""

    def __init__(
        self,
        session: PlanSession,
        ledger: Ledger,
        hubspot: HubSpot,
        say: Say,
        watch: Watch | None = None,
    ) -> None:
        self.sent: dict[str, Counts] = {}
        self._session = session
        self._ledger = ledger
        self._hubspot = hubspot
        self._say = say
        self._progress = Progress("", watch or told_to(say), step="load", verb="sent")
        self._reading = threading.Lock()
        self._senders: dict[str, RecordSender] = {}
        self._has_moved = False

    def send(self, account: AccountState) -> None:
        """Execute the plan of the session.

        Line items and associations are planned again when the records they point at
        have their HubSpot ids; each acknowledged batch is in the ledger before the next
        is looked at. account translates values into the account's ids.
        """
        self._senders = {
            name: RecordSender(
                self._hubspot,
                account_values(
                    object_type,
                    account.definitions[name],
                    account.pipeline.translation() if name == "deals" else {},
                ),
                self._ours,
            )
            for name, object_type in CATALOGUE.items()
        }
        self._session.look_up_again()
        # for the threads: a connection is used by one at a time
        self._reader = connect_again(self._session.connection)
        try:
            new_deals, _ = self._writes("deals")
            deals_change = self._session.plans("deals", "update")
            self._run(*self._writes("products"), new_deals, self._lookups())
            self._leave_archived()
            self._session.drop("products", "deals")
            self._session.plan_writes("line_items")
            adopted = self._job("contacts", "adopt", self._senders["contacts"].update)
            self._run(adopted, *self._writes("contacts"), *self._writes("line_items"))
            if self._has_moved:
                self._write_what_moved()
            self._session.drop("contacts", "line_items")
            if deals_change:
                self._session.plan_writes("deals")
                self._run(*self._writes("deals"))
                self._session.drop("deals")
            self._session.plan_cleared_contacts()
            self._run(self._job("contacts", "clear", self._senders["contacts"].update))
            self._session.drop("contacts")
            self._session.plan_associations()
            self._run(*self._associations("delete"))
            self._run(*self._associations("create"))
            self._run(*self._deletes())
        finally:
            self._ledger.compact_journal()
            self._reader.close()

    def _write_what_moved(self) -> None:
        """Products and deals that were recreated by hand get our values, line items their ids.

        Line items of deleted products no longer name one. This is known only once a line item
        that names the old product is refused.
        """
        for name in ("products", "deals", "line_items"):
            self._session.plan_writes(name)
            self._run(*self._writes(name))
            self._session.drop(name)

    def _writes(self, name: str) -> tuple[Job, Job]:
        sender = self._senders[name]
        create = sender.create_with_parent if name == "line_items" else sender.create
        return (
            self._job(name, "create", create),
            self._job(name, "update", sender.update),
        )

    def _deletes(self) -> Iterator[Job]:
        for name in reversed([*CATALOGUE]):
            self._session.plan_deletes(name)
            yield self._job(name, "delete", self._senders[name].archive)

    def _lookups(self) -> Job:
        job = self._job("contacts", "create", self._senders["contacts"].find)
        return job.remembering(self._adopt)

    def _job(
        self, name: str, action: str, send: Callable[[Sequence[Row]], Outcome[Row]]
    ) -> Job:
        batches = batched(self._session.window(name, action))
        told = "update" if action in ("adopt", "clear") else action
        tasks = (partial(send, batch) for batch in batches)
        return Job(name, name, told, tasks, self._ledger.write)

    def _associations(self, action: str) -> list[Job]:
        return [self._job_of_pairs(kind, action) for kind in ASSOCIATIONS]

    def _job_of_pairs(self, kind: AssociationType, action: str) -> Job:
        create = partial(associations.create, associations.Patience())
        size, send = associations.CREATE_SIZE, create
        if action == "delete":
            size, send = associations.ARCHIVE_SIZE, partial(associations.archive)
        groups = self._session.pairs(kind.name, action, size)
        return Job(
            "associations",
            f"{kind.from_object} with {kind.to_object}",
            action,
            (partial(send, self._hubspot, kind, group) for group in groups),
            partial(associations.remember, self._ledger),
        )

    def _run(self, *jobs: Job) -> None:
        """Send the jobs' batches, make each result durable, count and report it."""
        failed: list[ServiceError] = []
        for job in jobs:
            self._progress.begin(f"{job.label} to {job.action}", self._planned(job))
        try:
            tasks = (partial(_tagged, job, task) for job in jobs for task in job.tasks)
            # where a batch failed in its middle no more are begun, those under way awaited
            unless_failed = takewhile(lambda _: not failed, tasks)
            for group in groups_concurrently(unless_failed):
                if not group:
                    self._ledger.compact_if_worthwhile()
                for job in jobs:
                    came = [outcome for of, outcome in group if of is job]
                    if came:
                        self._take(job, came)
                failed += [outcome.error for _, outcome in group if outcome.error]
            if failed:
                raise failed[0]
        finally:
            self._ledger.compact_journal()
            for job in jobs:
                if job.stats.linked:
                    linked = self.sent.get("associations", Counts())
                    self.sent["associations"] = job.stats.linked_to(linked)
                if job.stats.rows:
                    before_it = self.sent.get(job.name, Counts())
                    self.sent[job.name] = job.stats.added_to(before_it, job.action)
                    self._say(f"{job.label}: {job.stats.in_words(job.action)}")

    def _planned(self, job: Job) -> int | None:
        """How many records a job has to send, as far as the plan counts them by themselves."""
        counts = self._session.counts.objects.get(job.name)
        number = getattr(counts, job.action, None) if job.name in CATALOGUE else None
        return number or None

    def _take(self, job: Job, outcomes: Sequence[Outcome[Any]]) -> None:
        job.remember(outcomes)
        if job.name == "line_items":
            self._has_moved = self._has_moved or any(each.id_changes for each in outcomes)
        for outcome in outcomes:
            job.stats.add(outcome)
        self._progress.advance(f"{job.label} to {job.action}", job.stats.rows)
        if job.name in CATALOGUE:  # associations are given up by themselves (Patience)
            job.stats.stop_if_all_rejected(job.label)

    def _adopt(self, outcomes: Sequence[Outcome[Row]]) -> None:
        """Contacts that HubSpot has are updated by id instead of created."""
        self._ledger.write(outcomes)
        matched = [each for outcome in outcomes for each in outcome.matched]
        self._session.adopt({each.n: each.hubspot_id for each in matched})
        done = [each.row.n for outcome in outcomes for each in outcome.acknowledged]
        self._session.discard(done)

    def _leave_archived(self) -> None:
        """Contacts that a user deleted before Cartwheel knew them are never created again."""
        deleted = [
            Acknowledged(row, DELETED, record) for row, record in self._session.in_recycle_bin()
        ]
        tasks = (partial(Outcome, batch) for batch in batched(deleted))
        self._run(Job("contacts", "contacts", "create", tasks, self._ledger.write))
        self._session.discard([done.row.n for done in deleted])

    def _ours(self, emails: Iterable[str]) -> set[str]:
        """Which e-mails are contacts of the marts; called rarely, from any thread."""
        wanted = sorted(set(emails))
        if not wanted:
            return set()
        with self._reading:
            found = self._reader.execute(
                "select email from hubspot.contacts where email in (select unnest(?))", [wanted]
            ).fetchall()
        return {row[0] for row in found}


def _tagged(job: Job, task: Callable[[], Outcome[Any]]) -> tuple[Job, Outcome[Any]]:
    return job, task()
