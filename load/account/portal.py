"""The HubSpot accounts that the ledger and the token belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from cartwheel.core.errors import AccessDenied, OtherAccount
from cartwheel.core.progress import Say
from cartwheel.core.warehouse import open_warehouse, tables
from load.hubspot.batch_read import FURTHER_EMAILS, read_properties
from load.hubspot.client import HubSpot, raise_for_error
from load.objects.catalogue import CATALOGUE, ObjectType

SAMPLE = 100  # records of an object whose keys are compared where no account was noted

_SAMPLE = """
select key, hubspot_id from ops.hubspot_records
where object = ? and status = 'living' order by hash(key), key limit ?
"""


@dataclass(frozen=True)
class Portal:
    """A HubSpot account, as HubSpot describes it."""

    portal_id: int
    account_type: str = ""
    time_zone: str = ""
    ui_domain: str = ""


@dataclass(frozen=True)
class RecordedPortal:
    """The account that the ledger was filled from, and since when."""

    portal_id: int
    since: datetime


def ask_portal(hubspot: HubSpot) -> Portal | None:
    """The token's account; None if HubSpot does not tell this token.

    The request needs no scope of its own. Raises what the client raises but for a 403.
    """
    try:
        answer = hubspot.call("GET", f"/account-info/{hubspot.version}/details")
    except AccessDenied as error:
        if error.status != 403:
            raise
        return None
    if answer.status == 404:
        return None
    raise_for_error(answer, "tell the token's account")
    body = answer.body
    return Portal(
        int(body["portalId"]),
        str(body.get("accountType") or ""),
        str(body.get("timeZone") or ""),
        str(body.get("uiDomain") or ""),
    )


def recorded_portal(connection: duckdb.DuckDBPyConnection) -> RecordedPortal | None:
    """The account recorded with the ledger, None if there is none yet."""
    if "ops.hubspot_account" not in tables(connection):
        return None
    found = connection.execute("select portal_id, since from ops.hubspot_account").fetchone()
    return RecordedPortal(*found) if found else None


def compare(noted: RecordedPortal, portal: Portal) -> None:
    """Raise OtherAccount, naming both, if they are not the same."""
    if noted.portal_id != portal.portal_id:
        raise OtherAccount(
            f"The token belongs to HubSpot account {portal.portal_id}, and the ledger in this "
            f"warehouse to account {noted.portal_id} (since {noted.since:%Y-%m-%d}). Nothing "
            f"was written. {_ways_on()}"
        )


def check_portal(
    connection: duckdb.DuckDBPyConnection, hubspot: HubSpot, say: Say
) -> Portal | None:
    """Compare the token's account with the ledger's, before anything else is asked.

    If no account was recorded, or HubSpot does not tell, a sample of the ledger's records is
    read, which must exist in HubSpot with the same ids and keys. Returns the token's account.
    Raises OtherAccount, naming both.
    """
    noted, portal = recorded_portal(connection), ask_portal(hubspot)
    if portal is None:
        say("HubSpot does not tell which account the token belongs to; comparing records")
    elif noted is not None:
        compare(noted, portal)
        return portal
    read, known = _compare_sample(connection, hubspot)
    if known * 2 < read:
        of = f"account {portal.portal_id}" if portal else "another account"
        raise OtherAccount(
            f"The token belongs to {of}, which has only {known} of the ledger's {read} records "
            f"under their ids, so the ledger seems to belong to another one. {_ways_on()}"
        )
    return portal


def check_portal_of(warehouse: Path, hubspot: HubSpot, say: Say) -> None:
    """check_portal() for a command that has not opened the warehouse; there may be none."""
    if warehouse.exists():
        with open_warehouse(warehouse, read_only=True) as connection:
            check_portal(connection, hubspot, say)


def record_portal(
    connection: duckdb.DuckDBPyConnection, portal: Portal | None, now: datetime, run_id: str
) -> None:
    """Record the account with the ledger, unless one is recorded or it is not known."""
    if portal is not None and recorded_portal(connection) is None:
        connection.execute(
            "insert into ops.hubspot_account values (?, ?, ?)",
            [portal.portal_id, now, run_id],
        )


def _ways_on() -> str:
    return (
        "Put the token of the ledger's account into HUBSPOT_ACCESS_TOKEN; or name a warehouse "
        "of its own for this account in CARTWHEEL_WAREHOUSE; or set the old ledger aside and "
        "fill this account from the start: cartwheel account move"
    )


def _compare_sample(connection: duckdb.DuckDBPyConnection, hubspot: HubSpot) -> tuple[int, int]:
    """How many of the ledger's records were read, and how many have the expected key."""
    if "ops.hubspot_records" not in tables(connection):
        return 0, 0
    read = known = 0
    for object_type in CATALOGUE.values():
        sample = connection.execute(_SAMPLE, [object_type.name, SAMPLE]).fetchall()
        if sample:
            read += len(sample)
            known += sum(_known(hubspot, object_type, dict(sample)))
    return read, known


def _known(hubspot: HubSpot, object_type: ObjectType, ids: dict[str, str]) -> Iterator[bool]:
    names = [object_type.key, *([FURTHER_EMAILS] if object_type.name == "contacts" else [])]
    found = read_properties(hubspot, object_type.name, [*ids.values()], names)
    for key, record_id in ids.items():
        held = ";".join(str(value or "") for value in found.get(record_id, {}).values())
        yield key.lower() in held.lower().split(";")
