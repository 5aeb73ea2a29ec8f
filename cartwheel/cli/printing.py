"""How reports look: aligned lines for a person, JSON for a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from cartwheel.cli.json_text import as_json
from cartwheel.cli.screen import Screen, as_typed, hint
from cartwheel.cli.tables import COLOURS, amount, print_table
from cartwheel.cli.terminal import show
from cartwheel.last_runs import LastRun
from cartwheel.status import Redacted, Status, age, in_words
from load.plan.held_back import DELETED_BY_USER

FATES = ("create", "update", "unchanged", "delete", "quarantined", "rejected", "skipped")
NAMED = 10  # customers that a line names


def print_done(report: Any, as_data: bool, tell: Callable[[], object]) -> None:
    """Print what was done: as JSON, or else, unless --quiet leaves it out, for a person."""
    if as_data:
        click.echo(as_json(report))
    elif not Screen.of(click.get_current_context()).quiet:
        tell()


def print_counts(objects: Mapping[str, Any]) -> None:
    """Print the counts of a plan or a load, one line per object."""
    print_table(
        ("object", *FATES),
        (
            [name, *(getattr(counts, fate) for fate in FATES)]
            for name, counts in objects.items()
        ),
    )


def print_load(load: Any) -> None:
    """Print the outcome of a load per object and, if it sent records, its control totals."""
    if load.totals is not None and not load.writes and not load.plan.writes:
        click.echo("There were no changes to send.\n")
    print_counts(load.fates)
    if load.totals is None:
        return
    click.echo()
    rows: list[tuple[Any, ...]] = [
        (name, each.shopify, each.quarantined, each.mart, each.acknowledged, each.held)
        for name, each in load.totals.records.items()
    ]
    for currency, each in load.totals.amounts.items():
        sums = (each.shopify, each.quarantined, each.mart, each.acknowledged, each.held)
        rows.append((f"deals in {currency}", *(amount(value, currency) for value in sums)))
    print_table(
        (
            "control totals",
            "in Shopify",
            "quarantined",
            "in the warehouse",
            "acknowledged",
            "held back",
        ),
        rows,
    )


def print_adopted(adopted: int) -> None:
    """Print how many of a plan's updates adopt contacts that HubSpot already has."""
    if adopted:
        hint(
            f"\n{adopted:,} of the contacts to update already exist in HubSpot and would be "
            "adopted; to see what that overwrites: cartwheel plan --object contacts"
        )


def print_changes(changes: Iterable[Any]) -> None:
    """Print each planned write with its properties, old and new value."""
    for change in changes:
        show((change.action, COLOURS.get(change.action, "")), f"  {change.key}")
        for name, new in change.changes.items():
            old = _quoted(change.acknowledged.get(name))
            show(f"    {name}: ", (old, "dim"), " -> ", (_quoted(new), "bold"))


def print_held_back(records: Iterable[Any]) -> None:
    """Print each record that is held back, with the reason."""
    for held in records:
        named = held.record if held.key in (None, held.record) else f"{held.record} {held.key}"
        why = ": ".join(filter(None, (_unless_told(held.reason, held.detail), held.detail)))
        request = f" (request {held.request})" if held.request else ""
        show((held.fate, "yellow"), f"  {named}\n    {why}{request}")


def print_redacted(redacted: Sequence[Redacted]) -> None:
    """Print the customers that Shopify has redacted, and what to do."""
    if not redacted:
        return
    named = ", ".join(f"{each.record} of {each.shop}" for each in redacted[:NAMED])
    if len(redacted) > NAMED:
        named += (
            f" and {len(redacted) - NAMED:,} more (select shop, record from "
            "hubspot.redacted_customers)"
        )
    click.echo(
        f"\nredacted in Shopify: {named}. "
        + (
            "Workflows skip the contact, which stays in HubSpot: delete it "
            if len(redacted) == 1
            else "Workflows skip the contacts, which stay in HubSpot: delete them "
        )
        + "there permanently (GDPR delete)."
    )


