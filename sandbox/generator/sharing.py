"""Shares the orders of a store out over two processes.

What takes long is not what befalls an order but its node and the writing. So both processes
let every order happen, drawing the same, and each writes its share of them: the earlier ones
this process, the later ones another, whose file is then put behind. The bytes are those that
one process writes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from sandbox.generator.files import BUFFER

FEWEST = 2_000
"""Orders from which a second process saves more than its start costs."""

EARLIER = 0.45
"""The share of this process, which writes all other files besides."""

ROOT = Path(__file__).parents[2]


class LaterOrders:
    """The orders from slot `first` on, as a second process writes them meanwhile.

    A context manager: on leaving, the second process has ended and its file is gone. With
    one process only, no order is a later one.
    """

    def __init__(self, folder: Path, orders: int, seed: int, processes: int | None) -> None:
        self.first = orders
        self._file = folder.resolve() / "orders.jsonl.later"
        self._process: subprocess.Popen[bytes] | None = None
        if processes is None:
            processes = min(2, _processors()) if orders >= FEWEST else 1
        if processes > 1:
            self.first = int(EARLIER * orders)
            self._process = self._start(orders, seed)

    def _start(self, orders: int, seed: int) -> subprocess.Popen[bytes]:
        numbers = {"--orders": orders, "--seed": seed, "--first": self.first}
        options = [f"{name}={number}" for name, number in numbers.items()]
        command = [sys.executable, "-m", "sandbox.generator.later", str(self._file), *options]
        # from the root, where this very package is the one that Python finds first
        return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own command

    def append_to(self, file: IO[bytes]) -> None:
        """Wait for the later orders and write them behind the earlier ones.

        Raises RuntimeError if the second process failed.
        """
        if self._process is None:
            return
        status = self._process.wait()
        if status:
            raise RuntimeError(
                f"The process that writes the later orders ended with status {status}; if it"
                " said why, that stands above. One process alone: generate(…, processes=1)"
            )
        with self._file.open("rb") as later:
            shutil.copyfileobj(later, file, BUFFER)

    def __enter__(self) -> LaterOrders:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._file.unlink(missing_ok=True)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
