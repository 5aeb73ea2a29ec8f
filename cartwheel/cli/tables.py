"""Tables: aligned columns everywhere, colour and a rule below the header on a terminal."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cartwheel.cli.terminal import console_of, draws, visible

if TYPE_CHECKING:
    from rich.text import Text

# numbers of these columns, unless they are 0, and these words stand out
COLOURS = {
    "create": "green",
    "update": "cyan",
    "delete": "red",
    "quarantined": "yellow",
    "rejected": "red",
    "skipped": "yellow",
    "held back": "yellow",
}
_CURRENCIES_FILE = Path(__file__).parents[2] / "dbt_project" / "seeds" / "currencies.csv"
_WORDS = {
    "succeeded": "green",
    "running": "cyan",
    "failed": "bold red",
    "interrupted": "yellow",
}


def print_table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Columns as wide as their widest cell; numbers to the right, with separators."""
    from rich import box
    from rich.table import Table

    names, cells = tuple(header), [tuple(_cell(value) for value in row) for row in rows]
    drawn = draws(sys.stdout)
    table = Table(
        box=box.SIMPLE_HEAD if drawn else None,  # which takes one blank between columns itself
        padding=(0, 1, 0, 0) if drawn else (0, 2, 0, 0),
        pad_edge=False,
        show_edge=False,
        header_style="bold",
    )
    for place, name in enumerate(names):
        numeric = all(_is_number(row[place]) for row in cells)
        table.add_column(_text(name), justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(
            *(_text(cell, _style(name, cell)) for name, cell in zip(names, row, strict=True))
        )
    console = console_of(sys.stdout)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip(), color=drawn)


def amount(value: Decimal | None, currency: str) -> str | None:
    """A sum of money with the decimals that its currency has, and more where it has more.

    amount(Decimal("600.0000"), "JPY") is "600", in "KWD" "600.000"; a currency that the seed
    lacks has two.
    """
    if value is None:
        return None
    whole, _, fraction = f"{value:,.4f}".partition(".")
    fraction = fraction.rstrip("0").ljust(_decimals().get(currency, 2), "0")
    return f"{whole}.{fraction}" if fraction else whole


@cache
def _decimals() -> dict[str, int]:
    """The decimals of each currency, from the seed that the models look at as well."""
    with _CURRENCIES_FILE.open(newline="", encoding="utf-8") as file:
        # the minor units are a power of ten: 100 cents are two decimals
        return {row["currency"]: len(row["minor_units"]) - 1 for row in csv.DictReader(file)}


def _text(cell: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(visible(cell).replace("\n", " ").replace("\t", " "), style)


def _style(column: str, cell: str) -> str:
    if cell == "-" or cell.strip("0.") == "":
        return "dim"
    if _is_number(cell):
        return COLOURS.get(column, "")
    return _WORDS.get(cell, "")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _is_number(cell: str) -> bool:
    """Whether a cell is a number, or a placeholder for one."""
    return cell == "-" or cell.lstrip("-").translate({ord(","): "", ord("."): ""}).isdigit()
