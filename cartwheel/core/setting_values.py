"""The values of settings, read from text; each error says how to write the setting.

All raise SettingsError for a text that they cannot read, naming the setting.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from cartwheel.core.errors import SettingsError

LEAST_MEMORY = "150MB"  # in 100 MB, the extract of 300 orders runs out of memory
_VERSION = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_PATH = re.compile(r"(/[A-Za-z0-9]+(-[A-Za-z0-9]+)*)+")
# dbt takes the catalogue's name out of the file's as out of an address
_NOT_IN_NAMES = '"?#;'
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]i?B)", re.IGNORECASE)


def warehouse_path(name: str, text: str) -> Path:
    """The warehouse's file; its name may hold what dbt and DuckDB read as written."""
    path = Path(text).absolute()
    wrong = sorted({letter for letter in path.name if letter in _NOT_IN_NAMES or letter < " "})
    if wrong:
        raise SettingsError(
            f"{name} is {text!r}: dbt cannot use a file with {' '.join(map(repr, wrong))} in "
            "its name. Give it another name, like warehouse.duckdb."
        )
    return path


def moment(name: str, text: str) -> datetime | None:
    """A date-time as UTC, which it also is where no zone is given; None for no text."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"{name} is {text!r}, which is not a valid date-time. "
            "Write it like 2026-11-23T00:00:00Z."
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def secret(name: str, text: str) -> str:
    """A token or another secret that fits into an HTTP header; it is never shown."""
    kinds = (
        (
            "a quotation mark",
            lambda char: unicodedata.category(char) in ("Pi", "Pf") or char in "\"'`",
        ),
        ("a line break", lambda char: char in "\r\n"),
        ("a blank", str.isspace),
        ("a character that is not plain ASCII", lambda char: not char.isascii()),
        ("a control character", lambda char: not char.isprintable()),
    )
    for kind, is_one in kinds:
        if any(map(is_one, text)):
            raise SettingsError(
                f"{name} contains {kind}, which no Shopify or HubSpot secret does. Paste "
                "only the secret again, without quotation marks or anything around it."
            )
    return text


def version(name: str, text: str) -> str:
    """The version of an API, which becomes a part of paths."""
    if not _VERSION.fullmatch(text):
        raise SettingsError(
            f"{name} is {text!r}, which is not a valid version. Write it like 2026-10."
        )
    return text


def api_path(name: str, text: str) -> str:
    """The first part of an API's paths."""
    if not _PATH.fullmatch(text):
        raise SettingsError(
            f"{name} is {text!r}, which is not the beginning of an API's paths. Write it like "
            "/automation/v4."
        )
    return text


def size(name: str, text: str) -> str:
    """An amount of memory above zero, as DuckDB reads it: 4GB, 300MB, 0.5GiB."""
    match = _SIZE.fullmatch(text)
    if match is None or not Decimal(match[1]):
        raise SettingsError(
            f"{name} is {text!r}, which is not an amount of memory. Write a number above 0 "
            "and its unit, like 4GB or 300MB."
        )
    return f"{match[1]}{match[2]}"


def memory(name: str, text: str) -> str:
    """An amount of memory with which an extract of a small store works."""
    found = size(name, text)
    if in_bytes(found) < in_bytes(LEAST_MEMORY):
        raise SettingsError(
            f"{name} is {text!r}, in which not even a small store can be read. Write "
            f"{LEAST_MEMORY} or more, like 300MB."
        )
    return found


def in_bytes(amount: str) -> int:
    """An amount of memory as size gives it, in bytes."""
    match = _SIZE.fullmatch(amount)
    if match is None:
        raise ValueError(f"{amount!r} is not an amount of memory")
    unit = match[2].upper()
    base = 1024 if "I" in unit else 1000
    return int(Decimal(match[1]) * base ** (1 + "KMGT".index(unit[0])))


def whole_number(name: str, text: str) -> int | None:
    """A whole number, zero or more; None for no text."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise SettingsError(
            f"{name} is {text!r}, which is not a whole number of 0 or more. Write it in digits "
            "alone, like 50000, or leave it empty."
        )
    return int(text)


def share(name: str, text: str) -> Decimal:
    """A share of a whole, written 10% or 0.1, as a decimal from 0 to 1."""
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    found = number / 100 if text.endswith("%") else number
    if found.is_nan() or not 0 <= found <= 1:
        raise SettingsError(
            f"{name} is {text!r}, which is not a share from 0% to 100%. "
            "Write it like 10% or 0.1."
        )
    return found
