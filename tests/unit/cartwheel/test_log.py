"""The log file holds every line of a run; no line holds a secret or an e-mail."""

from __future__ import annotations

import logging
import re
import stat
from pathlib import Path

import click
import pytest

from cartwheel.cli.command_line import settings_of
from cartwheel.cli.screen import Screen
from cartwheel.core.errors import LoadFailed
from tests.unit.cartwheel.program import run


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


@pytest.mark.parametrize("folder", ["me@work", "a@b.example"])
def test_a_path_that_the_user_named_stays(tmp_path, folder):
    """A settings file in a folder with an @ is named as it is; an e-mail beside it is not."""
    (tmp_path / folder).mkdir()
    log, settings = tmp_path / "c.log", tmp_path / folder / "s.env"
    settings.write_text("HUBSPOT_ACCESS_TOKEN=pat-na1-77\n")

    def go() -> None:
        ctx = click.get_current_context()
        ctx.obj = settings
        settings_of(ctx)
        logging.getLogger("cartwheel.pipeline").error(
            "%s is open, says ada@example.com in ada@example.com/x. Look at %s.",
            settings,
            settings,
        )

    done = run(go, "--log-file", str(log))

    told = f"{settings} is open, says (e-mail) in (e-mail)/x. Look at {settings}.\n"
    assert f"Error: {told}" in done.stderr
    assert log.read_text().count(told) == 1


def test_an_error_that_nobody_thought_of_is_logged_without_its_words(tmp_path):
    """The log names the kind and the place: the words may hold a customer's data."""
    log = tmp_path / "c.log"

    def go() -> None:
        raise KeyError("Ada Lovelace")

    run(go, "--log-file", str(log))

    assert "go ended with KeyError in go, line" in log.read_text()
    assert "Ada" not in log.read_text()


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
