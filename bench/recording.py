"""A command on a terminal of its own, or in a pipe: what it showed, when, and how it ended."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROWS, COLUMNS = 50, 120
LOOK_EVERY = 0.02  # seconds
STEPS = ("sandbox", "extract", "transform", "check", "setup", "plan", "load", "dashboard")

# what steers a terminal: colours, the cursor, the title
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")
_STEP = re.compile(rf"^(?:\S+Z )?({'|'.join(STEPS)}) ", re.MULTILINE)

Moment = Callable[[str], bool]  # whether it has come, by what was shown so far


@dataclass(frozen=True)
class Output:
    """What came at once, and when: seconds since the command began."""

    at: float
    text: str


@dataclass
class Recording:
    """All that a command showed, piece by piece, and how it ended."""

    command: Sequence[str]
    outputs: list[Output] = field(default_factory=list)
    seconds: float = 0.0
    exit_code: int = 0

    @property
    def text(self) -> str:
        """All that was shown, without what steers a terminal."""
        return plain("".join(each.text for each in self.outputs))

    def silences(self) -> dict[str, float]:
        """The longest time without a sign of life, for each step.

        A sign of life is something to see that was not there before: a terminal that is drawn
        again as it was is silent. What comes before the first step's line is "begin".
        """
        longest: dict[str, float] = {}
        step, last, seen = "begin", 0.0, ""
        for each in [*self.outputs, Output(self.seconds, "the end")]:
            shown = plain(each.text).strip()
            if not shown or shown == seen:
                continue
            longest[step] = max(longest.get(step, 0.0), each.at - last)
            last, seen = each.at, shown
            if named := _STEP.findall(plain(each.text)):
                step = named[-1]
        return longest

    def keep(self, folder: Path, name: str) -> None:
        """Write it as `script --log-timing` does."""
        folder.mkdir(parents=True, exist_ok=True)
        parts = [each.text.encode() for each in self.outputs]
        before = [0.0, *(each.at for each in self.outputs)]
        lines = [
            f"{each.at - last:.6f} {len(part)}\n"
            for each, last, part in zip(self.outputs, before, parts, strict=False)
        ]
        # scriptreplay leaves out the first line, which script writes itself
        head = f"Script started: {' '.join(self.command)}\n".encode()
        (folder / f"{name}.typescript").write_bytes(head + b"".join(parts))
        (folder / f"{name}.timing").write_text("".join(lines))


def plain(text: str) -> str:
    """A text without what steers a terminal."""
    return _ESCAPE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def record(
    command: Sequence[str],
    *,
    on_terminal: bool,
    environ: Mapping[str, str],
    folder: Path | None = None,
    interrupt: Moment | None = None,
    number: signal.Signals = signal.SIGINT,
    patience: float = 600.0,
) -> Recording:
    """Run a command with both its outputs on a terminal, or in one pipe, and record it.

    At the moment interrupt the command gets a signal: on a terminal SIGINT is the Ctrl-C that
    is typed there, which all its processes get.

    Raises TimeoutError, when it has killed the command, if that takes longer than patience.
    """
    recording = Recording(command)
    ours, theirs = pty.openpty() if on_terminal else os.pipe()
    if on_terminal:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - the caller's own command
        command,
        stdin=theirs if on_terminal else subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**environ, "TERM": "xterm-256color"},
        start_new_session=True,
        preexec_fn=_take_terminal if on_terminal else None,
    )
    os.close(theirs)
    decoder, text = getincrementaldecoder("utf-8")("replace"), ""
    try:
        while (part := _read(ours)) is None or part:
            if time.monotonic() - began > patience:
                raise TimeoutError(f"{' '.join(command)} runs on: {text[-2000:]}")
            if part:
                shown = decoder.decode(part)
                recording.outputs.append(Output(time.monotonic() - began, shown))
                text += plain(shown)
            if interrupt is not None and interrupt(text):
                interrupt = None
                if on_terminal and number == signal.SIGINT:
                    os.write(ours, b"\x03")
                else:
                    process.send_signal(number)
    except BaseException:
        process.kill()
        raise
    finally:
        recording.exit_code = process.wait()
        recording.seconds = time.monotonic() - began
        os.close(ours)
    return recording


def _read(stream: int) -> bytes | None:
    """What a stream has; nothing (None) if nothing comes for a moment; b"" at its end."""
    if not select.select([stream], [], [], LOOK_EVERY)[0]:
        return None
    with suppress(OSError):  # what Linux says when nobody has the terminal open any more
        return os.read(stream, 65536)
    return b""


def _take_terminal() -> None:
    """Make the terminal on stdin the one whose Ctrl-C this process gets."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
