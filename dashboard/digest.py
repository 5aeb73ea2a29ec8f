"""The cards as text, for a terminal or a message, and as an HTML mail."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from babel import Locale
from babel.dates import format_interval, format_skeleton, format_timedelta
from babel.numbers import format_decimal

from dashboard.cards import Card, Cards, tenth
from dashboard.catalogue import COMPARISONS, PERIODS
from dashboard.words import Words

_NONE = "\N{EN DASH}"
_GOOD, _BAD, _SOFT = "#00664a", "#a33c00", "#5b6675"


class Digest:
    """The cards of a period, in one language; now is UTC.

    period is one of PERIODS, comparison one of COMPARISONS: those that the cards were read
    with.
    """

    def __init__(
        self, found: list[Cards], period: str, comparison: str, now: datetime, words: Words
    ) -> None:
        self._found = found
        self._period, self._comparison = period, comparison
        self._now = now
        self._words = words
        self._say = words.say

    def as_text(self) -> str:
        """The digest as lines of text."""
        lines: list[str] = []
        for cards in self._found:
            lines += [*([""] if lines else []), *self._heading(cards), ""]
            rows = [
                (
                    self._say(card.measure.label),
                    self._value(card, cards),
                    self._change(card),
                )
                for card in cards.cards
            ]
            widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
            lines += [
                f"{label:<{widths[0]}}  {value:>{widths[1]}}  {change}".rstrip()
                for label, value, change in rows
            ]
            lines += ["", self._age(cards.as_of)]
        return "\n".join(
            lines or [f"{self._say('There is no order yet. Run:')} cartwheel sync"]
        )

    def as_html(self) -> str:
        """The digest as an HTML mail: tables and styles inline, no script and no picture."""
        parts = [self._html_of(cards) for cards in self._found]
        nothing = f"<p>{escape(self._say('There is no order yet.'))}</p>"
        return (
            f'<!doctype html>\n<html lang="{self._words.language}"><head><meta charset="utf-8">'
            f"<title>{escape(self._say('Store digest'))}</title></head>\n"
            '<body style="margin:0;padding:24px;background:#f6f7f9;color:#1d2530;'
            'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">'
            f"{''.join(parts) or nothing}</body></html>\n"
        )

    def _html_of(self, cards: Cards) -> str:
        title, *under = self._heading(cards)
        rows = "".join(
            '<tr><th scope="row" '
            'style="text-align:left;font-weight:400;padding:6px 16px 6px 0">'
            f"{escape(self._say(card.measure.label))}</th>"
            '<td style="text-align:right;font-weight:600;padding:6px 16px 6px 0">'
            f"{escape(self._value(card, cards))}</td>"
            f'<td style="text-align:right;color:{_colour(card)};padding:6px 0">'
            f"{escape(self._change(card))}</td></tr>"
            for card in cards.cards
        )
        notes = "".join(
            f'<p style="margin:0;color:{_SOFT}">{escape(line)}</p>' for line in under
        )
        return (
            f'<h1 style="font-size:20px;margin:0 0 4px">{escape(title)}</h1>{notes}'
            f'<table style="border-collapse:collapse;margin:16px 0">{rows}</table>'
            f'<p style="margin:0 0 32px;color:{_SOFT}">{escape(self._age(cards.as_of))}</p>'
        )

    def _heading(self, cards: Cards) -> Iterator[str]:
        if len(cards.shops) < 4:
            yield f"{', '.join(cards.shops)} ({cards.currency})"
        else:
            count = format_decimal(len(cards.shops), locale=self._locale)
            yield f"{self._say('{count} stores', count=count)} ({cards.currency})"
        period = self._say(PERIODS[self._period])
        yield f"{period}: {self._days(cards.starts, cards.ends)}"
        if cards.compared_with is None:
            yield self._say("Nothing to compare with: not all of another period is known.")
        else:
            comparison = self._say(COMPARISONS[self._comparison])
            yield f"{self._say('Compared with')} {comparison}: " + self._days(
                *cards.compared_with
            )

    @property
    def _locale(self) -> Locale:
        return self._words.locale

    def _days(self, starts: date, ends: date) -> str:
        return str(format_interval(starts, ends, "yMMMd", locale=self._words.dates))

    def _value(self, card: Card, cards: Cards) -> str:
        if card.value is None:
            return _NONE
        if card.measure.kind == "money":
            return self._money(card.value, cards)
        if card.measure.kind == "share":
            return self._percent(100 * card.value)
        return str(format_decimal(card.value, locale=self._locale))

    def _money(self, amount: Decimal, cards: Cards) -> str:
        """An amount with the decimals that the warehouse knows of its currency."""
        pattern = copy(self._locale.currency_formats["standard"])
        pattern.frac_prec = (cards.digits, cards.digits)
        rounded = amount.quantize(Decimal(1).scaleb(-cards.digits), ROUND_HALF_UP)
        return str(
            pattern.apply(rounded, self._locale, currency=cards.currency, currency_digits=False)
        )

    def _change(self, card: Card) -> str:
        """Such as ▲ 12.4%; ▼ 1.2 points of a share; new; an en dash of nothing compared."""
        if card.is_new:
            return self._say("new")
        if card.change is None:
            return _NONE
        if not card.change:
            return self._say("unchanged")
        arrow = "▲" if card.change > 0 else "▼"
        number = self._tenths(abs(card.change))
        if card.measure.kind == "share":
            return f"{arrow} {self._say('{number} points', number=number)}"
        return f"{arrow} {self._percent(abs(card.change))}"

    def _percent(self, number: Decimal) -> str:
        """Such as 24.3%, as the language writes it."""
        pattern = copy(self._locale.percent_formats[None])
        pattern.frac_prec = (1, 1)
        return str(pattern.apply(tenth(number) / 100, self._locale))

    def _tenths(self, number: Decimal) -> str:
        return str(format_decimal(tenth(number), "#,##0.0", locale=self._locale))

    def _age(self, as_of: datetime | None) -> str:
        if as_of is None:
            return self._say("It is not known when the data were read.")
        day = format_skeleton("yMMMd", as_of, locale=self._words.dates)
        time = f"{day}, {as_of:%H:%M} UTC"
        age = format_timedelta(
            as_of - self._now, add_direction=True, threshold=2, locale=self._locale
        )
        return self._say("Data as of {time} ({age})", time=time, age=age)


def _colour(card: Card) -> str:
    if not card.change:
        return _SOFT
    return _GOOD if (card.change > 0) == card.measure.rises_well else _BAD
