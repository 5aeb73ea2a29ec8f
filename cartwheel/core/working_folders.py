"""Working folders with customers' data: private, marked as ours, and removed after a kill.

A folder is ours if it is a real directory with our marker in it. Nothing else is ever
removed, and no link is followed on the way to one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cartwheel.core.errors import OutputError

MARKER = ".made-by-cartwheel"
LOCK = ".lock"
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


def is_folder(path: Path) -> bool:
    """Whether a directory is there itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def is_ours(folder: Path) -> bool:
    """Whether the folder was made by make(): a real directory with a real marker."""
    marker = folder / MARKER
    return is_folder(folder) and marker.is_file() and not marker.is_symlink()


def make(folder: Path) -> None:
    """Make a folder that only its owner can enter, and mark it as ours.

    Raises OutputError if something is there already or it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700)
        os.close(_open(folder / MARKER, os.O_EXCL))
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {error.strerror}") from error


def remove(folder: Path) -> None:
    """Remove a folder of ours and everything in it; an empty unmarked one too.

    The marker is removed last, so that an interrupted removal can be repeated. Raises
    OutputError, and removes nothing, if it is not ours.
    """
    if not is_folder(folder) or not (is_ours(folder) or not any(folder.iterdir())):
        raise OutputError(
            f"{folder} was not made by Cartwheel, so it is neither used nor removed. Move it "
            "away, then repeat the command."
        )
    try:
        for path in folder.iterdir():
            if is_folder(path):
                shutil.rmtree(path)
            elif path.name != MARKER:
                path.unlink()
        (folder / MARKER).unlink(missing_ok=True)
        folder.rmdir()
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be removed: {error.strerror}. It may hold customers' data: "
            "remove it by hand."
        ) from error


def close_to_others(folder: Path) -> None:
    """Make sure that a folder is a directory of our own that only its owner can enter.

    Raises OutputError if it cannot be made, is a link or a file, or belongs to another user.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made: {error.strerror}. Check the rights of "
            f"{folder.parent}, then repeat the command."
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise OutputError(
            f"{folder} is a link or belongs to another user; customers' data are not written "
            "there. Remove it, then repeat the command."
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)


@contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a file, which is made for it and removed at the end.

    Raises BlockingIOError while another process holds it, or waits for that one; OutputError
    if its folder cannot be written, or something else is in its place, such as a link.
    """
    held = _locked(path, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(held)


@contextmanager
def passing_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder of ours in parent, removed at the end; its name begins with prefix.

    Folders with this prefix that killed runs left behind are removed first. The user of a
    folder locks the file beside it.
    """
    clear_abandoned(parent, prefix)
    folder = parent / f"{prefix}{os.getpid()}-{os.urandom(4).hex()}"
    with locked(lock_of(folder)):
        make(folder)
        try:
            yield folder
        finally:
            remove(folder)


def clear_abandoned(parent: Path, prefix: str = "") -> None:
    """Remove the folders of ours in parent, and locks, that no living run holds."""
    names = {path.name.removesuffix(LOCK) for path in parent.glob(f"{prefix}*")}
    for folder in sorted(parent / name for name in names):
        lock = lock_of(folder)
        if is_ours(folder) or (lock.is_file() and not lock.is_symlink()):
            with suppress(BlockingIOError), locked(lock):
                if is_ours(folder):
                    remove(folder)


def lock_of(folder: Path) -> Path:
    """The lock file of a folder."""
    return folder.with_name(folder.name + LOCK)


def is_held(lock: Path) -> bool:
    """Whether a process holds a lock file; makes and changes nothing."""
    try:
        file = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _locked(path: Path, how: int) -> int:
    while True:
        try:
            held = _open(path)
        except OSError as error:
            if error.errno in _NOT_WRITABLE and not os.path.lexists(path):
                raise OutputError(
                    f"The folder {path.parent} cannot be written: {error.strerror}. Make it "
                    "writable or, where it is the warehouse's, name a file in another folder "
                    "in CARTWHEEL_WAREHOUSE, then repeat the command."
                ) from error
            raise OutputError(
                f"{path} cannot be used as a lock: {error.strerror}. Remove it, then repeat "
                "the command."
            ) from error
        try:
            fcntl.flock(held, how)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(held), path.lstat()):
                    return held
        except BaseException:
            os.close(held)
            raise
        os.close(held)  # the former owner just removed it: nobody else sees this lock


def _open(path: Path, more: int = 0) -> int:
    """A file for its owner alone, never through a link."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | more, 0o600)
