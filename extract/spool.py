"""The folder of a run's files: private, beside the warehouse, and gone after the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def spool_folder(warehouse: Path) -> Iterator[Path]:
    """A new folder that only its owner can read; removed at the end.

    What killed runs left behind is removed too: it holds customers' data.
    """
    above = warehouse.with_name(f"{warehouse.name}.spool")
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in above.iterdir():
        if not _is_running(left.name):
            shutil.rmtree(left, ignore_errors=True)
    folder = above / str(os.getpid())
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not any(above.iterdir()):
            above.rmdir()


def _is_running(process: str) -> bool:
    """Whether the process that a folder is named after still runs."""
    if not process.isdecimal() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
