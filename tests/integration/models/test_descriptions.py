"""The documentation that `dbt docs` shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cartwheel.build.dbt import parse
from cartwheel.core.settings import Settings
from tests.unit.models.test_lineage import PATHS, described, layer

OURS = "cartwheel"


@pytest.fixture(scope="module")
def manifest():
    """The project as dbt parses it."""
    return parse(Settings(warehouse=Path("warehouse.duckdb")))


def test_everything_is_described(manifest):
    """Each model, seed and source with its columns, and each macro with its arguments."""
    described = [
        *(each for each in manifest.nodes.values() if each.resource_type in ("model", "seed")),
        *manifest.sources.values(),
        *(each for each in manifest.macros.values() if each.package_name == OURS),
    ]
    offenders = [
        f"{each.unique_id}: {lacking}" for each in described for lacking in _lacking(each)
    ]

    assert len(described) > 150
    assert offenders == []


def _lacking(node):
    """What has no description: a variant of a macro for an engine shares the macro's."""
    if node.resource_type == "macro":
        if "__" in node.name:
            return
        signature = re.match(
            r"\s*\{%-? (?:macro|test) \w+\s*\((.*?)\)\s*-?%\}", node.macro_sql, re.DOTALL
        )
        names = re.findall(r"(?:^|,)\s*(\w+)", signature.group(1)) if signature else []
        parts = {each.name: each.description for each in node.arguments}
    else:
        parts = {name: column.description for name, column in node.columns.items()}
        names = list(parts)
    if not node.description.strip():
        yield "itself"
    yield from (name for name in names if not parts.get(name, "").strip())
    yield from (f"{name}, which it has not" for name in parts if name not in names)


def test_the_first_page_tells_what_the_project_is(manifest):
    """`dbt docs` opens with an overview of our own, not dbt's."""
    overview = manifest.docs[f"doc.{OURS}.__overview__"].block_contents

    assert all(f"`{schema}`" in overview for schema in ("core", "hubspot", "reports"))


def test_no_column_is_left_out(empty_warehouse):
    """The columns that the yml files describe are those that the warehouse has."""
    built: dict[tuple[str, str], set[str]] = {}
    query = "select table_schema, table_name, column_name from information_schema.columns"
    for schema, table, column in empty_warehouse(query):
        built.setdefault((schema, table), set()).add(column)

    differing = []
    for path in PATHS:
        model = described(path)
        alias = model.get("config", {}).get("alias", path.stem)
        names = {column["name"] for column in model["columns"]}
        if built.get((layer(path), alias)) != names:
            differing.append(path.stem)
    assert differing == []
