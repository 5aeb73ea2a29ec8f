"""What a command says: dated where it is redirected, in the log file whole, never personal."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cartwheel.cli.command_line import Group, settings_of
from cartwheel.cli.screen import Screen
from cartwheel.core.errors import LoadFailed
from cartwheel.core.http import Http
from tests.integration.cartwheel.servers import Server, serving
from tests.terminal import on_terminal

DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")
# a program whose only command says a line, fails with an error, and tells of its progress
PROGRAM = """
import click
from cartwheel.cli.command_line import Group, screen_of, show_also_failed
from cartwheel.core.errors import LoadFailed
from extract.read.progress import Update

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


def run(command, *arguments: str) -> Result:
    """A program of one command that does what it is given, run with options."""
    group = Group("program")
    group.add_command(click.Command("go", callback=command))
    return CliRunner().invoke(group, ["go", *arguments])


def test_redirected_progress_is_dated_and_results_are_not():
    """In a file, each line of progress begins with the time in UTC; a result is as it was."""
    *progress, result = redirected().stdout.splitlines()

    assert [DATED.sub("", line) for line in progress] == [
        "load        5 created",
        "check       warning: 1 odd",
        "extract     orders: 20 of 100 read, 10 a second, 8 s left",
    ]
    assert all(DATED.match(line) for line in progress)
    assert result == "result  5"


def test_the_time_is_the_machines():
    """A line carries the time at which it was said."""
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    said = redirected().stdout.split(" ")[0]

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

    assert done.stdout.endswith("product \ufffd]0;owned\ufffd\ufffd2J\n")


def test_json_leaves_stdout_to_the_report():
    """With --json, lines go to stderr with their time, and progress is JSON for a program."""
    done = redirected("--json")

    *lines, progress = done.stderr.splitlines()
    assert done.stdout == "result  5\n"
    assert all(DATED.match(line) for line in lines)
    assert json.loads(progress)["progress"]["read"] == 20


def test_an_error_alone_on_stderr_has_no_date():
    """A program reads the command's last word as it was always written."""
    assert redirected("--fail").stderr == "Error: the end\n"


def test_an_error_in_the_same_file_is_dated():
    """In the log of a cron job, where both outputs go to one file, the error has its time."""
    *_, last = redirected("--fail", together=True).stdout.splitlines()

    assert DATED.match(last)
    assert last.endswith("Z Error: the end")


def test_the_log_file_has_every_line_with_time_level_and_module(tmp_path):
    """What is said, what went wrong and how it ended stand in the file, one line each."""
    log = tmp_path / "c.log"

    def go() -> None:
        Screen.of(click.get_current_context()).say("load        5 created")
        raise LoadFailed("the end\n  of it")

    run(go, "--log-file", str(log))

    lines = [line.split(maxsplit=3) for line in log.read_text().splitlines()]
    assert [(level, said) for _, level, _, said in lines[1:3]] == [
        ("INFO", "load        5 created"),
        ("ERROR", "the end |   of it"),
    ]
    assert re.fullmatch(r"go ended with 1 after \d+\.\d s", lines[3][3])
    assert {module for *_, module, _ in lines} <= {
        "cartwheel.cli.screen",
        "cartwheel.cli.command_line",
    }
    assert all(re.fullmatch(r"\d{4}-.*T.*\.\d{3}Z", moment) for moment, *_ in lines)


def test_the_log_file_is_appended_to(tmp_path):
    """A second run leaves the lines of the first."""
    log = tmp_path / "c.log"

    for _ in range(2):
        run(lambda: None, "--log-file", str(log))

    assert log.read_text().count("go ended with 0") == 2


def test_the_log_file_is_its_owners_alone(tmp_path):
    """Nobody else may read a new log file, whatever the umask."""
    log = tmp_path / "c.log"

    run(lambda: None, "--log-file", str(log))

    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_link_is_not_followed(tmp_path):
    """A log file that is a link is wrong use: what it points to is not written."""
    there = tmp_path / "precious"
    there.write_text("mine")
    (tmp_path / "c.log").symlink_to(there)

    done = run(lambda: None, "--log-file", str(tmp_path / "c.log"))

    assert (done.exit_code, there.read_text()) == (2, "mine")


