"""Reads the reports' figures as columns: exact whole numbers, in one session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.warehouse import open_warehouse
from dashboard.report import Column, Report
from dashboard.selection import Scope, choose_scopes, counts_test_orders, known_since
from dashboard.standing import add, in_units, read_standing, table


@dataclass(frozen=True)
class Figures:
    """The figures of reports for all scopes; no scope where the stores have nothing yet.

    rows: by report, then by scope ("*" for what belongs to no scope), in a shape per form:

    - over time: by grain a list of columns, each with a value per bucket of the scope's axis;
      under "period", by period and comparison, a value per column; where Shopify forgets,
      "since", the first day of which the report knows anything of each store.
    - ranking: by dimension (one, "", where it has none) and period, {labels, rows}.
    - others: {labels, rows}; cohorts: {cohorts, customers, columns} of lists of months.
    - labels begin with how many others the row sums up, None of a row of its own.

    Money is in the currency's smallest amounts, times are ISO, shares are floats of the model.
    counts_test_orders: whether test orders are counted like others, or left out.
    """

    reports: tuple[Report, ...]
    scopes: list[Scope]
    rows: dict[str, dict[str, Any]]
    counts_test_orders: bool = False


def read_figures(
    warehouse: Path, reports: tuple[Report, ...], shop: str | None = None
) -> Figures:
    """Read the figures of the reports; the warehouse is open for that long only.

    shop leaves out all other stores, and the reports that put stores together.

    Raises WarehouseError if there is no warehouse or a report or a column of one is missing,
    SettingsError if it has no such store.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            scopes = choose_scopes(connection, shop)
            if not scopes:
                return Figures(reports, [], {})
            return Figures(
                reports,
                scopes,
                {each.key: _read(connection, each, scopes) for each in reports},
                counts_test_orders(connection),
            )
        # a report, or a column of one, that an older version did not make
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"The dashboard cannot be made: {str(error).splitlines()[0]}. "
                "Run first: cartwheel transform"
            ) from error


def _read(
    connection: duckdb.DuckDBPyConnection, report: Report, scopes: list[Scope]
) -> dict[str, Any]:
    if report.is_over_time:
        return _over_time(connection, report, scopes)
    if report.form == "ranking":
        return _ranking(connection, report)
    return read_standing(connection, report)


def _sum(column: Column) -> str:
    """The sum of a column, as a whole number."""
    if column.kind == "money":
        return f"{in_units(column.name)} as {column.name}"
    return f"cast(sum({column.name}) as bigint) as {column.name}"


def _over_time(
    connection: duckdb.DuckDBPyConnection, report: Report, scopes: list[Scope]
) -> dict[str, Any]:
    names = [column.name for column in report.stored]
    sums = ", ".join(map(_sum, report.stored))
    rows: dict[str, Any] = {}
    lists = ", ".join(
        f"case when bool_and(coalesce({name}, 0) = 0) then null "
        f"else list(coalesce({name}, 0) order by place) end"
        for name in names
    )
    for scope, grain, *columns in connection.execute(
        f"""
        with summed as (
            select scope, grain, period_start as starts, {sums}
            from reports.{report.key}
            inner join scopes using (shop, currency)
            where grain <> 'period'
            group by all
        )
        select
            scope, grain, {lists}
        from axis
        left join summed using (scope, grain, starts)
        group by all
        order by scope, grain
        """
    ).fetchall():
        rows.setdefault(scope, {"period": {}})[grain] = columns
    if report.forgets:
        for each in scopes:
            rows[each.key]["since"] = known_since(
                connection, report.key, each.currency, each.shops
            )
    for scope, period, comparison, *values in connection.execute(
        f"""
        select scope, period, comparison, {sums}
        from reports.{report.key}
        inner join scopes using (shop, currency)
        where grain = 'period'
        group by all
        order by scope, period, comparison
        """
    ).fetchall():
        rows[scope]["period"].setdefault(period, {})[comparison] = values
    return rows


def _ranking(connection: duckdb.DuckDBPyConnection, report: Report) -> dict[str, Any]:
    """The greatest of each scope and period, and what the others sum up to."""
    labels = ", ".join(column.name for column in report.labels)
    dimension = "dimension" if report.choices else "''"
    sums = ", ".join(map(_sum, report.stored))
    rolled = ", ".join(f"cast(sum({column.name}) as bigint)" for column in report.stored)
    nothing = ", ".join(
        f"case when is_other then null else {column.name} end as {column.name}"
        for column in report.labels
    )
    order = f"min({report.order})" if report.order else f"sum({report.main}) desc, {labels}"
    rows: dict[str, Any] = {}
    for scope, dimension_of, period, is_other, others, *values in connection.execute(
        f"""
        with summed as (
            select
                scope, {dimension} as dimension, period, {labels}, {sums},
                row_number() over (
                    partition by scope, {dimension}, period order by {order}
                ) as place
            from reports.{report.key}
            inner join scopes using (shop, currency)
            where
                grain = 'period' and comparison = 'none'
                {"and dimension in (select unnest($dimensions))" if report.choices else ""}
            group by scope, {dimension}, period, {labels}
        ),
        counted as (
            select
                *,
                place > $most and max(place) over (partition by scope, dimension, period)
                > $most + 1 as is_other
            from summed
        )
        select
            scope, dimension, period, is_other, count(*) as others,
            {nothing}, {rolled}
        from counted
        group by all
        order by scope, dimension, period, is_other, min(place)
        """,
        {
            "most": report.most,
            **({"dimensions": [*report.choices]} if report.choices else {}),
        },
    ).fetchall():
        width = len(report.labels)
        into = (
            rows.setdefault(scope, {}).setdefault(dimension_of, {}).setdefault(period, table())
        )
        add(into, [others if is_other else None, *values[:width]], values[width:])
    return rows
