"""Measure the store generator: orders a second at N and at 4 N orders.

.venv/bin/python -m bench.generator --orders 5000

Each run is a process of its own, as a user starts it, into a fresh folder; the best of
several counts. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

GROWTH = 4


@dataclass(frozen=True)
class Run:
    """One store: wall seconds, and processor seconds of all its processes."""

    seconds: float
    processor: float


def main() -> None:
    """Measure both sizes with one process and with two, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the generator at N and 4 N orders.")
    parser.add_argument("--orders", type=int, default=5_000, help="N; 5000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    parser.add_argument("--runs", type=int, default=5, help="of which the best counts")
    options = parser.parse_args()
    sizes = (options.orders, GROWTH * options.orders)
    print(f"{'':9}" + "".join(f"{f'{size:,} orders':>29}" for size in sizes))
    print(f"{'processes':9}" + f"{'seconds':>9}{'orders/s':>10}{'CPU s':>10}" * 2 + "  ratio")
    for processes in (1, 2):
        small, large = (_best(size, options.seed, processes, options.runs) for size in sizes)
        line = f"{processes:9}{_figures(small, sizes[0])}{_figures(large, sizes[1])}"
        print(f"{line}{large.seconds / small.seconds:>7.1f}")


def _best(orders: int, seed: int, processes: int, runs: int) -> Run:
    every = [_run(orders, seed, processes) for _ in range(runs)]
    return Run(min(run.seconds for run in every), min(run.processor for run in every))


def _run(orders: int, seed: int, processes: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as folder:
        command = [sys.executable, "-m", "sandbox.generator", folder]
        options = [f"--orders={orders}", f"--seed={seed}", f"--processes={processes}"]
        spent, began = _processor_seconds(), time.monotonic()
        subprocess.run([*command, *options], check=True, cwd=Path(__file__).parents[1])  # noqa: S603 - our own command
        return Run(time.monotonic() - began, _processor_seconds() - spent)


def _processor_seconds() -> float:
    """What all ended processes below this one have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _figures(run: Run, orders: int) -> str:
    return f"{run.seconds:>9.2f}{orders / run.seconds:>10,.0f}{run.processor:>10.2f}"


if __name__ == "__main__":
    main()
