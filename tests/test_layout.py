"""The house rules that a machine can check."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIONS = {"extract", "load", "quality", "notebooks"}
OURS = STATIONS | {"cartwheel", "sandbox"}
MAY_IMPORT_STATIONS = {"cartwheel/cli.py", "cartwheel/pipeline.py"}

MODULES = sorted(
    path.relative_to(ROOT) for package in OURS for path in (ROOT / package).rglob("*.py")
)


def imported_packages(path):
    """The packages of ours that a module imports, wherever in its text."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            if name.split(".")[0] in OURS:
                yield name.split(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_one_way(path):
    """A station imports itself and cartwheel; the sandbox imports nothing of ours."""
    package = path.parts[0]
    allowed = {package, "cartwheel"} if package != "sandbox" else {package}
    if str(path) in MAY_IMPORT_STATIONS:
        allowed |= OURS

    assert set(imported_packages(path)) <= allowed


def test_duckdb_is_opened_in_one_place():
    """Only cartwheel/warehouse.py calls duckdb.connect; the sandbox is no part of this."""
    openers = [
        str(path)
        for path in MODULES
        if path.parts[0] != "sandbox" and "duckdb.connect(" in (ROOT / path).read_text()
    ]

    assert openers == ["cartwheel/warehouse.py"]


def test_notebooks_are_committed_without_outputs():
    """No notebook carries an output: figures of a real store never enter the history."""
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert '"output_type"' not in path.read_text(), path.name
