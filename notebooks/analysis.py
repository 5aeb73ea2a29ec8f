"""What the notebooks share: questions to the warehouse, and figures in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import plotly.io as pio
from babel.numbers import format_currency, format_decimal, format_percent

from cartwheel.core.errors import CartwheelError
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse

ROOT = Path(__file__).resolve().parent.parent

# plotly.js travels with the first chart, so that an exported notebook draws without a network
pio.renderers.default = "plotly_mimetype+notebook"
pd.options.display.max_rows = 30
pd.options.display.float_format = "{:,.2f}".format


class Stopped(Exception):
    """What a notebook cannot go on without: shown as a sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


# what the constants of a first cell may be
_KNOWN = {
    "shop": "select shop from reports.stores",
    "currency": "select currency from reports.stores where coalesce(shop = $shop, true)",
    "grain": "select grain from reports.revenue_over_time where grain <> 'period'",
    "period": "select period from reports.periods",
    "comparison": "select comparison from reports.periods",
}


def ask(sql: str, **values: Any) -> pd.DataFrame:
    """The rows of a query over the warehouse of the settings; $name is one of the values.

    The warehouse is opened read-only, for that long alone: a sync can run beside a notebook.
    Decimals come as floats, as pandas and plotly reckon; exact sums are the reports' business.

    Raises Stopped if there is no warehouse, another program writes into it, or a table of the
    query does not exist.
    """
    here = Path.cwd()
    os.chdir(ROOT)  # settings and warehouse are the project's, wherever Jupyter was started
    try:
        with open_warehouse(Settings.read().warehouse, read_only=True) as connection:
            found = connection.sql(sql, params=values or None)
            kinds = dict(zip(found.columns, map(str, found.types), strict=True))
            frame = found.df()
    except duckdb.CatalogException as error:
        line = str(error).splitlines()[0]
        raise Stopped(f"{line} Run first: cartwheel transform") from None
    except CartwheelError as error:
        raise Stopped(str(error)) from None
    finally:
        os.chdir(here)
    # DuckDB's sums of whole numbers are wider than pandas', which would take them for fractions
    whole = {name: "Int64" for name, kind in kinds.items() if kind == "HUGEINT"}
    return frame.astype(whole)


def read_from() -> str:
    """Which warehouse the notebook reads, and which stores are in it."""
    warehouse = ask("select database_name, path from duckdb_databases() where not internal")
    stores = ask("select distinct shop from reports.stores order by shop")["shop"]
    named = ", ".join(stores) or "no store yet"
    return f"Read from {Path(warehouse['path'].iloc[0]).name}: {named}."


def expect_known(**chosen: str | None) -> None:
    """Stop where a choice of the first cell is one that no report has: its rows would be none.

    chosen are the choices by name, such as period; None is any. Before the first order nothing
    is known, and nothing is said.

    Raises Stopped with the choices that there are.
    """
    for name, query in _KNOWN.items():
        choice = chosen.get(name)
        if choice is None:
            continue
        shop = chosen.get("shop") if "$shop" in query else None
        values = {"shop": shop} if "$shop" in query else {}
        known = sorted(set(ask(query, **values).iloc[:, 0]))
        if known and choice not in known:
            raise Stopped(
                f"No report{f' of {shop}' if shop else ''} has the {name} {choice!r}. "
                f"{name.upper()} in the first cell may be {', '.join(map(repr, known))}: "
                "correct it, then run the notebook again."
            )


def first_currency() -> str | None:
    """The currency in which most orders were placed; None where there is no order."""
    found = ask(
        "select currency from reports.orders_over_time "
        "where period = 'all_time' and comparison = 'none' "
        "group by currency order by sum(orders) desc, currency limit 1"
    )
    return None if found.empty else str(found["currency"].iloc[0])


def money(amount: float, currency: str | None) -> str:
    """An amount in words, such as £1,234.50."""
    return format_currency(amount, currency or "USD", locale="en")


def count(number: float) -> str:
    """A whole number with its thousands separated."""
    return format_decimal(int(number), locale="en")


def percent(part: float, whole: float = 1.0) -> str:
    """A share in percent, with one decimal below ten; an en dash of nothing."""
    if not whole or pd.isna(part) or pd.isna(whole):
        return "–"
    share = part / whole
    return format_percent(share, "#,##0.0%" if abs(share) < 0.1 else "#,##0%", locale="en")


def change(now: float, before: float) -> str:
    """How much more or less than before, such as up 12%; 'new' where there was nothing."""
    if pd.isna(before) or not before:
        return "new" if now else "as before"
    if now == before:
        return "as before"
    return f"{'up' if now > before else 'down'} {percent(abs(now - before), abs(before))}"


def compared(now: float, before: float, comparison: str) -> str:
    """How a figure changed, to end a sentence: ", up 12% on the previous year".

    comparison is one of reports.periods; with none nothing is compared, and "" is given.
    """
    if comparison == "none":
        return ""
    other = comparison.replace("_", " ")
    if pd.isna(before):
        return f" (nothing in the {other} to compare with)"
    if now == before:
        return f", as in the {other}"
    return f", {change(now, before)} on the {other}" if before else f", none in the {other}"
