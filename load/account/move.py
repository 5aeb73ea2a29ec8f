"""`cartwheel account`: shows whose ledger it is, and starts one for another account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from cartwheel.core.clock import machine_time
from cartwheel.core.errors import SettingsError
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables, transaction
from load.account.portal import (
    Portal,
    RecordedPortal,
    ask_portal,
    compare,
    record_portal,
    recorded_portal,
)
from load.hubspot.client import HubSpot, connected
from load.ledger.ledger import Ledger

_SET_ASIDE = "_of_"  # between a table's name, its account and the time it was set aside
_WRITES = "hubspot_writes"
_WRITTEN = "hubspot_written_properties"  # its view, a row for each value

# the tables in which loads remember an account
_TABLES = """
select table_name from information_schema.tables
where table_schema = 'ops' and table_type = 'BASE TABLE'
    and (table_name like 'hubspot!_%' escape '!' or table_name = 'held_back')
    and not contains(table_name, ?)
order by table_name
"""


@dataclass(frozen=True)
class AccountReport:
    """The ledger's account and the token's, each None where it is not known.

    records: living records per object, as acknowledged; aside: the tables of ops that hold
    the ledgers of earlier accounts.
    """

    portal_id: int | None
    since: datetime | None
    token: Portal | None
    records: dict[str, int] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Raise OtherAccount if the token and the ledger belong to different accounts."""
        if self.portal_id is not None and self.since is not None and self.token is not None:
            compare(RecordedPortal(self.portal_id, self.since), self.token)


def show_account(settings: Settings, *, hubspot: HubSpot | None = None) -> AccountReport:
    """Read the ledger's account and, if there is a token, the token's."""
    token = None
    if hubspot is not None or settings.hubspot_access_token:
        with connected(settings, hubspot=hubspot) as client:
            token = ask_portal(client)
    if not settings.warehouse.exists():
        return AccountReport(None, None, token)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        noted = recorded_portal(connection)
        return AccountReport(
            noted.portal_id if noted else None,
            noted.since if noted else None,
            token,
            _records(connection),
            _set_aside(connection),
        )


def move_account(
    settings: Settings, say: Say = silent, *, hubspot: HubSpot | None = None
) -> AccountReport:
    """Set the ledger aside under dated names and start a new one for the token's account.

    Nothing is sent, and nothing is deleted: what the old account holds stays there, and
    the old ledger stays in ops.

    Raises SettingsError if the token belongs to the ledger's own account, or no load was made.
    """
    with connected(settings, say, hubspot=hubspot) as client:
        _start_over(settings, say, ask_portal(client))
        return show_account(settings, hubspot=client)


def _start_over(settings: Settings, say: Say, token: Portal | None) -> None:
    """Rename the ledger's tables, and begin new ones that belong to the token's account."""
    run_id = new_run_id("move", settings.clock())
    with open_warehouse(settings.warehouse) as connection:
        noted = recorded_portal(connection)
        if noted and token and noted.portal_id == token.portal_id:
            raise SettingsError(
                f"The ledger and the token both belong to account {noted.portal_id}. Put the "
                "token of the other account into HUBSPOT_ACCESS_TOKEN, then run: cartwheel "
                "account move"
            )
        Ledger(connection, run_id, settings.clock())  # compacts what a killed run left
        owner = noted.portal_id if noted else "unknown"
        suffix = f"{_SET_ASIDE}{owner}_{machine_time():%Y%m%d_%H%M%S}"
        with transaction(connection):
            connection.execute(f"drop view if exists ops.{_WRITTEN}")
            found = connection.execute(_TABLES, [_SET_ASIDE]).fetchall()
            for (table,) in found:
                connection.execute(f'alter table ops."{table}" rename to "{table}{suffix}"')
            if (_WRITES,) in found:
                connection.execute(
                    f'create view ops."{_WRITTEN}{suffix}" as '
                    "select writes.* exclude (changes), "
                    "unnest(writes.changes, recursive := true) "
                    f'from ops."{_WRITES}{suffix}" as writes'
                )
        ledger = Ledger(connection, run_id, settings.clock())
        record_portal(connection, token, ledger.now, run_id)
        say(f"the ledger of account {owner} is now in ops.hubspot_records{suffix} and others")


def _records(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    if "ops.hubspot_records" not in tables(connection):
        return {}
    found = connection.execute(
        "select object, count(*) from ops.hubspot_records where status = 'living' "
        "group by object order by object"
    )
    return dict(found.fetchall())


def _set_aside(connection: duckdb.DuckDBPyConnection) -> list[str]:
    prefix = f"ops.hubspot_records{_SET_ASIDE}"
    present = sorted(tables(connection))
    return [name.removeprefix("ops.") for name in present if name.startswith(prefix)]
