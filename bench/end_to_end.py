"""Measure the pipeline: each step at N and at 10 N orders, in one run on one machine.

.venv/bin/python -m bench.end_to_end --orders 2000

Every step runs in a process of its own, so that its peak memory is its own; its
seconds hold the start of Python too. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from bench.measure import Measured, generate_store, in_process, sandbox_of

# what a sync does, in its order, and the plan, which is asked for alone
STEPS = ("extract", "transform", "check", "setup", "plan", "load")
BUILT = ("staging", "intermediate", "core", "hubspot", "reports", "workflows")

Sync = dict[str, Measured]


def main() -> None:
    """Measure two stores, one ten times the other, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the pipeline at two sizes.")
    parser.add_argument("--orders", type=int, default=2000, help="N; 2000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    options = parser.parse_args()
    small, _ = measure(options.orders, options.seed)
    large, again = measure(10 * options.orders, options.seed)
    report(options.orders, small, large, again)


def measure(orders: int, seed: int) -> tuple[Sync, Sync]:
    """Generate a store and sync it twice: each step of the first sync, and of the second."""
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        folder = Path(name)
        made = in_process(generate_store, folder, orders, seed)
        with sandbox_of(folder):
            first, second = (
                {step: in_process(_run_step, folder, step) for step in STEPS} for _ in range(2)
            )
    return {"generate": made, **first}, second


def report(orders: int, small: Sync, large: Sync, again: Sync) -> None:
    """Print both first syncs side by side, their ratio, and the second sync's share."""
    columns = f"{'seconds':>8}{'rows':>11}{'rows/s':>9}{'MB':>7}"
    print(f"{'':10}{f'{orders:,} orders':>35}{f'{10 * orders:,} orders':>35}")
    print(f"{'step':10}{columns}{columns}{'ratio':>7}{'2nd/1st':>9}")
    for step, few in small.items():
        many = large[step]
        line = f"{step:10}{_figures(few)}{_figures(many)}{many.seconds / few.seconds:>7.1f}"
        if step in again:
            line += f"{again[step].seconds / many.seconds:>9.0%}"
        print(line)
    totals = [_seconds_of_sync(sync) for sync in (small, large, again)]
    ratio, share = totals[1] / totals[0], totals[2] / totals[1]
    print(f"{'sync':10}{totals[0]:>8.1f}{totals[1]:>35.1f}{ratio:>34.1f}{share:>9.0%}")


def _figures(measured: Measured) -> str:
    rate = measured.rows / measured.seconds
    return (
        f"{measured.seconds:>8.1f}{measured.rows:>11,}{rate:>9,.0f}{measured.megabytes:>7,.0f}"
    )


def _seconds_of_sync(sync: Sync) -> float:
    return sum(sync[step].seconds for step in STEPS if step != "plan")


def _run_step(folder: Path, step: str) -> int:
    """Run a step over the folder's warehouse and give the number of rows it handled."""
    from cartwheel.core.progress import silent
    from cartwheel.core.settings import Settings
    from cartwheel.gated import pass_gate
    from cartwheel.transform import transform
    from extract.run import extract
    from load.run import load, open_for_plan
    from load.setup.run import set_up

    # dbt's own files stay beside the warehouse
    os.environ |= {
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ=warehouse)
    if step == "extract":
        return extract(settings, silent).rows_seen
    if step == "transform":
        transform(settings, silent)
        return _rows_of(settings.warehouse, BUILT)
    if step == "check":
        pass_gate(settings, silent)
        return _rows_of(settings.warehouse, ("hubspot",))
    if step == "setup":
        set_up(settings, silent)
        return 0
    if step == "plan":
        with open_for_plan(settings) as session:
            objects = session.refresh().objects.values()
        return sum(counts.writes + counts.unchanged for counts in objects)
    return load(settings, silent).writes


def _rows_of(warehouse: Path, schemas: tuple[str, ...]) -> int:
    from cartwheel.core.warehouse import open_warehouse

    with open_warehouse(warehouse, read_only=True) as connection:
        row = connection.execute(
            "select sum(estimated_size)::bigint from duckdb_tables() "
            "where list_contains(?, schema_name)",
            [schemas],
        ).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
