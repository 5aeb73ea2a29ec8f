"""What the documents tell to type: the blocks of commands in each page, and how to run them.

A block is one of the language sh, or one without a language that begins with a command.
The line above it may hold a comment, which readers do not see:

    <!-- not run: why -->      needs what no test has, such as a real token
    <!-- ends with 1 -->       fails, and the page says so
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.commands import Command
from tests.end_to_end.journey import ROOT, own_environment

# pages that are run on the store which the tutorial brings in
ON_THE_STORE = [
    "docs/extract.md",
    "docs/how-to/ask-the-warehouse.md",
    "docs/how-to/backup.md",
    "docs/how-to/forget.md",
    "docs/how-to/remove.md",
    "docs/how-to/first-load.md",
    "docs/operations.md",
    "docs/workflows.md",
    "docs/how-to/agency.md",
    "docs/how-to/upgrade.md",
    # at the end: afterwards the settings name another HubSpot account
    "docs/how-to/move-account.md",
]
# run in a folder of their own
ALONE = ["README.md", "docs/tutorial.md", "docs/how-to/several-stores.md"]
# what a developer types and waits minutes for, what other tests run, and servers
NOT_RUN = [
    "bench/README.md",
    "docs/how-to/spark.md",
    "docs/quality.md",
    "docs/sandbox.md",
    "engines/spark/README.md",
]

FENCED = re.compile(
    r"(?:^<!-- (?P<note>.*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
BEGINNINGS = ("cartwheel ", "make ", ".venv/bin/", "python -m ")
# what a shell does more than to start a program with words
SHELL = re.compile(r"[|;<>$`*{]|^(?!(?:\.venv/bin/)?cartwheel ).", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands that a page tells to type together."""

    page: str
    text: str
    note: str = ""

    @property
    def why_not(self) -> str:
        """Why no test runs it; empty if one does."""
        return self.note.removeprefix("not run: ") if self.note.startswith("not run: ") else ""

    @property
    def ends_with(self) -> int:
        """The exit code that the page promises."""
        found = re.fullmatch(r"ends with (\d+)", self.note)
        return int(found[1]) if found else 0


def blocks(page: str) -> Iterator[Block]:
    """The blocks of commands of a page, in its order."""
    for found in FENCED.finditer((ROOT / page).read_text()):
        is_shell = found["language"] == "sh" or (
            not found["language"] and found["text"].startswith(BEGINNINGS)
        )
        if is_shell or (found["note"] or "").startswith("not run: "):
            yield Block(page, found["text"], found["note"] or "")


@dataclass
class Folder:
    """A folder in which commands are typed, and the programs that are left running."""

    path: Path
    environ: dict[str, str] = field(default_factory=own_environment)
    instead: dict[str, str] = field(default_factory=dict)  # what is typed for a page's words
    running: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the commands where the documents say they are: this code, on this Python."""
        programs = self.path / ".venv" / "bin"
        programs.mkdir(parents=True)
        module = {"cartwheel": "-m cartwheel ", "python": ""}
        for name, options in module.items():
            script = programs / name
            script.write_text(f'#!/bin/sh\nexec {sys.executable} {options}"$@"\n')
            script.chmod(0o755)
        # what a page copies from; a whole package here would be taken for ours
        (self.path / "load" / "objects").mkdir(parents=True)
        (self.path / "load" / "objects" / "labels").symlink_to(ROOT / "load/objects/labels")
        self.environ = self.environ | {
            "PATH": f"{programs}{os.pathsep}{self.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def type(self, block: Block) -> str:
        """Run a block, which must end as its page says; give what it printed."""
        for words, ours in self.instead.items():
            block = replace(block, text=block.text.replace(words, ours))
        lines = block.text.splitlines()
        # what is left running in the background, after what makes it ready
        servers = [line.removesuffix(" &") for line in lines if line.endswith(" &")]
        text = "\n".join(line for line in lines if not line.endswith(" &"))
        if SHELL.search(text):
            said = self._in_a_shell(replace(block, text=text))
        else:
            said = "".join(
                self._command(block, shlex.split(line)) for line in text.splitlines() if line
            )
        for line in servers:
            self._start(shlex.split(line)[1:])
        return said

    def _command(self, block: Block, words: list[str]) -> str:
        """Run one command, in a process forked from one that has imported it."""
        assert Path(words[0]).name == "cartwheel", words
        if "sandbox" in words[1:3]:
            self._start(words[1:])
            return ""
        done = Command.begin(words[1:], self.path, self.environ).finish()
        self._judge(block, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def _start(self, arguments: list[str]) -> None:
        """Start a sandbox, on a free port unless it names one, and wait for its settings."""
        settings = self.path / arguments[arguments.index("--write-env") + 1]
        port = [] if "--port" in arguments else ["--port", "0"]
        command = Command.begin([*arguments, *port], self.path, self.environ)
        self.running.append(command)
        deadline = time.monotonic() + 120
        while not settings.exists():
            assert command.is_running(), command.finish()
            assert time.monotonic() < deadline, "the sandbox did not start in 120 s"
            time.sleep(0.05)

    def _in_a_shell(self, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-euc", block.text],
            cwd=self.path,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        self._judge(block, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def _judge(self, block: Block, code: int | None, said: str) -> None:
        assert code == block.ends_with, f"{block.page}\n{block.text}\n{said[-4000:]}"
