"""What HubSpot has acknowledged: the ledger tables in `ops`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import duckdb

from cartwheel.warehouse import transaction
from load.catalogue import ASSOCIATIONS, CATALOGUE
from load.plan import Counts

# status: 'living', 'archived' (by us), 'deleted_in_hubspot' (by a person; never created again)
TABLES = """
create schema if not exists ops;
create table if not exists ops.load_ledger (
    object varchar not null,
    key varchar not null,
    hubspot_id varchar not null,
    properties json not null,
    loaded_at timestamp not null,
    run_id varchar not null,
    status varchar not null
);
create table if not exists ops.association_ledger (
    association_type varchar not null,
    from_object varchar not null,
    from_key varchar not null,
    from_id varchar not null,
    to_object varchar not null,
    to_key varchar not null,
    to_id varchar not null,
    loaded_at timestamp not null,
    run_id varchar not null
);
create table if not exists ops.load_rejections (
    object varchar not null,
    key varchar not null,
    properties varchar not null,
    category varchar,
    reason varchar not null,
    request_id varchar,
    rejected_at timestamp not null,
    run_id varchar not null
);
create table if not exists ops.load_runs (
    run_id varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    status varchar not null,
    writes bigint not null,
    objects json,
    message varchar
);
"""

_ACKNOWLEDGE = """
merge into ops.load_ledger as ledger
using (
    select planned.object, planned.key, acknowledged.hubspot_id, planned.desired
    from (select unnest(?::bigint[]) as n, unnest(?::varchar[]) as hubspot_id) as acknowledged
    join load_plan as planned using (n)
) as news
on ledger.object = news.object and ledger.key = news.key
when matched then update set
    hubspot_id = news.hubspot_id, properties = news.desired, loaded_at = ?, run_id = ?,
    status = 'living'
when not matched then insert (object, key, hubspot_id, properties, loaded_at, run_id, status)
    values (news.object, news.key, news.hubspot_id, news.desired, ?, ?, 'living')
"""

_MARK = """
update ops.load_ledger as ledger
set status = ?, loaded_at = ?, run_id = ?
from (select unnest(?::bigint[]) as n) as marked
join load_plan as planned using (n)
where ledger.object = planned.object and ledger.key = planned.key
"""

_FORGET_REJECTIONS = """
delete from ops.load_rejections as old
using load_plan as planned
where planned.n in (select unnest(?::bigint[]))
    and old.object = planned.object and old.key = planned.key
"""

_REJECT = """
insert into ops.load_rejections
select
    planned.object, planned.key, planned.desired, bad.category, bad.reason, bad.request_id,
    ?, ?
from (
    select
        unnest(?::bigint[]) as n, unnest(?::varchar[]) as category,
        unnest(?::varchar[]) as reason, unnest(?::varchar[]) as request_id
) as bad
join load_plan as planned using (n)
"""


@dataclass(frozen=True)
class Rejection:
    """Why HubSpot did not take the row n of the plan."""

    n: int
    category: str
    reason: str
    request_id: str | None


@dataclass
class Outcome:
    """What became of some rows of the plan, by their number n."""

    acknowledged: dict[int, str] = field(default_factory=dict)  # n -> HubSpot id
    gone: list[int] = field(default_factory=list)  # deleted in HubSpot by a person
    archived: list[int] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take in what became of other rows."""
        self.acknowledged.update(other.acknowledged)
        self.gone += other.gone
        self.archived += other.archived
        self.rejected += other.rejected

    def __len__(self) -> int:
        return len(self.acknowledged) + len(self.gone) + len(self.archived) + len(self.rejected)


class Ledger:
    """Writes outcomes down, each group of batches in one transaction.

    Used by the main thread only.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self.now = now.replace(tzinfo=None)
        connection.execute(TABLES)

    def write(self, outcome: Outcome) -> None:
        """Make an outcome durable: acknowledged, gone and archived rows, and rejections."""
        stamp = [self.now, self.run_id]
        with transaction(self.connection):
            refused = [bad.n for bad in outcome.rejected]
            if settled := [*outcome.acknowledged, *outcome.gone, *refused]:
                self.connection.execute(_FORGET_REJECTIONS, [settled])
            if outcome.acknowledged:
                rows = [list(outcome.acknowledged), list(outcome.acknowledged.values())]
                self.connection.execute(_ACKNOWLEDGE, [*rows, *stamp, *stamp])
            for status, rows_of_plan in (
                ("deleted_in_hubspot", outcome.gone),
                ("archived", outcome.archived),
            ):
                if rows_of_plan:
                    self.connection.execute(_MARK, [status, *stamp, rows_of_plan])
            self._reject(outcome.rejected, stamp)

    def forget_rejections(self) -> None:
        """Let every row that HubSpot refused be tried again."""
        self.connection.execute("delete from ops.load_rejections")

    def forget_vanished_rejections(self) -> None:
        """Forget the refusals of records and associations that the marts no longer have."""
        vanished = "delete from ops.load_rejections where object = ? and key not in "
        for name, object_type in CATALOGUE.items():
            keys = f"(select {object_type.key} from hubspot.{name})"
            self.connection.execute(vanished + keys, [name])
        keys = (
            "(select from_key || ' > ' || to_key from hubspot.associations "
            "where association_type = ?)"
        )
        for kind in ASSOCIATIONS:
            self.connection.execute(vanished + keys, [kind.name, kind.name])

    def begin_run(self) -> None:
        """Note that a load began, by the machine's clock, as every station's runs."""
        self.connection.execute(
            "insert into ops.load_runs (run_id, started_at, status, writes) "
            "values (?, ?, 'running', 0)",
            [self.run_id, _machine_time()],
        )

    def end_run(self, status: str, counts: Mapping[str, Counts], message: str = "") -> None:
        """Note how the load ended and what HubSpot acknowledged of each object."""
        self.connection.execute(
            "update ops.load_runs set finished_at = ?, status = ?, writes = ?, objects = ?, "
            "message = ? where run_id = ?",
            [
                _machine_time(),
                status,
                sum(count.writes for count in counts.values()),
                json.dumps({name: asdict(count) for name, count in counts.items()}),
                message,
                self.run_id,
            ],
        )

    def _reject(self, rejected: Sequence[Rejection], stamp: list[object]) -> None:
        if rejected:
            columns = [
                [bad.n for bad in rejected],
                [bad.category for bad in rejected],
                [bad.reason for bad in rejected],
                [bad.request_id for bad in rejected],
            ]
            self.connection.execute(_REJECT, [*stamp, *columns])


def _machine_time() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
