"""Writes a dashboard as one web page that opens offline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cartwheel.core.page_templates import page_templates
from cartwheel.core.privacy import write_whole
from dashboard.cards import MEASURES
from dashboard.catalogue import COMPARISONS, GRAINS, PERIODS
from dashboard.choice import Choice
from dashboard.figures import Figures, read_figures
from dashboard.report import Column, Report
from dashboard.selection import Scope
from dashboard.words import Words

_WEB = Path(__file__).parent / "web"
# plotly.js with bars, lines and pies alone, which is a quarter of it.
# From npm's plotly.js-basic-dist-min, in the version that the Python package draws with.
PLOTLY = _WEB / "plotly-basic.min.js"
# where a page says which stores it is about, within so many characters
_STORES, _HEAD = re.compile(r'<meta name="stores" content="([\w., -]*)">'), 2_000
# in the order in which a browser reads them: each uses what stands before it
_SCRIPTS = (
    *("words", "calendar", "figures", "state", "cards", "tables", "charts"),
    *("orders", "overtime", "rankings", "cohorts", "page"),
)


@dataclass(frozen=True)
class DashboardReport:
    """What was written: the page, and of how many reports.

    replaced is the stores of the page that stood there before, where they were others.
    """

    path: Path
    reports: int
    replaced: str = ""


def write_dashboard(
    warehouse: Path, target: Path, choice: Choice | None = None
) -> DashboardReport:
    """Write the chosen dashboard of a warehouse to target, at once and whole.

    The page holds its figures, its script and plotly.js, and asks no network for anything.

    Raises WarehouseError if there is no warehouse or a report is missing, SettingsError if
    the warehouse has no such store, OutputError if the page cannot be written.
    """
    choice = choice or Choice()
    figures = read_figures(warehouse, choice.chosen_reports, choice.shop)
    page, before = _render(figures, choice), _stores_of_page(target)
    write_whole(target, page, mode=choice.mode)
    return DashboardReport(
        path=target,
        reports=len(figures.reports) if figures.scopes else 0,
        replaced=before if before != _stores(figures) else "",
    )


def _stores(figures: Figures) -> str:
    """The stores that a page is about, in their order."""
    return ", ".join(sorted({shop for scope in figures.scopes for shop in scope.shops}))


def _stores_of_page(target: Path) -> str:
    """The stores of a page that was written before; "" where it is not one of ours."""
    if not target.is_file():
        return ""
    try:
        with target.open(encoding="utf-8", errors="replace") as page:
            found = _STORES.search(page.read(_HEAD))
    except OSError:
        return ""
    return found[1] if found else ""


def _render(figures: Figures, choice: Choice) -> str:
    words = Words(choice.language)
    script = "".join((_WEB / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    return (
        page_templates(_WEB)
        .get_template("page.html.j2")
        .render(
            title=choice.title or words.say("E-commerce dashboard"),
            language=words.language,
            say=words.say,
            stores=_stores(figures),
            reports=figures.reports,
            counts_test_orders=figures.counts_test_orders,
            lists_orders=any(report.form == "orders" for report in figures.reports),
            scopes=[{"key": each.key, "label": _label(each, words)} for each in figures.scopes],
            periods=_said(PERIODS, words),
            comparisons=_said(COMPARISONS, words),
            grains=_said(GRAINS, words),
            period=choice.period,
            compare=choice.comparison,
            data=_as_json(_data(figures, words, script)) if figures.scopes else None,
            plotly=PLOTLY.read_text(encoding="utf-8") if figures.scopes else "",
            style=(_WEB / "page.css").read_text(encoding="utf-8"),
            script=script,
        )
    )


def _as_json(data: dict[str, Any]) -> str:
    """JSON that can stand within a script element: no text of a store ends it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_iso)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _iso(value: date | datetime) -> str:
    return value.isoformat()


def _said(labels: dict[str, str], words: Words) -> dict[str, str]:
    return {key: words.say(label) for key, label in labels.items()}


def _label(scope: Scope, words: Words) -> str:
    if not scope.is_of_all:
        return scope.label
    return words.say("All stores in {currency}", currency=scope.currency)


