"""Charts of a DataFrame, for notebooks: each takes columns and gives a plotly figure.

Colours are Okabe and Ito's, told apart by people with any colour vision
(jfly.uni-koeln.de/color); lines differ in their dashes too.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
DASHES = ("solid", "dash", "dot", "dashdot")
_LABEL_LENGTH = 34
_WIDTH = 640  # pixels
_HEAT = ("#f7fbff", "#d2e3f3", "#9ac8e1", "#529dcc", "#1f6eb3", "#08488e")
_LIGHT_FROM = 3  # from this colour of the heat on, text is white


def lines(
    frame: pd.DataFrame,
    x: str,
    series: Mapping[str, str],
    *,
    title: str,
    unit: str,
    is_complete: str | None = None,
) -> go.Figure:
    """A line per column of series (column -> label) over x.

    Where is_complete names a column of booleans, the last stretch, if it is not over yet, is
    dotted and its point hollow, so that it does not look like a fall.
    """
    figure = _figure(frame, title, unit)
    running = is_complete is not None and not frame.empty and not frame[is_complete].iloc[-1]
    whole = frame.iloc[:-1] if running else frame
    for place, (column, label) in enumerate(series.items()):
        colour, dash = COLOURS[place], DASHES[place]
        mode = "lines+markers" if len(whole) < 3 else "lines"
        figure.add_scatter(
            x=whole[x],
            y=whole[column],
            name=label,
            mode=mode,
            line={"color": colour, "dash": dash, "width": 2.5},
        )
        if running:
            end = frame.iloc[-2:]
            figure.add_scatter(
                x=end[x],
                y=end[column],
                name=f"{label}, so far",
                mode="lines+markers",
                line={"color": colour, "dash": "dot", "width": 1.5},
                marker={"symbol": "circle-open", "size": [0] * (len(end) - 1) + [9]},
                showlegend=False,
            )
    figure.update_yaxes(rangemode="tozero")
    return figure


def columns(
    frame: pd.DataFrame,
    x: str,
    series: Mapping[str, str],
    *,
    title: str,
    unit: str,
    stacked: bool = False,
    is_complete: str | None = None,
) -> go.Figure:
    """Columns of each of series (column -> label) over x; unfinished ones are hatched."""
    figure = _figure(frame, title, unit)
    shapes = ["" if done else "/" for done in frame[is_complete]] if is_complete else ""
    for place, (column, label) in enumerate(series.items()):
        figure.add_bar(
            x=frame[x],
            y=frame[column],
            name=label,
            marker={"color": COLOURS[place], "pattern": {"shape": shapes, "fgopacity": 0.7}},
        )
    figure.update_layout(barmode="stack" if stacked else "group", bargap=0.25)
    return figure


def ranking(
    frame: pd.DataFrame, label: str, value: str, *, title: str, unit: str, most: int = 10
) -> go.Figure:
    """Bars of the greatest values, first on top; what is beyond the most is one bar below."""
    ranked = frame.sort_values(value, ascending=False)
    names = [_short(str(name)) for name in ranked[label].head(most)]
    values = list(ranked[value].head(most))
    rest = ranked[value].iloc[most:]
    if len(rest):
        names.append(f"{len(rest):,} others")
        values.append(rest.sum())
    figure = _figure(frame, title, unit)
    places = list(range(len(names)))
    figure.add_bar(x=values, y=places, orientation="h", marker={"color": COLOURS[0]})
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", title=None)
    figure.update_xaxes(title=unit, rangemode="tozero")
    figure.update_layout(height=max(240, 80 + 30 * len(names)), hovermode="closest")
    return figure


def heat(
    frame: pd.DataFrame, rows: str, across: str, value: str, *, form: str
) -> pd.io.formats.style.Styler:
    """A table of value by rows and across, each cell coloured by it and written in a form.

    form is Python's, such as {:.0%}. Cells that nobody has reached yet are blank.
    """
    table = frame.pivot_table(index=rows, columns=across, values=value, aggfunc="sum")
    top = table.stack().quantile(0.95) if table.size else 0

    def colour(cell: Any) -> str:
        if pd.isna(cell):
            return ""
        share = min(max(float(cell), 0.0) / top, 1.0) if top else 0.0
        step = min(int(share * len(_HEAT)), len(_HEAT) - 1)
        ink = "#fff" if step >= _LIGHT_FROM else "#1d2530"
        return f"background-color: {_HEAT[step]}; color: {ink}; text-align: right"

    return table.style.format(form, na_rep="").map(colour)


def _figure(frame: pd.DataFrame, title: str, unit: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        template="plotly_white",
        title={"text": escape(title, quote=False), "x": 0.01},
        # as wide as a sheet: a chart that fits the window is cut off when it is printed
        autosize=False,
        width=_WIDTH,
        height=380,
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 8, "r": 12, "t": 90, "b": 8},
    )
    figure.update_yaxes(title=unit, automargin=True, separatethousands=True)
    figure.update_xaxes(automargin=True)
    if frame.empty:
        figure.add_annotation(text="Nothing to show yet.", showarrow=False)
    return figure


def _short(text: str) -> str:
    """Text that plotly shows as it is: it reads a few HTML tags in labels."""
    if len(text) > _LABEL_LENGTH:
        text = text[: _LABEL_LENGTH - 1].rstrip() + "…"
    return escape(text, quote=False)
