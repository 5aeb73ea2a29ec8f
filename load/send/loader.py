"""The order of a load, with as much at once as the dependencies allow.

Products and deals need nothing; contacts are looked up meanwhile. Then contacts, and the
line items, which name their product's id. Then associations, those to part first. Deletes
come last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import Any, TypeVar

from cartwheel.core.errors import ServiceError
from cartwheel.core.progress import Say
from load.account.state import AccountState
from load.hubspot.batch_write import SIZE
from load.hubspot.client import HubSpot
from load.hubspot.concurrency import groups_concurrently
from load.ledger.ledger import Ledger
from load.ledger.results import DELETED, Acknowledged, Outcome
from load.objects.account_values import account_values
from load.objects.catalogue import ASSOCIATIONS, CATALOGUE, AssociationType
from load.plan.diff import (
    Row,
    clear,
    look_up_again,
    pairs,
    prepare,
    prepare_associations,
    prepare_deletes,
    prepare_left_contacts,
    rows,
)
from load.plan.plan import Counts
from load.send import associations
from load.send.records import RecordSender
from load.send.stats import Job

Item = TypeVar("Item")

TELL_EVERY = 10_000  # rows between two lines of progress

_ADOPT = """
update load_plan set action = 'adopt', hubspot_id = found.hubspot_id
from (select unnest(?::bigint[]) as n, unnest(?::varchar[]) as hubspot_id) as found
where load_plan.n = found.n
"""

_IN_RECYCLE_BIN = """
select planned.n, planned.key, planned.fingerprint, max(archived.hubspot_id)
from load_plan as planned
join ops.hubspot_archived as archived
    on archived.object = planned.object and archived.key = planned.key
where planned.object = 'contacts' and planned.action = 'create'
group by all
"""


class Loader:
    """Sends a plan; `sent` holds what HubSpot has acknowledged so far, per object."""

    def __init__(self, ledger: Ledger, hubspot: HubSpot, say: Say) -> None:
        self.sent: dict[str, Counts] = {}
        self._ledger = ledger
        self._connection = ledger.connection
        self._hubspot = hubspot
        self._say = say
        self._reading = threading.Lock()
        self._senders: dict[str, RecordSender] = {}
        self._has_moved = False

    def send(self, account: AccountState) -> None:
        """Execute the plan that is in the connection's temporary tables.

        Line items and associations are planned again when the records they point at
        have their HubSpot ids; each acknowledged batch is in the ledger before the next
        is looked at. account says how it words what we send.
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
        look_up_again(self._connection)
        # for the threads: a connection is used by one at a time
        self._reader = self._connection.cursor()
        try:
            self._run(*self._writes("products"), *self._writes("deals"), self._lookups())
            self._leave_archived()
            self._clear("products", "deals")
            prepare(self._connection, CATALOGUE["line_items"])
            adopted = self._job("contacts", "adopt", self._senders["contacts"].update)
            self._run(adopted, *self._writes("contacts"), *self._writes("line_items"))
            if self._has_moved:
                self._write_what_moved()
            self._clear("contacts", "line_items")
            prepare_left_contacts(self._connection)
            self._run(self._job("contacts", "clear", self._senders["contacts"].update))
            self._clear("contacts")
            prepare_associations(self._connection)
            self._run(*self._associations("delete"))
            self._run(*self._associations("create"))
            self._run(*self._deletes())
        finally:
            self._ledger.compact_journal()
            self._reader.close()

    def _write_what_moved(self) -> None:
        """Products and deals that were made anew by hand get our values, line items their ids.

        Line items of products that are gone name none any more. All that is known only when
        a line item that names the old one is refused.
        """
        for name in ("products", "deals", "line_items"):
            prepare(self._connection, CATALOGUE[name])
            self._run(*self._writes(name))
            self._clear(name)

    def _writes(self, name: str) -> tuple[Job, Job]:
        sender = self._senders[name]
        create = sender.create_with_parent if name == "line_items" else sender.create
        return (
            self._job(name, "create", create),
            self._job(name, "update", sender.update),
        )

    def _deletes(self) -> Iterator[Job]:
        for name, object_type in reversed(CATALOGUE.items()):
            prepare_deletes(self._connection, object_type)
            yield self._job(name, "delete", self._senders[name].archive)

    def _lookups(self) -> Job:
        job = self._job("contacts", "create", self._senders["contacts"].find)
        return job.remembering(self._adopt)

    def _job(
        self, name: str, action: str, send: Callable[[Sequence[Row]], Outcome[Row]]
    ) -> Job:
        batches = batched(rows(self._connection, name, action), SIZE)
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
        groups = pairs(self._connection, kind.name, action, size)
        return Job(
            "associations",
            f"{kind.from_object} with {kind.to_object}",
            action,
            (partial(send, self._hubspot, kind, group) for group in groups),
            partial(associations.remember, self._ledger),
        )

    def _run(self, *jobs: Job) -> None:
        """Send the jobs' batches, make what each brought durable, count and tell it."""
        failed: list[ServiceError] = []
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

    def _take(self, job: Job, outcomes: Sequence[Outcome[Any]]) -> None:
        job.remember(outcomes)
        if job.name == "line_items":
            self._has_moved = self._has_moved or any(each.moved for each in outcomes)
        before = job.stats.rows
        for outcome in outcomes:
            job.stats.add(outcome)
        if job.stats.rows // TELL_EVERY > before // TELL_EVERY:
            self._say(f"{job.label}: {job.stats.rows:,} sent ({job.action})")
        if job.name in CATALOGUE:  # associations are given up by themselves (Patience)
            job.stats.stop_if_all_rejected(job.label)

    def _adopt(self, outcomes: Sequence[Outcome[Row]]) -> None:
        """Contacts that HubSpot has are updated by id instead of created."""
        self._ledger.write(outcomes)
        settled = [done.row.n for outcome in outcomes for done in outcome.settled]
        found = [each for outcome in outcomes for each in outcome.found]
        self._connection.execute(
            _ADOPT, [[each.n for each in found], [each.hubspot_id for each in found]]
        )
        self._forget_planned(settled)

    def _leave_archived(self) -> None:
        """Contacts that a person deleted before we knew them are never created again."""
        found = self._connection.execute(_IN_RECYCLE_BIN).fetchall()
        gone = [
            Acknowledged(Row(n, "contacts", key, "create", None, hashed), DELETED, record)
            for n, key, hashed, record in found
        ]
        tasks = (partial(Outcome, batch) for batch in batched(gone))
        self._run(Job("contacts", "contacts", "create", tasks, self._ledger.write))
        self._forget_planned([done.row.n for done in gone])

    def _clear(self, *names: str) -> None:
        for name in names:
            clear(self._connection, CATALOGUE[name])

    def _forget_planned(self, numbers: list[int]) -> None:
        if numbers:
            self._connection.execute(
                "delete from load_plan where n in (select unnest(?::bigint[]))", [numbers]
            )

    def _ours(self, emails: Iterable[str]) -> set[str]:
        """Which e-mails are contacts of the marts; asked by any thread, and seldom."""
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


def batched(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Group rows into HubSpot batches, in order, none empty.

    Raises ValueError if size is not within 1..100, HubSpot's limit per request
    (docs/reference/hubspot.md#batches).
    """
    if not 1 <= size <= SIZE:
        raise ValueError(f"a batch holds 1 to {SIZE} rows, not {size}")
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
