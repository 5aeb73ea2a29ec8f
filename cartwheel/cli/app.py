"""The commands: each parses, calls one function and prints what came back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cartwheel import pipeline
from cartwheel.cli.command_line import (
    Group,
    days,
    dry_run_option,
    json_option,
    say_to,
    shop_option,
    show_also_failed,
    strict_option,
    time_span,
    typed,
)
from cartwheel.cli.load_options import load_options
from cartwheel.cli.printing import (
    as_json,
    print_account,
    print_adopted,
    print_changes,
    print_counts,
    print_held_back,
    print_load,
    print_omitted,
    print_redacted,
    print_status,
)
from cartwheel.cli.screen import Screen
from cartwheel.cli.setup_options import setup_options
from cartwheel.core.errors import CartwheelError
from cartwheel.core.privacy import private_files
from cartwheel.core.settings import Settings
from cartwheel.status import check_age, redacted_customers
from cartwheel.transform import transform as run_transform


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env",
    "env_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read settings from this file instead of .env (the environment wins).",
)
@click.version_option(package_name="cartwheel")
@click.pass_context
def main(ctx: click.Context, env_file: Path | None) -> None:
    """Carry a Shopify store's data into HubSpot through a warehouse that you own.

    \b
    Exit codes:
      0    everything succeeded
      1    it failed
      2    wrong use: an option or a setting is missing or is not valid
      3    done, but records are held back that were not before, or too many of them
      4    stopped by a guard or the quality gate, or the token is for another account
      130  interrupted
    """
    ctx.with_resource(private_files())
    ctx.obj = env_file


def settings_of(ctx: click.Context) -> Settings:
    """The settings that the --env option names."""
    return Settings.read(ctx.obj)


@main.command()
@click.option(
    "--orders", type=click.IntRange(min=1), default=pipeline.DEMO_ORDERS, show_default=True
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=pipeline.DEMO_SEED, show_default=True
)
@click.option(
    "--output", default="dashboard.html", type=click.Path(path_type=Path), show_default=True
)
def demo(orders: int, seed: int, output: Path) -> None:
    """Run the pipeline end to end on a generated store; needs no account."""
    warehouse = Settings.read().warehouse
    report = pipeline.demo(warehouse, output, click.echo, orders=orders, seed=seed)
    click.echo()
    print_load(report.sync.load)
    click.echo(f"\nwarehouse   {report.warehouse}")
    click.echo(f"dashboard   {output.absolute()}")
    click.echo(f"finished in {report.seconds:.0f} s; look around with: {typed()} status")


@main.command()
@click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    help="Serve this store folder; with --orders, write the generated store there first.",
)
@click.option(
    "--orders", type=click.IntRange(min=1), help="Generate a store with this many orders."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed generates the same store.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 for a free one. Default: 8765, or a free one if it is in use.",
)
@click.option(
    "--write-env",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the settings for reaching the sandbox to this file once it listens; the "
    "warehouse is placed beside it, under the same name.",
)
@click.option(
    "--portal",
    type=click.IntRange(min=1),
    default=62515,
    show_default=True,
    help="The id of the HubSpot account.",
)
def sandbox(
    store: Path | None,
    orders: int | None,
    seed: int,
    port: int | None,
    write_env: Path | None,
    portal: int,
) -> None:
    """Serve Shopify's and HubSpot's APIs on this machine."""
    if store is None and orders is None:
        raise click.UsageError("Give a store folder (--store) or a size (--orders).")
    # imported here: the two APIs' schemas take as long to load as all the other commands
    from sandbox.run import run_sandbox

    try:
        run_sandbox(
            store,
            orders=orders,
            seed=seed,
            port=port,
            write_env=write_env,
            portal=portal,
            say=click.echo,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        raise CartwheelError(f"The sandbox stopped: {what}{error.strerror or error}") from None


@main.command()
@json_option
@shop_option
@click.option(
    "--since", callback=days, help="Skip orders created before this period, such as 60d."
)
@click.option(
    "--via",
    type=click.Choice(["auto", "bulk", "pages"]),
    default="auto",
    show_default=True,
    help="Read with bulk operations or page by page; auto chooses by size.",
)
@click.option("--sweep", is_flag=True, help="Compare all ids, even if it is not due.")
@click.option(
    "--allow-deletes",
    is_flag=True,
    help="Mark records that Shopify no longer lists as deleted, even beyond the guard's limit.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the landed files in this folder.",
)
@click.option(
    "--from-jsonl", is_flag=True, help="Land saved bulk operation files; calls no API."
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def extract(
    ctx: click.Context,
    /,
    as_data: bool,
    shop: str,
    from_jsonl: bool,
    files: tuple[Path, ...],
    **options: Any,
) -> None:
    """Land what changed in Shopify in the warehouse, as raw JSON."""
    if bool(files) != from_jsonl:
        raise click.UsageError("Use --from-jsonl together with the files to land.")
    screen = Screen(as_data, "extract")

    def run() -> Any:
        settings = settings_of(ctx)
        if from_jsonl:
            return pipeline.replay(settings, files, screen.say, shop=shop)
        return pipeline.extract_all(
            settings, screen.say, shop=shop, watch=screen.watch, **options
        )

    def show(report: Any) -> None:
        if as_data:
            click.echo(as_json(report))

    show_also_failed(run, show)


@main.command()
@click.option("--full-refresh", is_flag=True, help="Parse all JSON, not only new records.")
@click.pass_context
def transform(ctx: click.Context, full_refresh: bool) -> None:
    """Build and test every dbt model (the same as dbt build)."""
    run_transform(settings_of(ctx), say_to(False, "transform"), full_refresh=full_refresh)


@main.command()
@json_option
@click.pass_context
def check(ctx: click.Context, as_data: bool) -> None:
    """Run the quality gate; exit code 4 if it is closed."""
    report = pipeline.pass_gate(settings_of(ctx), say_to(as_data))
    if as_data:
        click.echo(as_json(report))


@main.command()
@dry_run_option
@json_option
@setup_options
@click.pass_context
def setup(ctx: click.Context, /, as_data: bool, **options: Any) -> None:
    """Create the groups, properties, pipeline and lists that HubSpot lacks."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    show_also_failed(
        lambda: pipeline.set_up(settings, say_to(as_data, "setup"), **options),
        lambda report: click.echo(as_json(report)) if as_data else None,
    )


