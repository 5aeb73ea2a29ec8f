"""The log: our loggers, what no line of theirs may hold, and the file of --log-file."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from cartwheel.cli.terminal import visible
from cartwheel.core.clock import rfc3339
from cartwheel.core.redaction import redacted

# other libraries' loggers stay out: urllib3's, for one, shows queries, which may hold secrets
PACKAGES = ("cartwheel", "extract", "load", "quality", "dashboard")


class Redactor(logging.Filter):
    """Takes e-mails, and the secrets that it was told of, out of every record."""

    def __init__(self) -> None:
        super().__init__()
        self._secrets: set[str] = set()
        self._paths: set[str] = set()

    def hide(self, secrets: Iterable[str]) -> None:
        """Keep these texts out of the log from now on."""
        self._secrets.update(secrets)

    def show(self, *paths: Path | None) -> None:
        """Leave these paths as they are, which may have an @ and are no e-mails."""
        self._paths.update(str(path) for path in paths if path is not None)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without what is secret, a person's or steers a terminal."""
        text = redacted(record.getMessage(), self._secrets, self._paths)
        record.msg, record.args = visible(text), ()
        return True


class LogFile(logging.Handler):
    """A file to which every record is appended, as one dated line.

    A new one is readable by its owner alone. Raises click.BadParameter if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_full = False
        try:
            opened = os.open(
                path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise click.BadParameter(
                f"{path} cannot be written: {error.strerror}. Name a file in a folder that "
                "can be written, and no symbolic link"
            ) from None
        self._file = os.fdopen(opened, "a", encoding="utf-8", errors="backslashreplace")
        # not before: logging closes every handler that it knows
        super().__init__(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        """Append a record; a full disk ends the log with a warning, not the command."""
        if self._is_full:
            return
        moment = stamp(record, "milliseconds")
        text = " | ".join(record.getMessage().splitlines())
        try:
            self._file.write(f"{moment} {record.levelname:<7} {record.name}  {text}\n")
            self._file.flush()
        except OSError as error:
            self._is_full = True
            sys.stderr.write(f"Warning: {self._path} ends here: {error.strerror}.\n")

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # what a full disk did not take
            self._file.close()
        super().close()


def stamp(record: logging.LogRecord, precision: Literal["seconds", "milliseconds"]) -> str:
    """When a record was made, by the machine's clock: 2026-11-29T12:00:00Z."""
    return rfc3339(datetime.fromtimestamp(record.created, UTC), precision)


def attach(handler: logging.Handler) -> None:
    """Let a handler have the records of our loggers, from its level upwards."""
    for logger in map(logging.getLogger, PACKAGES):
        logger.addHandler(handler)
        _adjust(logger)


def detach(handler: logging.Handler) -> None:
    """Take a handler away again, and close it."""
    for logger in map(logging.getLogger, PACKAGES):
        logger.removeHandler(handler)
        _adjust(logger)
    handler.close()


def _adjust(logger: logging.Logger) -> None:
    """Give a logger the level that its handlers need."""
    logger.setLevel(min((each.level for each in logger.handlers), default=logging.NOTSET))
    # dbt gives the root a handler of its own, which would show each line a second time
    logger.propagate = not logger.handlers
