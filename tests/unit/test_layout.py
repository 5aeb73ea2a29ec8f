"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# the sandbox imports nothing of ours, so that it cannot share a mistake with what it tests
STEPS = {"extract", "load", "quality", "dashboard"}
OURS = STEPS | {"cartwheel", "sandbox"}

# dotted name -> file of every module; a package goes by its own name
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in sorted(OURS)
    for path in sorted((ROOT / package).rglob("*.py"))
}


@cache
def imported(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, wherever in its text."""
    return frozenset(_imported(module))


def _imported(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            known = name if name in MODULES else name.rpartition(".")[0]
            if known in MODULES:
                yield known


def may_import(module: str, other: str) -> bool:
    """Whether the import rule of the house allows it."""
    package, theirs = module.partition(".")[0], other.partition(".")[0]
    if package == theirs:
        return not module.startswith("cartwheel.core") or other.startswith("cartwheel.core")
    if package == "cartwheel":
        return not module.startswith("cartwheel.core")
    return package in STEPS and other.startswith("cartwheel.core")


def room(module: str) -> str:
    """The folder that a module stands in; at the top of a package, the package."""
    if module == "cartwheel.__main__":
        return "cartwheel.cli"
    return module if MODULES[module].stem == "__init__" else module.rpartition(".")[0]


def test_imports_go_one_way():
    """The top of cartwheel imports all, a step cartwheel.core and no sibling, the sandbox
    nothing of ours."""
    offenders = [
        f"{module} imports {other}"
        for module in MODULES
        for other in imported(module)
        if not may_import(module, other)
    ]

    assert offenders == []


@pytest.mark.parametrize("group", [str, room], ids=["modules", "folders"])
def test_no_import_runs_in_a_circle(group):
    """Neither modules nor folders import each other in a circle."""
    graph: dict[str, set[str]] = {}
    for module in MODULES:
        others = {group(other) for other in imported(module)}
        graph.setdefault(group(module), set()).update(others - {group(module)})

    assert circle(graph) == []


def test_a_circle_is_found():
    """The check finds three that import each other in turn."""
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()})) == {"a", "b", "c"}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """The nodes of a circle in a graph, none if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_duckdb_is_opened_in_one_place():
    """Only cartwheel/core/instances.py calls duckdb.connect; the sandbox stands apart."""
    openers = [
        module
        for module, path in MODULES.items()
        if not module.startswith("sandbox") and "duckdb.connect(" in path.read_text()
    ]

    assert openers == ["cartwheel.core.instances"]


def test_notebooks_are_committed_without_outputs():
    """No notebook carries an output: figures of a real store never enter the history."""
    with_outputs = [
        path.name
        for path in (ROOT / "notebooks").glob("*.ipynb")
        if '"output_type"' in path.read_text()
    ]

    assert with_outputs == []


def test_each_text_of_a_notebook_begins_with_a_heading():
    """A markdown cell opens a part of its notebook, and holds no code that nobody runs."""
    texts = [
        "".join(cell["source"])
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
        if cell["cell_type"] == "markdown"
    ]

    assert len(texts) > 20
    assert [text for text in texts if not re.match(r"##? \S", text)] == []


def test_what_a_notebook_asks_of_a_period_leaves_its_comparisons_out():
    """Whoever puts another period into a cell gets it alone, not what it is compared with."""
    asked = [
        "".join(cell["source"])
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
        if "period = " in "".join(cell["source"])
    ]
    asked.append((ROOT / "notebooks" / "analysis.py").read_text())

    assert len(asked) > 5
    assert [sql for sql in asked if "comparison = 'none'" not in sql] == []


def test_a_period_that_a_notebook_chooses_governs_all_of_it():
    """No report of such a notebook is asked without the period, and each sentence says it."""
    notebooks = [
        ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
        for path in (ROOT / "notebooks").glob("*.ipynb")
    ]
    cells = [cell for cells in notebooks if "\nPERIOD = " in "".join(cells) for cell in cells]

    assert len(cells) > 15
    assert [cell for cell in cells if "from reports." in cell and "$period" not in cell] == []
    assert [cell for cell in cells if ".show()\n" in cell and "{WHEN}: " not in cell] == []


def test_the_tables_of_a_plan_are_named_in_its_room_alone():
    """What PlanSession makes, others reach through its methods and the names it offers."""
    made = re.compile(r"create or replace temp (?:table|view) (load_\w+)")
    names = {
        name
        for path in (ROOT / "load/plan").rglob("*.sql")
        for name in made.findall(path.read_text())
    }
    outside = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "load").rglob("*")
        if path.suffix in (".py", ".sql") and path.relative_to(ROOT / "load").parts[0] != "plan"
        for name in sorted(names)
        if re.search(rf"\b{name}\b", path.read_text())
    ]

    assert len(names) > 10
    assert outside == []


def test_each_table_of_ops_is_made_in_one_place():
    """The tables of ops are described in cartwheel/core/sql alone."""
    makers = {
        str(path.relative_to(ROOT).parent)
        for package in OURS - {"sandbox"}
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".sql")
        and "create table if not exists ops." in path.read_text()
    }

    assert makers == {"cartwheel/core/sql"}


def test_no_line_of_sql_is_too_long():
    """A line of the dbt project, templates included, has the width that sqlfluff fixes to."""
    settings = ConfigParser()
    settings.read(ROOT / ".sqlfluff")
    width = settings.getint("sqlfluff", "max_line_length")
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "dbt_project").rglob("*.sql"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > width
    ]

    assert (long, width) == ([], 100)
