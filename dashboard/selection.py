"""What can be chosen on a page: stores of one currency, and their periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from cartwheel.core.errors import SettingsError
from dashboard.catalogue import GRAINS

Span = tuple[date, date]  # its first and its last day


@dataclass(frozen=True)
class Scope:
    """One store in one currency, or all stores of one currency: never two currencies.

    today is the earliest of its stores' days; first_day that of which anything is known.
    as_of: when the last extract succeeded, UTC, of the store where that is longest ago; None
    where one of them never was read. periods: the spans of each fixed period (period, then
    none, previous_period or previous_year), without those that began before the first day.
    digits: the decimals of the currency's smallest amount.
    """

    key: str
    label: str
    currency: str
    shops: tuple[str, ...]
    today: date
    first_day: date
    as_of: datetime | None
    periods: dict[str, dict[str, Span]]
    # by grain: the first bucket's first day, and how many buckets there are
    axes: dict[str, tuple[date, int]]
    digits: int

    @property
    def is_of_all(self) -> bool:
        """Whether it puts several stores together."""
        return len(self.shops) > 1


def choose_scopes(connection: duckdb.DuckDBPyConnection, shop: str | None) -> list[Scope]:
    """The scopes of a warehouse, all stores of a currency first; of one store if it is named.

    Leaves the temporary tables `scopes` (scope, shop, currency, units) and `axis` (scope,
    grain, place, starts), which the reports are joined with. units are the smallest amounts
    in one of the currency.

    Raises SettingsError if the warehouse has no such store.
    """
    units = known_stores(connection, shop)
    pairs = list(units)
    named = _named(pairs)
    connection.execute(
        "create or replace temp table scopes "
        "(scope varchar, shop varchar, currency varchar, units integer)"
    )
    rows = [
        [key, name, currency, units[name, currency]]
        for key, (_, currency, shops) in named.items()
        for name in shops
    ]
    if rows:
        connection.executemany("insert into scopes values (?, ?, ?, ?)", rows)
    axes = _lay_out(connection)
    spans = _spans(connection)
    found = []
    for key, (label, currency, shops) in named.items():
        if key not in axes:
            continue
        today, first_day, periods = spans[key]
        as_of = last_read(connection, shops)
        found.append(
            Scope(
                *(key, label, currency, shops, today, first_day, as_of, periods, axes[key]),
                digits=digits_of(units[shops[0], currency]),
            )
        )
    return found


def known_stores(
    connection: duckdb.DuckDBPyConnection, shop: str | None
) -> dict[tuple[str, str], int]:
    """The smallest amounts in one of the currency, by (shop, currency); of one store if named.

    Raises SettingsError if the warehouse has stores, but none of that name.
    """
    known = {
        (name, currency): minor_units
        for name, currency, minor_units in connection.execute(
            "select shop, currency, minor_units from reports.stores order by all"
        ).fetchall()
    }
    if shop is None:
        return known
    found = {
        pair: known[pair] for pair in known if shop in (pair[0], pair[0].partition(".")[0])
    }
    if known and not found:
        names = ", ".join(sorted({name for name, _ in known}))
        raise SettingsError(f"The warehouse has no store {shop}. It has: {names}")
    return found


def counts_test_orders(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the reports count test orders, as var include_test_orders said at the build."""
    query = "select bool_or(counts_test_orders) from reports.stores"
    [(found,)] = connection.execute(query).fetchall()
    return bool(found)


def last_read(connection: duckdb.DuckDBPyConnection, shops: tuple[str, ...]) -> datetime | None:
    """When the store was read whose last extract that succeeded is longest ago, UTC.

    None where one of them never was read.
    """
    times = connection.execute(
        "select max(finished_at) from reports.sync_health where step = 'extract' "
        "and status = 'succeeded' and list_contains(?, shop) group by shop",
        [list(shops)],
    ).fetchall()
    return min(times)[0] if len(times) == len(shops) else None


