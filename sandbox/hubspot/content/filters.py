"""The filters of HubL that the sandbox has: HubSpot's own and those it shares with Jinja.

HubSpot's filter reference has about forty more; a template that uses one of them is refused
here, so that nobody relies on what no test can show.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from jinja2.filters import FILTERS

SHARED = (
    "abs", "attr", "batch", "capitalize", "center", "default", "dictsort", "first", "float",
    "groupby", "indent", "int", "join", "last", "length", "list", "lower", "map", "reject",
    "rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice", "sort",
    "string", "striptags", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode",
    "wordcount",
)  # fmt: skip

# what sanitize_html lets through: text formatting and links, no scripts, styles or handlers
HARMLESS_TAGS = {
    "a", "b", "blockquote", "br", "em", "i", "li", "ol", "p", "span", "strong", "table", "td",
    "tr", "u", "ul",
}  # fmt: skip
HARMLESS_ATTRIBUTES = {"href", "title", "colspan", "rowspan"}
SILENT_TAGS = {"script", "style"}
SAFE_LINK = re.compile(r"(https?:|mailto:|tel:|#)", re.IGNORECASE)


def escape_html(value: object) -> str:
    """Text in which no character begins a tag, an entity or the end of an attribute."""
    return html.escape(_text(value), quote=True)


def escape_url(value: object) -> str:
    """Text as a part of a URL."""
    return quote(_text(value), safe="")


def sanitize_html(value: object, allowed: object = None) -> str:
    """HTML without what runs, styles or links elsewhere than to the web or a mailbox."""
    del allowed
    cleaner = _Cleaner()
    cleaner.feed(_text(value))
    cleaner.close()
    return "".join(cleaner.kept)


def datetimeformat(value: object, pattern: object = "%B %e, %Y", *ignored: object) -> str:
    """A moment by a pattern of strftime; in UTC. Blank for what is not a moment."""
    del ignored
    moment = read_moment(value)
    if moment is None:
        return ""
    wanted = str(pattern).replace("%e", str(moment.day)).replace("%-d", str(moment.day))
    return moment.strftime(wanted)


def format_currency_value(
    value: object,
    locale: object = "en-US",
    currency: object = "USD",
    minDecimalDigits: object = None,
    maxDecimalDigits: object = None,
) -> str:
    """An amount as people of a place write it; blank for what is not a number."""
    del minDecimalDigits, maxDecimalDigits
    try:
        amount = Decimal(_text(value))
        place = Locale.parse(_text(locale) or "en-US", sep="-")
    except (InvalidOperation, UnknownLocaleError):
        return ""
    return format_currency(amount, _text(currency) or "USD", locale=place)


def read_moment(value: object) -> datetime | None:
    """A moment of ISO text or of milliseconds since 1970, None if it is neither."""
    text = _text(value).strip()
    try:
        if re.fullmatch(r"-?\d{5,}", text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class _Cleaner(HTMLParser):
    """Keeps harmless tags and all text that is not within scripts or styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT_TAGS
        if tag in HARMLESS_TAGS:
            written = "".join(
                f' {name}="{html.escape(value or "")}"'
                for name, value in attrs
                if name in HARMLESS_ATTRIBUTES
                and (name != "href" or SAFE_LINK.match(value or ""))
            )
            self.kept.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT_TAGS and self._silent > 0
        if tag in HARMLESS_TAGS:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.kept.append(html.escape(data, quote=False))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _arithmetic(combine: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., Decimal]:
    def apply(value: object, other: object) -> Decimal:
        return combine(Decimal(_text(value)), Decimal(_text(other)))

    return apply


OWN: Mapping[str, Callable[..., Any]] = {
    "add": _arithmetic(lambda one, other: one + other),
    "cut": lambda value, part: _text(value).replace(str(part), ""),
    "datetimeformat": datetimeformat,
    "divide": _arithmetic(lambda one, other: one / other),
    "escape": escape_html,
    "escape_attr": escape_html,
    "escape_html": escape_html,
    "escape_url": escape_url,
    "format_currency_value": format_currency_value,
    "multiply": _arithmetic(lambda one, other: one * other),
    "sanitize_html": sanitize_html,
    "split": lambda value, by=" ", most=-1: _text(value).split(str(by), int(most)),
    "unescape_html": lambda value: html.unescape(_text(value)),
}
TESTS: Mapping[str, Callable[..., bool]] = {
    "containing": lambda value, part: part in (value or ()),
    "string_containing": lambda value, part: str(part) in _text(value),
    "string_startingwith": lambda value, start: _text(value).startswith(str(start)),
    "truthy": bool,
    "within": lambda value, whole: value in (whole or ()),
}
KNOWN: Mapping[str, Callable[..., Any]] = {
    **{name: FILTERS[name] for name in SHARED},
    **OWN,
}
