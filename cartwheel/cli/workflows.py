"""HubSpot workflows as code: seen, created switched off, cloned, previewed, watched."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cartwheel.cli.command_line import (
    dry_run_option,
    json_option,
    screen_of,
    settings_of,
    show_also_failed,
)
from cartwheel.cli.printing import as_json
from cartwheel.cli.tables import print_table
from load.workflows.conditions import Clone
from load.workflows.create import create_workflow
from load.workflows.order import Order
from load.workflows.overview import WorkflowsReport, list_workflows, workflows_status
from load.workflows.preview.run import preview as preview_emails
from load.workflows.report import CreateReport
from load.workflows.steps import CATALOGUE
from load.workflows.templates import template_named

name_argument = click.argument("name", metavar="NAME")
language_option = click.option(
    "--language", default="", metavar="CODE", help="Language of the e-mails: en, fr or de."
)


def creating(command: Any) -> Any:
    """Give a command the options that create and clone share."""
    for option in (
        json_option,
        dry_run_option,
        click.option(
            "--actions",
            default="",
            metavar="LIST",
            help="Actions in their order: mail1,delay:2d.",
        ),
        click.option(
            "--without",
            "left_out",
            multiple=True,
            metavar="ACTION",
            help="Leave out an action, like mail3, or the checks before later e-mails.",
        ),
        language_option,
        click.option(
            "--from-name", default="", help="Sender of the e-mails (the shop's name)."
        ),
        click.option("--reply-to", default="", help="Address that answers go to."),
        click.option(
            "--ours", is_flag=True, help="Write over e-mails and files that were edited."
        ),
        click.option(
            "--out",
            "folder",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("workflows"),
            help="Folder for the e-mails' files, where HubSpot's plan does not take them.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def workflows() -> None:
    """See, create, clone, preview and watch HubSpot workflows; a person turns them on."""


@workflows.command("list")
@json_option
@click.pass_context
def list_all(ctx: click.Context, as_data: bool) -> None:
    """List the workflows: who is in the audience now, and what HubSpot has."""
    report = list_workflows(settings_of(ctx), screen_of(ctx, as_data).say)
    if as_data:
        click.echo(as_json(report))
        return
    _print_states(report)
    for reason in report.lacking:
        click.echo(f"\nThis account gets {reason}.")


@workflows.command()
@name_argument
@click.option("--more", is_flag=True, help="Show every action that can be ordered.")
def show(name: str, more: bool) -> None:
    """Show a workflow's trigger, its recommended actions and, with --more, all others."""
    template = template_named(name)
    click.echo(f"{template.title} ({template.name}), for {template.object_name}\n")
    click.echo(f"enrols when  {template.trigger}")
    click.echo("             and consent to e-mail marketing was given")
    click.echo(f"leaves when  {template.leaves}")
    click.echo(f"\n{template.waits}\n")
    click.echo(f"recommended actions: {template.recommended}")
    for number, step in enumerate(template.steps, 1):
        click.echo(f"  {number}. {step.in_words()}")
    if more:
        click.echo()
        print_table(
            ("action", "does", "added by"),
            (
                (
                    each.form,
                    each.does,
                    f"HubSpot's editor: {each.only}" if each.only else "--actions",
                )
                for each in CATALOGUE
            ),
        )
    click.echo(
        f"\nThe trigger is fixed. Another one: cartwheel workflows clone {name} --as NAME"
    )
    click.echo(f"To create it, switched off: cartwheel workflows create {name}")


@workflows.command()
@name_argument
@creating
@click.pass_context
def create(
    ctx: click.Context,
    /,
    name: str,
    as_data: bool,
    dry_run: bool,
    ours: bool,
    folder: Path,
    **order: Any,
) -> None:
    """Create a workflow in HubSpot, switched off, with its list and its e-mails."""
    _create(ctx, Order(template_named(name), **order), as_data, dry_run, ours, folder)


@workflows.command()
@name_argument
@click.option("--as", "title", required=True, metavar="NAME", help="Name of the new workflow.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days without a purchase.")
@click.option(
    "--where", multiple=True, metavar="CONDITION", help="Like 'shopify_country is FR'."
)
@click.option("--shop", default="", metavar="NAME", help="Only of this shop.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what happened from this day on, like 2026-11-01.",
)
@creating
@click.pass_context
def clone(
    ctx: click.Context,
    /,
    name: str,
    days: int | None,
    where: tuple[str, ...],
    shop: str,
    since: datetime | None,
    as_data: bool,
    dry_run: bool,
    ours: bool,
    folder: Path,
    **order: Any,
) -> None:
    """Create a workflow with another trigger, switched off."""
    wanted = Clone(days, where, shop, since.date() if since else None)
    made = Order(template_named(name), clone=wanted, **order)
    _create(ctx, made, as_data, dry_run, ours, folder)


@workflows.command()
@name_argument
@json_option
@click.option("--deal", default="", metavar="KEY", help="Preview with this deal.")
@click.option("--email", default="", metavar="ADDRESS", help="Preview with this contact.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("preview"),
    help="Folder for the pages (default: preview).",
)
@language_option
@click.pass_context
def preview(
    ctx: click.Context,
    name: str,
    as_data: bool,
    deal: str,
    email: str,
    out: Path,
    language: str,
) -> None:
    """Render a workflow's e-mails with records of the warehouse, offline."""
    settings, say = settings_of(ctx), screen_of(ctx, as_data).say
    report = preview_emails(
        settings,
        say,
        template_named(name).name,
        deal=deal,
        email=email,
        out=out,
        language=language or "en",
    )
    if as_data:
        click.echo(as_json(report))
        return
    click.echo(f"Open {report.index} in a browser.")


@workflows.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_data: bool) -> None:
    """Show the state of the created workflows; exits with 3 if HubSpot lacks a part."""
    settings = settings_of(ctx)
    today = settings.clock().date()

    def run() -> WorkflowsReport:
        return workflows_status(settings, screen_of(ctx, as_data).say, today)

    def tell(report: WorkflowsReport) -> None:
        if as_data:
            click.echo(as_json(report))
            return
        if not report.workflows:
            click.echo("No workflow was created yet. To see them: cartwheel workflows list")
        else:
            _print_states(report)
        for each in report.workflows:
            for remark in each.remarks:
                click.echo(f"{each.workflow}: {remark}")
            for gone in each.vanished:
                click.echo(f"{each.workflow}: gone from HubSpot: {gone}")
        for warning in report.warnings:
            click.echo(f"\nWarning: {warning}")

    show_also_failed(run, tell)


def _create(
    ctx: click.Context, order: Order, as_data: bool, dry_run: bool, ours: bool, folder: Path
) -> None:
    settings, say = settings_of(ctx), screen_of(ctx, as_data).say

    def tell(report: CreateReport) -> None:
        if as_data:
            click.echo(as_json(report))
            return
        for line in report.in_words():
            click.echo(line)

    show_also_failed(
        lambda: create_workflow(
            settings, order, say, dry_run=dry_run, ours=ours, folder=folder
        ),
        tell,
    )


def _print_states(report: WorkflowsReport) -> None:
    print_table(
        ("workflow", "of", "in the audience", "can be mailed", "entered so far", "in HubSpot"),
        (
            (
                each.workflow,
                each.objects,
                each.audience.now if each.audience else None,
                each.audience.mailable if each.audience else None,
                each.audience.ever if each.audience else None,
                each.state or "-",
            )
            for each in report.workflows
        ),
    )
