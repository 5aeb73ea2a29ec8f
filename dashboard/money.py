"""Decimals as text: rounded to the currency's minor unit, with separators.

Amounts stay decimals from the warehouse to the page; only a chart's coordinates are
floats.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217, minor units other than 2
_WITHOUT = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|VND|VUV|XAF|XOF|XPF")
_THOUSANDTHS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")
_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩"}


def prefix(currency: str) -> str:
    """What stands before an amount: a symbol nobody mistakes, else the code."""
    return _SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")


def rounded(value: Decimal, places: int) -> str:
    """The value as plain text with that many decimals, halves away from zero."""
    text = str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return text.removeprefix("-") if not value or not Decimal(text) else text


def amount(value: Decimal, currency: str) -> str:
    """The amount as plain text in the currency's minor unit, such as 1283350.47."""
    if _WITHOUT.fullmatch(currency):
        return rounded(value, 0)
    return rounded(value, 3 if _THOUSANDTHS.fullmatch(currency) else 2)


def separated(text: str, before: str = "") -> str:
    """A plain number with thousands separators, a true minus and what stands before it.

    separated("1283350.47", "£") is "£1,283,350.47".
    """
    sign = "\N{MINUS SIGN}" if text.startswith("-") else ""
    whole, point, fraction = text.removeprefix("-").partition(".")
    return f"{sign}{before}{int(whole):,}{point}{fraction}"
