"""The options of cartwheel setup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

LIST_KINDS = ("product", "vendor", "type")
TOP = 5

Command = TypeVar("Command", bound=Callable[..., Any])


def kinds_and_names(
    ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Options written like vendor=Acme, as pairs."""
    del ctx
    found = []
    for text in texts:
        kind, _, name = text.partition("=")
        if kind not in LIST_KINDS or not name.strip():
            raise click.BadParameter(
                f"{text!r} is not like product=Mug, vendor=Acme or type=Toys", param=option
            )
        found.append((kind, name.strip()))
    return found


def setup_options(command: Command) -> Command:
    """Give a command --language, --lists and --list."""
    for option in (
        click.option(
            "--list",
            "listed",
            multiple=True,
            metavar="KIND=NAME",
            callback=kinds_and_names,
            help="List the buyers of this product, vendor or type, like vendor=Acme.",
        ),
        click.option(
            "--lists",
            type=click.IntRange(min=1),
            is_flag=False,
            flag_value=TOP,
            metavar="[N]",
            help="Create lists of the buyers of the best-selling products, vendors and types, "
            f"N of each (default {TOP}).",
        ),
        click.option(
            "--language",
            default="",
            metavar="CODE|FILE",
            help="Language of the labels: en, fr, or a file like de.toml.",
        ),
    ):
        command = option(command)
    return command
