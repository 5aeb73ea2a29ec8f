"""The ledger and the audit in `ops`: what HubSpot acknowledged, written batch by batch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

import duckdb
import orjson

from cartwheel.core.clock import machine_time, without_zone
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import transaction
from load.ledger.omissions import Omissions
from load.ledger.rejections import Rejections
from load.ledger.results import DELETED, LIVING, MERGED, Acknowledged, IdChange, Outcome
from load.objects.catalogue import LINE_ITEM_TO_DEAL
from load.plan.plan import Counts
from load.plan.rows import Row
from load.plan.session import PlanSession
from load.plan.state import expect_this_version

sql = SqlFiles(__file__)

# characters of acknowledged values between two compactions of the journal: at most, to limit
# memory, and when there is time
JOURNAL_LIMIT, WORTH_COMPACTING = 16_000_000, 2_000_000

_APPEND = """
insert into ops.hubspot_journal
select
    ?, ?, request_id, object, key, hubspot_id, fingerprint, properties, answered, before,
    sent, whole, ?, status
from (
    select
        unnest(?::varchar[]) as request_id, unnest(?::varchar[]) as object,
        unnest(?::varchar[]) as key, unnest(?::varchar[]) as hubspot_id,
        unnest(?::ubigint[]) as fingerprint, unnest(?::varchar[]) as properties,
        unnest(?::varchar[]) as answered, unnest(?::varchar[]) as before,
        unnest(?::varchar[]) as sent, unnest(?::boolean[]) as whole,
        unnest(?::varchar[]) as status
)
"""

# line items created with their deals: the association, and its row in the audit
_LINK = """
insert into ops.hubspot_associations
select
    ?, 'line_items', line_key, line_id, 'deals', deal_key, deal_id, ?, ?, false
from (
    select
        unnest(?::varchar[]) as line_key, unnest(?::varchar[]) as line_id,
        unnest(?::varchar[]) as deal_key, unnest(?::varchar[]) as deal_id
)
"""
_AUDIT_LINK = """
insert into ops.hubspot_writes
select
    ?, ?, request_id, ?, ?, line_key || ' > ' || deal_key, line_id || ' > ' || deal_id,
    'create', []
