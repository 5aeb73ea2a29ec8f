"""Where a command writes while it runs: on a terminal, below the lines, how far it is."""

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

    How far a run is stays one line on a terminal, overwritten by what comes next;
    elsewhere it is a line like the others, and JSON where a program reads along.
    """

    def __init__(self, as_data: bool, station: str = "") -> None:
        self._as_data = as_data
        self._is_terminal = (sys.stderr if as_data else sys.stdout).isatty()
        self._lock = threading.Lock()
        self._is_pending = False
        self.say: Say = labelled(self.line, station) if station else self.line

    def line(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            before = _ERASE if self._is_pending else ""
            self._is_pending = False
            click.echo(before + text, err=self._as_data)

    def watch(self, update: Any) -> None:
        """Show how far a run is: update is a dataclass that reads as a sentence."""
        if self._as_data:
            self.line(json.dumps({"progress": dataclasses.asdict(update)}))
        elif not self._is_terminal:
            self.say(str(update))
        else:
            with self._lock:
                self._is_pending = True
                click.echo(f"{_ERASE}{update}", nl=False)
