"""`plan --refresh` and `load --verify`: what HubSpot holds now, against the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from cartwheel.core.counts import counted
from cartwheel.core.errors import LoadFailed
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.settings import Settings
from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import open_warehouse, transaction
from load.account.portal import check_portal, record_portal
from load.account.preflight import require_account
from load.account.state import AccountState
from load.hubspot.batch_read import read_matches
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpot, connected
from load.ledger.ledger import Ledger, forget_lost_associations
from load.ledger.results import DELETED, LIVING
from load.objects.catalogue import CATALOGUE, ObjectType
from load.objects.serialization import columns, desired_properties
from load.plan.session import PlanSession
from load.verify.read_back import Difference, ReadBack, read_back

sql = SqlFiles(__file__)

SHOWN = 5  # differences that a message names

_DIFFERENCES = """
insert into ops.hubspot_differences
select ?, ?, object, key, hubspot_id, property, acknowledged, found from differences_found
"""

# records that did not answer by the id that the ledger knew, with the one that was found
_MOVED = """
create or replace temp table changed_ids as
select
    records.object,
    records.key,
    case when records.status = 'living' then records.hubspot_id end as hubspot_id
from differences_found as missing
join ops.hubspot_records as records using (object, key)
where missing.property is null
"""


@dataclass(frozen=True)
class Verified:
    """What a load read back: records and properties, all of them as acknowledged."""

    records: int
    properties: int


def verify(
    ledger: Ledger,
    hubspot: HubSpot,
    account: AccountState,
    say: Say,
    most: str,
    *,
    watch: Watch | None = None,
) -> Verified:
    """Read records back ("all", or that many of each object) and compare every property.

    watch is told how many were read, say where nobody watches.

    Raises LoadFailed if anything differs; ops.hubspot_differences then says what.
    """
    number = None if most == "all" else int(most)
    say("reading back what was sent")
    progress = Progress("", watch or told_to(say), step="load")
    found = read_back(ledger.connection, hubspot, account, number, progress=progress)
    _keep(ledger, found)
    if found.differences:
        shown = [
            f"{each.object} {each.hubspot_id}: {each.property or 'the record'}"
            for each in found.differences[:SHOWN]
        ]
        raise LoadFailed(
            f"{len(found.differences):,} values in HubSpot differ from what it acknowledged "
            f"({'; '.join(shown)}{', ...' if len(found.differences) > SHOWN else ''}). See "
            "all: select * from ops.hubspot_differences. To write ours again: "
            "cartwheel plan --refresh, then: cartwheel load"
        )
    say(f"verified: {found.properties:,} properties of {found.records:,} records as sent")
    return Verified(found.records, found.properties)


def refresh(
    settings: Settings,
    say: Say,
    *,
    hubspot: HubSpot | None = None,
    watch: Watch | None = None,
) -> ReadBack:
    """Read every record that HubSpot acknowledged, and let the ledger know what it holds.

    What people changed since shows in the next plan with HubSpot's value as the old one;
    records that they deleted are recorded as deleted, merged ones under their new id, restored
    ones as ours. Writes to the warehouse only. watch is told how many were read, say where
    nobody watches.

    Raises OtherAccount if the token and the ledger belong to different accounts.
    """
    run_id = new_run_id("refresh", settings.clock())
    say("reading what HubSpot holds")
    progress = Progress("", watch or told_to(say), step="plan")
    with (
        connected(settings, say, hubspot=hubspot) as hubspot,
        open_warehouse(settings.warehouse) as connection,
    ):
        ledger = Ledger(connection, run_id, settings.clock())
        portal = check_portal(connection, hubspot, say)
        record_portal(connection, portal, ledger.now, run_id)
        account = require_account(hubspot)
        PlanSession(connection).open()
        # those that were deleted too: a person may have restored them
        found = read_back(
            connection, hubspot, account, statuses=(LIVING, DELETED), progress=progress
        )
        _keep(ledger, found)
        _revive(ledger)
        for object_type in CATALOGUE.values():
            _follow(ledger, hubspot, object_type, found)
            _take_over(ledger, object_type)
        connection.execute(_MOVED)
        forget_lost_associations(connection)
    changed = len(found.differences) - len(found.gone)
    say(
        f"refreshed: {counted(found.records, 'record')} read; values that differ: {changed:,}; "
        f"records that no longer exist: {len(found.gone):,}"
    )
    return found


def _revive(ledger: Ledger) -> None:
    """Records that were known as deleted and answer are ours again."""
    ledger.connection.execute(
        "update ops.hubspot_records set status = ?, fingerprint = null where status = ? "
        "and (object, key) not in "
        "(select (object, key) from differences_found where property is null)",
        [LIVING, DELETED],
    )


def _follow(ledger: Ledger, hubspot: HubSpot, object_type: ObjectType, found: ReadBack) -> None:
    """Records that were not found have another id, or were deleted."""
    gone = [each for each in found.gone if each.object == object_type.name]
    for batch in batched(gone):
        keys = [each.key for each in batch]
        matches = read_matches(hubspot, object_type.name, object_type.key, keys)
        for each in batch:
            match = matches.get(each.key)
            ledger.connection.execute(
                "update ops.hubspot_records set hubspot_id = ?, status = ?, run_id = ?, "
                "fingerprint = null, properties = if(?, '{}'::json, properties), "
                "answered = null "
                "where object = ? and key = ?",
                [
                    match.hubspot_id if match else each.hubspot_id,
                    LIVING if match else DELETED,
                    ledger.run_id,
                    match is not None,
                    object_type.name,
                    each.key,
                ],
            )


def _take_over(ledger: Ledger, object_type: ObjectType) -> None:
    connection = ledger.connection
    types = columns(connection, object_type)
    resolved = dict.fromkeys(object_type.resolved, "'kept'")
    connection.execute(
        sql(
            "refresh",
            object=object_type.name,
            key=object_type.key,
            desired=desired_properties(types, resolved),
        )
    )


def _keep(ledger: Ledger, found: ReadBack) -> None:
    """Store the differences for inspection, replacing those of earlier reads."""
    connection = ledger.connection
    columns_of = list(zip(*found.differences, strict=True)) or [()] * len(Difference._fields)
    unnested = ", ".join(f"unnest(?::varchar[]) as {name}" for name in Difference._fields)
    with transaction(connection):
        connection.execute(
            f"create or replace temp table differences_found as select {unnested}",
            [list(values) for values in columns_of],
        )
        connection.execute("delete from ops.hubspot_differences")
        connection.execute(_DIFFERENCES, [ledger.run_id, ledger.now])
