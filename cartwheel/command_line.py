"""What the commands share: errors without a traceback, options, progress, reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from cartwheel.errors import CartwheelError, ListsRefused, ShopsFailed
from cartwheel.progress import Say, labelled
from cartwheel.trouble import disk_told

json_option = click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
shop_option = click.option(
    "--shop", default="", metavar="NAME", help="Read this one of the stores in shops.toml."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing to HubSpot.")

Report = TypeVar("Report")


class Group(click.Group):
    """Commands in the order of the road, and errors without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order they were added, which is the order of the stations."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a CartwheelError becomes one line on stderr and exit code 1.

        Several stores that failed have a line each.
        """
        try:
            with disk_told():
                return super().invoke(ctx)
        except CartwheelError as error:
            for text in (str(error), *getattr(error, "__notes__", ())):
                click.echo(f"Error: {text}", err=True)
            ctx.exit(1)


def days(ctx: click.Context, option: click.Parameter, text: str | None) -> timedelta | None:
    """A number of days written like 60d."""
    del ctx
    if text is None:
        return None
    if not text.removesuffix("d").isdecimal():
        raise click.BadParameter(f"{text!r} is no number of days like 60d", param=option)
    return timedelta(days=int(text.removesuffix("d")))


def typed() -> str:
    """How the command was typed, so that the next one can be typed the same way."""
    program = Path(sys.argv[0])
    return str(program) if program.name == "cartwheel" else "cartwheel"


def say_to(as_data: bool, station: str = "") -> Say:
    """Progress lines go to stdout, or to stderr where stdout carries JSON."""

    def say(line: str) -> None:
        click.echo(line, err=as_data)

    return labelled(say, station) if station else say


def show_also_failed(run: Callable[[], Report], show: Callable[[Report], None]) -> None:
    """Show a run's report, also that of a run in which a part of it failed; then fail."""
    try:
        report = run()
    except (ShopsFailed, ListsRefused) as failed:
        if failed.report is not None:
            show(failed.report)
        raise
    show(report)
