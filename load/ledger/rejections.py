"""Rows that HubSpot rejected or would reject, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from cartwheel.core.warehouse import transaction
from load.ledger.results import Acknowledged, Rejected
from load.ledger.vanished import forget_vanished
from load.plan.rows import Pair, Row
from load.plan.session import PlanSession

_OfRow = Acknowledged[Row] | Acknowledged[Pair] | Rejected[Row] | Rejected[Pair]

_REJECT = """
insert into ops.hubspot_rejections
select object, key, fingerprint, category, reason, request_id, ?, ?
from (
    select
        unnest(?::varchar[]) as object, unnest(?::varchar[]) as key,
        unnest(?::ubigint[]) as fingerprint, unnest(?::varchar[]) as category,
        unnest(?::varchar[]) as reason, unnest(?::varchar[]) as request_id
)
"""

_FORGET = """
delete from ops.hubspot_rejections as old
using (
    select unnest(?::varchar[]) as object, unnest(?::varchar[]) as key
) as done
where old.object = done.object and old.key = done.key
"""

# rows that HubSpot would refuse, found before they are sent; the last load's are in the plan
_QUARANTINE = f"""
insert into ops.hubspot_quarantined
select
    planned.object, planned.key, planned.fingerprint,
    split_part(planned.problem, ':', 1), planned.problem, ?, ?
from {PlanSession.QUARANTINED} as planned
"""


class Rejections:
    """The tables of rows not sent; each row is in one of them once, with its last reason."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime
    ) -> None:
        self._connection = connection
        self._run_id = run_id
        self._now = now
        held = connection.execute("select 1 from ops.hubspot_rejections limit 1")
        self._has_any = held.fetchone() is not None

    def add(self, rejected: Sequence[Rejected[Row] | Rejected[Pair]]) -> None:
        """Record why rows were rejected, replacing earlier reasons."""
        if not rejected:
            return
        self.forget_of(rejected)
        self._has_any = True
        self._connection.execute(
            _REJECT,
            [
                self._now,
                self._run_id,
                [bad.row.object for bad in rejected],
                [bad.row.key for bad in rejected],
                [bad.row.fingerprint for bad in rejected],
                [bad.category for bad in rejected],
                [bad.reason for bad in rejected],
                [bad.request_id for bad in rejected],
            ],
        )

    def quarantine(self, session: PlanSession) -> None:
        """Record the planned rows that HubSpot would refuse, replacing the last load's."""
        with transaction(self._connection):
            self._connection.execute(
                f"delete from ops.hubspot_rejections as old "
                f"using {session.QUARANTINED} as planned "
                "where old.object = planned.object and old.key = planned.key"
            )
            self._connection.execute("delete from ops.hubspot_quarantined")
            self._connection.execute(_QUARANTINE, [self._now, self._run_id])

    def forget_all(self) -> None:
        """Let every row that is held back for its values be tried again."""
        self._connection.execute("delete from ops.hubspot_rejections")
        self._connection.execute("delete from ops.hubspot_quarantined")

    def forget_of(self, done: Sequence[_OfRow]) -> None:
        """Forget why rows were refused before."""
        if not self._has_any:
            return
        names = [[each.row.object for each in done], [each.row.key for each in done]]
        self._connection.execute(_FORGET, names)

    def forget_vanished(self, session: PlanSession) -> None:
        """Forget the refusals of records and associations that the marts no longer have."""
        forget_vanished(session, "ops.hubspot_rejections")
