"""What HubSpot has of ours, as acknowledged: records per object and per store.

The ledger says it, and what a killed load left behind in the journal.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from cartwheel.core.clock import machine_time
from cartwheel.core.warehouse import tables
from cartwheel.step_runs import Carried, StoreCount

_LEDGER, _JOURNAL = "ops.hubspot_records", "ops.hubspot_journal"
# what a killed load left in the journal is acknowledged too: the next load compacts it
_WITH_JOURNAL = f"""(
    with journal as (
        select object, key, arg_max(status, batch) as status from {_JOURNAL} group by all
    )
    select object, key, status from journal
    union all
    select object, key, status from {_LEDGER} anti join journal using (object, key)
)"""
_OBJECTS = """
select object, count(*) from {records} as records where status = 'living'
group by object order by object
"""
# a deal's and a product's key begins with the shop; the mart says who knows a contact
_BY_KEY = """
select split_part(key, '/', 1), object, count(*) from {records} as records
where status = 'living' and object in ('deals', 'products')
group by all
"""
_CONTACTS = """
with known_by as (
    select unnest(string_split(contacts.shopify_stores, ';')) as shop
    from {records} as records
    inner join hubspot.contacts on records.key = contacts.email
    where records.status = 'living' and records.object = 'contacts'
)
select trim(shop), 'contacts', count(*) from known_by where trim(shop) <> '' group by all
"""
_NEEDED = {("hubspot_records", "key"), ("contacts", "shopify_stores")}


def count_carried(connection: duckdb.DuckDBPyConnection, at: datetime | None = None) -> Carried:
    """Count what HubSpot has; per store once the marts are built. at is now if it is None."""
    present, portal, objects = tables(connection), None, []
    records = _WITH_JOURNAL if _JOURNAL in present else _LEDGER
    if _LEDGER in present:
        objects = connection.execute(_OBJECTS.format(records=records)).fetchall()
    if "ops.hubspot_account" in present:
        portal = connection.execute("select portal_id from ops.hubspot_account").fetchone()
    return Carried(
        at or machine_time(),
        portal[0] if portal else None,
        dict(objects),
        _by_store(connection, records) if {_LEDGER, "hubspot.contacts"} <= present else (),
    )


def _by_store(connection: duckdb.DuckDBPyConnection, records: str) -> tuple[StoreCount, ...]:
    columns = connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema in ('ops', 'hubspot')"
    ).fetchall()
    if not _NEEDED.issubset(columns):
        return ()
    counts: dict[str, dict[str, int]] = {}
    for sql in (_BY_KEY, _CONTACTS):
        found = connection.execute(sql.format(records=records)).fetchall()
        for shop, name, number in found:
            counts.setdefault(shop, {})[name] = number
    return tuple(StoreCount(shop, **counts[shop]) for shop in sorted(counts))
