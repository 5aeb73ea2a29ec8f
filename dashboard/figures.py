"""Reads every figure of the dashboard from the warehouse, exactly, in one session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import open_warehouse
from dashboard import money
from dashboard.catalogue import CHARTS, Chart, Column
from dashboard.selection import Bucket, Period, Scope, lay_out, periods_of, scopes_of

FIRST_DAY = date(1990, 1, 1)  # earlier dates cannot be right
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")

_QUERIES = Path(__file__).parent / "queries"

# plain text, in the order of the chart's columns; None where there is no figure
Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Figures:
    """All figures of all selections; empty lists where the store has no sale yet.

    buckets are by (period, grain). rows are by chart, then by (scope, period, grain),
    or (scope, period) for rankings; those over time have one row per bucket, in order.
    """

    scopes: list[Scope]
    periods: list[Period]
    buckets: dict[tuple[str, str], list[Bucket]]
    rows: dict[str, dict[tuple[str, ...], list[Row]]]

    def of(self, chart: Chart, scope: str, period: str, grain: str) -> list[Row]:
        """A chart's rows for one selection."""
        key = (scope, period, grain) if chart.over_time else (scope, period)
        return self.rows[chart.key].get(key, [])


def read_figures(warehouse: Path, now: datetime | None = None) -> Figures:
    """Read the figures; the warehouse is open for that long only.

    What happened before 1990, or after the year that follows now (the machine's time where
    none is given), has a date that cannot be right: it lies in no period.

    Raises WarehouseError if there is no warehouse, or if a table is missing.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            return _read(connection, (now or datetime.now(UTC)).year + 1)
        except duckdb.CatalogException as error:
            raise WarehouseError(
                f"The dashboard cannot be built: {str(error).splitlines()[0]}. "
                "Run first: cartwheel transform"
            ) from error


def _read(connection: duckdb.DuckDBPyConnection, last_year: int) -> Figures:
    pairs = connection.execute(
        """
        select shop, currency
        from (
            select shop, currency from reports.daily_sales
            union
            select shop, currency from core.orders
            union
            select shop, currency from core.checkouts
        ) as active
        where currency is not null
        """
    ).fetchall()
    first, last = _first_and_last_day(connection, last_year)
    if not pairs or first is None or last is None:
        return Figures([], [], {}, {})
    scopes = scopes_of(pairs)
    periods = periods_of(first, last)
    buckets = lay_out(connection, scopes, periods)
    steps = _steps(connection)
    step_of = {scope.key: steps.get(scope.currency, HUNDREDTH) for scope in scopes}
    rows = {chart.key: _rows(connection, chart, step_of) for chart in CHARTS}
    return Figures(scopes, periods, buckets, rows)


def _first_and_last_day(
    connection: duckdb.DuckDBPyConnection, last_year: int
) -> tuple[date | None, date | None]:
    found = connection.execute(
        """
        select min(day), max(day)
        from (
            select sale_date as day from reports.daily_sales
            union all
            select coalesce(placed_date, order_date) from core.orders
            union all
            select created_date from core.checkouts
        ) as active
        where day between ? and ?
        """,
        [FIRST_DAY, date(last_year, 12, 31)],
    ).fetchone()
    return found or (None, None)


def _steps(connection: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    """The smallest amount of each currency."""
    found = connection.execute("select currency, minor_units from seeds.currencies")
    return {currency: 1 / Decimal(units) for currency, units in found.fetchall()}


def _rows(
    connection: duckdb.DuckDBPyConnection, chart: Chart, step_of: dict[str, Decimal]
) -> dict[tuple[str, ...], list[Row]]:
    cursor = connection.execute((_QUERIES / f"{chart.key}.sql").read_text(encoding="utf-8"))
    names = [column[0] for column in cursor.description]
    found: dict[tuple[str, ...], list[Row]] = {}
    parts = ("scope", "period", "grain") if chart.over_time else ("scope", "period")
    for values in cursor.fetchall():
        record = dict(zip(names, values, strict=True))
        key = tuple(record[part] for part in parts)
        step = step_of[record["scope"]]
        found.setdefault(key, []).append(
            tuple(_text(column, record, step) for column in chart.columns)
        )
    return found


def _text(column: Column, record: dict[str, Any], step: Decimal) -> str | None:
    value = record.get(column.name)
    if column.ratio is not None:
        dividend, divisor = (Decimal(record[name]) for name in column.ratio)
        value = dividend / divisor if divisor else None
    if value is None or isinstance(value, str):
        return value
    if column.kind == "money":
        return money.rounded(Decimal(value), step)
    if column.kind == "share":
        return money.rounded(100 * Decimal(value), TENTH)
    return str(int(value))
