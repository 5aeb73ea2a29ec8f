"""Commands on a terminal of their own, as a person sees them."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def on_terminal(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    columns: int = 160,
    with_progress: bool = True,
) -> tuple[int, str]:
    """Run a command with a terminal as its input and outputs; its exit code, what it showed.

    Without progress, which is on stderr and comes and goes with time, only stdout is shown.
    environ is added to this process's environment, less what says how to colour.
    """
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    ours = {name: value for name, value in os.environ.items() if name not in _COLOURING}
    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal if with_progress else subprocess.DEVNULL,
        cwd=folder,
        env=ours | {"TERM": "xterm-256color"} | dict(environ or {}),
    ) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # what Linux says when nobody has the terminal open any more
            while part := os.read(controller, 65536):
                shown += part
    os.close(controller)
    return process.returncode, shown.decode().replace("\r\n", "\n")


_COLOURING = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLORTERM", "COLUMNS", "LINES", "TERM"}
