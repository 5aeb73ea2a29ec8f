"""Measure the extract at N and at 4 N orders: memory, speed, and what a small change costs.

.venv/bin/python -m bench.extract --orders 50000

For both sizes and both settings (default, frugal) a first run; with the default a second
run with nothing new, and one after 1 % of the orders, customers and products changed. Every
run is a process of its own. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.day import hours_later, touch
from bench.measure import Measured, generate_store, in_process, sandbox_of

FRUGAL = {"CARTWHEEL_MEMORY_LIMIT": "300MB", "CARTWHEEL_BATCH_SIZE": "10000"}


@dataclass(frozen=True)
class Ran:
    """One extract: what the process took, and the requests and rows that its report tells."""

    took: Measured
    requests: int
    landed: int


def main() -> None:
    """Measure two stores, one four times the other, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the extract at N and 4 N orders.")
    parser.add_argument("--orders", type=int, default=5000, help="N; 5000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    options = parser.parse_args()
    few = measure(options.orders, options.seed)
    many = measure(4 * options.orders, options.seed)
    report(options.orders, few, many)


def measure(orders: int, seed: int) -> dict[str, Ran]:
    """Generate a store, serve it, and extract it in every way."""
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        folder = Path(name)
        in_process(generate_store, folder, orders, seed)
        with sandbox_of(folder):
            ran = {"frugal": _extract(folder, "frugal", FRUGAL)}
            (folder / "frugal.duckdb").unlink()
            ran["first"] = _extract(folder, "default", {})
            ran["second"] = _extract(folder, "default", hours_later(folder, 1))
            touch(folder)
            ran["after 1 %"] = _extract(folder, "default", hours_later(folder, 2))
        return ran


def report(orders: int, few: dict[str, Ran], many: dict[str, Ran]) -> None:
    """Print both sizes side by side, their ratio, and each run's share of the first."""
    columns = f"{'seconds':>8}{'orders/s':>9}{'MB':>7}{'requests':>9}{'landed':>11}"
    print(f"{'':10}{f'{orders:,} orders':>44}{f'{4 * orders:,} orders':>44}")
    print(f"{'run':10}{columns}{columns}{'seconds':>9}{'MB':>7}{'of first':>9}{'requests':>9}")
    for name, small in few.items():
        large = many[name]
        line = f"{name:10}{_figures(small, orders)}{_figures(large, 4 * orders)}"
        line += f"{large.took.seconds / small.took.seconds:>9.1f}"
        line += f"{large.took.megabytes / small.took.megabytes:>7.2f}"
        line += f"{large.took.seconds / many['first'].took.seconds:>9.1%}"
        print(line + f"{large.requests / many['first'].requests:>9.1%}")


def _figures(ran: Ran, orders: int) -> str:
    took = ran.took
    return (
        f"{took.seconds:>8.1f}{orders / took.seconds:>9,.0f}{took.megabytes:>7,.0f}"
        f"{ran.requests:>9,}{ran.landed:>11,}"
    )


def _extract(folder: Path, name: str, settings: dict[str, str]) -> Ran:
    told = folder / "report.json"
    took = in_process(_run, folder, name, settings, told)
    report = json.loads(told.read_text())
    return Ran(took, report["requests"], report["landed"])


def _run(folder: Path, name: str, limits: dict[str, str], told: Path) -> int:
    """Extract into a warehouse of this name; give the number of rows seen."""
    from cartwheel.core.settings import Settings
    from extract.run import extract

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / f"{name}.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ={**warehouse, **limits})
    found = extract(settings)
    told.write_text(json.dumps({"requests": found.requests, "landed": found.rows_landed}))
    return found.rows_seen


if __name__ == "__main__":
    main()