from (
    select
        unnest(?::varchar[]) as line_key, unnest(?::varchar[]) as line_id,
        unnest(?::varchar[]) as deal_key, unnest(?::varchar[]) as deal_id,
        unnest(?::varchar[]) as request_id
)
"""


_MOVED = """
create or replace temp table changed_ids as
select distinct records.object, records.key, moved.hubspot_id
from (
    select
        unnest(?::varchar[]) as object, unnest(?::varchar[]) as key,
        unnest(?::varchar[]) as hubspot_id
) as moved
join ops.hubspot_records as records using (object, key)
where records.status = 'living' and records.hubspot_id is distinct from moved.hubspot_id
"""


class Ledger:
    """Records outcomes, batches that came together in one transaction.

    A batch costs an append to a journal, however large the ledger is; the journal is compacted
    into the ledger from time to time, and at first what a killed run left of it. Used by the
    main thread only.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self.now = without_zone(now)
        self._batch = 0
        self._unfolded = 0
        expect_this_version(connection)
        with transaction(connection):
            create_ops_tables(connection, "load")
        self.rejections = Rejections(connection, run_id, self.now)
        self.omissions = Omissions(connection, run_id, self.now)
        self.compact_journal()

    def next_batch(self) -> int:
        """The number of the next batch of this run."""
        self._batch += 1
        return self._batch

    def write(self, outcomes: Sequence[Outcome[Row]]) -> None:
        """Make batches durable together: acknowledged records, and rejections."""
        with transaction(self.connection):
            for outcome in outcomes:
                self._write(outcome, self.next_batch())
        self._unfolded += sum(
            len(done.row.text) for outcome in outcomes for done in outcome.acknowledged
        )
        if self._unfolded >= JOURNAL_LIMIT:
            self.compact_journal()

    def _write(self, outcome: Outcome[Row], batch: int) -> None:
        acknowledged = outcome.acknowledged
        self._link([done for done in acknowledged if done.parent_id], batch)
        self._follow(outcome.id_changes)
        if acknowledged:
            self.rejections.forget_of(acknowledged)
            self.omissions.note(acknowledged)
            self.connection.execute(
                _APPEND,
                [
                    self.run_id,
                    batch,
                    self.now,
                    [done.request_id for done in acknowledged],
                    [done.row.object for done in acknowledged],
                    [done.row.key for done in acknowledged],
                    [done.hubspot_id for done in acknowledged],
                    [done.row.fingerprint for done in acknowledged],
                    [_properties(done) for done in acknowledged],
                    [_json(done.answered) for done in acknowledged],
                    [
                        None if done.before is None else _text(done.before)
                        for done in acknowledged
                    ],
                    [_sent(done) for done in acknowledged],
                    [_is_whole(done) for done in acknowledged],
                    [done.status for done in acknowledged],
                ],
            )
        self.rejections.add(outcome.rejected)

    def compact_if_worthwhile(self) -> None:
        """Compact the journal if it is worth it, while the caller waits anyway."""
        if self._unfolded >= WORTH_COMPACTING:
            self.compact_journal()

    def compact_journal(self) -> None:
        """Move the journal's acknowledgements into the ledger and the audit."""
        if not self.connection.execute("select 1 from ops.hubspot_journal limit 1").fetchone():
            return
        with transaction(self.connection):
            self.connection.execute(sql.text("compact_journal"))
            forget_lost_associations(self.connection)
        self._unfolded = 0
        # now, while the rate limit leaves time, rather than all of it when the file is closed
        with suppress(duckdb.TransactionException):  # a reader is at work: later then
            self.connection.execute("checkpoint")

    def take_over(self, session: PlanSession) -> None:
        """Take over what a refreshed plan found, and forget what the marts no longer have."""
        self.rejections.forget_vanished(session)
        self.omissions.forget_vanished(session)
        self.remember_sent_keys(session)
        self.refresh_fingerprints(session)

    def remember_sent_keys(self, session: PlanSession) -> None:
        """Remember the deals that keep the key they were sent under."""
        self.connection.execute(
            "insert into ops.hubspot_keys select 'deals', key, sent_key "
            f"from {session.SENT_KEYS} "
            "where (key, sent_key) not in "
            "(select (key, sent_key) from ops.hubspot_keys where object = 'deals')"
        )

    def refresh_fingerprints(self, session: PlanSession) -> None:
        """Take over the fingerprints of rows whose values turned out to be unchanged."""
        self.connection.execute(
            "update ops.hubspot_records as records set fingerprint = planned.fingerprint "
            f"from {session.UNCHANGED} as planned "
            "where records.object = planned.object and records.key = planned.key"
        )

    def begin_run(self) -> None:
        """Record that a load began, by the machine's clock, like the runs of every step.

        Others have the warehouse no longer open: one that is said to run was killed.
        """
        self.connection.execute(
            "update ops.load_runs set status = 'interrupted' where status = 'running'"
        )
        self.connection.execute(
            "insert into ops.load_runs (run_id, started_at, status, writes) "
            "values (?, ?, 'running', 0)",
            [self.run_id, machine_time()],
        )

    def end_run(self, status: str, counts: Mapping[str, Counts], message: str = "") -> None:
        """Record how the load ended and what HubSpot acknowledged of each object."""
        self.connection.execute(
            "update ops.load_runs set finished_at = ?, status = ?, writes = ?, objects = ?, "
            "message = ? where run_id = ?",
            [
                machine_time(),
                status,
                sum(count.writes for count in counts.values()),
                json.dumps({name: asdict(count) for name, count in counts.items()}),
                message,
                self.run_id,
            ],
        )

    def _follow(self, moved: Sequence[IdChange]) -> None:
        """Record the new ids of records, or that they were deleted."""
        if not moved:
            return
        self.connection.execute(_MOVED, [list(column) for column in zip(*moved, strict=True)])
        forget_lost_associations(self.connection)
        self.connection.execute(
            "update ops.hubspot_records as records set "
            "hubspot_id = coalesce(moved.hubspot_id, records.hubspot_id), "
            "status = if(moved.hubspot_id is null, ?, records.status), "
            # merged contacts keep their values; the values of a record created again are
            # unknown
            "fingerprint = if(records.object = 'contacts', records.fingerprint, null), "
            "properties = if(records.object = 'contacts' or moved.hubspot_id is null, "
            "records.properties, '{}'::json) "
            "from changed_ids as moved "
            "where records.object = moved.object and records.key = moved.key",
            [DELETED],
        )

    def _link(self, linked: Sequence[Acknowledged[Row]], batch: int) -> None:
        if not linked:
            return
        kind = LINE_ITEM_TO_DEAL.name
        ends = [
            [done.row.key for done in linked],
            [done.hubspot_id for done in linked],
            [done.row.desired["shopify_deal_key"] for done in linked],
            [done.parent_id for done in linked],
        ]
        self.connection.execute(_LINK, [kind, self.now, self.run_id, *ends])
        requests = [done.request_id for done in linked]
        self.connection.execute(
            _AUDIT_LINK, [self.run_id, batch, self.now, kind, *ends, requests]
        )


def _properties(done: Acknowledged[Row]) -> str | None:
    """What the ledger records: nothing of a shared contact, a deleted one's last values."""
    if done.status == LIVING:
        return done.row.text
    return "{}" if done.status == MERGED else None


def _is_whole(done: Acknowledged[Row]) -> bool:
    return bool(done.sent) and done.sent == done.row.desired


def _sent(done: Acknowledged[Row]) -> str | None:
    return _json(done.sent) if not _is_whole(done) else None


def _json(values: Mapping[str, str]) -> str | None:
    return _text(values) if values else None


def _text(values: Mapping[str, str]) -> str:
    return orjson.dumps(values).decode()


def forget_lost_associations(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget the associations of the deleted records in changed_ids."""
    connection.execute(sql.text("forget_lost_associations"))
