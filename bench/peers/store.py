"""The input of all: a generated store, read by our extract from the sandbox, and kept."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.peers.installing import ROOT
from bench.peers.processes import Took, run


@dataclass(frozen=True)
class Store:
    """A store that was generated and landed; reading is what our extract took for it."""

    folder: Path
    orders: int
    reading: Took

    @property
    def warehouse(self) -> Path:
        """The warehouse that our extract left."""
        return self.folder / "landed.duckdb"

    @property
    def bulk_file(self) -> Path:
        """The orders as Shopify's bulk operation wrote them, children on lines of their own."""
        return self.folder / "kept/orders.jsonl"


def ours(folder: Path, settings: Path, warehouse: Path, *arguments: str | Path) -> Took:
    """Run a command of Cartwheel on a warehouse, in a process of its own.

    Raises PeerFailed with what it said, if it fails.
    """
    command = [sys.executable, "-m", "cartwheel", "--env", settings, *arguments]
    environment = {
        "CARTWHEEL_WAREHOUSE": str(warehouse),
        "PYTHONPATH": str(ROOT),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
    }
    return run(command, folder=folder, environment=environment)


def read(folder: Path, orders: int) -> Store:
    """Land the store that the sandbox serves, and keep the files."""
    arguments = ("extract", "--via", "bulk", "--keep", folder / "kept")
    took = ours(folder, folder / "sandbox.env", folder / "landed.duckdb", *arguments)
    return Store(folder, orders, took)


def rows(warehouse: Path, *tables: str) -> int:
    """How many rows these tables have together."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = 0
        for table in tables:
            row = connection.execute(f"select count(*) from {table}").fetchone()
            found += row[0] if row else 0
    return found
