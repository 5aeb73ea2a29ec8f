"""Measure landing, reading and models beside the tools of others, in one run.

.venv/bin/python -m bench.peers --orders 50000

Each tool is installed into an environment of its own below .venv-peers, from PyPI. All get the
same generated store. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.measure import generate_store, in_process, sandbox_of
from bench.peers.landing import landing
from bench.peers.models import models
from bench.peers.reading import reading
from bench.peers.store import Store, read
from bench.peers.table import Line, growth, table

PARTS = ("reading", "landing", "models")


def main() -> None:
    """Generate a store, and print a table for each part."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers",
        description="Measure Cartwheel beside the tools of others.",
    )
    parser.add_argument("--orders", type=int, default=10_000, help="10000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the store; 5 unless said")
    parser.add_argument("--only", choices=PARTS, help="measure this alone")
    parser.add_argument(
        "--dbt-packages",
        type=Path,
        metavar="DIR",
        help="folder with shopify, fivetran_utils, dbt_utils, spark_utils; "
        "installed from dbt's hub unless said",
    )
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="for what is made; the system's unless said"
    )
    options = parser.parse_args()
    parts = (options.only,) if options.only else PARTS
    with tempfile.TemporaryDirectory(prefix="cartwheel-peers-", dir=options.folder) as name:
        measure(Path(name), options.orders, options.seed, parts, options.dbt_packages)


def measure(
    folder: Path, orders: int, seed: int, parts: tuple[str, ...], packages: Path | None
) -> None:
    """Make the store, then measure these parts and print a table after each.

    The models of a quarter of the orders are measured as well: what one more order costs is
    not what dbt costs to start.
    """
    few: list[Line] = []
    if "models" in parts:
        quarter = _stored(folder / "quarter", orders // 4, seed)
        few = _print("models, a quarter", "orders", models(quarter, packages))
    (folder / "whole").mkdir()
    in_process(generate_store, folder / "whole", orders, seed)
    with sandbox_of(folder / "whole"):
        store = read(folder / "whole", orders)
        if "reading" in parts:
            _print("reading", "records that arrive", reading(store))
    if "landing" in parts:
        _print("landing", "lines of the bulk file of orders", landing(store))
    if "models" in parts:
        many = _print("models", "orders", models(store, packages))
        print("\n".join(growth(few, many)))


def _stored(folder: Path, orders: int, seed: int) -> Store:
    """Generate a store, and land it."""
    folder.mkdir()
    in_process(generate_store, folder, orders, seed)
    with sandbox_of(folder):
        return read(folder, orders)


def _print(title: str, of: str, lines: Iterable[Line]) -> list[Line]:
    """Print a table as it is measured; give its lines."""
    found: list[Line] = []

    def noted() -> Iterator[Line]:
        for line in lines:
            found.append(line)
            yield line

    for text in table(title, of, noted()):
        print(text, flush=True)
    print(flush=True)
    return found


if __name__ == "__main__":
    main()
