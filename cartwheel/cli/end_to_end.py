"""The pipeline from end to end: on a generated store, or on your own."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from cartwheel import demo as example
from cartwheel.cli.command_line import (
    at_work,
    dry_run_option,
    full_option,
    json_option,
    screen_of,
    settings_of,
    shop_option,
    show_also_failed,
    since_option,
    strict_option,
)
from cartwheel.cli.option_values import time_span
from cartwheel.cli.printing import print_done, print_load
from cartwheel.cli.screen import hint
from cartwheel.cli.watch import repeat
from cartwheel.pipeline import SyncReport
from cartwheel.pipeline import sync as pipeline_sync


@click.command()
@click.option(
    "--orders", type=click.IntRange(min=1), default=example.DEMO_ORDERS, show_default=True
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=example.DEMO_SEED, show_default=True
)
@click.option(
    "--output", default="dashboard.html", type=click.Path(path_type=Path), show_default=True
)
@json_option
@click.pass_context
def demo(ctx: click.Context, orders: int, seed: int, output: Path, as_data: bool) -> None:
    """Run the pipeline end to end on a generated store; needs no account."""
    warehouse, screen = settings_of(ctx).warehouse, screen_of(ctx, as_data)
    with at_work(ctx):
        report = example.demo(
            warehouse, output, screen.say, orders=orders, seed=seed, watch=screen.watch
        )

    def tell() -> None:
        click.echo()
        if report.sync.load:
            print_load(report.sync.load)
        click.echo(f"\nwarehouse   {report.warehouse}")
        click.echo(f"dashboard   {output.absolute()}")
        hint(f"finished in {report.seconds:.0f} s; look around with: cartwheel status")

    print_done(report, as_data, tell)


@click.command()
@dry_run_option
@json_option
@shop_option
@since_option
@strict_option
@full_option
@click.option(
    "--allow-deletes",
    is_flag=True,
    help="Mark records as deleted and delete them in HubSpot, even beyond the guards' limits.",
)
@click.option(
    "--watch",
    "every",
    callback=time_span,
    help="Sync again whenever this time has passed, such as 10m, until Ctrl-C.",
)
@click.pass_context
def sync(ctx: click.Context, /, as_data: bool, every: timedelta | None, **options: Any) -> None:
    """Extract, transform, check, set up what is missing, and load."""

    def run() -> SyncReport:
        screen = screen_of(ctx, as_data)
        return pipeline_sync(settings_of(ctx), screen.say, watch=screen.watch, **options)

    def show(report: SyncReport) -> None:
        print_done(report, as_data, lambda: print_load(report.load) if report.load else None)

    if every == timedelta():
        raise click.BadParameter("at least 1m", param_hint="--watch")
    if every is None:
        show_also_failed(run, show)
    else:
        repeat(partial(show_also_failed, run, show), every, screen_of(ctx, as_data).say)
