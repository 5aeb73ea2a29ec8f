"""What a running command shows: dated lines in a file, bars and colour on a terminal."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time

import click
import pytest

from cartwheel.cli.screen import Screen
from tests.terminal import on_terminal
from tests.unit.cartwheel.program import run

DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")
# a program whose only command says a line, fails with an error, and tells of its progress
PROGRAM = """
import click
from cartwheel.cli.command_line import Group, screen_of, show_also_failed
from cartwheel.core.errors import LoadFailed
from cartwheel.core.progress import Update

def go(as_data, fail):
    screen = screen_of(click.get_current_context(), as_data)
    screen.say("load        5 created")
    screen.say("check       warning: 1 odd")
    screen.watch(Update("a.myshopify.com", "orders", 20, 100, 10.0, 8.0))
    show_also_failed(lambda: 5, lambda report: click.echo(f"result  {report}"))
    if fail:
        raise LoadFailed("the end")

group = Group("program")
group.add_command(click.Command("go", callback=go, params=[
    click.Option(["--json", "as_data"], is_flag=True), click.Option(["--fail"], is_flag=True)
]))
group()
"""


WAIT = """
import time
from cartwheel.core.awaited import awaited

def wait(seconds):
    with awaited("Shopify", 9):
        time.sleep(seconds)
"""


def program(*arguments: str) -> list[str]:
    """The words that run the program."""
    return [sys.executable, "-c", PROGRAM, "go", *arguments]


def redirected(*arguments: str, together: bool = False) -> subprocess.CompletedProcess[str]:
    """The program with its outputs in files of their own, or in one, as cron has it."""
    return subprocess.run(
        program(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if together else subprocess.PIPE,
        text=True,
        check=False,
    )


def test_redirected_progress_is_dated_and_results_are_not():
    """Progress goes to stderr, each line with the time in UTC; stdout has the result alone."""
    done = redirected()
    progress = done.stderr.splitlines()

    assert [DATED.sub("", line) for line in progress] == [
        "load        5 created",
        "check       warning: 1 odd",
        "extract     orders: 20 of 100 read, 10 a second, 8 s left",
    ]
    assert all(DATED.match(line) for line in progress)
    assert done.stdout == "result  5\n"


def test_the_time_is_the_machines():
    """A line carries the time at which it was said."""
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    said = redirected().stderr.split(" ")[0]

    assert before <= said <= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def test_a_terminal_shows_no_dates():
    """A person at a terminal knows the time."""
    code, shown = on_terminal(program())

    assert code == 0
    assert not DATED.search(shown)


def test_a_terminal_shows_steps_warnings_and_errors_in_colour():
    """The step is cyan, a warning yellow, Error: red."""
    _, shown = on_terminal(program("--fail"))

    assert "\x1b[36mload        \x1b[0m5 created\n" in shown
    assert "\x1b[33mwarning: 1 odd\x1b[0m\n" in shown
    assert "\x1b[1;31mError:\x1b[0m the end\n" in shown


def test_a_terminal_shows_a_bar_that_goes_when_the_result_comes():
    """The bar is drawn with its figures; then it is erased and the cursor is back."""
    _, shown = on_terminal(program())

    bar, _, after = shown.rpartition("orders: 20 of 100 read, 10 a second, 8 s left")
    assert "━" in bar
    assert "\x1b[?25h" in after
    assert "\x1b[2K" in after
    assert after.endswith("result  5\n")


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_no_colour_gets_plain_lines(plain):
    """With NO_COLOR, or on a terminal that can show none, no escape sequence is written."""
    _, shown = on_terminal(program("--fail"), environ=plain)

    assert shown.splitlines() == [
        "load        5 created",
        "check       warning: 1 odd",
        "extract     orders: 20 of 100 read, 10 a second, 8 s left",
        "result  5",
        "Error: the end",
    ]


def test_colour_cannot_be_forced_into_a_file():
    """What is redirected is plain, whatever the environment says of terminals."""
    done = subprocess.run(
        program(),
        env=os.environ | {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "COLORTERM": "truecolor"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "\x1b" not in done.stdout + done.stderr


def test_a_name_cannot_steer_the_terminal():
    """An escape sequence in what Shopify sent is shown as a mark, not carried out."""
    done = run(
        lambda: Screen.of(click.get_current_context()).say("product \x1b]0;owned\x07\x9b2J")
    )

    assert done.stderr.endswith("product \ufffd]0;owned\ufffd\ufffd2J\n")


def test_json_leaves_stdout_to_the_report():
    """With --json, lines go to stderr with their time, and progress is JSON for a program."""
    done = redirected("--json")

    *lines, progress = done.stderr.splitlines()
    assert done.stdout == "result  5\n"
    assert all(DATED.match(line) for line in lines)
    assert json.loads(progress)["progress"]["read"] == 20


def test_an_error_on_stderr_alone_has_no_date():
    """A program reads the command's last word as it was always written."""
    assert redirected("--fail").stderr.splitlines()[-1] == "Error: the end"


def test_an_error_in_the_same_file_is_dated():
    """In the log of a cron job, where both outputs go to one file, the error has its time."""
    *_, last = redirected("--fail", together=True).stdout.splitlines()

    assert DATED.match(last)
    assert last.endswith("Z Error: the end")


def test_quiet_leaves_warnings_and_errors():
    """With --quiet no progress is shown; what went wrong, and what is odd, is."""
    done = redirected("--quiet", "--fail")

    assert [DATED.sub("", line) for line in done.stderr.splitlines()] == [
        "check       warning: 1 odd",
        "Error: the end",
    ]


def test_quiet_and_verbose_exclude_each_other():
    """Both at once is wrong use, in whichever order."""
    for both in (("--quiet", "--verbose"), ("--verbose", "--quiet")):
        done = run(lambda: None, *both)

        assert done.exit_code == 2
        assert "not both" in done.stderr


def waiting(seconds: float) -> list[str]:
    """The words that run a program that says a line, then nothing for so long."""
    waits = PROGRAM.replace("lambda: 5,", f"lambda: wait({seconds}),").replace(
        "def go(", f"{WAIT}\ndef go("
    )
    return [sys.executable, "-c", waits, "go"]


def test_a_silent_step_shows_a_sign_of_life_in_a_log():
    """Where nothing is said for five seconds, a dated line says so, and who does not answer."""
    done = subprocess.run(waiting(4.8), capture_output=True, text=True, check=True)

    said = (
        "extract     still at work, [45] s; Shopify has not answered for [45] s, of at most 9"
    )
    assert re.search(rf"^\S+Z {said}$", done.stderr, re.MULTILINE)
    assert done.stdout == "result  None\n"


def test_a_silent_step_shows_a_sign_of_life_on_a_terminal():
    """On a terminal a mark turns beside the seconds, and is erased before the result."""
    _, shown = on_terminal(waiting(1.2))

    before, _, after = shown.rpartition("extract 1 s")
    assert before
    assert after.endswith("\x1b[?25hresult  None\n") or "\x1b[2K" in after


def test_quiet_shows_no_sign_of_life():
    """Who asked for silence gets it."""
    _, shown = on_terminal([*waiting(1.2), "--quiet"])

    assert shown.splitlines() == [
        "\x1b[36mcheck       \x1b[0m\x1b[33mwarning: 1 odd\x1b[0m",
        "result  None",
    ]


def test_without_verbose_no_request_is_shown():
    """Details are for those who ask for them."""

    def go() -> None:
        logging.getLogger("cartwheel.core.http").debug("HubSpot GET /x")

    assert run(go).output == ""
