"""The state of the pipeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from cartwheel.cli.command_line import at_work, json_option, settings_of
from cartwheel.cli.option_values import time_span
from cartwheel.cli.printing import print_done, print_status
from cartwheel.status import check_age, current_status


@click.command()
@json_option
@click.option(
    "--fail-if-older-than",
    "most",
    callback=time_span,
    metavar="TIME",
    help="Exit with 1 if a step never ran, or its last run failed or is older than this (2h).",
)
@click.pass_context
def status(ctx: click.Context, as_data: bool, most: timedelta | None) -> None:
    """Show what is synced, the last runs, and which records are held back and why."""
    settings = settings_of(ctx, while_at_work=True)
    with at_work(ctx):
        found, now = current_status(settings), datetime.now(UTC)
    print_done(found, as_data, lambda: print_status(found, now))
    if most is not None:
        check_age(found, most, now)
