"""Writes the pages that come from the code: python -m docs_reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cartwheel.build.dbt import dbt
from cartwheel.core.settings import Settings
from docs_reference import commands, exit_codes, json_reports, properties
from docs_reference.tables import table_pages

DOCS = Path(__file__).resolve().parents[1] / "docs"


def pages() -> Iterator[tuple[str, str]]:
    """The pages that need no build of dbt's: path below docs/, text."""
    yield commands.PATH, commands.commands_page()
    yield exit_codes.PATH, exit_codes.exit_codes_page()
    yield json_reports.PATH, json_reports.json_page()
    yield from table_pages()


def compiled_models(nodes: Iterable[Any]) -> dict[str, str]:
    """The SQL of models by schema.table, of dbt's nodes after a compile."""
    return {
        f"{node.schema}.{node.alias}": node.compiled_code
        for node in nodes
        if node.resource_type == "model"
    }


def write() -> None:
    """Write every page; the models are compiled over an empty warehouse."""
    with TemporaryDirectory() as folder:
        settings = Settings(warehouse=Path(folder, "empty.duckdb"))
        results = dbt(settings, "compile", "--select", "resource_type:model", "--quiet")
    compiled = compiled_models(result.node for result in results)
    for path, text in [*pages(), (properties.PATH, properties.properties_page(compiled))]:
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text)


if __name__ == "__main__":
    write()
