"""The HubSpot account that the ledger belongs to."""

from __future__ import annotations

import click

from cartwheel.cli.command_line import at_work, json_option, screen_of, settings_of
from cartwheel.cli.printing import print_account, print_done
from load.account.move import AccountReport
from load.account.move import move_account as move_ledger
from load.account.move import show_account as read_account


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def account(ctx: click.Context, as_data: bool) -> None:
    """Show which HubSpot account the ledger belongs to; with move, start a new ledger."""
    ctx.meta["as_data"] = as_data
    if ctx.invoked_subcommand is None:
        settings = settings_of(ctx)
        with at_work(ctx):
            report = read_account(settings)
        show_account(report, as_data)


@account.command()
@json_option
@click.pass_context
def move(ctx: click.Context, as_data: bool) -> None:
    """Set the old ledger aside and start one for the token's account; sends nothing."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    as_data = as_data or ctx.meta["as_data"]
    screen = screen_of(ctx, as_data)
    with at_work(ctx):
        report = move_ledger(settings, screen.say)
    show_account(report, as_data)


def show_account(report: AccountReport, as_data: bool) -> None:
    """Print the report; raise OtherAccount if the token belongs to another account."""
    print_done(report, as_data, lambda: print_account(report))
    report.check()
