"""Output of a running command: lines that stay, and on a terminal a progress line."""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
from typing import Any

import click

from cartwheel.core.progress import Say, labelled

_ERASE = "\r\x1b[K"


class Screen:
    """Lines go to stdout, or to stderr where stdout carries JSON; safe for threads.

    On a terminal, progress is one line, overwritten by what comes next; elsewhere each update
    is a line of its own, as JSON if a program reads along.
    """

    def __init__(self, as_data: bool, step: str = "") -> None:
        self._as_data = as_data
        self._is_terminal = (sys.stderr if as_data else sys.stdout).isatty()
        self._lock = threading.Lock()
        self._is_pending = False
        self.say: Say = labelled(self.line, step) if step else self.line

    def line(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            before = _ERASE if self._is_pending else ""
            self._is_pending = False
            click.echo(before + text, err=self._as_data)

    def watch(self, update: Any) -> None:
        """Show the progress of a run: update is a dataclass that reads as a sentence."""
        if self._as_data:
            self.line(json.dumps({"progress": dataclasses.asdict(update)}))
        elif not self._is_terminal:
            self.say(str(update))
        else:
            with self._lock:
                self._is_pending = True
                click.echo(f"{_ERASE}{update}", nl=False)
