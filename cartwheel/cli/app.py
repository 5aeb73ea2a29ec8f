"""The cartwheel command: its own options, and the commands in the order of the steps."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from cartwheel.cli.command_line import Group, log_file_option, quiet_option, verbose_option
from cartwheel.cli.screen import Screen
from cartwheel.cli.typed import typed
from cartwheel.core.privacy import private_files

# in the order of the steps: the module of each, imported when it is wanted, and what it does,
# so that the list of commands needs none of them
COMMANDS = {
    "init": ("init", "Write the settings of a store and an account, and check them."),
    "demo": ("end_to_end", "Run the pipeline end to end on a generated store."),
    "sandbox": ("sandbox", "Serve Shopify's and HubSpot's APIs on this machine."),
    "extract": ("to_warehouse", "Land what changed in Shopify, as raw JSON."),
    "transform": ("to_warehouse", "Build and test the dbt models that can have changed."),
    "dbt": ("plain_dbt", "Run dbt with the settings of .env or --env."),
    "check": ("to_warehouse", "Run the quality gate; exit code 4 if it is closed."),
    "setup": ("to_hubspot", "Create the properties and the pipeline that HubSpot lacks."),
    "plan": ("to_hubspot", "Show what a load would write; writes nothing to HubSpot."),
    "load": ("to_hubspot", "Pass the quality gate, then send what changed."),
    "sync": ("end_to_end", "Extract, transform, check, set up what is missing, and load."),
    "dashboard": ("reports", "Write the reports as one web page that opens offline."),
    "digest": ("reports", "Print the figures of a period and how they changed."),
    "status": ("overview", "Show what is synced, the last runs, and what is held back."),
    "doctor": ("doctor", "Check the set-up, and access on both sides; say what to fix."),
    "workflows": ("workflows", "See, create, clone and preview HubSpot workflows."),
    "lake": ("lake", "Exchange tables with Apache Spark, for what one machine cannot build."),
    "account": ("account", "Show the ledger's HubSpot account; move to another one."),
    "each": ("clients", "Run a command for each of an agency's clients."),
}


class Commands(Group):
    """The commands of COMMANDS, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the steps."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module = import_module(f"cartwheel.cli.{COMMANDS[cmd_name][0]}")
            self.add_command(getattr(module, cmd_name))
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env",
    "env_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read settings from this file instead of .env (the environment wins).",
)
@quiet_option
@verbose_option
@log_file_option
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
    screen = Screen.of(ctx)
    screen.redactor.show(env_file)
    program = typed(sys.argv[0], sys.orig_argv, None)
    screen.hints.repeat(typed(sys.argv[0], sys.orig_argv, env_file), COMMANDS, program)
