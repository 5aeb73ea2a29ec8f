"""Ctrl-C and SIGTERM as KeyboardInterrupt, where Python would not lose it."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

AGAIN = 0.02  # seconds

# Python's own code: of an interruption in a callback of the import system, and in what cleans
# an object up, it says "Exception ignored", and goes on, perhaps with a lock that nobody frees
_IMPORTS, _CLEANS_UP = "<frozen importlib", "__del__"

_came = threading.Event()


def interrupt(number: int, frame: FrameType | None) -> None:
    """Handle a signal: raise KeyboardInterrupt, here or as soon as it would not be lost."""
    if not is_put_off(number, frame):
        _came.set()
        raise KeyboardInterrupt


def forget() -> None:
    """Let an interruption be over, since another command begins in this process."""
    _came.clear()


def has_come() -> bool:
    """Whether the command was interrupted: its threads begin nothing more then."""
    return _came.is_set()


def is_interruption(error: BaseException) -> bool:
    """Whether an error is how an interruption ended something, not a failure."""
    # DuckDB raises its own error for an interruption within a query
    of_query = type(error) is RuntimeError and str(error) == "Query interrupted"
    return of_query or not isinstance(error, Exception)


def rest(seconds: float) -> None:
    """Wait, in any thread, until the time has passed or the command is interrupted."""
    _came.wait(seconds)


def is_put_off(number: int, frame: FrameType | None) -> bool:
    """Whether an interruption would be lost in a frame; the signal comes again soon then."""
    if not _is_lost(frame):
        return False
    timer = threading.Timer(AGAIN, os.kill, (os.getpid(), number))
    timer.daemon = True
    timer.start()
    return True


def interrupting_signals() -> list[signal.Signals]:
    """The signals that interrupt a command, less those that it is told to ignore.

    A shell has its background processes ignore Ctrl-C.
    """
    both = (signal.SIGINT, signal.SIGTERM)
    return [each for each in both if signal.getsignal(each) != signal.SIG_IGN]


def _is_lost(frame: FrameType | None) -> bool:
    if frame is not None and frame.f_code.co_filename.startswith(_IMPORTS):
        return True
    while frame is not None:
        if frame.f_code.co_name == _CLEANS_UP:
            return True
        frame = frame.f_back
    return False
