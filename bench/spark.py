"""Measure a whole build on Spark beside one on DuckDB, at two sizes.

.venv/bin/python -m bench.spark --orders 50000 400000

Both build and test every model of the same store, on all cores of this machine. Needs Java 17
and .venv-spark (make spark makes it). bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Measured, generate_store, in_process, sandbox_of
from bench.transform import extract_store

if TYPE_CHECKING:
    from cartwheel.core.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Compared:
    """One store: the build on DuckDB, and the three commands of the way through Spark."""

    duckdb: Measured
    export: Measured
    spark: float
    imported: Measured


def main() -> None:
    """Measure each size, and print the table."""
    parser = argparse.ArgumentParser(description="Measure a build on Spark and on DuckDB.")
    parser.add_argument("--orders", type=int, nargs="+", default=[50_000, 400_000])
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    parser.add_argument("--driver-memory", default="6g", help="of Spark, one process here")
    options = parser.parse_args()
    print(
        f"{'orders':>9}{'DuckDB':>9}{'export':>9}{'Spark':>9}{'import':>9}{'Spark/DuckDB':>14}"
    )
    for orders in options.orders:
        with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as folder:
            found = measure(Path(folder), orders, options.seed, options.driver_memory)
        took = (found.duckdb.seconds, found.export.seconds, found.spark, found.imported.seconds)
        seconds = "".join(f"{each:>9.1f}" for each in took)
        print(f"{orders:>9,}{seconds}{found.spark / found.duckdb.seconds:>14.1f}", flush=True)


def measure(folder: Path, orders: int, seed: int, memory: str) -> Compared:
    """Generate a store, land it, and build it by both."""
    in_process(generate_store, folder, orders, seed)
    with sandbox_of(folder):
        in_process(extract_store, folder, {})
        export = in_process(_export, folder)
        duckdb = in_process(_transform, folder)
        began = time.monotonic()
        _build(folder, memory)
        spark = time.monotonic() - began
        return Compared(duckdb, export, spark, in_process(_import, folder))


def _export(folder: Path) -> int:
    from cartwheel.core.progress import silent
    from cartwheel.lake.export import export_to_lake

    return sum(export_to_lake(_settings(folder), folder / "lake", silent).tables.values())


def _transform(folder: Path) -> int:
    from cartwheel.core.progress import silent
    from cartwheel.transform import transform

    return transform(_settings(folder), silent).passed


def _build(folder: Path, memory: str) -> None:
    lake, target = str(folder / "lake"), str(folder / "target")
    command = [".venv-spark/bin/python", "engines/spark/build.py", "--lake", lake]
    command += ["--conf", f"spark.driver.memory={memory}", "--target-path", target]
    command += ["--log-path", target, "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own command


def _import(folder: Path) -> int:
    from cartwheel.core.progress import silent
    from cartwheel.lake.marts import import_from_lake

    return sum(import_from_lake(_settings(folder), folder / "lake", silent).tables.values())


def _settings(folder: Path) -> Settings:
    from cartwheel.core.settings import Settings

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    return Settings.read(folder / "sandbox.env", environ=warehouse)


if __name__ == "__main__":
    main()
