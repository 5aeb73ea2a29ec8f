"""The notebooks, over warehouses with much, with two currencies, and with nothing in them."""

from __future__ import annotations

import os
import re
import subprocess
import sys

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
    ("kind", "execute"),
    [
        ("many_cases", run_in_one_kernel),
        pytest.param("empty_warehouse", run_in_one_kernel, marks=pytest.mark.nightly),
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
