"""The exit code says how a command ended (docs/operations.md#how-a-command-ended)."""

from __future__ import annotations

import os
import signal
import time

import click
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.cli.command_line import Group
from cartwheel.core import errors
from cartwheel.core.errors import INTERRUPTED_TOLD
from cartwheel.core.interruptions import forget

CODES = [
    (errors.LoadFailed("x"), 1),
    (errors.StatusAlarming("x"), 1),
    (errors.SettingsError("x"), 2),
    (errors.RecordsHeldBack("x", report=None), 3),
    (errors.DeletionsRefused("x"), 4),
    (errors.QualityGateClosed("x"), 4),
    (errors.OtherAccount("x"), 4),
]


@pytest.fixture(autouse=True)
def forgotten():
    """What comes after these tests in this process was not interrupted."""
    yield
    forget()


def command(run) -> click.Group:
    """A program of one command that does what it is given."""
    group = Group("program")
    group.add_command(click.Command("go", callback=run))
    return group


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda each: type(each).__name__)
def test_each_error_has_its_code(error, code):
    """An error is one sentence on stderr and ends the command with its code."""

    def fail() -> None:
        raise error

    done = CliRunner().invoke(command(fail), ["go"])

    assert (done.exit_code, done.stderr) == (code, "Error: x\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_says_so(number):
    """Ctrl-C and SIGTERM end with 130 and a sentence, not with a traceback."""

    def wait() -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    # whoever starts the tests in the background has the shell ignore Ctrl-C for them
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done = CliRunner().invoke(command(wait), ["go"])
    finally:
        signal.signal(signal.SIGINT, before)

    assert done.exit_code == 130
    assert done.stderr == f"{INTERRUPTED_TOLD}\n"


LOST = {
    "import": ("<frozen importlib._bootstrap>", "inside()"),
    "clean_up": ("program", "Told()"),
}


@pytest.mark.parametrize(("file", "statement"), LOST.values(), ids=LOST)
def test_an_interruption_that_python_would_lose_comes_later(file, statement):
    """In the import system's callbacks, and while an object is cleaned up, it is put off."""
    done: list[str] = []
    names = {"os": os, "signal": signal, "done": done}
    source = """
def inside():
    os.kill(os.getpid(), signal.SIGINT)
    done.append("whole")

class Told:
    def __del__(self):
        inside()
"""
    exec(compile(source, file, "exec"), names)  # noqa: S102 - code in a file of that name

    def wait() -> None:
        exec(compile(statement, "program", "exec"), names)  # noqa: S102
        time.sleep(10)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ended = CliRunner().invoke(command(wait), ["go"])
    finally:
        signal.signal(signal.SIGINT, before)

    assert (ended.exit_code, done) == (130, ["whole"])
    assert ended.stderr == f"{INTERRUPTED_TOLD}\n"


def test_an_interrupted_query_is_an_interruption():
    """An interruption within a query reaches us as DuckDB's own error, and is one as well."""

    def wait() -> None:
        raise RuntimeError("Query interrupted")

    assert CliRunner().invoke(command(wait), ["go"]).exit_code == 130


def test_another_error_is_no_interruption():
    """An error of ours that nobody thought of keeps its traceback."""

    def fail() -> None:
        raise RuntimeError("a mistake")

    done = CliRunner().invoke(command(fail), ["go"])

    assert isinstance(done.exception, RuntimeError)


def test_help_tells_the_exit_codes():
    """`cartwheel --help` says what each code means."""
    told = CliRunner().invoke(main, ["--help"]).output

    for code in ("0", "1", "2", "3", "4", "130"):
        assert f"\n    {code}  " in told


@pytest.mark.parametrize("text", ["2", "h", "two hours", "2w"])
def test_a_time_is_written_like_2h(text):
    """Another time is refused, with examples, and with the code of wrong use."""
    done = CliRunner().invoke(main, ["status", "--fail-if-older-than", text])

    assert done.exit_code == 2
    assert "90m, 2h or 1d" in done.stderr
