"""The figures of a period that a person looks at first, each beside that of another period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

import duckdb

from cartwheel.core.errors import SettingsError, WarehouseError
from cartwheel.core.warehouse import open_warehouse

PERIODS = {
    "last_7_days": "Last 7 days",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
    "month_to_date": "Month to date",
    "last_month": "Last month",
    "year_to_date": "Year to date",
    "last_12_months": "Last 12 months",
    "all_time": "All time",
}
COMPARISONS = {"previous_period": "the period before", "previous_year": "the year before"}

Kind = Literal["money", "count", "share"]


@dataclass(frozen=True)
class Measure:
    """A card's figure: a sum over a report's rows, or one sum divided by another.

    rises_well says whether more of it is better.
    """

    key: str
    label: str
    kind: Kind
    report: str
    dividend: str
    divisor: str | None = None
    rises_well: bool = True


MEASURES = (
    Measure("net_sales", "Net sales", "money", "revenue_over_time", "net_sales"),
    Measure("orders", "Orders", "count", "orders_over_time", "orders"),
    Measure(
        "average_order_value",
        "Average order value",
        "money",
        "average_order_value_over_time",
        "ordered_sales",
        "orders_not_cancelled",
    ),
    Measure("new_customers", "New customers", "count", "customers_over_time", "new_customers"),
    Measure(
        "returning_share",
        "Returning customers",
        "share",
        "customers_over_time",
        "returning_customers",
        "customers",
    ),
    Measure(
        "abandoned_value",
        "Abandoned checkouts",
        "money",
        "abandoned_checkouts_over_time",
        "abandoned_value",
        rises_well=False,
    ),
    Measure(
        "recovered_revenue",
        "Recovered checkouts",
        "money",
        "abandoned_checkouts_over_time",
        "recovered_revenue",
    ),
    Measure(
        "return_rate",
        "Returns",
        "share",
        "discounts_and_refunds_over_time",
        "returns",
        "gross_sales",
        rises_well=False,
    ),
)


@dataclass(frozen=True)
class Card:
    """A measure of a period; None where nothing can be divided or nothing is known."""

    measure: Measure
    value: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """The change, in percent; of a share in percentage points; None where there is none.

        From nothing to something has no percentage.
        """
        if self.value is None or self.before is None:
            return None
        if self.measure.kind == "share":
            return tenth(100 * (self.value - self.before))
        if not self.before:
            return None
        return tenth(100 * (self.value - self.before) / abs(self.before))

    @property
    def is_new(self) -> bool:
        """Whether there is something where there was nothing."""
        return bool(self.value) and self.before == 0 and self.measure.kind != "share"


@dataclass(frozen=True)
class Cards:
    """The cards of stores of one currency in a period, and when their data were read.

    starts, ends: the first and last day of the period; compared_with: those of the other one,
    None where it began before the first day of which anything is known. as_of: when the last
    extract ended that succeeded, UTC; None where there was none.
    """

    currency: str
    shops: tuple[str, ...]
    starts: date
    ends: date
    compared_with: tuple[date, date] | None
    cards: tuple[Card, ...]
    as_of: datetime | None


def read_cards(
    warehouse: Path,
    *,
    period: str = "last_30_days",
    comparison: str = "previous_period",
    shop: str | None = None,
) -> list[Cards]:
    """Read the cards of a period from the reports, a set per currency.

    period is one of PERIODS, comparison one of COMPARISONS; shop leaves out all other stores.
    Amounts of different currencies are never added. An empty list means that no store has
    any day yet.

    Raises WarehouseError if there is no warehouse or a report is missing, SettingsError if
    the warehouse has no such shop.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            return _read(connection, period, comparison, shop)
        except duckdb.CatalogException as error:
            raise WarehouseError(
                f"The digest cannot be made: {str(error).splitlines()[0]}. "
                "Run first: cartwheel transform"
            ) from error


def _read(
    connection: duckdb.DuckDBPyConnection, period: str, comparison: str, shop: str | None
) -> list[Cards]:
    shops_of: dict[str, list[str]] = {}
    known = connection.execute(
        "select distinct currency, shop from reports.daily_sales order by 1, 2"
    ).fetchall()
    for currency, name in known:
        if shop in (None, name, name.partition(".")[0]):
            shops_of.setdefault(currency, []).append(name)
    if shop is not None and known and not shops_of:
        names = ", ".join(sorted({name for _, name in known}))
        raise SettingsError(f"The warehouse has no store {shop}. It has: {names}")
    return [
        _of_currency(connection, currency, tuple(shops), period, comparison)
        for currency, shops in shops_of.items()
    ]


def _of_currency(
    connection: duckdb.DuckDBPyConnection,
    currency: str,
    shops: tuple[str, ...],
    period: str,
    comparison: str,
) -> Cards:
    spans = {
        name: (starts, ends, first)
        for name, starts, ends, first in connection.execute(
            "select comparison, min(period_start), max(period_end), min(first_day) "
            "from reports.periods where period = ? and list_contains(?, shop) group by 1",
            [period, list(shops)],
        ).fetchall()
    }
    starts, ends, first_day = spans["none"]
    other = spans.get(comparison)
    compared_with = other[:2] if other and other[0] >= first_day else None
    cards = []
    for measure in MEASURES:
        values = _values(connection, measure, currency, shops, period)
        nothing = None if measure.divisor else Decimal(0)
        before = values.get(comparison, nothing) if compared_with else None
        cards.append(Card(measure, values.get("none", nothing), before))
    (as_of,) = connection.execute(
        "select max(finished_at) from reports.sync_health where step = 'extract' "
        "and status = 'succeeded' and list_contains(?, shop)",
        [list(shops)],
    ).fetchone() or (None,)
    return Cards(currency, shops, starts, ends, compared_with, tuple(cards), as_of)


def _values(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    currency: str,
    shops: tuple[str, ...],
    period: str,
) -> dict[str, Decimal | None]:
    """A measure in a period and in those that it is compared with, where anything happened."""
    found = connection.execute(
        f"select comparison, sum({measure.dividend}), sum({measure.divisor or 1}) "
        f"from reports.{measure.report} where period = ? and currency = ? "
        "and list_contains(?, shop) group by comparison",
        [period, currency, list(shops)],
    ).fetchall()
    if measure.divisor is None:
        return {name: Decimal(total) for name, total, _ in found}
    return {
        name: Decimal(dividend) / Decimal(divisor) if divisor else None
        for name, dividend, divisor in found
    }


def tenth(number: Decimal) -> Decimal:
    """A number to one decimal, half away from zero."""
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)
