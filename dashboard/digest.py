"""The cards as text, for a terminal or a message, and as an HTML mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from html import escape

from babel.dates import format_interval
from babel.numbers import format_currency, format_decimal

from dashboard.cards import COMPARISONS, PERIODS, Card, Cards, tenth

_LOCALE = "en_GB"  # the day stands before the month
_NONE = "\N{EN DASH}"
_GOOD, _BAD, _SOFT = "#00664a", "#a33c00", "#5b6675"


def as_text(found: list[Cards], period: str, comparison: str, now: datetime) -> str:
    """The digest as lines of text; now is UTC."""
    lines: list[str] = []
    for cards in found:
        lines += [*([""] if lines else []), *_heading(cards, period, comparison), ""]
        rows = [
            (card.measure.label, _value(card, cards), _change(card)) for card in cards.cards
        ]
        widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
        lines += [
            f"{label:<{widths[0]}}  {value:>{widths[1]}}  {change}".rstrip()
            for label, value, change in rows
        ]
        lines += ["", _age(cards.as_of, now)]
    return "\n".join(lines or ["There is no order yet. Run: cartwheel sync"])


def as_html(found: list[Cards], period: str, comparison: str, now: datetime) -> str:
    """The digest as an HTML mail: tables and styles inline, no script and no picture."""
    parts = [_html_of(cards, period, comparison, now) for cards in found]
    body = "".join(parts) or "<p>There is no order yet.</p>"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<title>Store digest</title></head>\n"
        '<body style="margin:0;padding:24px;background:#f6f7f9;color:#1d2530;'
        'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">'
        f"{body}</body></html>\n"
    )


def _html_of(cards: Cards, period: str, comparison: str, now: datetime) -> str:
    title, *under = _heading(cards, period, comparison)
    rows = "".join(
        '<tr><th scope="row" style="text-align:left;font-weight:400;padding:6px 16px 6px 0">'
        f"{escape(card.measure.label)}</th>"
        '<td style="text-align:right;font-weight:600;padding:6px 16px 6px 0">'
        f"{escape(_value(card, cards))}</td>"
        f'<td style="text-align:right;color:{_colour(card)};padding:6px 0">'
        f"{escape(_change(card))}</td></tr>"
        for card in cards.cards
    )
    notes = "".join(f'<p style="margin:0;color:{_SOFT}">{escape(line)}</p>' for line in under)
    return (
        f'<h1 style="font-size:20px;margin:0 0 4px">{escape(title)}</h1>{notes}'
        f'<table style="border-collapse:collapse;margin:16px 0">{rows}</table>'
        f'<p style="margin:0 0 32px;color:{_SOFT}">{escape(_age(cards.as_of, now))}</p>'
    )


def _heading(cards: Cards, period: str, comparison: str) -> Iterator[str]:
    stores = ", ".join(cards.shops) if len(cards.shops) < 4 else f"{len(cards.shops)} stores"
    yield f"{stores} in {cards.currency}"
    yield f"{PERIODS[period]}: {_days(cards.starts, cards.ends)}"
    if cards.compared_with is None:
        yield "Compared with nothing: there are no data of all of another period."
    else:
        yield f"Compared with {COMPARISONS[comparison]}: {_days(*cards.compared_with)}"


def _days(starts: date, ends: date) -> str:
    return format_interval(starts, ends, "yMMMd", locale=_LOCALE)


def _value(card: Card, cards: Cards) -> str:
    if card.value is None:
        return _NONE
    if card.measure.kind == "money":
        return format_currency(card.value, cards.currency, locale=_LOCALE)
    if card.measure.kind == "share":
        return f"{_tenths(100 * card.value)} %"
    return format_decimal(card.value, locale=_LOCALE)


def _change(card: Card) -> str:
    """Such as ▲ 12.4 %; ▼ 1.2 points of a share; new; an en dash where nothing is compared."""
    if card.is_new:
        return "new"
    if card.change is None:
        return _NONE
    if not card.change:
        return "unchanged"
    arrow = "▲" if card.change > 0 else "▼"
    unit = "points" if card.measure.kind == "share" else "%"
    return f"{arrow} {_tenths(abs(card.change))} {unit}"


def _colour(card: Card) -> str:
    if not card.change:
        return _SOFT
    return _GOOD if (card.change > 0) == card.measure.rises_well else _BAD


def _tenths(number: Decimal) -> str:
    return str(format_decimal(tenth(number), "#,##0.0", locale=_LOCALE))


def _age(as_of: datetime | None, now: datetime) -> str:
    if as_of is None:
        return "It is not known when the data were read: no extract has succeeded."
    hours = int((now - as_of).total_seconds() // 3600)
    ago = "less than an hour ago" if hours < 1 else f"{hours} h ago"
    ago = f"{hours // 24} days ago" if hours >= 48 else ago
    return f"Data as of {as_of:%-d %B %Y, %H:%M} UTC, {ago}."
