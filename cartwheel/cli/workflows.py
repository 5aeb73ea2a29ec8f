"""HubSpot workflows as code: seen, created switched off, cloned, previewed, watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
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
)
from cartwheel.cli.json_text import as_json
from cartwheel.cli.printing import print_done
from cartwheel.cli.screen import hint
from cartwheel.cli.tables import print_table
from load.workflows.create import create_workflow
from load.workflows.definition.conditions import Clone
from load.workflows.definition.request import WorkflowRequest, request_named
from load.workflows.definition.steps import CATALOGUE
from load.workflows.definition.templates import template_named
from load.workflows.overview import WorkflowsReport, list_workflows, workflows_status
from load.workflows.preview.run import preview as preview_emails
from load.workflows.state.report import CreateReport

name_argument = click.argument("name", metavar="NAME")
language_option = click.option(
    "--language",
    default="",
    metavar="CODE",
    help="Language of the e-mails: en, fr and others (default: that of the labels).",
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
            help="Actions in their order, like mail1,delay:2d (show NAME --more lists all).",
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
            "--from-name", default="", help="Sender of the e-mails (default: the first shop)."
        ),
        click.option("--reply-to", default="", help="Address for answers to the e-mails."),
        click.option(
            "--ours", is_flag=True, help="Write over e-mails and files that a person changed."
        ),
        click.option(
            "--out",
            "folder",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("workflows"),
            help="Folder for the e-mails' files, where the plan does not take them.",
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
    settings, screen = settings_of(ctx), screen_of(ctx, as_data)
    with at_work(ctx):
        report = list_workflows(settings, screen.say)
    if as_data:
        click.echo(as_json(report))
        return
    _print_states(report)
    _print_lacking(report)
    hint("\nTo read the e-mails: cartwheel workflows preview NAME")
    click.echo(report.in_words())


@workflows.command()
@name_argument
@json_option
@click.option("--more", is_flag=True, help="Show every action that can be ordered.")
@click.pass_context
def show(ctx: click.Context, name: str, as_data: bool, more: bool) -> None:
    """Show a workflow's trigger, its actions and, with --more, all others."""
    request = request_named(settings_of(ctx).warehouse, name)
    template = request.template
    if as_data:
        catalogue = {"catalogue": _catalogue()} if more else {}
        click.echo(as_json(request.as_data() | catalogue))
        return
    click.echo(f"{request.name} ({name}), for {template.object_name}\n")
    click.echo(f"enrols when  {request.trigger}")
    click.echo(f"ends when    {template.leaves}")
    click.echo(f"\n{request.waits}\n")
    click.echo(f"actions: {','.join(step.typed() for step in request.steps)}")
    for number, action in enumerate(request.actions_in_words(request.steps), 1):
        click.echo(f"  {number}. {action}")
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
    example = "--days 180" if template.name == "re_engagement" else "--where 'amount over 100'"
    hint(
        "\nThe trigger is fixed. Another one, for example: cartwheel workflows clone "
        f'{template.name} --as "My own" {example}'
    )
    hint(f"To create it, switched off: cartwheel workflows create {name}")


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
    **options: Any,
) -> None:
    """Create a workflow in HubSpot, switched off, with its list and its e-mails."""
    known = request_named(settings_of(ctx).warehouse, name)
    given = {option: value for option, value in options.items() if value}
    _create(ctx, replace(known, **given), as_data, dry_run, ours, folder)


