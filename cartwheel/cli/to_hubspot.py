"""The steps that write to HubSpot, and the plan of what they would write."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from cartwheel.cli.command_line import (
    at_work,
    dry_run_option,
    json_option,
    screen_of,
    settings_of,
    show_also_failed,
    strict_option,
)
from cartwheel.cli.json_text import as_json
from cartwheel.cli.option_values import all_or_number, kinds_and_names
from cartwheel.cli.printing import (
    print_adopted,
    print_changes,
    print_counts,
    print_done,
    print_held_back,
    print_load,
    print_omitted,
    print_redacted,
)
from cartwheel.core.progress import labelled
from cartwheel.gated import gated_load, prepare
from cartwheel.status import redacted_customers
from load.account.adoption import look_up_contacts
from load.plan.plan_file import write_plan
from load.run import compare, open_for_plan, would
from load.verify.refresh import refresh as read_again

LISTS = 5  # of a kind, where --lists names no number
SAMPLE = "500"  # records of an object, where --verify names no number


@click.command()
@dry_run_option
@json_option
@click.option(
    "--language",
    default="",
    metavar="CODE|FILE",
    help="Language of the labels: en, fr and others, or a file like sv.toml (default: "
    "CARTWHEEL_LANGUAGE, else the shop's).",
)
@click.option(
    "--relabel",
    is_flag=True,
    help="Change labels that exist to that language, unless a person changed them.",
)
@click.option(
    "--lists",
    type=click.IntRange(min=1),
    is_flag=False,
    flag_value=LISTS,
    metavar="[N]",
    help="Create lists of the buyers of the best-selling products, vendors and types, "
    f"N of each (default {LISTS}).",
)
@click.option(
    "--list",
    "listed",
    multiple=True,
    metavar="KIND=NAME",
    callback=kinds_and_names,
    help="List the buyers of this product, vendor or type, like vendor=Acme.",
)
@click.pass_context
def setup(ctx: click.Context, /, as_data: bool, **options: Any) -> None:
    """Create the groups, properties, pipeline and lists that HubSpot lacks."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    say = labelled(screen_of(ctx, as_data).say, "setup")
    show_also_failed(
        lambda: prepare(settings, say, **options),
        lambda report: print_done(report, as_data, lambda: None),
    )


@click.command()
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
    settings, screen = settings_of(ctx), screen_of(ctx, as_data)
    say = labelled(screen.say, "plan")
    if refresh:
        settings.require_hubspot()
    with ExitStack() as stack:
        with at_work(ctx):
            if refresh:
                read_again(settings, say, watch=screen.watch)
            if not offline:
                again = refresh or out is not None
                look_up_contacts(settings, say, watch=screen.watch, again=again)
            session = stack.enter_context(open_for_plan(settings))
            planned = compare(session, say, screen.watch, step="plan")
            told = would(planned)
            if out:
                write_plan(session, out)
                told += f"; written to {out}"
            say(told)
        held = session.held_back(object_type) if object_type else iter(())
        redacted = redacted_customers(session.connection)
        if as_data:
            records = {"records": [*held]} if object_type else {}
            named = {"redacted": redacted}
            click.echo(as_json(planned.as_json() | records | named))
            return
        if screen.quiet:
            return
        print_counts(planned.objects)
        print_adopted(planned.adopted)
        print_omitted(planned.omitted)
        print_redacted(redacted)
        if object_type:
            print_held_back(held)
            print_changes(session.changes(object_type))


@click.command()
@dry_run_option
@json_option
@click.option("--allow-deletes", is_flag=True, help="Delete even more than the guard allows.")
@click.option("--retry-rejected", is_flag=True, help="Send again what HubSpot refused.")
@strict_option
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Send exactly what plan --out wrote, or nothing.",
)
@click.option(
    "--sweep",
    is_flag=True,
    help="Read HubSpot's recycle bin for deleted contacts, even if read within a day.",
)
@click.option(
    "--verify",
    is_flag=False,
    flag_value=SAMPLE,
    metavar="[N|all]",
    callback=all_or_number,
    help="Afterwards read records back and compare every property: N of each object "
    f"(default {SAMPLE}), or all.",
)
@click.pass_context
def load(ctx: click.Context, /, as_data: bool, **options: Any) -> None:
    """Pass the quality gate, then send what changed."""
    settings = settings_of(ctx)
    settings.require_hubspot()
    screen = screen_of(ctx, as_data)
    show_also_failed(
        lambda: gated_load(settings, screen.say, watch=screen.watch, **options),
        lambda report: print_done(report, as_data, lambda: print_load(report)),
    )
