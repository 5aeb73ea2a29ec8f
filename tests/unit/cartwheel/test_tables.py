"""Tables: the same columns in a file and on a terminal, where they also fit the window."""

from __future__ import annotations

import re
import sys
from decimal import Decimal

import pytest

from cartwheel.cli.tables import amount, print_table
from tests.terminal import on_terminal

HEADER = ("object", "create", "reason")
ROWS = [("deals", 12345, "a word " * 30 + "x" * 100), ("line_items", 0, None)]


def on_screen(rows, columns: int) -> str:
    """A table of these rows, printed on a terminal that wide."""
    said = f"from cartwheel.cli.tables import print_table; print_table({HEADER}, {rows})"
    return on_terminal([sys.executable, "-c", said], columns=columns)[1]


def test_tables_are_aligned(capsys):
    """Numbers stand to the right with separators, text to the left, no blank at an end."""
    print_table(("object", "create"), [("deals", 12345), ("line_items", 7)])

    assert capsys.readouterr().out == (
        "object      create\ndeals       12,345\nline_items       7\n"
    )


def test_a_table_without_rows_is_its_header(capsys):
    """Nothing to show is shown as such."""
    print_table(HEADER, [])

    assert capsys.readouterr().out == "object  create  reason\n"


def test_a_file_gets_every_cell_in_one_line(capsys):
    """Where nobody has a window, no cell is cut, wrapped or filled up with blanks."""
    print_table(HEADER, [("deals", 1, "x" * 5000)])

    assert capsys.readouterr().out == (
        f"object  create  reason\ndeals        1  {'x' * 5000}\n"
    )


def test_wide_letters_take_two_columns(capsys):
    """Columns stay aligned behind Japanese text, whose letters are twice as wide."""
    print_table(("name", "n"), [("東京", 1), ("abcd", 2)])

    assert capsys.readouterr().out.splitlines() == ["name  n", "東京  1", "abcd  2"]


def test_a_cell_cannot_break_the_table(capsys):
    """A line feed in a value, or a terminal's command, leaves the row in its line."""
    print_table(("name", "n"), [("a\nb\x1b[2J", 1)])

    assert capsys.readouterr().out.splitlines() == ["name     n", "a b\ufffd[2J  1"]


def test_a_terminal_wraps_what_is_wider_than_its_window():
    """A long cell goes on below itself; no line is wider than the window, nothing is lost."""
    shown = re.sub(r"\x1b\[[0-9;]*m", "", on_screen(ROWS, columns=60))

    assert max(len(line) for line in shown.splitlines()) <= 60
    assert (shown.count("word"), shown.count("x")) == (30, 100)


def test_a_terminal_shows_counts_in_colour_and_noughts_dim():
    """What would be created is green; a 0 recedes."""
    shown = on_screen(ROWS, columns=300)

    assert "\x1b[32m12,345\x1b[0m" in shown
    assert re.search(r"\x1b\[2m +0\x1b\[0m", shown)


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("295652.0400", "USD", "295,652.04"),
        ("600.0000", "JPY", "600"),
        ("-1250.5000", "KWD", "-1,250.500"),
        ("1.2345", "GBP", "1.2345"),
        ("100.5000", "RSD", "100.50"),
        ("0.0000", "USD", "0.00"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(value, currency, text):
    """No decimals for a yen, three for a Kuwaiti dinar, and none is hidden."""
    assert amount(Decimal(value), currency) == text
