"""File errors in words: what went wrong, and what to type next.

DuckDB and dbt report such errors as text only, so they are recognised by their text.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cartwheel.core.errors import OutputError, WarehouseError, WarehouseLocked

_FULL = re.compile(r"No space left|Disk quota exceeded|File too large|Out of disk space", re.I)
_DAMAGED = re.compile(
    r"Corrupt database file|not a valid DuckDB database|Could not read enough bytes"
    r"|checksum .*does not match|Failed to deserialize|Serialization Error"
    r"|Failed to load metadata pointer|replaying WAL",
    re.I,
)
_RIGHTS = re.compile(r"Permission denied|Read-only file system|Operation not permitted", re.I)
# another process has a lock (not a damaged block); another connection of this one, a handle
_LOCKED = re.compile(r"Could not set lock|Conflicting lock|file handle conflict", re.I)
_HOLDER = re.compile(r"held in (?P<program>\S.*?) \(PID (?P<pid>\d+)\)")
# of the errors that the system gives Python: those of a disk and of rights
_OF_DISKS = {
    errno.ENOSPC: "Free space on the disk",
    errno.EDQUOT: "Free space on the disk",
    errno.EFBIG: "Free space on the disk",
    errno.EACCES: "Check the rights of the folder",
    errno.EPERM: "Check the rights of the folder",
    errno.EROFS: "Name a folder that can be written",
}


def of_warehouse(path: Path, *texts: str) -> WarehouseError | None:
    """The error that the first text to speak of the file or its disk tells; else None."""
    for text in texts:
        said = text.strip().partition("\n")[0]
        if _FULL.search(text):
            return WarehouseError(
                f"The disk that {path} is on is full ({said}). What was committed before is "
                "kept. Free space on the disk, then repeat the command."
            )
        if _DAMAGED.search(text):
            return WarehouseError(
                f"The warehouse {path} is damaged or not a DuckDB file ({said}). It was left "
                "as it is. Put a backup copy in its place; or move it away and run: cartwheel "
                "sync, which reads everything from Shopify again and knows HubSpot's records "
                "by their unique keys."
            )
        if _RIGHTS.search(text):
            return WarehouseError(
                f"The warehouse {path} cannot be opened or written ({said}). Check the rights "
                "of the file and of its folder, then repeat the command."
            )
    return None


def locked_told(path: Path, *texts: str) -> WarehouseLocked | None:
    """The error that the first text to speak of another program's lock tells; else None.

    DuckDB's advice on its own command line is left out.
    """
    for text in texts:
        if lock := _LOCKED.search(text):
            if found := _HOLDER.search(text):
                program = Path(found["program"].removesuffix(" (deleted)")).name
                held_by = told = f"{program} (PID {found['pid']})"
            else:
                told = text[lock.start() :].partition("\n")[0]
                told = told.partition(" However, you would")[0].rstrip(".")
                held_by = "another program"
            return WarehouseLocked(
                f"The warehouse {path} is open in another program: {told}. Close the notebook "
                "or the run that holds it, then repeat the command.",
                held_by=held_by,
            )
    return None


def chain(error: BaseException) -> Iterator[str]:
    """The texts of an error and of those that it came from, the earliest first."""
    if error.__cause__ or error.__context__:
        yield from chain(error.__cause__ or error.__context__)  # type: ignore[arg-type]
    yield str(error)


@contextmanager
def disk_told() -> Iterator[None]:
    """Turn what the system says of disks and rights into an OutputError with the file's name.

    Other errors of the system, such as those of a network, pass.
    """
    try:
        yield
    except OSError as error:
        todo = _OF_DISKS.get(error.errno or 0)
        if todo is None:
            raise
        named = f"{error.filename} " if error.filename else "A file "
        raise OutputError(
            f"{named}cannot be written or read: {error.strerror}. {todo}, then repeat the "
            "command."
        ) from error
