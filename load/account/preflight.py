"""Before anything is sent: what the account cannot take, and what it would refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from cartwheel.core.errors import AccountNotSetUp
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables
from load.account.currencies import check_currencies
from load.account.portal import check_portal
from load.account.state import AccountState, look_up
from load.hubspot.client import HubSpot, connected
from load.objects.catalogue import CATALOGUE, PIPELINE, ObjectType, stages
from load.objects.serialization import columns
from load.plan.session import PlanSession
from load.plan.state import TAKES_DATES

# HubSpot types that accept no value of another type, and the marts' column types for them
_STRICT = {"number", "date", "datetime", "bool"}
_KINDS = {
    "TIMESTAMP": "datetime",
    "DATE": "date",
    "DECIMAL": "number",
    "BIGINT": "number",
    "INTEGER": "number",
    "HUGEINT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "bool",
}

Definitions = Mapping[str, Mapping[str, Mapping[str, Any]]]


def check_before_load(settings: Settings, say: Say) -> None:
    """Ask what a load would be refused for anyway, before work is done for it.

    Raises OtherAccount if the token and the ledger belong to different accounts;
    AccountNotSetUp before a first load into an account without what setup creates; and what the
    client raises. Later loads ask that where they have something to send.
    """
    if not settings.warehouse.exists():
        return  # the gate says what to type
    with (
        connected(settings, say) as client,
        open_warehouse(settings.warehouse, read_only=True) as connection,
    ):
        check_portal(connection, client, silent)  # the load says it
        if "hubspot.contacts" in tables(connection) and not _has_loaded(connection):
            require_account(client)


def _has_loaded(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the ledger has a record."""
    if "ops.hubspot_records" not in tables(connection):
        return False
    return (
        connection.execute("select 1 from ops.hubspot_records limit 1").fetchone() is not None
    )


def require_account(hubspot: HubSpot) -> AccountState:
    """Read what the account has. Raises AccountNotSetUp if it lacks what a load fills."""
    account = look_up(hubspot)
    if names := account.names():
        raise AccountNotSetUp(
            f"HubSpot lacks what a load fills: {', '.join(names[:5])}"
            f"{f' and {len(names) - 5} more' if len(names) > 5 else ''}. "
            "Run: cartwheel setup"
        )
    return account


def check_account(
    session: PlanSession, hubspot: HubSpot, account: AccountState, say: Say
) -> bool:
    """Find what the account would refuse of this plan.

    Returns whether that changes the plan. Raises SettingsError for a currency that the
    account does not have.
    """
    changed = _note_unwritable(session.connection, account.definitions, say)
    planned = session.counts.objects
    if planned["deals"].writes or planned["line_items"].writes:
        check_currencies(session.connection, hubspot, say)
    return changed


def _note_unwritable(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, say: Say
) -> bool:
    """Remember the properties that the account lacks, keeps read-only, or has in another type.

    The plan omits them; a moment goes as a date where HubSpot takes that.

    definitions are HubSpot's, by object and property. Returns whether anything changed, so that
    the plan has to be computed again.
    """
    found = {}
    for object_type in CATALOGUE.values():
        known, types = definitions[object_type.name], columns(connection, object_type)
        for name in (*object_type.standard, *object_type.resolved):
            reason = _why_unwritable(object_type, name, known)
            if reason := reason or _why_another_type(types.get(name), known[name]):
                found[object_type.name, name] = reason
    noted = connection.execute("select object, property, reason from ops.hubspot_unwritable")
    before = {(object_name, name): reason for object_name, name, reason in noted.fetchall()}
    for (object_name, name), reason in found.items():
        instead = "is sent as one" if reason == TAKES_DATES else "is left out"
        say(f"{object_name}: {name} {reason} in this account and {instead}")
    if found == before:
        return False
    connection.execute("delete from ops.hubspot_unwritable")
    for (object_name, name), reason in found.items():
        connection.execute(
            "insert into ops.hubspot_unwritable values (?, ?, ?)", [object_name, name, reason]
        )
    return True


def quarantine_unknown_stages(session: PlanSession) -> None:
    """Quarantine the planned deals whose pipeline or stage is not one of Cartwheel's."""
    # the load translates these itself (load/account/pipeline.py), so their values are ours
    session.quarantine_other_values("deals", "pipeline", [PIPELINE])
    stage_ids = [stage.stage_id for stage in stages()]
    session.quarantine_other_values("deals", "dealstage", stage_ids)


def _why_unwritable(
    object_type: ObjectType, name: str, known: Mapping[str, Mapping[str, Any]]
) -> str | None:
    definition = known.get(name)
    if definition is None:
        return "does not exist"
    access = definition.get("modificationMetadata") or {}
    if name != object_type.key and (
        access.get("readOnlyValue") or definition.get("calculated")
    ):
        return "is read-only"
    return None


def _why_another_type(ours: str | None, definition: Mapping[str, Any]) -> str | None:
    """Why a column of a DuckDB type cannot be sent as it is, None if it can or if there is no
    such column. Texts fit into lists, and everything fits into texts; HubSpot's answer then
    tells about single values.
    """
    theirs = str(definition.get("type"))
    if ours is None or theirs not in _STRICT:
        return None
    kind = next((kind for start, kind in _KINDS.items() if ours.upper().startswith(start)), "")
    if kind == theirs:
        return None
    return TAKES_DATES if (kind, theirs) == ("datetime", "date") else f"is a {theirs}"
