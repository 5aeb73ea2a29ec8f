"""A run against a warehouse of its own, and files like those that Shopify delivers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cartwheel.settings import Settings
from cartwheel.warehouse import open_warehouse
from extract.manifest import Run, create_tables

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of one shop, whose clock stands still."""
    settings = Settings(
        warehouse=tmp_path / "warehouse.duckdb", shop="corner.myshopify.com", now=NOW
    )
    return Run(settings)


@pytest.fixture
def warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """The run's warehouse, open, with every table of extract."""
    with open_warehouse(run.settings.warehouse) as connection:
        create_tables(connection)
        yield connection


class Deliveries:
    """Writes node lines as a bulk operation does: slashes escaped, parents by id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = 0

    def write(self, *nodes: dict[str, Any]) -> Path:
        """A new file with one line a node."""
        self.written += 1
        path = self.folder / f"delivery-{self.written}.jsonl"
        lines = [json.dumps(node).replace("/", "\\/") for node in nodes]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    """Where test files are written."""
    return Deliveries(tmp_path)
