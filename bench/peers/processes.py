"""A command in a process of its own, and what it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import peak_megabytes

Command = Sequence[str | Path]

TOLD = 300  # characters of what a command that failed said last


class PeerFailed(Exception):
    """A tool could not be installed or run; the message says why, in a line."""


@dataclass(frozen=True)
class Took:
    """What a process took with all that it waited for; memory is the largest one's peak."""

    seconds: float
    processor: float
    megabytes: float

    def plus(self, other: Took) -> Took:
        """Both, where the other ran beside it: its wall time is this one's."""
        return Took(
            self.seconds,
            self.processor + other.processor,
            self.megabytes + other.megabytes,
        )


def run(
    command: Command,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    fed: Path | None = None,
    written: Path | None = None,
) -> Took:
    """Run a command in a folder to its end; fed is its input, written takes its output.

    Raises PeerFailed with the last line that it said, if it fails.
    """
    with (
        (fed or Path(os.devnull)).open("rb") as entered,
        (written or Path(os.devnull)).open("wb") as left,
        tempfile.TemporaryFile() as said,
    ):
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=entered,
            stdout=left if written else said,
            stderr=said,
        )
        took = reap(process, began)
        said.seek(0)
        if process.returncode:
            name = " ".join(Path(part).name for part in command[:3])
            raise PeerFailed(
                f"{name} ended with {process.returncode}: {last_line(said.read())}"
            )
    return took


def reap(process: subprocess.Popen[bytes], began: float) -> Took:
    """Wait for a process that began at this time, and give what it took."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    return Took(seconds, used.ru_utime + used.ru_stime, peak_megabytes(used))


def last_line(said: bytes) -> str:
    """The last line with something on it, shortened."""
    lines = [
        line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()
    ]
    return lines[-1][:TOLD] if lines else "it said nothing"
