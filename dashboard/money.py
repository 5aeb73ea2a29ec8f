"""Decimals as text: rounded to the currency's minor unit, with separators.

Amounts stay decimals from the warehouse to the page; only a chart's coordinates are
floats.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from unicodedata import category

from babel.numbers import get_currency_symbol


def prefix(currency: str) -> str:
    """What stands before an amount: a symbol that nobody mistakes, like CA$, else the code."""
    symbol = get_currency_symbol(currency, "en")
    ends_in_a_sign = symbol and category(symbol[-1]) == "Sc"
    return symbol if ends_in_a_sign else f"{symbol}\N{NO-BREAK SPACE}"


def rounded(value: Decimal, step: Decimal) -> str:
    """The value as plain text with the decimals of a step, halves away from zero."""
    text = str(value.quantize(step, ROUND_HALF_UP))
    return text.removeprefix("-") if not value or not Decimal(text) else text


def separated(text: str, before: str = "") -> str:
    """A plain number with thousands separators, a true minus and what stands before it.

    separated("1283350.47", "£") is "£1,283,350.47".
    """
    sign = "\N{MINUS SIGN}" if text.startswith("-") else ""
    whole, point, fraction = text.removeprefix("-").partition(".")
    return f"{sign}{before}{int(whole):,}{point}{fraction}"
