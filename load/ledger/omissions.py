"""Omitted properties of records: remembered, counted, tried again on request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from cartwheel.core.warehouse import transaction
from load.ledger.results import LIVING, Acknowledged
from load.ledger.vanished import forget_vanished
from load.objects.account_values import ADOPTED
from load.plan.omitted_properties import OmittedProperty, omitted_in_run
from load.plan.rows import Row
from load.plan.session import PlanSession

LONGEST_VALUE = 1_000  # characters that are kept of a value

_NOTE = """
insert into ops.hubspot_omitted_properties
select object, key, property, value, category, reason, request_id, ?, ?
from (
    select
        unnest(?::varchar[]) as object, unnest(?::varchar[]) as key,
        unnest(?::varchar[]) as property, unnest(?::varchar[]) as value,
        unnest(?::varchar[]) as category, unnest(?::varchar[]) as reason,
        unnest(?::varchar[]) as request_id
)
"""

_FORGET = """
delete from ops.hubspot_omitted_properties as old
using (
    select
        unnest(?::varchar[]) as object, unnest(?::varchar[]) as key,
        unnest(?::varchar[]) as property
) as tried
where old.object = tried.object and old.key = tried.key and old.property = tried.property
"""

# the ledger takes what HubSpot holds for what it should hold, so that the plan sees a change
_RETRY = """
update ops.hubspot_records as records
set
    fingerprint = null,
    properties = json_merge_patch(records.properties, patches.held),
    answered = case
        when records.answered is not null
            then nullif(json_merge_patch(records.answered, patches.taken)::varchar, '{}')
    end
from (
    select
        omitted.object,
        omitted.key,
        json_group_object(omitted.property, nullif(
            json_extract_string(records.answered, '$."' || omitted.property || '"'), ''
        )) as held,
        json_group_object(omitted.property, null) as taken
    from ops.hubspot_omitted_properties as omitted
    join ops.hubspot_records as records using (object, key)
    where omitted.category <> ?
    group by all
) as patches
where records.object = patches.object and records.key = patches.key
"""


class Omissions:
    """The table ops.hubspot_omitted_properties; a property of a record is in it once."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime
    ) -> None:
        self._connection = connection
        self._run_id = run_id
        self._now = now
        kept = connection.execute("select 1 from ops.hubspot_omitted_properties limit 1")
        self._has_any = kept.fetchone() is not None

    def note(self, acknowledged: Sequence[Acknowledged[Row]]) -> None:
        """Record the omitted properties of rows, and forget those that HubSpot accepted."""
        living = [done for done in acknowledged if done.status == LIVING]
        new = [(done.row, each) for done in living for each in done.omitted]
        if not self._has_any and not new:
            return
        tried = [(done.row, name) for done in living for name in done.row.changes]
        tried += [(row, each.property) for row, each in new]
        self._connection.execute(
            _FORGET,
            [
                [row.object for row, _ in tried],
                [row.key for row, _ in tried],
                [name for _, name in tried],
            ],
        )
        if new:
            self._has_any = True
            self._connection.execute(
                _NOTE,
                [
                    self._run_id,
                    self._now,
                    [row.object for row, _ in new],
                    [row.key for row, _ in new],
                    [each.property for _, each in new],
                    [each.value[:LONGEST_VALUE] for _, each in new],
                    [each.category for _, each in new],
                    [each.reason[:LONGEST_VALUE] for _, each in new],
                    [each.request_id for _, each in new],
                ],
            )

    def forget_all(self) -> None:
        """Let every property that was refused be tried again."""
        if not self._has_any:
            return
        with transaction(self._connection):
            self._connection.execute(_RETRY, [ADOPTED])
            self._connection.execute(
                "delete from ops.hubspot_omitted_properties where category <> ?", [ADOPTED]
            )

    def forget_vanished(self, session: PlanSession) -> None:
        """Forget those of records that the marts no longer have."""
        forget_vanished(session, "ops.hubspot_omitted_properties")

    def of_run(self) -> list[OmittedProperty]:
        """What this run omitted; omissions by the rule for adopted records are expected."""
        if not self._has_any:
            return []
        return omitted_in_run(self._connection, self._run_id)
