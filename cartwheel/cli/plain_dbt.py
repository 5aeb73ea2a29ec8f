"""dbt itself, over the warehouse of the settings."""

from __future__ import annotations

import click

from cartwheel.build.added_limit import told_of_limit
from cartwheel.build.dbt import by_hand
from cartwheel.cli.command_line import at_work, screen_of, settings_of
from cartwheel.core.errors import INTERRUPTED, INTERRUPTED_TOLD
from cartwheel.core.progress import labelled
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse

# what dbt answers without a look at the project
_HELP = {"-h", "--help", "--version"}
# commands that open no warehouse: dbt's own, and the second word of `docs serve`
_WITHOUT_WAREHOUSE = {"clean", "deps", "init", "list", "ls", "parse", "serve"}


class Untouched(click.Command):
    """A command whose arguments are all another program's, --help included."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take every argument as it stands."""
        ctx.params["arguments"] = tuple(args)
        return []


@click.command(cls=Untouched)
@click.pass_context
def dbt(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run dbt with the settings of .env or --env; all arguments are dbt's."""
    say = labelled(screen_of(ctx, True).say, "dbt")
    settings = None
    if arguments and _HELP.isdisjoint(arguments):
        settings = settings_of(ctx)
        read = f"settings of {settings.env_file}" if settings.env_file else "no settings file"
        absent = "" if settings.warehouse.exists() else ", which does not exist yet"
        say(f"warehouse {settings.warehouse}{absent} ({read})")
        if not absent and _WITHOUT_WAREHOUSE.isdisjoint(arguments):
            # dbt would show a traceback where another program has it open
            with at_work(ctx), waiting(say), open_warehouse(settings.warehouse):
                pass
    try:
        code = by_hand(settings, arguments)
        if code and (told := told_of_limit(arguments)):
            say(told)
    except KeyboardInterrupt:
        say(INTERRUPTED_TOLD)
        code = INTERRUPTED
    ctx.exit(code)
