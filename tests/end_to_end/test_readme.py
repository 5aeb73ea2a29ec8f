"""What the README tells to type, typed as it stands, in its order, in one folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.end_to_end.journey import ROOT

README = (ROOT / "README.md").read_text()
# "make test" is this suite; "Your own store" needs an account
NOT_TYPED = {"make test"}
NOT_READ = {"Your own store"}


def sections() -> Iterator[tuple[str, list[str]]]:
    """Each heading with the blocks of code below it."""
    for section in re.split(r"^## ", README, flags=re.MULTILINE)[1:]:
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

    def shops(self, warehouse: str) -> list[str]:
        """The stores of a warehouse."""
        with open_warehouse(self.folder / warehouse, read_only=True) as connection:
            return [
                shop for (shop,) in connection.execute("select shop from raw.shops").fetchall()
            ]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typed]:
    """After all of them; what has to be left running is left so."""
    made = Typed(tmp_path_factory.mktemp("readme"))
    (made.folder / ".venv").symlink_to(sys.prefix)
    (made.folder / "Makefile").symlink_to(ROOT / "Makefile")
    copytree(ROOT / "notebooks", made.folder / "notebooks")
    left_running: list[subprocess.Popen[str]] = []
    try:
        for command in commands():
            if " sandbox " in command:
                left_running.append(_start(command, made.folder))
            else:
                made.printed[command] = _run(command, made.folder)
        yield made
    finally:
        for process in left_running:
            process.terminate()
            process.wait(timeout=30)


def _words(command: str) -> list[str]:
    """The words of a command; make takes the environment for ready, as it is."""
    words = shlex.split(command)
    return ["make", "--old-file=.venv/.ready", *words[1:]] if words[0] == "make" else words


def _environ() -> dict[str, str]:
    ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _run(command: str, folder: Path) -> str:
    done = subprocess.run(
        _words(command),
        cwd=folder,
        env=_environ(),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stderr + done.stdout  # what is said, then the report, as on a terminal


def _start(command: str, folder: Path) -> subprocess.Popen[str]:
    """Start a sandbox and wait for the settings that it writes."""
    words = _words(command)
    settings, log = folder / words[words.index("--write-env") + 1], folder / "sandbox.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=_environ(),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    deadline = time.monotonic() + 120
    while not settings.exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "the sandbox did not start in 120 s"
        time.sleep(0.05)
    return process


def test_the_commands_are_found() -> None:
    """The README is read as it is meant: the demo, a notebook, a sandbox and what it is for."""
    words = [command.split() for command in commands()]

    assert words[0] == ["make", "demo"]
    assert [each[1] for each in words[1:]] == [
        *("workflows", "workflows", "nbconvert", "dashboard", "dashboard"),
        *("sandbox", "--env", "--env"),
    ]


def test_all_commands_succeed_in_their_order(typed: Typed) -> None:
    """Each ends with 0, typed in one folder after those before it."""
    assert set(typed.printed) == {each for each in commands() if " sandbox " not in each}


def test_each_store_has_a_warehouse_of_its_own(typed: Typed) -> None:
    """The second store does not pour into the demo's warehouse."""
    assert typed.shops("warehouse.duckdb") == ["northwind-demo-1500-1.myshopify.com"]
    assert typed.shops("s.duckdb") == ["northwind-demo-500-3.myshopify.com"]


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
    printed |= {line.replace(f"{typed.folder}/", "") for line in printed}

    missing = [
        line for line in sample.splitlines() if " ".join(line.split()) not in printed | {""}
    ]
    assert missing == [], typed.printed["make demo"][-2500:]
