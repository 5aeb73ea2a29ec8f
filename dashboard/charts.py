"""Draws the charts with plotly, and writes their figures as tables.

Colours are Okabe and Ito's, told apart by people with any colour vision
(jfly.uni-koeln.de/color), and differ in lightness; lines differ in their dashes too.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

import plotly.graph_objects as go

from dashboard import money
from dashboard.catalogue import WHOLE, Chart, Column
from dashboard.figures import Figures, Row
from dashboard.selection import Scope

_COLOURS = ("#0072B2", "#D55E00", "#009E73")
_DASHES = ("dot", "dash")  # of the lines before the last, which is solid
_FILLS = (("#0072B2", "#0072B2"), ("#F0B84A", "#9A6A00"))
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, sans-serif"
_INK, _SOFT, _LINE = "#1d2530", "#5b6675", "#e4e8ec"
LABEL_LENGTH = 30
# counts up to this have a tick each, so that no tick is a fraction
FEW = 6
# a ranking leaves room for as many, so that a bar is never a wall
FEWEST_BARS = 6
# the axis beside notes is longer than the longest bar by this factor
ROOM_FOR_NOTES = 1.25


def written(column: Column, text: str | None, currency: str) -> str:
    """A figure as people read it, with its unit; an en dash where there is none."""
    if text is None:
        return "–"
    if column.kind == "text":
        return text
    if column.kind == "share":
        return f"{money.separated(text)} %"
    return money.separated(text, money.prefix(currency) if column.kind == "money" else "")


def blank(chart: Chart) -> go.Figure:
    """The chart's marks and axes without figures; each trace's meta is its column."""
    traces = [_trace(chart, order, chart.place(name)) for order, name in enumerate(chart.drawn)]
    figure = go.Figure(traces)
    figure.update_layout(
        template="none",
        font={"family": _FONT, "size": 13, "color": _INK},
        height=340,
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        hovermode="closest" if chart.form == "ranking" else "x unified",
        hoverlabel={"font": {"family": _FONT, "size": 13}, "bgcolor": "#fff"},
        showlegend=len(chart.drawn) > 1,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "title": None,
            "traceorder": "normal",
        },
        barmode="stack" if chart.form == "stacked" else "group",
        bargap=0.25,
        separators=".,",
    )
    plain: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }
    plain["ticklabelstandoff"] = 4
    ruled = plain | {"showgrid": True, "gridcolor": _LINE, "rangemode": "tozero"}
    numbers = ruled | {"separatethousands": True, "exponentformat": "none", "nticks": 6}
    if chart.form == "ranking":
        # half as wide as the others, beside long labels
        figure.update_xaxes(**numbers | {"nticks": 4}, tickangle=0)
        figure.update_yaxes(**plain, ticks="")
    else:
        figure.update_xaxes(
            **plain, type="category", linecolor=_SOFT, ticks="outside", tickangle=0
        )
        figure.update_yaxes(**numbers)
    return figure


def ranks(bars: int) -> list[float]:
    """The range of a ranking's axis, first on top; a few bars stay as slim as many."""
    return [max(bars, FEWEST_BARS) - 0.5, -0.5]


def draw(
    figures: Figures, chart: Chart, scope: Scope, period: str = "all", grain: str = "month"
) -> go.Figure:
    """The chart of one selection, with its title: for a notebook or a file.

    scope is one of figures.scopes, period a key of figures.periods, grain one of GRAINS.
    """
    figure = blank(chart)
    rows = figures.of(chart, scope.key, period, grain)
    if chart.over_time:
        buckets = figures.buckets[period, grain]
        labels = [bucket.label for bucket in buckets]
        shown = buckets[:: math.ceil(len(buckets) / 12)]
        ticks = {
            "tickvals": [bucket.label for bucket in shown],
            "ticktext": [bucket.short for bucket in shown],
        }
        figure.update_xaxes(**ticks)
    else:
        labels = [plot_text(row[0] or "") for row in rows]
        figure.update_yaxes(
            tickvals=list(range(len(rows))), ticktext=labels, range=ranks(len(rows))
        )
    numbers = figure.layout.yaxis if chart.over_time else figure.layout.xaxis
    for trace in figure.data:
        _fill(trace, chart, rows, labels, scope)

    ends = [
        0.0,
        *(value for trace in figure.data for value in _values(trace.meta, rows) if value),
    ]
    if chart.noted and any(ends):
        numbers.range = [min(ends) * ROOM_FOR_NOTES, max(ends) * ROOM_FOR_NOTES]
    if chart.unit == "count" and max(ends) <= FEW:
        numbers.dtick = 1
    if chart.unit == "money":
        numbers.tickprefix = money.prefix(scope.currency)
    unit = scope.currency if chart.unit == "money" else "number"
    figure.update_layout(
        title={"text": f"{title_of(chart, grain)} ({unit})", "x": 0.01, "xanchor": "left"},
        margin_t=90 if len(chart.drawn) > 1 else 50,
    )
    return figure