@workflows.command()
@name_argument
@click.option("--as", "title", required=True, metavar="NAME", help="Name of the new workflow.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    help="Days without a purchase (of re_engagement), counted by HubSpot.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="A property of its deals or contacts: is, contains, over, under, is known or is "
    "unknown, like 'amount over 100'.",
)
@click.option("--shop", default="", metavar="NAME", help="Only of this shop.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what happened from this day on (UTC), like 2026-11-01.",
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
    **options: Any,
) -> None:
    """Create a workflow with another trigger, switched off, and e-mails of its own."""
    wanted = Clone(days, where, shop, since.date() if since else None)
    request = WorkflowRequest(template_named(name), clone=wanted, **options)
    _create(ctx, request, as_data, dry_run, ours, folder)


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
@click.option(
    "--tokens", is_flag=True, help="As an account without programmable e-mail sends them."
)
@click.pass_context
def preview(
    ctx: click.Context,
    name: str,
    as_data: bool,
    deal: str,
    email: str,
    out: Path,
    language: str,
    tokens: bool,
) -> None:
    """Render a workflow's e-mails with records of the warehouse, offline."""
    settings, say = settings_of(ctx), screen_of(ctx, as_data).say
    request = request_named(settings.warehouse, name)
    with at_work(ctx):
        report = preview_emails(
            settings,
            say,
            request.template.name,
            deal=deal,
            email=email,
            out=out,
            language=language or request.language,
            programmable=not tokens,
        )
    where = f"Open {report.index.absolute()} in a browser."
    print_done(report, as_data, lambda: click.echo(where))


@workflows.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_data: bool) -> None:
    """Show the state of the created workflows; exits with 3 if HubSpot lacks a part."""
    settings = settings_of(ctx)
    today = settings.clock().date()

    def run() -> WorkflowsReport:
        return workflows_status(settings, screen_of(ctx, as_data).say, today)

    show_also_failed(
        run, lambda report: print_done(report, as_data, lambda: _print_status(report))
    )


def _create(
    ctx: click.Context,
    request: WorkflowRequest,
    as_data: bool,
    dry_run: bool,
    ours: bool,
    folder: Path,
) -> None:
    settings, say = settings_of(ctx), screen_of(ctx, as_data).say

    def tell(report: CreateReport) -> None:
        print_done(report, as_data, lambda: click.echo("\n".join(report.in_words())))

    show_also_failed(
        lambda: create_workflow(
            settings, request, say, dry_run=dry_run, ours=ours, folder=folder
        ),
        tell,
    )


def _catalogue() -> list[dict[str, str]]:
    """Every action that there is; HubSpot's editor alone adds those with only."""
    return [{"action": each.form, "does": each.does, "only": each.only} for each in CATALOGUE]


def _print_states(report: WorkflowsReport) -> None:
    print_table(
        (
            *("workflow", "enrols", "in the audience", "can be mailed", "would enter now"),
            *("ever in the audience", "in HubSpot"),
        ),
        (
            (
                each.workflow,
                each.objects,
                each.audience.now if each.audience else None,
                each.audience.mailable if each.audience else None,
                each.audience.recent if each.audience else None,
                each.audience.ever if each.audience else None,
                each.state or None,
            )
            for each in report.workflows
        ),
    )

    if any(each.audience is None for each in report.workflows):
        click.echo(
            "\nWho matches a clone, HubSpot alone counts: see the list of its name there."
        )


def _print_status(report: WorkflowsReport) -> None:
    """The state of each workflow, what concerns all, and last how many there are."""
    if report.workflows:
        _print_states(report)
        _print_parts(report)
    for each in report.workflows:
        for remark in each.remarks:
            hint(f"{each.workflow}: {remark}")
        if each.state in ("on", "off"):
            click.echo(f"{each.workflow}: who is enrolled, and what was sent: {each.link}")
    _print_lacking(report)
    for warning in report.warnings:
        hint(f"\nNote: {warning}")
    more = "" if report.workflows else ". To see them: cartwheel workflows list"
    hint(f"\n{report.in_words()}{more}")


def _print_parts(report: WorkflowsReport) -> None:
    """What each workflow consists of, as HubSpot names it."""
    click.echo()
    print_table(
        ("workflow", "part", "id in HubSpot", "name in HubSpot", ""),
        (
            (
                *(each.workflow, part.kind, part.hubspot_id, part.name),
                "not used: the workflow does not send it" if part.is_unused else "",
            )
            for each in report.workflows
            for part in each.parts
        ),
    )
    click.echo()


def _print_lacking(report: WorkflowsReport) -> None:
    for reason in report.lacking:
        hint(f"\nThis account gets {reason}.")
