"""The current state: records in HubSpot, each step's last run, what is held back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import duckdb

from cartwheel.carried_records import count_carried
from cartwheel.core.errors import StatusAlarming, WarehouseError, WarehouseLocked
from cartwheel.core.sentences import first_sentence
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import tables
from cartwheel.last_runs import (
    STEPS,
    LastRun,
    landed_shops,
    last_runs,
    logged_runs,
    of_interest,
)
from cartwheel.step_runs import (
    INTERRUPTED,
    RUNNING,
    SUCCEEDED,
    SYNC,
    Carried,
    Noted,
    StepRun,
    StoreCount,
    read_noted,
)
from load.plan.held_back import Reason, reasons_without_plan
from load.plan.omitted_properties import OmittedProperty
from load.run import open_for_plan
from load.verify.verdict import too_many

# of a customer whom HubSpot never had there is nothing to delete
_REDACTED = """
with sent as (
    select unnest(string_split(
        json_extract_string(properties, '$.shopify_customer_ids'), ';'
    )) as customer
    from ops.hubspot_records
    where object = 'contacts' and status = 'living'
        and (select count(*) from hubspot.redacted_customers) > 0
)
select redacted.shop, redacted.record
from hubspot.redacted_customers as redacted
semi join sent on sent.customer = redacted.shop || ':' || redacted.customer_id
order by redacted.shop, redacted.customer_id
"""
# when each store was last read to the end; one row of a run may have failed
_READ = """
with runs as (
    select shop, max(finished_at) as read_at from ops.extract_runs
    group by shop, run_id having bool_and(status = 'succeeded')
)
select shop, max(read_at) from runs group by shop
"""


@dataclass(frozen=True)
class Redacted:
    """A customer whom Shopify has redacted, by number: nothing else of it remains."""

    shop: str
    record: str


@dataclass(frozen=True)
class Store:
    """A store, and how many of its records HubSpot has, None where that cannot be told.

    A contact counts for each store that knows the person. read_at is when it was last read to
    the end (UTC), None if it never was; configured, whether the settings name it.
    """

    shop: str
    contacts: int | None
    deals: int | None
    products: int | None
    read_at: datetime | None
    configured: bool


@dataclass(frozen=True)
class AtWork:
    """A step that runs now, or a whole sync; started_at is UTC."""

    step: str
    shop: str
    pid: int
    host: str
    started_at: datetime


@dataclass(frozen=True)
class Status:
    """The current state.

    synced: living records in HubSpot per object, as acknowledged; held_back: how many are
    held back for which reason, as the plan counts them; warnings: what somebody should
    look at, in sentences; portal_id: HubSpot's of the account, None before the first load;
    redacted: the customers whom Shopify has redacted; omitted: the properties that records
    in HubSpot go without. stores: per store; at_work: what runs now, a whole sync before its
    step. busy is why the warehouse was not read, empty if it was: then all of this is what the
    steps noted as they began and ended, and as_of when the records were counted.
    """

    synced: dict[str, int]
    runs: list[LastRun]
    held_back: Sequence[Reason]
    warnings: list[str]
    portal_id: int | None = None
    redacted: Sequence[Redacted] = ()
    omitted: Sequence[OmittedProperty] = ()
    stores: Sequence[Store] = ()
    at_work: Sequence[AtWork] = ()
    busy: str = ""
    as_of: datetime | None = None
    configured: Sequence[str] = ()


def redacted_customers(connection: duckdb.DuckDBPyConnection) -> list[Redacted]:
    """The customers whom Shopify has redacted and whose contacts HubSpot has.

    None before the marts are built, or before a load.
    """
    if not {"hubspot.redacted_customers", "ops.hubspot_records"} <= tables(connection):
        return []
    return [Redacted(*row) for row in connection.execute(_REDACTED).fetchall()]


def read_status(
    connection: duckdb.DuckDBPyConnection,
    held_back: Sequence[Reason] = (),
    warnings: Sequence[str] = (),
    omitted: Sequence[OmittedProperty] = (),
    *,
    noted: Noted | None = None,
    configured: Sequence[str] = (),
) -> Status:
    """Read the state from ops; tables that are not made yet count as empty.

    held_back, warnings and omitted are what the load says of its records, noted what the file
    beside the warehouse does of the runs; configured are the stores of the settings.
    """
    noted = noted or Noted()
    carried, landed = count_carried(connection), landed_shops(connection)
    read_at = {}
    if "ops.extract_runs" in tables(connection):
        read_at = dict(connection.execute(_READ).fetchall())
    return Status(
        carried.objects,
        of_interest(last_runs(logged_runs(connection), noted), configured, landed),
        held_back,
        list(warnings),
        carried.portal_id,
        redacted_customers(connection),
        omitted,
        _stores(carried.stores, read_at, configured, landed),
        _at_work(noted),
        configured=tuple(configured),
    )


def current_status(settings: Settings) -> Status:
    """The current state; once the marts are built, a plan tells what is held back.

    While a step of this machine is at work, the warehouse is not opened: it would be locked, or
    a look at it would keep the step's next part out. What the steps noted is shown then, and
    also where another program has it open, or no run got as far as to make it.

    Raises WarehouseLocked if that is so and nothing was ever noted; WarehouseError if there is
    no warehouse, or it cannot be read.
    """
    noted, configured = read_noted(settings.warehouse), _configured(settings)
    if any(run.process.is_here() for run in noted.alive()):
        return _noted_status(noted, configured, "a step is at work in it.")
    try:
        with open_for_plan(settings) as session:
            read = partial(read_status, session.connection, noted=noted, configured=configured)
            try:
                planned = session.refresh()
            except WarehouseLocked:
                raise
            except WarehouseError:
                return read(reasons_without_plan(session.connection))
            warnings = too_many(planned, settings.held_back_limit)
            return read(planned.held_back, warnings, planned.omitted)
    except WarehouseLocked as error:
        if not noted.runs:
            raise
        return _noted_status(noted, configured, str(error))
    except WarehouseError as error:
        succeeded = any(run.succeeded_at for run in noted.runs)
        if settings.warehouse.exists() or not noted.runs or succeeded:
            raise
        return _noted_status(noted, configured, str(error))


def _noted_status(noted: Noted, configured: Sequence[str], busy: str) -> Status:
    """What the file says, without the warehouse."""
    carried = noted.carried or Carried(datetime.min, None, {}, ())
    extracts = [run for run in noted.runs if run.step == "extract"]
    read_at = {run.shop: run.succeeded_at for run in extracts if run.succeeded_at}
    landed = {*read_at, *(store.shop for store in carried.stores)}
    return Status(
        carried.objects,
        of_interest(last_runs((), noted), configured, landed),
        [
            Reason(each.object, each.fate, each.reason, False, each.records, "", "", "")
            for each in carried.held_back
        ],
        [],
        carried.portal_id,
        stores=_stores(carried.stores, read_at, configured, landed),
        at_work=_at_work(noted),
        busy=busy,
        as_of=noted.carried.at if noted.carried else None,
        configured=tuple(configured),
    )


def _configured(settings: Settings) -> list[str]:
    """The stores that the settings name, whichever of them SHOPIFY_SHOP picks."""
    return [each.shop for each in settings.listed or (settings,) if each.shop]


def _stores(
    counts: Sequence[StoreCount],
    read_at: dict[str, Any],
    configured: Collection[str],
    landed: Collection[str],
) -> list[Store]:
    counted = {each.shop: each for each in counts}
    found = []
    for shop in sorted({*configured, *landed}):
        # a store without any record is 0 where the others are counted
        of_shop = counted.get(shop) or (StoreCount(shop) if counted else None)
        found.append(
            Store(
                shop,
                of_shop.contacts if of_shop else None,
                of_shop.deals if of_shop else None,
                of_shop.products if of_shop else None,
                read_at.get(shop),
                shop in configured,
            )
        )
    return found


def _at_work(noted: Noted) -> list[AtWork]:
    def of(run: StepRun) -> AtWork:
        process = run.process
        return AtWork(run.step, run.shop, process.pid, process.host, run.started_at)

    return [of(run) for run in noted.alive()]


def check_age(status: Status, most: timedelta, now: datetime) -> None:
    """Raise StatusAlarming, naming each step, if a last run is too old, failed or is missing.

    So does too much that is held back. A store that the settings no longer name is not judged,
    where they name any. now is aware.
    """
    wrong = []
    for run in status.runs:
        if run.shop and status.configured and run.shop not in status.configured:
            continue
        if run.status not in (SUCCEEDED, RUNNING):
            did = "was interrupted" if run.status == INTERRUPTED else run.status
            # what to do about it stands in the status itself
            said = first_sentence(run.detail).rstrip(".")
            why = f" ({said})" if said else ""
            wrong.append(f"{run.named}: the last run {did}{why}")
        # a setup has nothing to do where the account is complete
        elif now - run.at > most and run.step in STEPS:
            did = "finished" if run.finished_at else "has not finished; it began"
            wrong.append(f"{run.named}: the last run {did} {age(now - run.at)} ago")
    # behind what failed, which may be why
    known = {run.step for run in status.runs}
    wrong += [f"{step}: it never ran" for step in STEPS if step not in known]
    if "extract" in known:
        read = {run.shop for run in status.runs if run.step == "extract"}
        wrong += [
            f"extract of {shop}: it never ran" for shop in status.configured if shop not in read
        ]
    wrong += status.warnings
    if wrong:
        raise StatusAlarming(
            f"Something needs attention: {'; '.join(wrong)}. To see all of "
            "it: cartwheel status; to run all steps: cartwheel sync"
        )


def age(passed: timedelta) -> str:
    """A duration in its largest unit: 45 s, 12 min, 3 h, 2 d."""
    seconds = max(int(passed.total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def in_words(at_work: Sequence[AtWork], now: datetime) -> list[str]:
    """What runs, a sentence each: "A sync is running since …: extract of …"; now is aware."""

    def since(run: AtWork) -> str:
        began = run.started_at.replace(tzinfo=UTC)
        return f"since {began:%Y-%m-%d %H:%M:%S} UTC ({age(now - began)})"

    def where(run: AtWork) -> str:
        return f"process {run.pid} on {run.host}"

    lines = []
    wholes = [run for run in at_work if run.step == SYNC]
    steps = [run for run in at_work if run.step != SYNC]
    for whole in wholes:
        mine = [run for run in steps if (run.pid, run.host) == (whole.pid, whole.host)]
        does = f": {', '.join(_named(run) for run in mine)}" if mine else ""
        lines.append(f"A sync is running {since(whole)}{does} ({where(whole)}).")
        steps = [run for run in steps if run not in mine]
    lines += [f"Running {since(run)}: {_named(run)} ({where(run)})." for run in steps]
    return lines


def _named(run: AtWork) -> str:
    return f"{run.step} of {run.shop}" if run.shop else run.step
