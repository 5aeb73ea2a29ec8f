"""Reads the reports that know no period: what stands at the time of the transformation."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP
from typing import Any

import duckdb

from dashboard.report import Report
from dashboard.selection import digits_of

COHORTS = 24  # the latest that are shown, and how many months after the first of each
WEEKS = 52  # between two orders; what took longer is one bucket more
EVERYWHERE = "*"  # the key of what belongs to no scope

Rows = dict[str, Any]
_ALL_STORES = (
    "not exists (select 1 from reports.stores where shop not in (select shop from scopes))"
)


def in_units(name: str) -> str:
    """The sum of a column of amounts, as a whole number of the currency's smallest ones."""
    return f"cast(round(cast(sum({name}) as decimal(28, 4)) * any_value(units), 0) as bigint)"


def read_standing(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """A report's rows by scope, in the shape of its form (see Figures)."""
    return _READERS[report.key](connection, report)


def add(into: dict[str, list[Any]], labels: list[Any], values: list[Any]) -> None:
    """Add a row to a table of labels and values."""
    into["labels"].append(labels)
    into["rows"].append(values)


def table() -> dict[str, list[Any]]:
    """A table without rows."""
    return {"labels": [], "rows": []}


def _tables(found: list[tuple[Any, ...]], report: Report) -> Rows:
    """Tables by scope of rows that begin with the scope, then the report's labels."""
    rows: Rows = {}
    width = 1 + len(report.labels)
    for scope, *values in found:
        of_scope = rows.setdefault(scope, table())
        add(of_scope, [None, *values[: width - 1]], values[width - 1 :])
    return rows


def _with_all(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    report: Report,
    counted: str,
    keys: str = "shop, currency",
) -> Rows:
    """The rows, each scope's with how many there are in all, of which some are shown."""
    for scope, every in connection.execute(
        f"select scope, count(distinct {counted}) from reports.{report.key} "
        f"inner join scopes using ({keys}) group by scope"
    ).fetchall():
        if scope in rows:
            rows[scope]["all"] = every
    return rows


def _cohorts(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """Their sizes, and by month who ordered and what was bought by then."""
    rows: Rows = {}
    for scope, cohort, customers, *columns in connection.execute(
        f"""
        with summed as (
            select
                scope, cohort_month, months_since_first_order as months,
                cast(sum(customers) as bigint) as customers,
                cast(sum(customers_who_ordered) as bigint) as customers_who_ordered,
                {in_units("cumulative_net_sales")} as cumulative_net_sales
            from reports.cohorts
            inner join scopes using (shop, currency)
            where cohort_month is not null and months_since_first_order between 0 and $months
            group by all
        )
        select
            scope, cohort_month, max(customers),
            list(customers_who_ordered order by months),
            list(cumulative_net_sales order by months)
        from summed
        group by scope, cohort_month
        qualify row_number() over (partition by scope order by cohort_month desc) <= $months
        order by scope, cohort_month
        """,
        {"months": COHORTS},
    ).fetchall():
        of_scope = rows.setdefault(scope, {"cohorts": [], "customers": [], "columns": [[], []]})
        of_scope["cohorts"].append(cohort)
        of_scope["customers"].append(customers)
        for into, column in zip(of_scope["columns"], columns, strict=True):
            into.append(column)
    return _with_all(connection, rows, report, "cohort_month")


def _rfm_segments(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """One table for all stores, and for no part of them, in the home currency."""
    del report
    found = connection.execute(
        f"""
        select
            currency, coalesce(any_value(minor_units), 100), segment,
            cast(sum(customers) as bigint), cast(sum(orders) as bigint), sum(net_sales),
            max(last_order_date)
        from reports.rfm_segments
        left join (select distinct currency, minor_units from reports.stores) using (currency)
        where {_ALL_STORES}
        group by currency, segment
        order by sum(net_sales) desc, segment
        """
    ).fetchall()
    if not found:
        return {}
    home, minor_units, *_ = found[0]
    of_all = table() | {"currency": home, "digits": digits_of(minor_units)}
    for _, _, segment, customers, orders, net_sales, last_order in found:
        cents = int((net_sales * minor_units).to_integral_value(ROUND_HALF_UP))
        add(of_all, [None, segment], [customers, orders, cents, last_order])
    return {EVERYWHERE: of_all}


def _time_between_orders(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """For the first interval of a person and for later ones, how many took how many weeks."""
    del report
    rows: Rows = {}
    for scope, between, intervals in connection.execute(
        """
        with weeks as (
            select unnest(generate_series(0, $weeks)) as weeks
        ),
        kinds as (
            select distinct scope, orders_between
            from reports.time_between_orders
            inner join scopes using (shop)
        ),
        summed as (
            select
                scope, orders_between, least(weeks, $weeks) as weeks,
                cast(sum(intervals) as bigint) as intervals
            from reports.time_between_orders
            inner join scopes using (shop)
            group by all
        )
        select scope, orders_between, list(coalesce(intervals, 0) order by weeks)
        from kinds
        cross join weeks
        left join summed using (scope, orders_between, weeks)
        group by all
        order by all
        """,
        {"weeks": WEEKS},
    ).fetchall():
        add(rows.setdefault(scope, table()), [None, between], intervals)
    return rows


def _products_bought_together(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    found = connection.execute(
        """
        select
            scope, title, other_title, shop, orders_with_both,
            cast(confidence as double), cast(other_confidence as double), cast(lift as double)
        from reports.products_bought_together
        inner join scopes using (shop)
        qualify row_number() over (
            partition by scope order by orders_with_both desc, lift desc, title, other_title
        ) <= $most
        order by scope, orders_with_both desc, lift desc, title, other_title
        """,
        {"most": report.most},
    ).fetchall()
    pair = "(shop, product_line, other_product_line)"
    return _with_all(connection, _tables(found, report), report, pair, keys="shop")


def _first_products(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    found = connection.execute(
        f"""
        select
            scope, title, shop,
            cast(sum(customers) as bigint), cast(sum(returning_customers) as bigint),
            {in_units("net_sales")}
        from reports.first_products
        inner join scopes using (shop, currency)
        group by scope, shop, product_line, title
        qualify row_number() over (
            partition by scope order by sum(customers) desc, title, product_line
        ) <= $most
        order by scope, sum(customers) desc, title, product_line
        """,
        {"most": report.most},
    ).fetchall()
    rows = _with_all(connection, _tables(found, report), report, "(shop, product_line)")
    for scope, *every in connection.execute(
        """
        with shops as (
            select distinct scope, shop, all_customers, all_returning_customers
            from reports.first_products
            inner join scopes using (shop, currency)
        )
        select
            scope, cast(sum(all_customers) as bigint),
            cast(sum(all_returning_customers) as bigint)
        from shops
        group by scope
        """
    ).fetchall():
        rows[scope]["everybody"] = every
    return rows


def _workflow_performance(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """Of all time, of each workflow those that could be mailed and those that could not."""
    found = connection.execute(
        f"""
        select
            scope, workflow,
            if(could_be_mailed, 'could be mailed', 'could not be mailed') as mailable,
            cast(sum(entered) as bigint), cast(sum(has_left) as bigint),
            cast(sum(observed) as bigint), cast(sum(bought) as bigint), {in_units("revenue")}
        from reports.workflow_performance
        inner join scopes using (shop, currency)
        where period = 'all_time' and comparison = 'none'
        group by scope, workflow, could_be_mailed
        order by
            scope,
            list_position(['new_customer', 'abandoned_checkout', 're_engagement'], workflow),
            could_be_mailed desc
        """
    ).fetchall()
    return _tables(found, report)


def _sales_bridge(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    found = connection.execute(
        f"""
        select scope, label, {in_units("amount")}
        from reports.sales_bridge
        inner join scopes using (shop, currency)
        group by scope, position, label
        order by scope, position
        """
    ).fetchall()
    return _tables(found, report)


def _orders_to_open(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    """The orders of each store alone, with the parts of their addresses that differ."""
    del report
    rows: Rows = {}
    for scope, shop, name, placed, stage, amount, in_shopify, in_hubspot in connection.execute(
        """
        select
            scope, shop, order_name, placed_date, stage,
            cast(round(cast(amount as decimal(28, 4)) * units, 0) as bigint),
            shopify_url, hubspot_url
        from reports.orders_to_open
        inner join scopes using (shop, currency)
        where scope in (select scope from scopes group by scope having count(*) = 1)
        order by scope, placed_date desc, order_id desc
        """
    ).fetchall():
        of_scope = rows.setdefault(scope, table() | {"shopify": "", "hubspot": ""})
        of_scope["shopify"], _, order = in_shopify.rpartition("/")
        deal = None
        if in_hubspot is not None:
            of_scope["hubspot"], _, deal = in_hubspot.rpartition("/")
        add(of_scope, [None, name, shop], [placed, stage, amount, order, deal])
    return rows


def _sync_health(connection: duckdb.DuckDBPyConnection, report: Report) -> Rows:
    found = connection.execute(
        f"""
        select
            $everywhere, step, shop, finished_at, status,
            records_read, records_changed, checks_failed
        from reports.sync_health
        where
            is_last
            and (
                shop in (select shop from scopes)
                -- a page of one store does not tell what was done for all
                or (shop is null and {_ALL_STORES})
            )
        order by finished_at, step, shop
        """,
        {"everywhere": EVERYWHERE},
    ).fetchall()
    return _tables(found, report)


_READERS: dict[str, Callable[[duckdb.DuckDBPyConnection, Report], Rows]] = {
    "cohorts": _cohorts,
    "rfm_segments": _rfm_segments,
    "time_between_orders": _time_between_orders,
    "products_bought_together": _products_bought_together,
    "first_products": _first_products,
    "workflow_performance": _workflow_performance,
    "sales_bridge": _sales_bridge,
    "orders_to_open": _orders_to_open,
    "sync_health": _sync_health,
}
