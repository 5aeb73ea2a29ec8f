"""The cartwheel command in processes of its own, forked from one that has imported it.

A command that builds imports dbt, Great Expectations and pandas, which takes longer than what
it does to a small store. Each command here is still a process: with its own settings,
folder, output, signals and end; only what it imports was imported before.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from cartwheel.cli.app import COMMANDS

PRELOADED = [
    "cartwheel.cli.app",
    *sorted({f"cartwheel.cli.{module}" for module, _ in COMMANDS.values()}),
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    "great_expectations",
    "sandbox.run",
    "tests.commands",
]

_processes = get_context("forkserver")
_processes.set_forkserver_preload(PRELOADED)


@dataclass
class Command:
    """A command that was begun; its output goes to files until it ends."""

    arguments: list[str]
    process: ForkServerProcess
    _outputs: TemporaryDirectory[str] = field(repr=False)
    afterwards: Callable[[], object] = lambda: None  # called when its end was seen

    @classmethod
    def begin(
        cls,
        arguments: Sequence[str],
        folder: Path,
        environ: Mapping[str, str],
        program: str = "cartwheel",
    ) -> Command:
        """Begin `cartwheel ARGUMENTS` in a folder, with these variables and no others.

        The other programs that there are: pytest, and dbt, as `python -m` starts it.
        """
        outputs = TemporaryDirectory(prefix="command-")
        process = _processes.Process(
            target=_run, args=([program, *arguments], str(folder), {**environ}, outputs.name)
        )
        process.start()
        return cls([*arguments], process, outputs)

    @property
    def returncode(self) -> int | None:
        """How it ended: its exit code, or minus the signal that killed it."""
        return self.process.exitcode

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.is_alive()

    def said(self, output: str = "err") -> str:
        """What it has written by now to "out" or "err"."""
        return Path(self._outputs.name, output).read_text()

    def wait_for(self, words: str, output: str = "err", timeout: float = 60) -> None:
        """Wait until it has written these words."""
        deadline = time.monotonic() + timeout
        while not (Path(self._outputs.name, output).exists() and words in self.said(output)):
            assert self.is_running(), self.finish()
            assert time.monotonic() < deadline, f"{self.arguments} did not say: {words}"
            time.sleep(0.01)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def finish(self, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        """Wait for its end, and give its exit code and what it wrote."""
        self.process.join(timeout)
        assert self.process.exitcode is not None, f"{self.arguments} runs on after {timeout} s"
        self.afterwards()
        outputs = [Path(self._outputs.name, name).read_text() for name in ("out", "err")]
        self._outputs.cleanup()
        return subprocess.CompletedProcess(self.arguments, self.process.exitcode, *outputs)


def _run(arguments: list[str], folder: str, environ: dict[str, str], outputs: str) -> None:
    """Become `python -m PROGRAM ARGUMENTS`, in the process that was forked."""
    gc.freeze()  # what was imported stays: to look at it is to copy it from the other process
    for number, name in ((1, "out"), (2, "err")):
        written = os.open(Path(outputs, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(written, number)
        os.close(written)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - until the end
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = arguments

    if arguments[0] == "pytest":
        import pytest

        sys.exit(pytest.main(arguments[1:]))
    if arguments[0] == "dbt":
        from dbt.cli.main import cli

        sys.path.insert(0, folder)
        cli(arguments[1:])

    from cartwheel.cli.app import main

    main()
