"""Output of a running command: lines that stay, and on a terminal a progress line."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import sys
from typing import IO, TYPE_CHECKING

import click

from cartwheel.cli.log import Discreet, LogFile, attach, detach, stamp
from cartwheel.core.progress import labelled

if TYPE_CHECKING:
    from extract.read.progress import Update

_ERASE = "\r\x1b[K"
_KEY = "cartwheel.cli.screen"

logger = logging.getLogger(__name__)


class Screen(logging.Handler):
    """Shows the records of our loggers to whoever runs the command; safe for threads.

    What steps say (INFO) goes to stdout, or to stderr where stdout carries JSON; what went
    wrong, and the details of --verbose (DEBUG), go to stderr. On a terminal, progress is one
    line, overwritten by what comes next; elsewhere each update is a line of its own, as JSON
    if a program reads along.

    Lines that are redirected carry the time. Errors do so only in a file that holds the other
    lines too: alone on stderr they are the command's last word, which programs read.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.as_data = False
        self.discreet = Discreet()
        self.addFilter(self.discreet)
        self._is_pending = False
        self._log_file: LogFile | None = None
        attach(self)

    @classmethod
    def of(cls, ctx: click.Context) -> Screen:
        """The screen of a command's run; it is closed with the run, and the log with it."""
        root = ctx.find_root()
        if _KEY not in root.meta:
            root.meta[_KEY] = screen = cls()
            root.call_on_close(screen.end)
        found: Screen = root.meta[_KEY]
        return found

    def say(self, text: str) -> None:
        """Say a line of progress."""
        logger.info("%s", text)

    def watch(self, update: Update) -> None:
        """Show the progress of an extract."""
        labelled(lambda text: logger.info("%s", text, extra={"update": update}), "extract")(
            str(update)
        )

    def show_details(self) -> None:
        """Show what --verbose asks for."""
        self.setLevel(logging.DEBUG)
        attach(self)

    def log_to(self, log_file: LogFile) -> None:
        """Write a log file as well; of two, the one named last."""
        if self._log_file is not None:
            detach(self._log_file)
        self._log_file = log_file
        log_file.addFilter(self.discreet)
        attach(log_file)

    def end(self) -> None:
        """Leave the loggers as they were before."""
        if self._log_file is not None:
            detach(self._log_file)
        detach(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record; an error of the stream is the command's."""
        update: Update | None = getattr(record, "update", None)
        is_aside = self.as_data or record.levelno != logging.INFO
        stream = sys.stderr if is_aside else sys.stdout
        text = record.getMessage()
        if update is not None and self.as_data:
            text = json.dumps({"progress": dataclasses.asdict(update)})
        elif update is not None and stream.isatty():
            self._is_pending = True
            click.echo(f"{_ERASE}{update}", nl=False)
            return
        elif not stream.isatty() and (
            record.levelno < logging.WARNING or _is_same(sys.stdout, sys.stderr)
        ):
            dated = stamp(record, "seconds")
            text = "\n".join(f"{dated} {line}" for line in _said(record, text).splitlines())
        else:
            text = _said(record, text)
        before = _ERASE if self._is_pending else ""
        self._is_pending = False
        click.echo(before + text, err=is_aside)


def _said(record: logging.LogRecord, text: str) -> str:
    return f"Error: {text}" if record.levelno >= logging.ERROR else text


def _is_same(one: IO[str], other: IO[str]) -> bool:
    """Whether two streams write to one file, as after 2>&1."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (OSError, ValueError):  # a stream without a file, or closed
        return False
