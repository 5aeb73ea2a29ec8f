"""The cartwheel command: its own options, and the commands in the order of the steps."""

from __future__ import annotations

from pathlib import Path

import click

from cartwheel.cli.account import account
from cartwheel.cli.command_line import Group, log_file_option, verbose_option
from cartwheel.cli.end_to_end import demo, sync
from cartwheel.cli.overview import status
from cartwheel.cli.reports import dashboard, digest
from cartwheel.cli.sandbox import sandbox
from cartwheel.cli.to_hubspot import load, plan, setup
from cartwheel.cli.to_warehouse import check, extract, transform
from cartwheel.cli.workflows import workflows
from cartwheel.core.privacy import private_files


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env",
    "env_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read settings from this file instead of .env (the environment wins).",
)
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


for command in (
    demo,
    sandbox,
    extract,
    transform,
    check,
    setup,
    plan,
    load,
    sync,
    dashboard,
    digest,
    status,
    workflows,
    account,
):
    main.add_command(command)
