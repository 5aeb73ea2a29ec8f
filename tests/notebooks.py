"""Runs the notebooks as a person would: each in a fresh kernel, from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"


def run(warehouse: Path, target: Path, *paths: Path, to: str = "notebook") -> None:
    """Execute notebooks over a warehouse and write them to a folder."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--to", to, "--execute"),
            *("--output-dir", str(target), *map(str, paths)),
        ],
        env={
            **os.environ,
            "CARTWHEEL_WAREHOUSE": str(warehouse),
            "PYTHONPATH": str(FOLDER),  # where they find analysis.py, wherever they are
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def run_in_one_kernel(warehouse: Path, target: Path, *paths: Path) -> None:
    """Execute notebooks as run() does, one after another in one kernel: in half the time."""
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    joined = notebooks[0].copy()
    joined.cells = []
    for notebook in notebooks:
        joined.cells += [nbformat.v4.new_code_cell("%reset -f"), *notebook.cells]
    for number, cell in enumerate(joined.cells):
        cell.id = str(number)
    source = target / "joined.ipynb"
    nbformat.write(joined, source)
    run(warehouse, target / "executed", source)
    cells = nbformat.read(target / "executed" / source.name, as_version=4).cells
    for path, notebook in zip(paths, notebooks, strict=True):
        last = len(notebook.cells) + 1
        notebook.cells, cells = cells[1:last], cells[last:]
        nbformat.write(notebook, target / path.name)


def outputs(path: Path) -> list[Any]:
    """What the cells of a notebook gave, in their order."""
    cells = nbformat.read(path, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


def charts(path: Path) -> int:
    """How many charts the cells of a notebook ask for."""
    cells = nbformat.read(path, as_version=4).cells
    return sum(len(re.findall(r"\.show\(\)", cell.source)) for cell in cells)


def assert_told_and_drawn(executed: Path) -> None:
    """No cell failed, each chart is there, and the first cell and each question are told."""
    found = outputs(executed)
    text = nbformat.read(executed, as_version=4)
    questions = sum(
        cell.cell_type == "markdown" and cell.source.startswith("## ") for cell in text.cells
    )
    told = [each for each in found if each.output_type == "stream" and each.name == "stdout"]

    assert [each for each in found if each.output_type == "error"] == []
    assert [each for each in found if getattr(each, "name", "") == "stderr"] == []
    assert sum(FIGURE in each.get("data", {}) for each in found) == charts(executed)
    assert told[0].text.startswith("Read from ")
    assert len(told) > questions > 0
    assert not any("nan" in each.text for each in told)
