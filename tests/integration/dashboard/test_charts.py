"""The drawn charts show the figures, and text from the store stays text."""

from __future__ import annotations

import re

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import charts
from dashboard.catalogue import CHARTS, REVENUE, TOP_PRODUCTS, WHOLE, Chart
from dashboard.figures import Figures
from dashboard.page import PLOTLY


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_marks_are_the_table_s_figures(figures: Figures, chart: Chart) -> None:
    """Each mark's value is the figure that the table writes."""
    scope = figures.scopes[0]
    rows = figures.of(chart, scope.key, "all", "month")
    for trace in charts.draw(figures, chart, scope).data:
        values = list(trace.y if chart.over_time else trace.x)
        assert values == [float(row[trace.meta]) for row in rows]
        table = charts.table(figures, chart, scope)
        for _, text in trace.customdata:
            assert f"<td>{text}</td>" in table


def test_the_pages_plotly_is_the_one_that_python_draws_with() -> None:
    """The script of the page has the version for which the Python package makes figures."""
    script = PLOTLY.read_text(encoding="utf-8")

    assert f"plotly.js (basic - minified) v{get_plotlyjs_version()}\n" in script
    assert "Licensed under the MIT license" in script


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_the_pages_plotly_can_draw_every_mark(chart: Chart) -> None:
    """The basic bundle knows bars, lines and pies."""
    assert {trace.type for trace in charts.blank(chart).data} <= {"bar", "scatter", "pie"}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_titles_name_what_is_shown_and_its_unit(figures: Figures, chart: Chart) -> None:
    """A drawn chart's title says what it shows, by which granularity, in which unit."""
    title = charts.draw(figures, chart, figures.scopes[0], grain="week").layout.title.text
    assert "{" not in title
    assert title.endswith("(GBP)" if chart.unit == "money" else "(number)")


def test_a_title_with_markup_is_text(figures: Figures) -> None:
    """A product's title never becomes markup, in the table or in the chart."""
    scope = figures.scopes[0]
    labels = charts.draw(figures, TOP_PRODUCTS, scope).layout.yaxis.ticktext
    table = charts.table(figures, TOP_PRODUCTS, scope)
    assert any(label.startswith("&lt;/script&gt;") for label in labels)
    assert not re.search("<(?!/?(table|thead|tbody|tr|th|td)[ >])", table)


def test_a_table_over_time_ends_with_the_whole(figures: Figures) -> None:
    """The last row of a table over time is the whole period's."""
    table = charts.table(figures, REVENUE, figures.scopes[0])
    whole = figures.of(REVENUE, "s0", "all", WHOLE)[0][REVENUE.place("total_sales")]
    assert whole
    assert table.split("<tfoot>")[1].count(f"£{float(whole):,.2f}") == 1
