"""Before a plan: looks up which of the contacts to create HubSpot already has.

It only reads. A plan shows these contacts as updates; a load looks them up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import duckdb
import orjson

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import ServiceError, WarehouseLocked
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables, transaction
from load.account.portal import check_portal, record_portal
from load.hubspot.batch_read import read_contacts
from load.hubspot.batch_write import batched
from load.hubspot.client import Body, HubSpot, connected
from load.hubspot.concurrency import concurrently
from load.ledger.lookups import remember
from load.objects.catalogue import CATALOGUE
from load.objects.serialization import columns
from load.plan.state import expect_this_version, table_or_empty

ATTEMPTS = 3  # a plan can do without the answer
WINDOW = 2_000  # e-mails in memory at a time

# contacts of the marts that neither the ledger nor an earlier look-up knows
_NOT_ASKED = """
select contacts.email
from hubspot.contacts as contacts
anti join {records} as records
    on records.object = 'contacts' and records.key = contacts.email
anti join {looked_up} as looked_up
    on looked_up.object = 'contacts' and looked_up.key = contacts.email
where contacts.email > ?
order by contacts.email
limit ?
"""


class _Asked(NamedTuple):
    """E-mails with the id and the values, as JSON, of the contact that HubSpot has."""

    emails: Sequence[str]
    ids: list[str | None]
    properties: list[str | None]


def look_up_contacts(
    settings: Settings,
    say: Say,
    *,
    hubspot: HubSpot | None = None,
    watch: Watch | None = None,
    again: bool = False,
) -> None:
    """Look up which contacts that a load would create exist in HubSpot; record them in ops.

    Makes no request if no contact is new, and looks each contact up only once, or again: for
    a plan that is reviewed, which must be that of what HubSpot has now. Where it cannot
    ask HubSpot, it says so, and the plan counts the contacts as creates. Raises OtherAccount if
    the token and the ledger belong to different accounts, WarehouseError if another version
    made the ledger. watch is told how many were looked up, say where nobody watches.
    """
    number = _number_not_asked(settings, again=again)
    if not number:
        return
    without = f"HubSpot was not asked which of {number:,} new contacts it already has"
    if hubspot is None and not settings.hubspot_access_token:
        say(f"{without}: HUBSPOT_ACCESS_TOKEN is not set; a load would update those instead")
        return
    say(f"looking up which of {number:,} new contacts HubSpot already has")
    progress = Progress("", watch or told_to(say), step="plan", verb="looked up")
    progress.begin("contacts", number)
    try:
        with connected(settings, say, hubspot=hubspot, attempts=ATTEMPTS) as client:
            _look_up(settings, say, client, progress, again=again)
    except (ServiceError, WarehouseLocked) as error:
        say(f"{without}: {error}")


def _look_up(
    settings: Settings, say: Say, hubspot: HubSpot, progress: Progress, *, again: bool
) -> None:
    now = without_zone(settings.clock())
    with open_warehouse(
        settings.warehouse, memory_limit=settings.load_memory_limit
    ) as connection:
        expect_this_version(connection)
        with transaction(connection):
            create_ops_tables(connection, "load")
        portal = check_portal(connection, hubspot, say)
        record_portal(connection, portal, now, "plan")
        asked = matched = 0
        names = sorted(columns(connection, CATALOGUE["contacts"]))
        for emails in _windows(connection, again=again):
            tasks = (partial(_ask, hubspot, batch, names) for batch in batched(emails))
            for found in concurrently(tasks):
                remember(connection, "contacts", found.emails, found.ids, now, found.properties)
                matched += sum(each is not None for each in found.ids)
                asked += len(found.emails)
                progress.advance("contacts", asked)
        say(f"contacts: {asked:,} looked up in HubSpot, which has {matched:,} of them")


def _ask(hubspot: HubSpot, emails: Sequence[str], names: Sequence[str]) -> _Asked:
    matches = read_contacts(hubspot, emails, names)
    records = [matches.get(email) for email in emails]
    return _Asked(
        emails,
        [str(record["id"]) if record else None for record in records],
        [_values(record) if record else None for record in records],
    )


def _values(record: Body) -> str:
    held = {name: value for name, value in record["properties"].items() if value}
    return orjson.dumps(held).decode()


def _windows(connection: duckdb.DuckDBPyConnection, *, again: bool) -> Iterator[list[str]]:
    """The e-mails to look up, in order, a batch at a time."""
    query = _not_asked(tables(connection), again=again)
    last = ""
    while True:
        emails = [row[0] for row in connection.execute(query, [last, WINDOW]).fetchall()]
        if not emails:
            return
        last = emails[-1]
        yield emails


def _number_not_asked(settings: Settings, *, again: bool) -> int:
    with open_warehouse(
        settings.warehouse, read_only=True, memory_limit=settings.load_memory_limit
    ) as connection:
        present = tables(connection)
        if "hubspot.contacts" not in present:
            return 0
        every = _not_asked(present, again=again)
        row = connection.execute(f"select count(*) from ({every})", ["", 2**62]).fetchone()
    return int(row[0]) if row else 0


def _not_asked(present: set[str], *, again: bool) -> str:
    """The query of the e-mails to look up; again: those of earlier look-ups too."""
    return _NOT_ASKED.format(
        records=table_or_empty("hubspot_records", present),
        looked_up=table_or_empty("hubspot_lookups", set() if again else present),
    )
