"""Output of a running command: lines that stay, and on a terminal bars of progress."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

import click

from cartwheel.cli.log import LogFile, Redactor, attach, detach, stamp
from cartwheel.cli.terminal import Part, draws, show
from cartwheel.cli.typed import Hints
from cartwheel.core.awaited import in_words
from cartwheel.core.progress import LABEL_WIDTH, labelled

if TYPE_CHECKING:
    from cartwheel.cli.bars import Bars
    from cartwheel.core.progress import Update

_KEY = "cartwheel.cli.screen"
# seconds of silence until a sign of life: a person looks at a terminal, a log is read later
_ON_TERMINAL, _IN_LOG = 1.0, 4.5
_LOOK_EVERY, _LONGEST_WAIT = 0.1, 2.0  # seconds

logger = logging.getLogger(__name__)


class Screen(logging.Handler):
    """Shows the records of our loggers to whoever runs the command; safe for threads.

    All of it goes to stderr: stdout is left to the command's report. On a terminal, progress
    is bars, which go when the next line comes; elsewhere each update is a line of its own, as
    JSON if a program reads along. With quiet, only warnings and errors are shown.

    Lines that are redirected carry the time. Errors do so only where both outputs go to one
    file, as in cron's log: on stderr alone they are the command's last word, which programs
    read.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.as_data = self.quiet = False
        self.redactor = Redactor()
        self.addFilter(self.redactor)
        self.hints = Hints()
        self.addFilter(self.hints)
        self._warned: set[str] = set()
        self._bars: Bars | None = None
        self._log_file: LogFile | None = None
        self._step, self._said_at, self._shown_at = "", time.monotonic(), time.monotonic()
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

    @contextmanager
    def at_work(self, command: str) -> Iterator[None]:
        """Show signs of life while the block lasts: nobody should wonder whether it hangs.

        Where the step says nothing for a while, a terminal shows a mark that turns, and a log
        gets a line. At the end the screen is left to what is printed.
        """
        self._step, over = self._step or command, threading.Event()
        self._said_at = self._shown_at = time.monotonic()
        watcher = threading.Thread(target=self._watch_silence, args=(over,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join(_LONGEST_WAIT)
            self.hide_bars()

    def show_details(self) -> None:
        """Show what --verbose asks for. Raises click.UsageError after --quiet."""
        self.setLevel(logging.DEBUG)
        attach(self)
        self._expect_one_wish()

    def show_less(self) -> None:
        """Show what --quiet leaves. Raises click.UsageError after --verbose."""
        self.quiet = True
        self._expect_one_wish()

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
        if self.quiet and record.levelno == logging.INFO and not _is_warning(record):
            return
        self._note_moment(record)
        if update is not None and self.as_data:
            self.hide_bars()
            click.echo(json.dumps({"progress": dataclasses.asdict(update)}), err=True)
        elif update is not None and draws(sys.stderr):
            self._draw().show(update)
        else:
            self.hide_bars()
            dated = ""
            if not sys.stderr.isatty() and (
                record.levelno < logging.WARNING or _is_same(sys.stdout, sys.stderr)
            ):
                dated = f"{stamp(record, 'seconds')} "
            for line in _lines(record):
                show(dated, *line, err=True)

    def hide_bars(self) -> None:
        """Take the bars off the terminal, for what is printed next."""
        if self._bars is not None:
            self._bars.hide()
            self._bars = None

    def _expect_one_wish(self) -> None:
        if self.quiet and self.level == logging.DEBUG:
            raise click.UsageError("Give --quiet or --verbose, not both.")

    def _note_moment(self, record: logging.LogRecord) -> None:
        """Remember when something was shown last, and of which step."""
        self._shown_at = time.monotonic()
        if record.levelno == logging.INFO and not hasattr(record, "is_alive"):
            self._said_at = self._shown_at
            self._step = _step_of(record.getMessage()) or self._step

    def _watch_silence(self, over: threading.Event) -> None:
        # a stream that nobody reads any more is the command's error, when it says something
        with suppress(OSError, ValueError):
            while not self.quiet and not over.wait(_LOOK_EVERY):
                self._break_silence(time.monotonic() - self._shown_at)

    def _break_silence(self, seconds: float) -> None:
        if not draws(sys.stderr):
            if seconds >= _IN_LOG:
                waited = time.monotonic() - self._said_at
                text = f"{self._step:<{LABEL_WIDTH}}still at work, {waited:.0f} s"
                told = "; ".join(filter(None, (text, in_words())))
                logger.info("%s", told, extra={"is_alive": True})
        elif seconds >= _ON_TERMINAL and self._bars is None:
            self.acquire()  # a line may come just now
            try:
                self._draw()
            finally:
                self.release()

    def _draw(self) -> Bars:
        # imported here: rich takes a while, and most commands draw nothing
        from cartwheel.cli.bars import Bars

        self._bars = self._bars or Bars(sys.stderr, self._step, self._said_at)
        return self._bars


def hint(text: str) -> None:
    """Print a text of ours that tells what to type, in the form in which the user types."""
    click.echo(as_typed(text))


def as_typed(text: str) -> str:
    """A text of ours, with the command in it as the user typed it, where a command runs."""
    ctx = click.get_current_context(silent=True)
    return Screen.of(ctx).hints.told(text) if ctx else text


def _step_of(text: str) -> str:
    """The label of a line, such as "extract"; empty where it has none."""
    label = text[:LABEL_WIDTH]
    return label.strip() if label.endswith("  ") and label.strip() else ""


def _is_warning(record: logging.LogRecord) -> bool:
    """Whether a step says a warning."""
    text = record.getMessage()
    said = text[LABEL_WIDTH:] if _step_of(text) else text
    return said.lower().lstrip().startswith("warning:")


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
