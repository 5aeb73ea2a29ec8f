"""The options of cartwheel load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cartwheel.cli.command_line import strict_option

SAMPLE = "500"

Command = TypeVar("Command", bound=Callable[..., Any])


def all_or_number(ctx: click.Context, option: click.Parameter, text: str | None) -> str:
    """What --verify takes: a whole number above 0, or all."""
    del ctx
    if text is None or text == "all" or (text.isdecimal() and int(text) > 0):
        return text or ""
    raise click.BadParameter(f"{text!r} is neither a number of records nor all", param=option)


def load_options(command: Command) -> Command:
    """Give a command --allow-deletes, --retry-rejected, --strict, --plan, --sweep, --verify."""
    for option in (
        click.option(
            "--verify",
            is_flag=False,
            flag_value=SAMPLE,
            metavar="[N|all]",
            callback=all_or_number,
            help="Afterwards read records back and compare every property: N of each object "
            f"(default {SAMPLE}), or all.",
        ),
        click.option(
            "--sweep",
            is_flag=True,
            help="Read HubSpot's recycle bin for deleted contacts, even if read within a day.",
        ),
        click.option(
            "--plan",
            "plan_file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Send exactly what plan --out wrote, or nothing.",
        ),
        strict_option,
        click.option("--retry-rejected", is_flag=True, help="Send again what HubSpot refused."),
        click.option(
            "--allow-deletes", is_flag=True, help="Delete even more than the guard allows."
        ),
    ):
        command = option(command)
    return command
