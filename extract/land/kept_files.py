"""The folder in which a user keeps the files that were landed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from cartwheel.core.errors import OutputError


def expect_writable(folder: Path) -> None:
    """Raise OutputError if files cannot be kept in a folder; make it if it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"Files cannot be kept in {folder}: {error.strerror}. Name another folder with "
            "--keep, or omit the option; nothing was read."
        ) from error


def keep_file(path: Path, folder: Path) -> None:
    """Move a file of the staging folder into another folder, readable by its owner alone.

    A file of that name there is replaced; a link too, not what it leads to. Raises
    OutputError if the folder cannot be written.
    """
    kept = folder / path.name
    try:
        path.chmod(0o600)
        try:
            path.replace(kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(path, kept)
            path.unlink()
    except OSError as error:
        raise OutputError(
            f"{path.name} was landed, but cannot be kept in {folder}: {error.strerror}. Check "
            "the folder and the space on its disk, or omit --keep; then run: cartwheel "
            "extract"
        ) from error


def _copy(path: Path, kept: Path) -> None:
    """Copy a file to another file system, at once and whole."""
    part = kept.with_name(f".{kept.name}.part")
    part.unlink(missing_ok=True)
    try:
        made = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(made, "wb") as target, path.open("rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
        part.replace(kept)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
