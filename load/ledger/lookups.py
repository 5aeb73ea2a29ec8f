"""Records that HubSpot had before they were ever sent, remembered until they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from cartwheel.core.warehouse import transaction

_FORGET = """
delete from ops.hubspot_lookups as old
using (select unnest(?::varchar[]) as key) as again
where old.object = ? and old.key = again.key
"""

_REMEMBER = """
insert into ops.hubspot_lookups
select ?, unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::varchar[])::json, ?
"""


def remember(
    connection: duckdb.DuckDBPyConnection,
    object_name: str,
    keys: Sequence[str],
    ids: Sequence[str | None],
    now: datetime,
    properties: Sequence[str | None] | None = None,
) -> None:
    """Record which records HubSpot has under keys, None for none, replacing earlier results.

    properties are what they hold, as JSON.
    """
    held = [*(properties or [None] * len(keys))]
    with transaction(connection):
        connection.execute(_FORGET, [[*keys], object_name])
        connection.execute(_REMEMBER, [object_name, [*keys], [*ids], held, now])


def forget_sent(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget the look-ups of records that the ledger knows by now."""
    connection.execute(
        "delete from ops.hubspot_lookups as looked_up using ops.hubspot_records as records "
        "where records.object = looked_up.object and records.key = looked_up.key"
    )
