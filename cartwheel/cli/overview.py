"""What a person reads: the state of the pipeline, and the reports as a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from cartwheel import pipeline
from cartwheel.cli.command_line import json_option, settings_of
from cartwheel.cli.option_values import time_span
from cartwheel.cli.printing import as_json, print_status
from cartwheel.core.clock import machine_time
from cartwheel.core.privacy import write_whole
from cartwheel.status import check_age
from dashboard.cards import COMPARISONS, PERIODS
from dashboard.digest import as_html, as_text


@click.command()
@click.option(
    "--output", default="dashboard.html", type=click.Path(path_type=Path), show_default=True
)
@click.pass_context
def dashboard(ctx: click.Context, output: Path) -> None:
    """Write the reports as one web page that opens offline."""
    settings = settings_of(ctx)
    pipeline.write_dashboard(settings.warehouse, output, settings.now)
    click.echo(f"dashboard   {output.absolute()}")


@click.command()
@click.option(
    "--period", type=click.Choice([*PERIODS]), default="last_30_days", show_default=True
)
@click.option(
    "--compare", type=click.Choice([*COMPARISONS]), default="previous_period", show_default=True
)
@click.option("--shop", help="One store, by its name; without it, all stores.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it as an HTML mail too.",
)
@click.pass_context
def digest(
    ctx: click.Context, period: str, compare: str, shop: str | None, html: Path | None
) -> None:
    """Print the figures of a period and how they changed, for a message or a mail."""
    found = pipeline.read_cards(
        settings_of(ctx).warehouse, period=period, comparison=compare, shop=shop
    )
    now = machine_time()
    click.echo(as_text(found, period, compare, now))
    if html is not None:
        write_whole(html, as_html(found, period, compare, now))


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
    found, now = pipeline.status(settings_of(ctx)), datetime.now(UTC)
    if as_data:
        click.echo(as_json(found))
    else:
        print_status(found, now)
    if most is not None:
        check_age(found, most, now)
