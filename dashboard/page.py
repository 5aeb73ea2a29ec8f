"""Writes the dashboard as one web page that opens offline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cartwheel.core.privacy import write_whole
from dashboard import charts, money
from dashboard.catalogue import (
    AVERAGE_ORDER_VALUE,
    CHARTS,
    CUSTOMERS,
    GRAINS,
    ORDERS,
    REVENUE,
    WHOLE,
    Chart,
)
from dashboard.figures import Figures, read_figures

_WEB = Path(__file__).parent / "web"
# plotly.js with bars, lines and pies alone, which is a quarter of it.
# From npm's plotly.js-basic-dist-min, in the version that the Python package draws with.
PLOTLY = _WEB / "plotly-basic.min.js"

HEADLINES = (
    (REVENUE, "total_sales"),
    (REVENUE, "net_sales"),
    (REVENUE, "returns"),
    (ORDERS, "placed"),
    (AVERAGE_ORDER_VALUE, "average_order_value"),
    (CUSTOMERS, "customers"),
)
_HEADLINE_LABELS = {"placed": "Orders", "customers": "Customers"}


@dataclass(frozen=True)
class DashboardReport:
    """What was written: the page, how many charts, and of how many stores and days."""

    path: Path
    charts: int
    shops: int
    days: int


def write_dashboard(
    warehouse: Path, target: Path, now: datetime | None = None
) -> DashboardReport:
    """Write the dashboard of everything in the warehouse to target, at once and whole.

    The page holds its figures, its script and plotly.js, and asks no network for
    anything. It holds sums and product titles; nothing of any person. A new page is
    readable by its owner alone; one that is replaced keeps who may read it. now is the time
    by which dates are told from impossible ones, the machine's where none is given.

    Raises WarehouseError if there is no warehouse or a table is missing, OutputError if
    the page cannot be written.
    """
    figures = read_figures(warehouse, now)
    page = _render(figures)
    write_whole(target, page)
    return DashboardReport(
        path=target,
        charts=len(CHARTS) if figures.scopes else 0,
        shops=len({shop for scope in figures.scopes for shop in scope.shops}),
        days=len(figures.buckets.get(("all", "day"), [])),
    )


def _render(figures: Figures) -> str:
    templates = Environment(
        loader=FileSystemLoader(_WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("page.html.j2").render(
        charts=CHARTS,
        figures=figures,
        grains=GRAINS,
        data=_data(figures) if figures.scopes else None,
        first_table=lambda chart: charts.table(figures, chart, figures.scopes[0]),
        title_of=charts.title_of,
        plotly=PLOTLY.read_text(encoding="utf-8") if figures.scopes else "",
        style=(_WEB / "page.css").read_text(encoding="utf-8"),
        script=(_WEB / "page.js").read_text(encoding="utf-8"),
    )


def _data(figures: Figures) -> dict[str, Any]:
    """What the page's script chooses from; figures are exact text, never floats."""
    return {
        "whole": WHOLE,
        "labelLength": {"wide": charts.LABEL_LENGTH, "narrow": 20},
        "few": charts.FEW,
        "fewestBars": charts.FEWEST_BARS,
        "room": {"wide": charts.ROOM_FOR_NOTES, "narrow": 1.7},
        "scopes": [
            {
                "key": scope.key,
                "label": scope.label,
                "currency": scope.currency,
                "prefix": money.prefix(scope.currency),
            }
            for scope in figures.scopes
        ],
        "periods": [
            {"key": period.key, "label": period.label, "dates": period.dates}
            for period in figures.periods
        ],
        "buckets": {
            " ".join(key): [[bucket.label, bucket.short] for bucket in buckets]
            for key, buckets in figures.buckets.items()
        },
        "headlines": [
            {
                "chart": chart.key,
                "column": chart.place(name),
                "label": _HEADLINE_LABELS.get(name, chart.columns[chart.place(name)].label),
            }
            for chart, name in HEADLINES
        ],
        "charts": {chart.key: _chart_data(chart, figures) for chart in CHARTS},
    }


def _chart_data(chart: Chart, figures: Figures) -> dict[str, Any]:
    return {
        "title": chart.title,
        "about": chart.about,
        "unit": chart.unit,
        "overTime": chart.over_time,
        "columns": [{"label": column.label, "kind": column.kind} for column in chart.columns],
        "drawn": [chart.place(name) for name in chart.drawn],
        "noted": [chart.place(chart.noted[0]), chart.noted[1]] if chart.noted else None,
        "figure": charts.blank(chart).to_plotly_json(),
        "rows": {" ".join(key): rows for key, rows in figures.rows[chart.key].items()},
    }
