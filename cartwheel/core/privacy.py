"""Makes files with customers' data readable by their owner alone, from the first byte."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cartwheel.core.errors import OutputError

OTHERS = 0o077  # what the group and everybody else may do

_lock = threading.Lock()
_entered: list[int] = []  # the umask before each entry that has not ended yet


@contextmanager
def private_files() -> Iterator[None]:
    """Let only the owner read what this process creates within the block.

    The process's umask, because DuckDB makes files of its own: the write-ahead log and
    what does not fit into memory. Blocks may overlap, in several threads too.
    """
    with _lock:
        _entered.append(os.umask(OTHERS) if not _entered else _entered[0])
    try:
        yield
    finally:
        with _lock:
            before = _entered.pop()
            if not _entered:
                os.umask(before)


def close_warehouse(path: Path) -> None:
    """Close a warehouse and the files beside it to others, where they are open; say so once.

    They may come from another tool or an earlier version. Files of another user are not
    changed.
    """
    beside = (path, Path(f"{path}.wal"), Path(f"{path}.tmp"))
    opened = [each for each in beside if _close(each)]
    if opened:
        names = ", ".join(each.name for each in opened)
        sys.stderr.write(
            f"Warning: {names} in {path.parent} could be read by other users of this machine. "
            "They are closed now; whether anybody read them before is unknown.\n"
        )


def clear_spilled(path: Path) -> None:
    """Remove files that DuckDB spilled beside the warehouse in killed processes.

    Only while this process holds the warehouse open to write: nobody else has it open then.
    """
    folder = Path(f"{path}.tmp")
    if not folder.is_dir() or folder.is_symlink():
        return
    for spilled in folder.glob("duckdb_temp_*"):
        if not spilled.name.startswith(f"duckdb_temp_{os.getpid()}_"):
            spilled.unlink(missing_ok=True)
    with suppress(OSError):  # something else is in it
        folder.rmdir()


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Write a file atomically; a new one is readable by its owner alone, or as mode says.

    Where no mode is given an existing file keeps its permissions: its owner chose them.
    Raises OutputError if it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of a run that was killed
        file = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(file, "w", encoding="utf-8") as whole:
                whole.write(text)
                if mode is None and path.is_file():
                    mode = stat.S_IMODE(path.stat().st_mode)
                if mode is not None:
                    os.fchmod(whole.fileno(), mode)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}. Check the folder and the space on "
            "its disk, or name another file, then repeat the command."
        ) from error


def _close(path: Path) -> bool:
    """Close the path to others; returns whether it was open to them."""
    try:
        found = path.stat()
        if found.st_uid != os.geteuid() or not found.st_mode & OTHERS:
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
        return not path.stat().st_mode & OTHERS
    except OSError:
        return False
