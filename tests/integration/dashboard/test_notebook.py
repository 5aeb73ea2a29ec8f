"""The notebook is committed clean and runs from top to bottom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat

from dashboard.catalogue import CHARTS

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "dashboard.ipynb"


def test_no_output_is_committed() -> None:
    """No cell carries an output or an execution count."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert code
    assert [cell for cell in code if cell.outputs or cell.execution_count] == []


def test_the_notebook_runs(warehouse: Path, tmp_path: Path) -> None:
    """Run by nbconvert against a warehouse, it draws every chart without an error."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"),
            *(str(NOTEBOOK), "--output-dir", str(tmp_path), "--output", "run.ipynb"),
        ],
        env={**os.environ, "CARTWHEEL_WAREHOUSE": str(warehouse)},
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert run.returncode == 0, run.stderr

    cells = nbformat.read(tmp_path / "run.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]

    assert not [output for output in outputs if output.output_type == "error"]
    drawn = [output for output in outputs if "application/vnd.plotly.v1+json" in output.data]
    assert len(drawn) == len(CHARTS)
