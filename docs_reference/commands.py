"""The page of the commands: what `--help` of each says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import cast

import click

from cartwheel.cli.app import main
from docs_reference.markdown import escaped, page, table

PATH = "reference/commands.md"
NAME = "cartwheel"
# every command has these; they are told once
COMMON = ("--verbose", "--log-file", "--help")


def commands_page() -> str:
    """Every command with its arguments and options, in the order of the steps."""
    context = click.Context(main, info_name=NAME)
    return page(
        "Commands",
        "the commands' own help",
        "`cartwheel COMMAND --help` says the same in the terminal.",
        f"```text\n{context.get_usage()}\n```",
        _table(main, context, common=True),
        "The options `--verbose`, `--log-file` and `--help` stand after the name of a command "
        "as well, and are not repeated below.",
        "How a command ends: [exit codes](exit-codes.md).",
        *(part for name in main.list_commands(context) for part in _command(name, context, 2)),
    )


def _command(name: str, parent: click.Context, level: int) -> Iterator[str]:
    made = cast("click.Group", parent.command).get_command(parent, name)
    if made is None:
        raise KeyError(name)
    context = click.Context(made, info_name=name, parent=parent)
    yield f"{'#' * level} {context.command_path}"
    yield from _text(made.help or "")
    yield f"```text\n{context.get_usage()}\n```"
    options = _table(made, context, common=False)
    if options:
        yield options
    if isinstance(made, click.Group):
        for below in made.list_commands(context):
            yield from _command(below, context, level + 1)


def _text(text: str) -> Iterator[str]:
    """A help text: its paragraphs, and what is laid out by hand as it stands."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        if paragraph.startswith("\b"):
            yield f"```text\n{inspect.cleandoc(paragraph[1:].lstrip(chr(10)))}\n```"
        else:
            yield escaped(" ".join(paragraph.split()))


def _table(command: click.Command, context: click.Context, *, common: bool) -> str:
    records = [
        record
        for parameter in command.get_params(context)
        if common or not set(parameter.opts) & set(COMMON)
        if (record := parameter.get_help_record(context))
    ]
    if not records:
        return ""
    return table(
        ["option", "meaning"], ((f"`{name}`", escaped(text)) for name, text in records)
    )