def print_omitted(omitted: Sequence[Any]) -> None:
    """Print the properties that were omitted, and for how many records."""
    if omitted:
        click.echo()
    for each in omitted:
        hint(each.in_words())


def print_account(report: Any) -> None:
    """Print the ledger's account, the token's, and what the former has acknowledged."""
    token = report.token
    known = "none yet"
    if report.portal_id is not None:
        known = f"{report.portal_id} since {report.since:%Y-%m-%d}"
    described = "not known"
    if token is not None:
        traits = (token.account_type, token.time_zone, token.ui_domain)
        described = ", ".join(str(each) for each in (token.portal_id, *traits) if each)
    click.echo(f"ledger of account  {known}")
    click.echo(f"token of account   {described}")
    if report.records:
        click.echo()
        print_table(("acknowledged", "records"), report.records.items())
    for table in report.aside:
        click.echo(f"\nset aside: ops.{table}")


def print_status(status: Status, now: datetime) -> None:
    """Print what is synced, each step's last run with its age, and what is held back."""
    for line in in_words(status.at_work, now):
        show((line, "cyan"))
    if status.busy:
        counted = (
            f", records as of {status.as_of:%Y-%m-%d %H:%M:%S} UTC" if status.as_of else ""
        )
        hint(f"The warehouse was not read: {status.busy}")
        click.echo(f"Shown is what the steps noted as they began and ended{counted}.")
    if status.at_work or status.busy:
        click.echo()
    account = f"HubSpot account {status.portal_id}" if status.portal_id else "in HubSpot"
    if status.synced:
        print_table((account, "records"), status.synced.items())
    else:
        click.echo(f"{account}: no records yet")
    if status.stores:
        click.echo()
        print_table(
            ("store", "contacts", "deals", "products", "last read (UTC)", "age"),
            (
                (
                    store.shop
                    if store.configured or not status.configured
                    else f"{store.shop} (not in the settings)",
                    store.contacts,
                    store.deals,
                    store.products,
                    store.read_at,
                    age(now - store.read_at.replace(tzinfo=UTC)) if store.read_at else None,
                )
                for store in status.stores
            ),
        )
    click.echo()
    print_table(
        ("last run", "finished (UTC)", "age", "state", ""),
        (
            (
                run.step,
                run.finished_at,
                age(now - run.at),
                run.status,
                as_typed(_with_shop(run)),
            )
            for run in status.runs
        ),
    )
    if status.held_back:
        click.echo()
        print_table(
            ("held back", "", "records", "reason", "for example", "request"),
            (
                (
                    held.object,
                    held.fate,
                    held.records,
                    held.reason,
                    _example(held),
                    held.request or "-",
                )
                for held in status.held_back
            ),
        )
    if any(held.reason == DELETED_BY_USER for held in status.held_back):
        hint(
            "\nA record that a user deleted is sent no more. To have one back, restore it in "
            "HubSpot, then run: cartwheel plan --refresh, and then cartwheel load"
        )
    print_omitted(status.omitted)
    print_redacted(status.redacted)
    for warning in status.warnings:
        show(("\nWarning:", "bold yellow"), f" {as_typed(warning)}")


def _with_shop(run: LastRun) -> str:
    """What the run says, with its shop."""
    if run.shop in run.detail:
        return run.detail
    return f"{run.shop}: {run.detail}" if run.detail else run.shop


def _example(held: Any) -> str:
    """One record's detail, if it is more than the reason, with its name unless an e-mail."""
    named = "" if "@" in held.record else held.record
    detail = held.example if _unless_told(held.reason, held.example) else ""
    return ": ".join(each for each in (named, detail) if each)


def _unless_told(reason: str, detail: str) -> str:
    """The reason, "" where the detail ends with it."""
    return "" if detail.endswith(reason) else reason


def _quoted(value: str | None) -> str:
    return "(blank)" if value in (None, "") else repr(value)
