"""What a message tells to type has the form in which the command was typed."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import cartwheel
from cartwheel.cli.app import COMMANDS
from cartwheel.cli.doctor import print_checks
from cartwheel.cli.screen import Screen
from cartwheel.cli.typed import Hints, typed
from cartwheel.doctor.checks import Check
from tests.unit.cartwheel.program import run

ROOT = Path(cartwheel.__file__).parents[1]
SCRIPT = f"#!{sys.executable}\nfrom cartwheel.cli.app import main\nmain()\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with the command in .venv/bin and settings that lack everything."""
    program = tmp_path / ".venv" / "bin" / "cartwheel"
    program.parent.mkdir(parents=True)
    program.write_text(SCRIPT)
    program.chmod(0o755)
    (tmp_path / "clients").mkdir()
    for name in ("acme.env", "two words.env"):
        (tmp_path / "clients" / name).write_text("")
    return tmp_path


def said(folder: Path, *words: str, path: str = os.defpath) -> str:
    """What a command that was typed in the folder says on stderr."""
    environ = {"PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode in (1, 2), done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "form",
    [
        [".venv/bin/cartwheel"],
        [".venv/bin/cartwheel", "--env", "clients/acme.env"],
        [".venv/bin/cartwheel", "--env", "clients/two words.env"],
        [sys.executable, "-m", "cartwheel", "--env", "clients/acme.env"],
    ],
    ids=shlex.join,
)
def test_a_message_repeats_what_was_typed(folder, form):
    """The program and --env come back as they were typed, quoted where a shell needs it."""
    told = said(folder, *form, "load")

    assert told.endswith(f"to try without an account: {shlex.join(form)} demo\n")


def test_the_last_words_of_a_run_can_be_typed_again(folder):
    """The command that a message ends with runs in the same shell, and reads the same file."""
    form = [".venv/bin/cartwheel", "--env", "clients/two words.env"]
    told = said(folder, *form, "status").rpartition("Run: ")[2]

    assert told == ".venv/bin/cartwheel --env 'clients/two words.env' sync\n"
    assert "into clients/two words.env" in said(folder, *shlex.split(told))


def test_the_sandbox_that_a_missing_file_names_can_be_started(folder):
    """What is advised where --env names no file is a whole command."""
    told = said(folder, ".venv/bin/cartwheel", "--env", "no.env", "status")

    assert told.endswith(" sandbox --orders 300 --write-env no.env\n")


def test_the_command_on_the_path_is_called_by_its_name(folder):
    """Where the shell finds it as cartwheel, no folder is shown."""
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.defpath}"

    assert said(folder, "cartwheel", "status", path=path).endswith("Run: cartwheel sync\n")


def test_a_program_that_calls_the_command_typed_nothing():
    """Under pytest or in a notebook, texts stay as they are."""
    assert typed("/usr/bin/pytest", ["python", "-m", "pytest"], Path("a.env")) == "cartwheel"


def test_doctor_tells_what_to_type_as_it_was_typed():
    """In what a check says as well as in what to do about it."""

    def go() -> None:
        hints = Screen.of(click.get_current_context()).hints
        hints.repeat("X --env a.env", ["sync", "doctor"])
        print_checks(
            [Check("a", "b", "wrong", "c: cartwheel sync", "then run: cartwheel doctor")]
        )

    assert run(go).stdout.split("\n")[1:3] == [
        "wrong        b: c: X --env a.env sync",
        "             -> then run: X --env a.env doctor",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Run: cartwheel sync", "Run: X sync"),
        ("Then run: cartwheel extract --since 60d", "Then run: X extract --since 60d"),
        ("See: cartwheel plan --object deals", "See: X plan --object deals"),
        (
            "To delete: cartwheel load -a, or cartwheel sync -a",
            "To delete: X load -a, or X sync -a",
        ),
        ("Run: cartwheel setup, then cartwheel load", "Run: X setup, then X load"),
        (
            "Run: cartwheel extract && cartwheel transform",
            "Run: X extract && X transform",
        ),
        ("Again: cartwheel plan; cartwheel load", "Again: X plan; X load"),
        (
            "A file: CARTWHEEL_WAREHOUSE=d cartwheel demo",
            "A file: CARTWHEEL_WAREHOUSE=d X demo",
        ),
        ("It refuses. Run cartwheel setup", "It refuses. Run X setup"),
        ("tables that cartwheel extract makes", "tables that cartwheel extract makes"),
        ("the product 'cartwheel sync'", "the product 'cartwheel sync'"),
        ("Or: cartwheel --env a/.env sync", "Or: P --env a/.env sync"),
        ("product: cartwheel is a gymnastic move", "product: cartwheel is a gymnastic move"),
        ("pip: cartwheel syncing", "pip: cartwheel syncing"),
    ],
)
def test_only_what_is_to_be_typed_is_changed(text, shown):
    """A command after run, see and the like is a hint; other words are left alone."""
    hints = Hints()
    hints.repeat("X", ["sync", "extract", "plan", "load", "setup", "transform", "demo"], "P")

    assert hints.told(text) == shown
    assert hints.told(shown) == shown


# a command alone, which a sentence takes in; the digest's translated "Run:"; no advice
NO_SENTENCE = re.compile(r"cartwheel |\{\} cartwheel sync$|.* made by cartwheel check")


def test_every_command_in_a_message_is_told_as_it_was_typed():
    """No message of ours keeps a bare `cartwheel COMMAND`, however many it names."""
    hints = Hints()
    hints.repeat("TYPED", COMMANDS, "PROGRAM")
    bare = re.compile(rf"(?<![\w/`-])cartwheel (?=(?:{'|'.join(map(re.escape, COMMANDS))})\b)")

    kept = [
        f"{path.relative_to(ROOT)}: {text}"
        for package in ("cartwheel", "extract", "load", "quality", "dashboard")
        for path in sorted((ROOT / package).rglob("*.py"))
        for text in messages(ast.parse(path.read_text()))
        if bare.search(hints.told(text)) and not NO_SENTENCE.match(text)
    ]

    assert kept == []


def messages(tree: ast.Module) -> Iterator[str]:
    """The texts of a module but its docstrings, with {} for what is put into them."""
    parts = {
        part
        for node in ast.walk(tree)
        for part in (ast.walk(node) if isinstance(node, ast.JoinedStr) else [])
        if part is not node
    }
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and node not in parts | docstrings:
            yield str(node.value)
