"""What each property type takes, and what is stored for it: always a string.

A check takes the text that was sent and gives the text to store, or raises
ValueRefused with HubSpot's code (docs/reference/hubspot.md#values).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

Check = Callable[[str], str]

LONGEST_TEXT = 65_536
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
# no-break spaces and line separators are white space to Python, these are not
INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
LINK = re.compile(r"://|\bwww\.|\b[a-z0-9-]+\.[a-z]{2,}/\S", re.IGNORECASE)
PERSON_NAMES = ("firstname", "lastname")
TOP_LEVEL_DOMAINS = Path(__file__).with_name("top_level_domains.txt")
EPOCH_MS = re.compile(r"-?\d{1,15}", re.ASCII)
EMAIL = re.compile(
    r"(?=.{6,254}$)(?=[^@]{1,64}@)"
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]+(-+[a-z0-9]+)*\.)+(xn--[a-z0-9]+(-+[a-z0-9]+)*|[a-z]{2,63})",
    re.ASCII,
)


class ValueRefused(ValueError):
    """A value that its property's type does not take; code is HubSpot's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_for(definition: Mapping[str, Any]) -> Check:
    """The check of a property, from its definition in the wire's shape."""
    name, kind = definition["name"], definition["type"]
    if definition["modificationMetadata"]["readOnlyValue"]:
        return _read_only(name)
    if name == "email":
        return email
    if kind in ("bool", "enumeration") and not definition["externalOptions"]:
        values = [option["value"] for option in definition["options"]]
        return unpadded(one_of(values, several=definition["fieldType"] == "checkbox"))
    if kind in TYPED:
        return unpadded(TYPED[kind])
    return person_name if name in PERSON_NAMES else text


def unpadded(check: Check) -> Check:
    """A check that also refuses white space, or what cannot be seen, around the value.

    So it is with all properties but those of text, since April 2025.
    """

    def strict(value: str) -> str:
        if value != value.strip().strip(INVISIBLE).strip():
            raise ValueRefused(
                "LEADING_TRAILING_WHITESPACE",
                f'"{value}" includes leading or trailing whitespace.',
            )
        return check(value)

    return strict


def text(value: str) -> str:
    """Any text of at most LONGEST_TEXT characters."""
    if len(value) > LONGEST_TEXT:
        raise ValueRefused(
            "STRING_TOO_LONG",
            f"Property value is too long: {len(value)} characters, at most {LONGEST_TEXT}",
        )
    return value


def person_name(value: str) -> str:
    """A contact's name: text without a link in it.

    HubSpot does not tell its pattern; this one finds an address with a scheme, with www or
    with a path.
    """
    if LINK.search(value):
        raise ValueRefused("INVALID_NAME", f"{value} is not a valid name: it holds a link")
    return text(value)


def email(value: str) -> str:
    """An e-mail address, stored trimmed and in lower case."""
    address = value.strip().lower()
    if not EMAIL.fullmatch(address):
        raise invalid_email(value)
    return address


def invalid_email(value: str) -> ValueRefused:
    """The refusal of an e-mail, for its form or for its top-level domain."""
    return ValueRefused("INVALID_EMAIL", f"Email address {value} is invalid")


def number(value: str) -> str:
    """A decimal number without thousands separators, stored as it was written."""
    if not NUMBER.fullmatch(value):
        raise ValueRefused("INVALID_INTEGER", f"{value} was not a valid number.")
    return value


def date_time(value: str) -> str:
    """ISO-8601 with a zone (or a bare date), or epoch milliseconds; stored in UTC."""
    moment = _moment(value)
    if moment is None:
        raise ValueRefused("INVALID_LONG", f"{value} was not a valid long.")
    fraction = f".{moment.microsecond // 1000:03d}" if moment.microsecond >= 1000 else ""
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def midnight_date(value: str) -> str:
    """A day as YYYY-MM-DD, or midnight UTC as date-time or epoch milliseconds."""
    moment = _moment(value)
    if moment is None:
        raise ValueRefused("INVALID_DATE", f"{value} was not a valid date.")
    if moment.timetz() != EPOCH.timetz():
        raise ValueRefused(
            "INVALID_DATE", f"{value} is at {moment:%H:%M:%S.%f} UTC, not midnight!"
        )
    return moment.date().isoformat()


def one_of(values: Iterable[str], *, several: bool = False) -> Check:
    """A check that the value is exactly one option, or several parted by semicolons."""
    allowed = frozenset(values)

    def check(value: str) -> str:
        for part in value.strip(";").split(";") if several else (value,):
            if part not in allowed:
                shown = ", ".join(sorted(allowed)[:50])
                raise ValueRefused(
                    "INVALID_OPTION",
                    f"{part} was not one of the allowed options: [{shown}]",
                )
        return value

    return check


def _read_only(name: str) -> Check:
    def check(value: str) -> str:
        del value
        raise ValueRefused(
            "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.'
        )

    return check


def _moment(value: str) -> datetime | None:
    try:
        if EPOCH_MS.fullmatch(value):
            return EPOCH + timedelta(milliseconds=int(value))
        if len(value) == 10:
            return datetime.combine(date.fromisoformat(value), EPOCH.timetz())
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


TYPED: dict[str, Check] = {"number": number, "datetime": date_time, "date": midnight_date}


def top_level_domains() -> frozenset[str]:
    """The top-level domains that there are, in lower case and in their ASCII form."""
    lines = TOP_LEVEL_DOMAINS.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
