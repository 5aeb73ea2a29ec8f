"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard import money


@pytest.mark.parametrize(
    ("text", "before", "written"),
    [
        ("1283350.47", "£", "£1,283,350.47"),
        ("-1283350.47", "£", "\N{MINUS SIGN}£1,283,350.47"),
        ("999", "", "999"),
        ("1000", "", "1,000"),
        ("0.00", "CHF\N{NO-BREAK SPACE}", "CHF\N{NO-BREAK SPACE}0.00"),
    ],
)
def test_numbers_are_written_with_separators(text: str, before: str, written: str) -> None:
    """Thousands are separated, the sign stands before the currency."""
    assert money.separated(text, before) == written


@pytest.mark.parametrize(
    ("currency", "before"),
    [
        ("GBP", "£"),
        ("JPY", "¥"),
        ("CAD", "CA$"),
        ("KWD", "KWD\N{NO-BREAK SPACE}"),
        ("XAF", "FCFA\N{NO-BREAK SPACE}"),
        ("QQQ", "QQQ\N{NO-BREAK SPACE}"),
        ("", "\N{NO-BREAK SPACE}"),
    ],
)
def test_a_symbol_is_one_that_nobody_mistakes(currency: str, before: str) -> None:
    """Dollars say whose they are, and letters do not touch the number."""
    assert money.prefix(currency) == before


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        ("1.005", "0.01", "1.01"),
        ("-1.005", "0.01", "-1.01"),
        ("0.5", "1", "1"),
        ("-0.004", "0.01", "0.00"),
        ("12345678901234.5678", "0.001", "12345678901234.568"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, step: str, text: str) -> None:
    """The text is exact, and zero has no sign."""
    assert money.rounded(Decimal(value), Decimal(step)) == text