@main.command()
@json_option
@click.option(
    "--object",
    "object_type",
    type=click.Choice(["products", "contacts", "deals", "line_items", "associations"]),
    help="Show every change to this object's records, and every record that is held back.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every change to this file, for load --plan.",
)
@click.option("--refresh", is_flag=True, help="Read HubSpot's current values first.")
@click.option(
    "--offline", is_flag=True, help="Do not look up which new contacts HubSpot already has."
)
@click.pass_context
def plan(
    ctx: click.Context,
    as_data: bool,
    object_type: str | None,
    out: Path | None,
    refresh: bool,
    offline: bool,
) -> None:
    """Show what a load would write; writes nothing to HubSpot."""
    settings = settings_of(ctx)
    if refresh:
        settings.require_hubspot()
        pipeline.refresh(settings, say_to(as_data))
    if not offline:
        pipeline.look_up_contacts(settings, say_to(as_data))
    with pipeline.open_for_plan(settings) as session:
        planned = session.refresh()
        if out:
            pipeline.write_plan(session, out)
        held = session.held_back(object_type) if object_type else iter(())
        redacted = redacted_customers(session.connection)
        if as_data:
            records = {"records": [asdict(each) for each in held]} if object_type else {}
            named = {"redacted": [asdict(each) for each in redacted]}
            click.echo(json.dumps(planned.as_json() | records | named))
            return
        print_counts(planned.objects)
        print_adopted(planned.adopted)
        print_omitted(planned.omitted)
        print_redacted(redacted)
        if object_type:
            print_held_back(held)
            print_changes(session.changes(object_type))


@main.command()
@dry_run_option
@json_option
@load_options
@click.pass_context
def load(ctx: click.Context, /, as_data: bool, **options: Any) -> None:
    """Pass the quality gate, then send what changed."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    show_also_failed(
        lambda: pipeline.gated_load(settings, say_to(as_data), **options),
        lambda report: click.echo(as_json(report)) if as_data else print_load(report),
    )


@main.command()
@dry_run_option
@json_option
@shop_option
@strict_option
@click.option(
    "--allow-deletes",
    is_flag=True,
    help="Mark records as deleted and delete them in HubSpot, even beyond the guards' limits.",
)
@click.pass_context
def sync(ctx: click.Context, /, as_data: bool, **options: Any) -> None:
    """Extract, transform, check, set up what is missing, and load."""

    def run() -> pipeline.SyncReport:
        screen = Screen(as_data)
        return pipeline.sync(settings_of(ctx), screen.say, watch=screen.watch, **options)

    def show(report: pipeline.SyncReport) -> None:
        if as_data:
            click.echo(as_json(report))
        else:
            print_load(report.load)

    show_also_failed(run, show)


@main.command()
@click.option(
    "--output", default="dashboard.html", type=click.Path(path_type=Path), show_default=True
)
@click.pass_context
def dashboard(ctx: click.Context, output: Path) -> None:
    """Write the reports as one web page that opens offline."""
    settings = settings_of(ctx)
    pipeline.write_dashboard(settings.warehouse, output, settings.now)
    click.echo(f"dashboard   {output.absolute()}")


@main.command()
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


@main.group(invoke_without_command=True)
@json_option
@click.pass_context
def account(ctx: click.Context, as_data: bool) -> None:
    """Show which HubSpot account the ledger belongs to; with move, start a new ledger."""
    ctx.meta["as_data"] = as_data
    if ctx.invoked_subcommand is None:
        show_account(pipeline.show_account(settings_of(ctx)), as_data)


@account.command()
@json_option
@click.pass_context
def move(ctx: click.Context, as_data: bool) -> None:
    """Set the old ledger aside and start one for the token's account; sends nothing."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    as_data = as_data or ctx.meta["as_data"]
    show_account(pipeline.move_account(settings, say_to(as_data)), as_data)


def show_account(report: pipeline.AccountReport, as_data: bool) -> None:
    """Print the report; raise OtherAccount if the token belongs to another account."""
    if as_data:
        click.echo(as_json(report))
    else:
        print_account(report)
    report.check()