def test_a_folder_that_does_not_exist_is_wrong_use(tmp_path):
    """A log file that cannot be written ends the command before it begins, and is named."""
    done = run(lambda: None, "--log-file", str(tmp_path / "none" / "c.log"))

    assert done.exit_code == 2
    assert "c.log cannot be written: No such file or directory" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_ends_the_log_and_not_the_command():
    """Where the log can grow no more, one warning says so and the command goes on."""
    done = run(lambda: click.echo("done"), "--log-file", "/dev/full")

    assert (done.exit_code, done.stdout) == (0, "done\n")
    assert done.stderr == "Warning: /dev/full ends here: No space left on device.\n"


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("HubSpot refused ada@example.com", "HubSpot refused (e-mail)"),
        ('message "Ada.B+tag@shop.co.uk is invalid"', 'message "(e-mail) is invalid"'),
        ("GET /contacts/ada%40example.com: 404", "GET /contacts/(e-mail): 404"),
        ("ADA@EXAMPLE", "(e-mail)"),
        ("the token pat-na1-77 is wrong", "the token (secret) is wrong"),
        ("5 @ 3.00", "5 @ 3.00"),
    ],
)
def test_no_email_and_no_secret_reaches_a_line(tmp_path, said, logged):
    """Whatever a message holds, the terminal and the log file show no e-mail and no secret."""
    log, settings = tmp_path / "c.log", tmp_path / "s.env"
    settings.write_text("HUBSPOT_ACCESS_TOKEN=pat-na1-77\n")

    def go() -> None:
        ctx = click.get_current_context()
        ctx.obj = settings
        settings_of(ctx)
        logging.getLogger("load.send.loader").error("%s", said)

    done = run(go, "--verbose", "--log-file", str(log))

    assert f"Error: {logged}\n" in done.stderr
    assert f"load.send.loader  {logged}\n" in log.read_text()
    assert said == logged or said not in done.stderr + log.read_text()


def test_an_error_that_nobody_thought_of_is_logged_without_its_words(tmp_path):
    """The log names the kind and the place: the words may hold a customer's data."""
    log = tmp_path / "c.log"

    def go() -> None:
        raise KeyError("Ada Lovelace")

    run(go, "--log-file", str(log))

    assert "go ended with KeyError in go, line" in log.read_text()
    assert "Ada" not in log.read_text()


def test_verbose_shows_each_attempt_of_a_request():
    """Method, address without its query, status, time, attempt and the service's own id."""
    server = Server(503, **{"X-Request-Id": "r-1"})

    def recover(_: float) -> None:
        server.status, server.headers = 200, {"X-HubSpot-Correlation-Id": "c-2"}

    def go() -> None:
        http = Http("HubSpot", server.url, sleep=recover)
        http.send("GET", "/crm/owners", params={"key": "hush"}, headers={"A": "hush"})

    with serving(server):
        done = run(go, "--verbose")

    first, second = [line for line in done.stderr.splitlines() if "/crm/owners" in line]
    tail = r"HubSpot GET http://127\.0\.0\.1:\d+/crm/owners: "
    assert re.search(tail + r"503 in \d+ ms, attempt 1, request r-1$", first)
    assert re.search(tail + r"200 in \d+ ms, attempt 2, request c-2$", second)
    assert "hush" not in done.output


def test_verbose_shows_why_no_answer_came():
    """An attempt that nobody answered is shown with its cause."""

    def go() -> None:
        Http("HubSpot", "http://127.0.0.1:9", attempts=1).send("GET", "/x")

    done = run(go, "--verbose")

    assert "HubSpot GET http://127.0.0.1:9/x: nothing listens at 127.0.0.1:9" in done.stderr


def test_without_verbose_no_request_is_shown():
    """Details are for those who ask for them."""

    def go() -> None:
        logging.getLogger("cartwheel.core.http").debug("HubSpot GET /x")

    assert run(go).output == ""


def test_a_root_handler_of_another_library_shows_no_line_twice(capsys):
    """dbt gives the root logger a handler; what we say goes to ours alone."""
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        done = run(lambda: Screen.of(click.get_current_context()).say("once"))
    finally:
        logging.getLogger().removeHandler(handler)

    assert done.output.count("once") == 1
    assert "once" not in capsys.readouterr().err


def test_a_command_leaves_the_loggers_as_it_found_them(tmp_path):
    """A program that calls the command finds its own logging unchanged."""
    ours = logging.getLogger("cartwheel")
    before = (ours.level, ours.propagate, list(ours.handlers))

    run(lambda: None, "--verbose", "--log-file", str(tmp_path / "c.log"))

    assert (ours.level, ours.propagate, list(ours.handlers)) == before
