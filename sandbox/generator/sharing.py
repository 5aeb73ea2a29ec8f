"""Shares the orders of a large store out over two processes.

What happens to an order depends on what was drawn for all before it, but takes much less time
than the writing. So this process lets every order happen and writes the later ones, while a
second one lets the earlier ones happen too, drawing the same, and writes them. Put behind
each other, the bytes are those that one process writes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sandbox.generator.core.files import BUFFER, open_lines

FEWEST = 2_000
"""Orders from which a second process saves more than its start costs."""

HEAD_START = 300
"""Orders that this process writes while Python starts for the second one."""

EARLIER = 0.71
"""The second process's share of the others; all other files are left to this one."""

ROOT = Path(__file__).parents[2]


def processes_for(orders: int) -> int:
    """How many processes write a store of that many orders fastest: one or two."""
    return min(2, _processors()) if orders >= FEWEST else 1


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def order_file(
    folder: Path, orders: int, seed: int, processes: int
) -> Iterator[tuple[IO[bytes], int]]:
    """The file for this process's orders and the slot of the first of them.

    On leaving, `orders.jsonl` is whole.

    Raises RuntimeError if the second process failed.
    """
    whole = folder / "orders.jsonl"
    if processes == 1:
        with open_lines(whole) as file:
            yield file, 0
        return
    first = int(EARLIER * max(0, orders - HEAD_START))
    later = folder / "orders.jsonl.later"
    second = _start(whole.resolve(), orders, seed, first)
    try:
        with open_lines(later) as file:
            yield file, first
        status = second.wait()
        if status:
            raise RuntimeError(
                f"The process that writes the earlier orders ended with status {status}; what"
                " it said stands above. To do without it, run: python -m sandbox.generator"
                f" {folder} --orders {orders} --seed {seed} --processes 1"
            )
        with later.open("rb") as source, whole.open("ab") as target:
            shutil.copyfileobj(source, target, BUFFER)
    finally:
        second.kill()
        second.wait()
        later.unlink(missing_ok=True)


def _start(path: Path, orders: int, seed: int, count: int) -> subprocess.Popen[bytes]:
    numbers = {"--orders": orders, "--seed": seed, "--count": count}
    options = [f"{name}={number}" for name, number in numbers.items()]
    command = [sys.executable, "-m", "sandbox.generator.earlier", str(path), *options]
    # from the root, where this very package is the one that Python finds first
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own command