def _fill(trace: Any, chart: Chart, rows: list[Row], labels: list[str], scope: Scope) -> None:
    """Give a blank trace its figures, as coordinates and as text."""
    column = chart.columns[trace.meta]
    trace.customdata = [
        [label, written(column, row[trace.meta], scope.currency)]
        for label, row in zip(labels, rows, strict=True)
    ]
    values = _values(trace.meta, rows)
    if chart.over_time:
        trace.x, trace.y = labels, values
    else:
        trace.x, trace.y = values, list(range(len(rows)))
    if chart.noted:
        name, word = chart.noted
        place = chart.place(name)
        noted = chart.columns[place]
        trace.text = [f"{written(noted, row[place], scope.currency)} {word}" for row in rows]


def _values(place: int, rows: list[Row]) -> list[float | None]:
    return [None if (text := row[place]) is None else float(text) for row in rows]


def table(
    figures: Figures, chart: Chart, scope: Scope, period: str = "all", grain: str = "month"
) -> str:
    """The chart's figures as an HTML table; text from the store is escaped.

    Those over time end with the whole period, counted afresh.
    """

    def line(row: Row, *before: str) -> str:
        texts = zip(chart.columns, row, strict=True)
        cells = [*before, *(written(column, text, scope.currency) for column, text in texts)]
        first, *others = (escape(cell) for cell in cells)
        return f'<tr><th scope="row">{first}</th><td>{"</td><td>".join(others)}</td></tr>'

    rows = figures.of(chart, scope.key, period, grain)
    heads = [column.label for column in chart.columns]
    foot = ""
    if chart.over_time:
        heads.insert(0, grain.capitalize())
        buckets = figures.buckets[period, grain]
        body = [line(row, spot.label) for spot, row in zip(buckets, rows, strict=True)]
        whole = figures.of(chart, scope.key, period, WHOLE)[0]
        foot = f"<tfoot>{line(whole, 'Whole period')}</tfoot>"
    else:
        body = [line(row) for row in rows]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>{foot}</table>"


def title_of(chart: Chart, grain: str) -> str:
    """What the chart shows, in words."""
    return chart.title.replace("{grain}", grain)


def plot_text(text: str) -> str:
    """Text that plotly shows as it is: it reads a few HTML tags in labels."""
    if len(text) > LABEL_LENGTH:
        text = text[: LABEL_LENGTH - 1].rstrip() + "…"
    return escape(text, quote=False)


def _trace(chart: Chart, order: int, place: int) -> go.Scatter | go.Bar:
    column = chart.columns[place]
    shown: dict[str, Any] = {
        "name": column.label,
        "meta": place,
        "hovertemplate": "%{customdata[1]}<extra>%{fullData.name}</extra>",
    }
    if chart.form == "lines":
        last = order == len(chart.drawn) - 1
        dash = "solid" if last else _DASHES[order]
        line = {"color": _COLOURS[order], "width": 2.5 if last else 2, "dash": dash}
        return go.Scatter(**shown, mode="lines", line=line, connectgaps=False)
    fill, edge = _FILLS[order]
    marker = {"color": fill, "line": {"color": edge, "width": 1}}
    if chart.form == "ranking":
        shown["hovertemplate"] = "%{customdata[0]}: %{customdata[1]}<extra></extra>"
        return go.Bar(
            **shown, marker=marker, orientation="h", textposition="outside", cliponaxis=False
        )
    return go.Bar(**shown, marker=marker)
