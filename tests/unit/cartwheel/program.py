"""A program of one command, with what all commands share."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.testing import CliRunner, Result

from cartwheel.cli.command_line import Group


def run(command: Callable[..., object], *arguments: str) -> Result:
    """A program of one command that does what it is given, run with options."""
    group = Group("program")
    group.add_command(click.Command("go", callback=command))
    return CliRunner().invoke(group, ["go", *arguments])