def _data(figures: Figures, words: Words, script: str) -> dict[str, Any]:
    """What the page's script chooses from: whole numbers, the same columns only once."""
    pool = Pool()
    return {
        "language": words.language,
        "dates": str(words.dates).replace("_", "-"),
        "words": words.of_script(script),
        "comparisons": _said(COMPARISONS, words),
        "grains": _said(GRAINS, words),
        "scopes": [_scope(scope, words) for scope in figures.scopes],
        "reports": [_report(report, words) for report in figures.reports],
        "cards": list(_cards(figures.reports, words)),
        "rows": {
            report.key: {
                scope: _rows(report, rows, words, pool)
                for scope, rows in figures.rows[report.key].items()
            }
            for report in figures.reports
        },
        "pool": pool.columns,
    }


class Pool:
    """Columns, each once: several reports have the same."""

    def __init__(self) -> None:
        self.columns: list[list[int]] = []
        self._places: dict[tuple[int, ...], int] = {}

    def place(self, column: list[int] | None) -> int | None:
        """Where the column stands; None where it has no figure but zero."""
        if column is None:
            return None
        key = tuple(column)
        if key not in self._places:
            self._places[key] = len(self.columns)
            self.columns.append(column)
        return self._places[key]


def _scope(scope: Scope, words: Words) -> dict[str, Any]:
    return {
        "key": scope.key,
        "label": _label(scope, words),
        "shops": scope.shops,
        "currency": scope.currency,
        "digits": scope.digits,
        "today": scope.today,
        "firstDay": scope.first_day,
        "asOf": scope.as_of and scope.as_of.replace(microsecond=0),
        "periods": scope.periods,
        "axes": scope.axes,
    }


def _report(report: Report, words: Words) -> dict[str, Any]:
    columns = [_column(column, report, words) for column in report.columns]
    noted = report.noted
    is_table = report.form in ("table", "orders")
    shown = columns if is_table else [columns[report.place(name)] for name in report.drawn]
    return {
        "key": report.key,
        "title": words.say(report.title),
        "form": report.form,
        "columns": columns,
        "labels": [_column(column, report, words) for column in report.labels],
        "drawn": report.drawn,
        "main": report.main,
        "noted": noted and [report.place(noted[0]), words.say(noted[1])],
        "forgets": report.forgets,
        "isDrawn": report.is_drawn,
        "isOfPeriod": report.is_of_period,
        "isOfAllTime": report.is_of_all_time,
        "countsPersons": report.counts_persons,
        "isMoney": any(column["kind"] == "money" for column in shown),
    }


def _column(column: Column, report: Report, words: Words) -> dict[str, Any]:
    stored = [each.name for each in report.stored]
    return {
        "name": column.name,
        "label": words.say(column.label),
        "kind": column.kind,
        "ratio": column.ratio,
        "stored": stored.index(column.name) if column.name in stored else None,
        "isDistinct": column.is_distinct,
        "isShop": column.names == "shop",
    }


def _cards(reports: tuple[Report, ...], words: Words) -> Iterator[dict[str, Any]]:
    """The cards of the reports that were chosen."""
    places = {report.key: place for place, report in enumerate(reports)}
    for measure in MEASURES:
        if measure.report in places:
            yield {
                "label": words.say(measure.label),
                "kind": measure.kind,
                "report": places[measure.report],
                "column": measure.column,
                "risesWell": measure.rises_well,
            }


def _rows(report: Report, rows: dict[str, Any], words: Words, pool: Pool) -> dict[str, Any]:
    """A scope's rows: columns by their place in the pool, names in words."""
    if report.is_over_time:
        return {
            **rows,
            **{
                grain: [pool.place(each) for each in rows[grain]]
                for grain in GRAINS
                if grain in rows
            },
        }
    if report.form == "ranking":
        return {
            dimension: {
                period: _named(table, report, words, dimension)
                for period, table in periods.items()
            }
            for dimension, periods in rows.items()
        }
    return rows if report.form == "cohorts" else _named(rows, report, words)


# the dimensions of sources whose values are Shopify's tokens; of the others people gave them
_OF_TOKENS = ("", "first_visit", "channel")


def _named(
    table: dict[str, Any], report: Report, words: Words, dimension: str = ""
) -> dict[str, Any]:
    """A table with our own words in the page's language, in its labels and columns of text."""
    kinds = [
        "given" if each.names == "tokens" and dimension not in _OF_TOKENS else each.names
        for each in report.labels
    ]
    labels = [[others, *map(words.name, texts, kinds)] for others, *texts in table["labels"]]
    texts = {
        place: column.names
        for place, column in enumerate(report.stored)
        if column.kind == "text"
    }
    rows = [
        [
            words.name(value, texts[place]) if place in texts else value
            for place, value in enumerate(row)
        ]
        for row in table["rows"]
    ]
    return table | {"labels": labels, "rows": rows}
