"""The figures of a period that a person looks at first, each beside that of another period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import open_warehouse
from dashboard.catalogue import BY_KEY
from dashboard.report import Column, Kind
from dashboard.selection import digits_of, known_since, known_stores, last_read


@dataclass(frozen=True)
class Measure:
    """A card's figure: a column of a report over time. rises_well: whether more is better."""

    label: str
    report: str
    column: str
    rises_well: bool = True

    @property
    def kind(self) -> Kind:
        """What it is written as."""
        return self._of_report.kind

    @property
    def dividend(self) -> str:
        """The column that is summed."""
        return self._of_report.ratio[0] if self._of_report.ratio else self.column

    @property
    def divisor(self) -> str | None:
        """The column by whose sum it is divided; None where it is a sum alone."""
        return self._of_report.ratio[1] if self._of_report.ratio else None

    @property
    def _of_report(self) -> Column:
        report = BY_KEY[self.report]
        return report.columns[report.place(self.column)]


MEASURES = (
    Measure("Net sales", "revenue_over_time", "net_sales"),
    Measure("Orders", "orders_over_time", "orders"),
    Measure("Average order value", "average_order_value_over_time", "average_order_value"),
    Measure("New customers", "customers_over_time", "new_customers"),
    Measure("Returning customers", "customers_over_time", "returning_share"),
    Measure(
        "Abandoned checkouts",
        "abandoned_checkouts_over_time",
        "abandoned_value",
        rises_well=False,
    ),
    Measure("Recovered checkouts", "abandoned_checkouts_over_time", "recovered_revenue"),
    Measure("Returns", "discounts_and_refunds_over_time", "return_rate", rises_well=False),
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

    digits: the decimals of the currency. starts, ends: the first and last day of the period;
    compared_with: those of the other one, None where it began before the first day of which
    anything is known. as_of: when the last extract ended that succeeded, UTC, of the store
    where that is longest ago; None where one of them never was read.
    """

    currency: str
    digits: int
    shops: tuple[str, ...]
    starts: date
    ends: date
    compared_with: tuple[date, date] | None
    cards: tuple[Card, ...]
    as_of: datetime | None

    def as_data(self) -> dict[str, Any]:
        """The cards for a script: amounts are decimals, of shares 1 is the whole."""
        return {
            "currency": self.currency,
            "shops": self.shops,
            "starts": self.starts,
            "ends": self.ends,
            "compared_with": self.compared_with,
            "as_of": self.as_of,
            "cards": [
                {
                    "label": card.measure.label,
                    "report": card.measure.report,
                    "column": card.measure.column,
                    "kind": card.measure.kind,
                    "value": card.value,
                    "before": card.before,
                    "change": card.change,
                }
                for card in self.cards
            ],
        }


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
    shops_of: dict[tuple[str, int], list[str]] = {}
    for (name, currency), minor_units in known_stores(connection, shop).items():
        shops_of.setdefault((currency, digits_of(minor_units)), []).append(name)
    return [
        _of_currency(connection, currency, digits, tuple(shops), period, comparison)
        for (currency, digits), shops in sorted(shops_of.items())
    ]


def _of_currency(
    connection: duckdb.DuckDBPyConnection,
    currency: str,
    digits: int,
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
        is_known = compared_with and _is_known(
            connection, measure, currency, shops, compared_with[0]
        )
        before = values.get(comparison, nothing) if is_known else None
        cards.append(Card(measure, values.get("none", nothing), before))
    as_of = last_read(connection, shops)
    return Cards(currency, digits, shops, starts, ends, compared_with, tuple(cards), as_of)


def _is_known(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    currency: str,
    shops: tuple[str, ...],
    day: date,
) -> bool:
    """Whether a report knows anything of the day: Shopify keeps checkouts for a while only."""
    if not BY_KEY[measure.report].forgets:
        return True
    since = known_since(connection, measure.report, currency, shops)
    return since is not None and since <= day


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
