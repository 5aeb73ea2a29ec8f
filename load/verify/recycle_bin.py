"""Reads which contacts users deleted from HubSpot's recycle bin."""

from __future__ import annotations

from datetime import timedelta

from cartwheel.core.progress import Say
from cartwheel.core.warehouse import transaction
from load.hubspot.batch_read import read_archived, read_properties
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpot
from load.ledger.ledger import Ledger, forget_lost_associations
from load.ledger.results import DELETED, LIVING, MERGED

EVERY = timedelta(days=1)
OBJECT, KEY = "contacts", "email"  # the only records that must never be created again
CHUNK = 10_000  # records in memory at a time

_KNOWN_AS_GONE = """
select records.hubspot_id from ops.hubspot_records as records
where records.object = ? and records.status = ?
    and records.hubspot_id not in (
        select hubspot_id from ops.hubspot_archived where object = ?
    )
order by records.hubspot_id
"""


def is_due(ledger: Ledger) -> bool:
    """Whether the recycle bin was not read within the last day."""
    row = ledger.connection.execute(
        "select max(swept_at) from ops.hubspot_sweeps where object = ?", [OBJECT]
    ).fetchone()
    return row is None or row[0] is None or row[0] + EVERY <= ledger.now


def sweep(ledger: Ledger, hubspot: HubSpot, say: Say) -> bool:
    """Read the recycle bin: contacts in it are deleted, and those that left it restored.

    Costs a request for each 100 archived contacts, however many living ones there are.
    Returns whether that changed a record of the ledger: a plan is outdated then.
    """
    connection = ledger.connection
    connection.execute("create or replace temp table recycle_bin (id varchar, email varchar)")
    chunk: list[tuple[str, str]] = []
    number = 0
    for record in read_archived(hubspot, OBJECT, KEY):
        chunk.append(record)
        number += 1
        if len(chunk) >= CHUNK:
            _insert(ledger, chunk)
            chunk = []
    _insert(ledger, chunk)
    with transaction(connection):
        connection.execute("delete from ops.hubspot_archived where object = ?", [OBJECT])
        connection.execute(
            "insert into ops.hubspot_archived select ?, lower(email), id from recycle_bin",
            [OBJECT],
        )
        connection.execute(
            "create or replace temp table changed_ids as "
            "select object, key, null::varchar as hubspot_id "
            "from ops.hubspot_records where object = ? and status in (?, ?) "
            "and hubspot_id in (select id from recycle_bin)",
            [OBJECT, LIVING, MERGED],
        )
        deleted = connection.execute("select 1 from changed_ids limit 1").fetchone()
        forget_lost_associations(connection)
        connection.execute(
            "update ops.hubspot_records set status = ?, acknowledged_at = ?, run_id = ? "
            "where (object, key) in (select (object, key) from changed_ids)",
            [DELETED, ledger.now, ledger.run_id],
        )
        connection.execute(
            "insert into ops.hubspot_sweeps values (?, ?, ?)", [OBJECT, ledger.now, number]
        )
    restored = _revive(ledger, hubspot)
    say(f"contacts: {number:,} in HubSpot's recycle bin, never to be created again")
    return deleted is not None or restored


def _revive(ledger: Ledger, hubspot: HubSpot) -> bool:
    """Contacts that a user restored are Cartwheel's again, with their last values.

    Whether HubSpot restores their associations is unknown, so they are associated again, which
    changes nothing if it did. Returns whether there was one.
    """
    connection, restored = ledger.connection, False
    ids = [
        row[0]
        for row in connection.execute(_KNOWN_AS_GONE, [OBJECT, DELETED, OBJECT]).fetchall()
    ]
    for batch in batched(ids):
        back = read_properties(hubspot, OBJECT, batch, [KEY])
        restored = restored or bool(back)
        connection.execute(
            "update ops.hubspot_records set status = ?, fingerprint = null, run_id = ? "
            "where object = ? and status = ? and hubspot_id in (select unnest(?::varchar[]))",
            [LIVING, ledger.run_id, OBJECT, DELETED, list(back)],
        )
        connection.execute(
            "delete from ops.hubspot_associations "
            "where to_object = ? and to_id in (select unnest(?::varchar[]))",
            [OBJECT, list(back)],
        )
    return restored


def _insert(ledger: Ledger, chunk: list[tuple[str, str]]) -> None:
    if chunk:
        columns = [[each[0] for each in chunk], [each[1] for each in chunk]]
        ledger.connection.execute(
            "insert into recycle_bin select unnest(?::varchar[]), unnest(?::varchar[])",
            columns,
        )
