"""What the README tells to type, typed as it stands, in its order, in one folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import pytest

from tests.end_to_end.journey import ROOT, own_environment

README = (ROOT / "README.md").read_text()
# "make test" is this suite; "Your own store" needs an account
NOT_TYPED = {"make test"}
NOT_READ = {"Your own store"}


def sections() -> Iterator[tuple[str, list[str]]]:
    """Each heading with the blocks of code below it; the title's, and so on."""
    for section in re.split(r"^##? ", README, flags=re.MULTILINE)[1:]:
        heading, _, text = section.partition("\n")
        yield heading, re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """The commands of the README, in its order."""
    return [
        line
        for heading, blocks in sections()
        if heading not in NOT_READ
        for block in blocks
        for line in block.splitlines()
        if line.startswith(("make ", ".venv/")) and line not in NOT_TYPED
    ]


@dataclass
class Typed:
    """A folder in which the commands were typed, and what each printed by its text."""

    folder: Path
    printed: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """After all of them."""
    made = Typed(tmp_path_factory.mktemp("readme"))
    (made.folder / ".venv").symlink_to(sys.prefix)
    (made.folder / "Makefile").symlink_to(ROOT / "Makefile")
    copytree(ROOT / "notebooks", made.folder / "notebooks")
    for command in commands():
        made.printed[command] = _run(command, made.folder)
    return made


def _words(command: str) -> list[str]:
    """The words of a command; make takes the environment for ready, as it is."""
    words = shlex.split(command)
    return ["make", "--old-file=.venv/.ready", *words[1:]] if words[0] == "make" else words


def _run(command: str, folder: Path) -> str:
    done = subprocess.run(
        _words(command),
        cwd=folder,
        env=own_environment(),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stderr + done.stdout  # what is said, then the report, as on a terminal


def test_the_commands_are_found() -> None:
    """The README is read as it is meant: the demo, and what can be done with its warehouse."""
    words = [command.split() for command in commands()]

    assert words[0] == ["make", "demo"]
    assert [each[1] for each in words[1:]] == [
        *("workflows", "workflows", "dashboard", "dashboard", "nbconvert"),
    ]


def test_all_commands_succeed_in_their_order(typed: Typed) -> None:
    """Each ends with 0, typed in one folder after those before it."""
    assert list(typed.printed) == commands()


def test_the_demo_leaves_its_page(typed: Typed) -> None:
    """dashboard.html stands where the README says."""
    assert (typed.folder / "dashboard.html").stat().st_size > 100_000


def test_the_demo_ends_as_the_readme_says(typed: Typed) -> None:
    """Every line of the README's sample is printed, in its order or that of the threads."""
    (sample,) = (
        block for heading, blocks in sections() for block in blocks if "control totals" in block
    )
    undated = re.sub(r"(?m)^\S+Z ", "", typed.printed["make demo"])  # as on a terminal
    printed = {" ".join(line.split()) for line in undated.splitlines()}
    # another folder, at another speed
    printed |= {line.replace(str(typed.folder), "/home/ada/cartwheel") for line in printed}
    printed = {re.sub(r"finished in \d+ s", "finished in 67 s", line) for line in printed}

    missing = [
        line for line in sample.splitlines() if " ".join(line.split()) not in printed | {""}
    ]
    assert missing == [], typed.printed["make demo"][-2500:]
