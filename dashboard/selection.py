"""What can be chosen: stores, periods, and the buckets that cut a period up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
from babel.dates import format_interval, format_skeleton

from dashboard.catalogue import GRAINS, WHOLE

_YEARS_LISTED = 6
_LOCALE = "en_GB"  # the day stands before the month


@dataclass(frozen=True)
class Scope:
    """One store in one currency, or all stores of one currency: never two currencies."""

    key: str
    label: str
    currency: str
    shops: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    """A span of days, both ends within it."""

    key: str
    label: str
    starts: date
    ends: date

    @property
    def dates(self) -> str:
        """The span in words, such as 12 November 2025 to 20 November 2026."""
        return f"{self.starts:%-d %B %Y} to {self.ends:%-d %B %Y}"


@dataclass(frozen=True)
class Bucket:
    """A day, a week from Monday, a month or all of a period, cut short at its ends."""

    starts: date
    label: str
    short: str


def scopes_of(pairs: list[tuple[str, str]]) -> list[Scope]:
    """The scopes of (shop, currency) pairs; all stores of a currency come first."""
    shops_of: dict[str, list[str]] = {}
    for shop, currency in sorted(pairs):
        shops_of.setdefault(currency, []).append(shop)
    currencies_of = Counter(shop for shop, _ in pairs)

    named = [
        (f"All stores in {currency}", currency, tuple(shops))
        for currency, shops in sorted(shops_of.items())
        if len(shops) > 1
    ]
    for shop, currency in sorted(pairs):
        label = shop if currencies_of[shop] == 1 else f"{shop} in {currency}"
        named.append((label, currency, (shop,)))
    return [
        Scope(f"s{place}", label, currency, shops)
        for place, (label, currency, shops) in enumerate(named)
    ]


def periods_of(first: date, last: date) -> list[Period]:
    """The periods of a history: all of it, the latest stretches, the calendar years.

    The latest stretches end with the last day that has data, so that a page says the
    same whenever it is drawn. None starts before the first day.
    """
    wanted = [
        ("all", "All time", first, last),
        ("12m", "Last 12 months", _year_before(last) + timedelta(days=1), last),
        ("90d", "Last 90 days", last - timedelta(days=89), last),
        ("30d", "Last 30 days", last - timedelta(days=29), last),
    ]
    if first.year < last.year:
        for year in range(last.year, max(first.year, last.year - _YEARS_LISTED + 1) - 1, -1):
            wanted.append((str(year), str(year), date(year, 1, 1), date(year, 12, 31)))
    return [
        Period(key, label, max(starts, first), min(ends, last))
        for key, label, starts, ends in wanted
    ]


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def label_of(grain: str, starts: date, ends: date) -> str:
    """A bucket in words: a day, its first and last day, or the month where it is whole."""
    whole_month = starts.day == 1 and (ends + timedelta(days=1)).day == 1
    if grain == "month" and whole_month:
        return format_skeleton("yMMM", starts, locale=_LOCALE)
    return format_interval(starts, ends, "yMMMd", locale=_LOCALE)


def short_label_of(grain: str, starts: date) -> str:
    """A bucket on an axis, in plotly's two lines: 16 Nov or Nov, with its year below."""
    above = format_skeleton("MMM" if grain == "month" else "MMMd", starts, locale=_LOCALE)
    return f"{above}<br>{starts.year}"


def lay_out(
    connection: duckdb.DuckDBPyConnection, scopes: list[Scope], periods: list[Period]
) -> dict[tuple[str, str], list[Bucket]]:
    """Make the temporary tables scopes, periods and days that the queries join.

    Returns the buckets by (period, grain), in order of time. `days` has one row per
    period, grain and day; days without a sale are in it, so that they count as zero.
    """
    connection.execute(
        "create or replace temp table scopes (scope varchar, shop varchar, currency varchar)"
    )
    connection.execute(
        "create or replace temp table periods (period varchar, starts date, ends date)"
    )
    rows: list[list[Any]] = [
        [scope.key, shop, scope.currency] for scope in scopes for shop in scope.shops
    ]
    connection.executemany("insert into scopes values (?, ?, ?)", rows)
    connection.executemany(
        "insert into periods values (?, ?, ?)",
        [[period.key, period.starts, period.ends] for period in periods],
    )
    connection.execute(
        """
        create or replace temp table days as
        select
            periods.period,
            grains.grain,
            case grains.grain
                when $whole then periods.starts
                else greatest(date_trunc(grains.grain, spread.day)::date, periods.starts)
            end as bucket,
            spread.day
        from (
            select period, unnest(generate_series(starts, ends, interval 1 day))::date as day
            from periods
        ) as spread
        inner join periods using (period)
        cross join (select unnest($grains) as grain) as grains
        """,
        {"whole": WHOLE, "grains": [*GRAINS, WHOLE]},
    )
    buckets: dict[tuple[str, str], list[Bucket]] = {}
    for period, grain, starts, ends in connection.execute(
        "select period, grain, bucket, max(day) from days group by all order by all"
    ).fetchall():
        bucket = Bucket(starts, label_of(grain, starts, ends), short_label_of(grain, starts))
        buckets.setdefault((period, grain), []).append(bucket)
    return buckets
