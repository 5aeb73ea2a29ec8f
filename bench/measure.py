"""What the measurements share: a task in a process of its own, and a sandbox in another."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

UNLIMITED = 10**9
START_TIMEOUT = 600.0  # seconds
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Measured:
    """What a task took: wall seconds, rows that it handled, peak memory in megabytes."""

    seconds: float
    rows: int
    megabytes: float


def in_process(task: Callable[..., int], *arguments: object) -> Measured:
    """Run a task, which gives its number of rows, in a process of its own.

    Raises RuntimeError if it fails; its traceback is on stderr.
    """
    receiver, sender = SPAWN.Pipe(duplex=False)
    began = time.monotonic()
    process = SPAWN.Process(target=_tell, args=(sender, task, arguments))
    process.start()
    sender.close()
    try:
        rows, megabytes = receiver.recv()
    except EOFError:
        raise RuntimeError(f"{task.__name__} failed; see above") from None
    process.join()
    return Measured(time.monotonic() - began, rows, megabytes)


def _tell(sender: Connection, task: Callable[..., int], arguments: tuple[object, ...]) -> None:
    rows = task(*arguments)
    sender.send((rows, peak_megabytes()))


def peak_megabytes(used: resource.struct_rusage | None = None) -> float:
    """The peak of resident memory, of this process unless said."""
    peak = (used or resource.getrusage(resource.RUSAGE_SELF)).ru_maxrss
    # bytes on macOS, kilobytes elsewhere
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


# What follows imports inside functions: each process loads, and is charged for, what it runs.


def generate_store(folder: Path, orders: int, seed: int) -> int:
    """Generate a store in <folder>/store; give its number of orders."""
    from sandbox.generator import generate

    generate(folder / "store", orders, seed)
    return orders


@contextmanager
def sandbox_of(folder: Path) -> Iterator[int]:
    """Serve <folder>/store from a process of its own, without a rate limit.

    The settings that reach it are in <folder>/sandbox.env. Gives the process's id.
    """
    process = SPAWN.Process(target=_serve, args=(folder,), daemon=True)
    process.start()
    try:
        give_up = time.monotonic() + START_TIMEOUT
        while not (folder / "sandbox.env").exists():
            if not process.is_alive() or time.monotonic() > give_up:
                raise RuntimeError("The sandbox did not start; see above")
            time.sleep(0.05)
        yield process.pid or 0
    finally:
        process.terminate()
        process.join()


def _serve(folder: Path) -> None:
    from cartwheel.core.progress import silent
    from sandbox.server import serve

    serve(
        folder / "store",
        write_env=folder / "sandbox.env",
        say=silent,
        hubspot_rate=UNLIMITED,
        hubspot_daily=UNLIMITED,
        shopify_rate=UNLIMITED,
        shopify_bucket=UNLIMITED,
    )
