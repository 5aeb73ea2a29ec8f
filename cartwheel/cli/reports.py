"""The reports for people: dashboards as web pages, and the digest of a period."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cartwheel.cli.command_line import at_work, json_option, settings_of
from cartwheel.cli.json_text import as_json
from cartwheel.cli.option_values import listed
from cartwheel.cli.printing import print_done
from cartwheel.cli.screen import hint
from cartwheel.core.clock import machine_time
from cartwheel.core.errors import SettingsError
from cartwheel.core.privacy import write_whole
from cartwheel.core.settings import Settings
from cartwheel.core.shop_language import language_in
from dashboard.cards import read_cards
from dashboard.catalogue import BY_KEY, COMPARISONS, PERIODS
from dashboard.choice import (
    DASHBOARDS_FILE,
    MODES,
    NOTHING,
    Choice,
    read_choice,
    read_choices,
    save_choice,
)
from dashboard.digest import Digest
from dashboard.page import write_dashboard
from dashboard.words import Words, chosen_language

language_option = click.option(
    "--language",
    metavar="CODE",
    help="The language, such as fr; CARTWHEEL_LANGUAGE if not said, else the shop's.",
)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--reports", callback=listed, metavar="A,B", help="Only these reports, in this order."
)
@click.option("--title", metavar="TEXT", help="What stands at the top of the page.")
@click.option(
    "--access",
    type=click.Choice([*MODES]),
    help="Who may read the file: you alone, or everybody on this machine.",
)
@click.option("--shop", help="Only this store, by its name.")
@click.option("--period", type=click.Choice([*PERIODS]), help="The period it opens with.")
@click.option(
    "--compare",
    "comparison",
    type=click.Choice([*COMPARISONS, NOTHING]),
    help="What the period is compared with at first.",
)
@language_option
@click.option(
    "--without-people/--with-people",
    default=None,
    help="Leave out single orders, or show them.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file; NAME.html if not said."
)
@click.option("--save", is_flag=True, help=f"Keep these choices as NAME in {DASHBOARDS_FILE}.")
@click.option(
    "--list", "list_", is_flag=True, help="List the named dashboards and the reports."
)
@json_option
@click.pass_context
def dashboard(
    ctx: click.Context,
    /,
    name: str | None,
    output: Path | None,
    save: bool,
    list_: bool,
    as_data: bool,
    **given: Any,
) -> None:
    """Write the reports as one web page that opens offline.

    NAME is a dashboard that was kept with --save; options that are given win over kept ones.
    """
    kept = ctx.obj.with_name(DASHBOARDS_FILE) if ctx.obj else Path(DASHBOARDS_FILE)
    if not (save or kept.exists()):
        kept = Path(DASHBOARDS_FILE)  # one for several settings files
    if list_:
        choices = read_choices(kept)
        if as_data:
            click.echo(_list_as_json(choices))
        else:
            _show_list(choices)
        return
    if save and name is None:
        raise SettingsError("Say a name to keep it under: cartwheel dashboard NAME --save")
    chosen = {key: value for key, value in given.items() if value is not None}
    Choice(**chosen)  # a slip in what was typed is told first
    found = read_choice(kept, name) if name else Choice()
    if found is None and not save:
        names = ", ".join(read_choices(kept))
        raise SettingsError(
            f"{kept} has no dashboard {name}. "
            f"{f'It has: {names}' if names else 'It has none'}. "
            f"Keep one with: cartwheel dashboard {name} --save"
        )
    choice = replace(found or Choice(), **chosen)
    settings = settings_of(ctx)
    target = output or Path(f"{name or 'dashboard'}.html")
    language = _language(choice.language, settings)
    with at_work(ctx):
        report = write_dashboard(
            settings.warehouse, target.absolute(), replace(choice, language=language)
        )
    told = f"dashboard   {report.path}"
    if report.replaced:
        told += f", in the place of the page of {report.replaced}; to keep both, use --output"
    if save and name is not None:
        save_choice(kept, name, choice)
        told = f"kept        {name} in {kept.absolute()}\n{told}"
    print_done(report, as_data, lambda: click.echo(told))


def _list_as_json(choices: dict[str, Choice | SettingsError]) -> str:
    """The named dashboards, or why one cannot be read, and the reports."""
    return as_json(
        {
            "dashboards": {
                name: {"error": str(choice)} if isinstance(choice, SettingsError) else choice
                for name, choice in choices.items()
            },
            "reports": {key: report.title for key, report in BY_KEY.items()},
        }
    )


def _language(asked: str, settings: Settings) -> str:
    named = asked or settings.language
    shop = None if named else language_in(settings.warehouse)
    return chosen_language(asked, settings.language, shop)


def _show_list(choices: dict[str, Choice | SettingsError]) -> None:
    width = max(map(len, [*choices, *BY_KEY]))
    click.echo("Dashboards:" if choices else f"{DASHBOARDS_FILE} has no dashboard yet.")
    for name, choice in choices.items():
        if isinstance(choice, SettingsError):
            hint(f"  {name:<{width}}  {choice}")
            continue
        reports = ", ".join(choice.reports) or "all reports"
        click.echo(f"  {name:<{width}}  {f'{choice.title}: ' if choice.title else ''}{reports}")
    click.echo("\nReports:")
    for key, report in BY_KEY.items():
        click.echo(f"  {key:<{width}}  {report.title}")


@click.command()
@click.option(
    "--period", type=click.Choice([*PERIODS]), default="last_30_days", show_default=True
)
@click.option(
    "--compare", type=click.Choice([*COMPARISONS]), default="previous_period", show_default=True
)
@click.option("--shop", help="One store, by its name; without it, all stores.")
@language_option
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it as an HTML mail too.",
)
@json_option
@click.pass_context
def digest(
    ctx: click.Context,
    period: str,
    compare: str,
    shop: str | None,
    language: str | None,
    html: Path | None,
    as_data: bool,
) -> None:
    """Print the figures of a period and how they changed, for a message or a mail."""
    settings = settings_of(ctx)
    words = Words(_language(language or "", settings))
    with at_work(ctx):
        found = read_cards(settings.warehouse, period=period, comparison=compare, shop=shop)
    made = Digest(found, period, compare, machine_time(), words)
    if as_data:
        click.echo(as_json({"digest": [cards.as_data() for cards in found]}))
    else:
        hint(made.as_text())
    if html is not None:
        write_whole(html, made.as_html())
