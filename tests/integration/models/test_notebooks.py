"""The notebooks, over warehouses with much, with two currencies, and with nothing in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module

import nbformat
import pytest
import yaml

from tests.notebooks import (
    FOLDER,
    NOTEBOOKS,
    assert_told_and_drawn,
    charts,
    run,
    run_in_one_kernel,
)

EXPOSURES = FOLDER.parent / "dbt_project/models/marts/reports/_reports__exposures.yml"


def named(path):
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_no_output_is_committed(path):
    """No cell carries an output or an execution count."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert code
    assert [cell for cell in code if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_its_exposure_names_what_a_notebook_reads(path):
    """dbt knows which reports the cells of each notebook ask."""
    source = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    tables = set(re.findall(r"(?:from|join) (?:core|reports|hubspot)\.(\w+)", source))
    if "first_currency()" in source:
        tables.add("orders_over_time")  # which analysis.py asks
    if "read_from()" in source:
        tables.add("stores")  # the same
    [exposure] = [
        each
        for each in yaml.safe_load(EXPOSURES.read_text())["exposures"]
        if each.get("url") == f"notebooks/{path.name}"
    ]
    named_there = {re.search(r"\w+(?='\))", each)[0] for each in exposure["depends_on"]}

    assert {each.replace("hubspot_products", "products") for each in named_there} == tables


@pytest.mark.parametrize(
    ("now", "before", "comparison", "said"),
    [
        (112.0, 100.0, "previous_year", ", up 12% on the previous year"),
        (5, 5, "previous_period", ", as in the previous period"),
        (5, 0, "previous_period", ", none in the previous period"),
        (5, float("nan"), "previous_year", " (nothing in the previous year to compare with)"),
        (5, 5, "none", ""),
    ],
)
def test_a_sentence_ends_with_how_its_figure_changed(
    monkeypatch, now, before, comparison, said
):
    """Where there is nothing to compare with, it says so."""
    monkeypatch.syspath_prepend(FOLDER)

    assert import_module("analysis").compared(now, before, comparison) == said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_each_choice_of_a_first_cell_is_checked(monkeypatch, path):
    """A constant that queries compare with is handed to expect_known in its cell."""
    monkeypatch.syspath_prepend(FOLDER)
    first = next(
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    )
    chosen = {name.lower() for name in re.findall(r"^([A-Z]+) =", first, re.MULTILINE)}
    checked = {name for name in chosen if f"{name}={name.upper()}" in first}

    assert chosen & {*import_module("analysis")._KNOWN} == checked
    assert bool(checked) == ("expect_known(" in first)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"period": "last_30_day"}, "the period 'last_30_day'. PERIOD .*'last_30_days'"),
        ({"comparison": "last_year"}, "the comparison 'last_year'. .*'none', 'previous_"),
        ({"grain": "months"}, "the grain 'months'. .*'day', 'month', 'quarter', 'week':"),
        ({"shop": "nosuch"}, "the shop 'nosuch'. SHOP in the first cell may be '"),
        ({"currency": "XXX"}, "the currency 'XXX'. CURRENCY in the first cell may be '"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_a_misspelt_choice_stops_the_notebook(monkeypatch, many_cases, slip, said):
    """A choice that no report has is told with those that there are; the others pass."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setenv("CARTWHEEL_WAREHOUSE", str(many_cases.settings.warehouse))
    analysis = import_module("analysis")
    right = {
        "shop": None,
        "currency": analysis.first_currency(),
        "grain": "month",
        "period": "all_time",
        "comparison": "none",
    }
    analysis.expect_known(**right)

    with pytest.raises(analysis.Stopped, match=said):
        analysis.expect_known(**(right | slip))


@pytest.mark.parametrize(
    ("kind", "execute"),
    [
        ("many_cases", run_in_one_kernel),
        ("empty_warehouse", run_in_one_kernel),
        pytest.param("many_cases", run, marks=pytest.mark.nightly),
    ],
    ids=["many cases", "before the first order", "each in a fresh kernel"],
)
def test_every_notebook_runs(request, tmp_path, kind, execute):
    """With stores of two currencies, and before the first order: a sentence each, no error."""
    warehouse = request.getfixturevalue(kind).settings.warehouse

    execute(warehouse, tmp_path, *NOTEBOOKS)

    assert len(NOTEBOOKS) == 6
    for path in NOTEBOOKS:
        assert_told_and_drawn(tmp_path / path.name)


def test_without_a_warehouse_a_sentence_says_what_to_run(tmp_path):
    """A notebook that cannot go on ends with the next command, not with a traceback."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"),
            *("--allow-errors", "--output-dir", str(tmp_path), str(NOTEBOOKS[0])),
        ],
        env={**os.environ, "CARTWHEEL_WAREHOUSE": str(tmp_path / "none.duckdb")},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(tmp_path / NOTEBOOKS[0].name, as_version=4).cells
    first = next(each for cell in cells for each in cell.get("outputs", []))

    assert first.traceback == [
        f"There is no warehouse at {tmp_path / 'none.duckdb'} yet. Run: cartwheel sync"
    ]


@pytest.mark.nightly
@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_an_exported_notebook_draws_offline(many_cases, tmp_path, chromium, path):
    """Its HTML holds the charts and what draws them, needs no network, and fits a sheet."""
    run(many_cases.settings.warehouse, tmp_path, path, to="html")
    page_of = (tmp_path / path.name).with_suffix(".html")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(page_of.as_uri())
    page.wait_for_selector(".js-plotly-plot .main-svg", state="attached")
    drawn = page.locator(".js-plotly-plot:has(.main-svg)").count()
    page.emulate_media(media="print")
    widths = page.evaluate(
        "[...document.querySelectorAll('.main-svg')].map(each => each.clientWidth)"
    )
    context.close()

    assert drawn == charts(path)
    assert set(widths) == {640}
