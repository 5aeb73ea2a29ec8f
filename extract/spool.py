"""The folder of a run's files, and the lock that keeps a second run of the shop out."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cartwheel.errors import CartwheelError


class AlreadyRunning(CartwheelError):
    """Another run reads the same shop into the same warehouse."""


@contextmanager
def spool_folder(warehouse: Path, shop: str) -> Iterator[Path]:
    """A new folder beside the warehouse that only its owner can read; gone at the end.

    What killed runs of the shop left behind is removed too: it holds customers' data.

    Raises AlreadyRunning while another process has the shop's folder.
    """
    above = warehouse.with_name(f"{warehouse.name}.spool")
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder, lock = above / shop, above / f"{shop}.lock"
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(
                f"Another run reads {shop} into {warehouse}. Wait for it to end, or end it, "
                "then run: cartwheel extract"
            ) from None
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)
    with suppress(OSError):  # not empty: another shop is being read
        above.rmdir()
