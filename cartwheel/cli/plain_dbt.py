"""dbt itself, over the warehouse of the settings."""

from __future__ import annotations

import click

from cartwheel.build.dbt import by_hand
from cartwheel.cli.command_line import screen_of, settings_of
from cartwheel.core.errors import INTERRUPTED, INTERRUPTED_TOLD
from cartwheel.core.progress import labelled

# what dbt answers without a look at the project
_HELP = {"-h", "--help", "--version"}


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
    try:
        code = by_hand(settings, arguments)
    except KeyboardInterrupt:
        say(INTERRUPTED_TOLD)
        code = INTERRUPTED
    ctx.exit(code)