def known_since(
    connection: duckdb.DuckDBPyConnection, key: str, currency: str, shops: tuple[str, ...]
) -> date | None:
    """The day since which a report knows something of each of the stores; None of nothing.

    A store that it knows nothing of counts for none: it may have nothing.
    """
    found: tuple[date | None] | None = connection.execute(
        "select max(first_day) from (select min(period_start) as first_day "
        f"from reports.{key} where grain = 'day' and currency = ? and list_contains(?, shop) "
        "group by shop) as stores",
        [currency, list(shops)],
    ).fetchone()
    return found[0] if found else None


def digits_of(minor_units: int) -> int:
    """The decimals of an amount of a currency: 2 where 100 of its smallest are one."""
    return len(str(minor_units)) - 1


def _named(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """The scopes of sorted (shop, currency) pairs: their label, currency and stores, by key."""
    shops_of: dict[str, list[str]] = {}
    for shop, currency in pairs:
        shops_of.setdefault(currency, []).append(shop)
    currencies_of = Counter(shop for shop, _ in pairs)
    named = {
        f"all-{currency}": ("", currency, tuple(shops))
        for currency, shops in sorted(shops_of.items())
        if len(shops) > 1
    }
    for shop, currency in pairs:
        name = shop.partition(".")[0]
        is_only = currencies_of[shop] == 1
        key, label = (name, shop) if is_only else (f"{name}-{currency}", f"{shop} ({currency})")
        named[key] = (label, currency, (shop,))
    return named


def _spans(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[date, date, dict[str, dict[str, Span]]]]:
    found: dict[str, tuple[date, date, dict[str, dict[str, Span]]]] = {}
    for scope, period, comparison, starts, ends, today, first_day in connection.execute(
        """
        select
            scopes.scope, periods.period, periods.comparison,
            min(periods.period_start), max(periods.period_end),
            min(periods.today), min(periods.first_day)
        from reports.periods
        inner join scopes on periods.shop = scopes.shop
        group by all
        order by all
        """
    ).fetchall():
        _, _, periods = found.setdefault(scope, (today, first_day, {}))
        if comparison == "none" or starts >= first_day:
            periods.setdefault(period, {})[comparison] = (starts, ends)
    return found


def _lay_out(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, tuple[date, int]]]:
    """Make the table axis: each scope's buckets from its first to today's or its last."""
    connection.execute(
        """
        create or replace temp table axis as
        with seen as (
            select shop, grain, period_start from reports.revenue_over_time
            union
            select shop, grain, period_start from reports.orders_over_time
            union
            select shop, grain, period_start from reports.customers_over_time
            union
            select shop, grain, period_start from reports.abandoned_checkouts_over_time
        ),
        ends as (
            select
                scopes.scope, seen.grain,
                min(seen.period_start) as first_start, max(seen.period_start) as last_start,
                max(periods.today) as today
            from seen
            inner join scopes on seen.shop = scopes.shop
            inner join reports.periods on seen.shop = periods.shop
            where seen.grain in (select unnest($grains))
            group by all
        ),
        -- empty buckets at the end count as zero: a store that sells nothing any more
        starts as (
            select
                scope, grain,
                unnest(generate_series(
                    first_start,
                    greatest(last_start, today),
                    case grain
                        when 'day' then interval 1 day
                        when 'week' then interval 7 day
                        when 'month' then interval 1 month
                        else interval 3 month
                    end
                ))::date as starts
            from ends
        )
        select
            scope, grain, starts,
            row_number() over (partition by scope, grain order by starts) - 1 as place
        from starts
        """,
        {"grains": [*GRAINS]},
    )
    axes: dict[str, dict[str, tuple[date, int]]] = {}
    for scope, grain, first, count in connection.execute(
        "select scope, grain, min(starts), count(*) from axis group by all order by all"
    ).fetchall():
        axes.setdefault(scope, {})[grain] = (first, count)
    return axes
