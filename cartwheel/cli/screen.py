"""Output of a running command: lines that stay, and on a terminal bars of progress."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import click

from cartwheel.cli.bars import Bars
from cartwheel.cli.log import LogFile, Redactor, attach, detach, stamp
from cartwheel.cli.terminal import Part, draws, show
from cartwheel.cli.typed import Hints
from cartwheel.core.progress import LABEL_WIDTH, labelled

if TYPE_CHECKING:
    from cartwheel.core.progress import Update

_KEY = "cartwheel.cli.screen"

logger = logging.getLogger(__name__)


class Screen(logging.Handler):
    """Shows the records of our loggers to whoever runs the command; safe for threads.

    What steps say (INFO) goes to stdout, or to stderr where stdout carries JSON; what went
    wrong, and the details of --verbose (DEBUG), go to stderr. On a terminal, progress is
    bars, which go when the next line comes; elsewhere each update is a line of its own, as
    JSON if a program reads along.

    Lines that are redirected carry the time. Errors do so only in a file that holds the other
    lines too: alone on stderr they are the command's last word, which programs read.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.as_data = False
        self.redactor = Redactor()
        self.addFilter(self.redactor)
        self.hints = Hints()
        self.addFilter(self.hints)
        self._warned: set[str] = set()
        self._bars: Bars | None = None
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

    def warn_once(self, text: str) -> None:
        """Warn of what is still so when the settings are read again, as by sync --watch."""
        if text not in self._warned:
            self._warned.add(text)
            logger.warning("Warning: %s", text)

    def watch(self, update: Update) -> None:
        """Show the progress of a step."""
        labelled(lambda text: logger.info("%s", text, extra={"update": update}), update.step)(
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
        log_file.addFilter(self.redactor)
        log_file.addFilter(self.hints)
        attach(log_file)

    def end(self) -> None:
        """Leave the terminal and the loggers as they were before."""
        self.hide_bars()
        if self._log_file is not None:
            detach(self._log_file)
        detach(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record; an error of the stream is the command's."""
        update: Update | None = getattr(record, "update", None)
        is_aside = self.as_data or record.levelno != logging.INFO
        stream = sys.stderr if is_aside else sys.stdout
        if update is not None and self.as_data:
            click.echo(json.dumps({"progress": dataclasses.asdict(update)}), err=True)
        elif update is not None and draws(stream):
            self._bars = self._bars or Bars(stream)
            self._bars.show(update)
        else:
            self.hide_bars()
            dated = ""
            if not stream.isatty() and (
                record.levelno < logging.WARNING or _is_same(sys.stdout, sys.stderr)
            ):
                dated = f"{stamp(record, 'seconds')} "
            for line in _lines(record):
                show(dated, *line, err=is_aside)

    def hide_bars(self) -> None:
        """Take the bars off the terminal, for what is printed next."""
        if self._bars is not None:
            self._bars.hide()
            self._bars = None


def hint(text: str) -> None:
    """Print a text of ours that tells what to type, in the form in which the user types."""
    click.echo(as_typed(text))


def as_typed(text: str) -> str:
    """A text of ours, with the command in it as the user typed it, where a command runs."""
    ctx = click.get_current_context(silent=True)
    return Screen.of(ctx).hints.told(text) if ctx else text


def _lines(record: logging.LogRecord) -> Iterator[list[Part]]:
    """The lines of a record, in their colours."""
    first, *others = record.getMessage().splitlines() or [""]
    if record.levelno >= logging.ERROR:
        yield [("Error:", "bold red"), f" {first}"]
    elif record.levelno == logging.DEBUG:
        yield [(first, "dim")]
    else:
        width = LABEL_WIDTH if first[:LABEL_WIDTH].endswith("  ") else 0
        step, said = first[:width], first[width:]
        yield [(step, "cyan"), (said, "yellow" if said.lower().startswith("warning:") else "")]
    for line in others:
        yield [line]


def _is_same(one: IO[str], other: IO[str]) -> bool:
    """Whether two streams write to one file, as after 2>&1."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (OSError, ValueError):  # a stream without a file, or closed
        return False
