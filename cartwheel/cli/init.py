"""The first settings: asked for, written, and checked on both sides."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cartwheel.cli.app import COMMANDS
from cartwheel.cli.command_line import at_work, json_option, screen_of
from cartwheel.cli.doctor import print_checks, summary
from cartwheel.cli.json_text import as_json
from cartwheel.cli.typed import typed
from cartwheel.core.errors import FAILED, CartwheelError
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import EXAMPLE
from cartwheel.doctor.checks import Report
from cartwheel.doctor.examination import THIS_MACHINE, both_sides
from cartwheel.doctor.warehouse import check_warehouse
from cartwheel.first_settings import (
    CLIENT_FILE,
    FirstSettings,
    check_target,
    taken_from,
    unused_warehouse,
    write_settings,
)
from load.objects.language import choose_labels

_WAREHOUSE = "warehouse.duckdb"


@click.command()
@click.option("--shop", default="", help=f"The store: {EXAMPLE}, name, or its address.")
@click.option("--client-id", default="", help="The client ID of the app in the Dev Dashboard.")
@click.option(
    "--client-secret", default="", help="Its client secret; asked for unless it is given."
)
@click.option(
    "--access-token", default="", help="A static token, in place of client ID and secret."
)
@click.option(
    "--hubspot-token", default="", help="HubSpot's service key; asked for unless it is given."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Write {CLIENT_FILE} into this folder, such as clients/acme, with a warehouse of its "
    "own.",
)
@click.option("--language", default="", help="The language of the labels in HubSpot, like fr.")
@click.option("--overwrite", is_flag=True, help="Replace a settings file that is there.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is missing is an error.")
@json_option
@click.pass_context
def init(
    ctx: click.Context,
    shop: str,
    client_id: str,
    client_secret: str,
    access_token: str,
    hubspot_token: str,
    folder: Path | None,
    language: str,
    overwrite: bool,
    yes: bool,
    as_data: bool,
) -> None:
    """Write the settings of a store and an account, and check them on both sides."""
    if folder is not None and ctx.obj is not None:
        raise click.UsageError("Give --env or --folder, not both: each names the file.")
    path = folder / CLIENT_FILE if folder else ctx.obj or Path(".env")
    check_target(path, overwrite=overwrite, in_folder=folder is not None)
    given = FirstSettings(
        shop,
        client_id,
        client_secret,
        access_token,
        hubspot_token,
        language,
        str(folder / _WAREHOUSE) if folder else "",
        taken_from(os.environ),
    )
    choose_labels(language)
    if given.missing() and sys.stdin.isatty() and not (yes or as_data):
        given = _asked(given)
    if missing := given.missing():
        raise click.UsageError(
            f"Nobody can be asked here, and something is missing: give {', '.join(missing)}."
        )
    given, others = _with_own_warehouse(given)
    write_settings(path, given, overwrite=overwrite)
    quiet = screen_of(ctx, as_data).quiet
    # stdout is left to the JSON of the checks
    if not quiet:
        click.echo(f"{path} is written, readable by you alone.", err=as_data)
    if given.taken and not quiet:
        names = ", ".join(given.taken)
        click.echo(f"In it, from the environment: {names}.", err=as_data)
    if others:
        click.echo(
            f"{Path(given.warehouse).with_name(_WAREHOUSE)} holds {', '.join(sorted(others))} "
            f"already, so in it: CARTWHEEL_WAREHOUSE={given.warehouse}",
            err=as_data,
        )
    if not quiet:
        click.echo(err=as_data)
    own = given.by_name().keys() - given.taken
    if stronger := [name for name in sorted(own) if os.environ.get(name)]:
        click.echo(
            f"Warning: the environment has {', '.join(stronger)} too, and wins.\n", err=as_data
        )
    _check(ctx, path, as_data)


def _asked(given: FirstSettings) -> FirstSettings:
    """The settings with what is missing asked for; secrets are not shown."""
    if not given.shop:
        given = _ask(given, "shop", f"Shopify store ({EXAMPLE}, or its address)")
    if not given.access_token and not given.client_secret:
        if not given.client_id:
            text = "Client ID of the app in the Dev Dashboard (empty for a static token)"
            given = _ask(given, "client_id", text, needed=False)
        name, text = ("client_secret", "Client secret")
        if not given.client_id:
            name, text = ("access_token", "Access token of the app")
        given = _ask(given, name, text, hidden=True)
    elif not given.access_token and not given.client_id:
        given = _ask(given, "client_id", "Client ID of the app in the Dev Dashboard")
    if not given.hubspot_token:
        given = _ask(given, "hubspot_token", "HubSpot service key", hidden=True)
    return given


def _with_own_warehouse(given: FirstSettings) -> tuple[FirstSettings, set[str]]:
    """The settings with a warehouse that holds no other store, and those that the first has."""
    if os.environ.get("CARTWHEEL_WAREHOUSE"):
        return given, set()
    wanted = Path(given.warehouse or _WAREHOUSE)
    place, others = unused_warehouse(wanted, given.shop)
    return (replace(given, warehouse=str(place)) if others else given), others


def _ask(
    given: FirstSettings, name: str, text: str, *, hidden: bool = False, needed: bool = True
) -> FirstSettings:
    """Ask for one of the settings, again as long as it cannot be right."""
    answer = click.prompt(
        text,
        default=None if needed else "",
        show_default=False,
        hide_input=hidden,
        value_proc=_accepted(given, name),
    )
    return _with(given, name, answer)


def _with(given: FirstSettings, name: str, answer: str) -> FirstSettings:
    change: dict[str, Any] = {name: answer}
    return replace(given, **change)


def _accepted(given: FirstSettings, name: str) -> Callable[[str], str]:
    def accept(answer: str) -> str:
        try:
            return str(getattr(_with(given, name, answer), name))
        except CartwheelError as error:
            raise click.UsageError(str(error)) from None

    return accept


def _check(ctx: click.Context, path: Path, as_data: bool) -> None:
    """Check both sides, and say what to type next; exit with 1 if something is wrong."""
    settings = Settings.read(path)
    screen = screen_of(ctx, as_data)
    screen.redactor.hide(settings.secret_values())
    program = typed(sys.argv[0], sys.orig_argv, None)
    command = typed(sys.argv[0], sys.orig_argv, None if path == Path(".env") else path)
    screen.hints.repeat(command, COMMANDS, program)
    with at_work(ctx):
        _, warehouse = check_warehouse(settings, THIS_MACHINE.now())
        report = Report(tuple(both_sides(settings, screen.say, warehouse=warehouse)))
    if as_data:
        click.echo(as_json(report))
        ctx.exit(FAILED if report.wrong else 0)
    if screen.quiet:
        print_checks(each for each in report.checks if each.state in ("warning", "wrong"))
    else:
        print_checks(report.checks)
        click.echo(f"\n{summary(report)}")
    if report.wrong:
        click.echo(f"Fix what is wrong, then run: {command} doctor")
        ctx.exit(FAILED)
    if screen.quiet:
        return
    click.echo(
        f"Next, to see what a sync would send: {command} sync --dry-run\n"
        f"Then, to send it: {command} sync"
    )
