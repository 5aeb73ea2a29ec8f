"""What a sync and the commands after it write: a log without anybody's data, and colour."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter

import pytest
from dotenv import dotenv_values

from tests.commands import Command
from tests.end_to_end.journey import own_environment
from tests.terminal import on_terminal

REQUEST = re.compile(
    r"(?:Shopify|HubSpot) ([A-Z]+) http://127\.0\.0\.1:\d+(\S+): (\d{3}) in \d+ ms, "
    r"attempt \d+(?:, request ([0-9a-f-]{32,36}))?$"
)


@pytest.fixture(scope="module")
def made(refused):
    """A small store whose contacts HubSpot refuses, after its first sync."""
    return refused.journey


@pytest.fixture(scope="module")
def done(refused):
    """The sync, of which each line goes to the terminal's place and to a file."""
    return refused.sync


@pytest.fixture(scope="module")
def log(refused):
    """The lines of the log file."""
    return refused.log


def people(made):
    """The e-mails, phones and last names in the store, wherever they stand."""
    found: set[str] = set()

    def look(node) -> None:
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, dict | list):
                look(value)
            elif name in ("email", "emailAddress", "phone", "lastName") and value:
                found.add(value.lower())

    for path in (made.folder / "store").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            look(json.loads(line))
    return found


def test_no_person_and_no_secret_is_in_any_line(made, done, log):
    """Of all e-mails, phones and names in the store, and all secrets, no line shows one."""
    settings = dotenv_values(made.env_file)
    secrets = {settings["HUBSPOT_ACCESS_TOKEN"], settings["SHOPIFY_CLIENT_SECRET"]}
    personal = people(made)
    said = "\n".join([*log, done.stdout, done.stderr]).lower()

    assert len(personal) > 30
    assert [
        each
        for each in sorted(personal | secrets)
        if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", said)
    ] == []
    assert not re.search(r"\bshp[a-z]{2}_|bearer|access_token[^:]", said)


def test_every_request_is_a_line(refused, log):
    """What the sandbox was asked, and what it answered, stands in the log: no more, no less."""
    seen = [
        (asked["method"], asked["path"], str(asked["status"])) for asked in refused.requests
    ]
    logged = [found.groups()[:3] for line in log if (found := REQUEST.search(line))]

    assert len(seen) > 50
    assert Counter(logged) == Counter(seen)


def test_each_answer_of_hubspot_has_its_correlation_id(log):
    """Its support finds a request by the id in the line."""
    found = [REQUEST.search(line) for line in log if "HubSpot POST" in line]

    assert found
    assert all(match and match[4] for match in found)


def test_each_line_is_dated_and_names_its_module(log):
    """One line each: time in UTC, level, and a module of ours."""
    form = re.compile(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) +"
        r"(cartwheel|extract|load|quality|dashboard)\.[a-z_.]+  \S"
    )

    assert [line for line in log if not form.match(line)] == []


def test_what_was_said_and_how_it_ended_is_in_the_log(done, log):
    """Progress, the error of the end and the exit code stand in the file too."""
    said = [line.split(maxsplit=3)[3] for line in log]
    progress = [line[21:] for line in done.stderr.splitlines() if line.startswith("20")]

    assert [line for line in progress if line not in said] == []
    assert done.stderr.splitlines()[-2].removeprefix("Error: ") in said
    assert re.fullmatch(r"sync ended with 3 after \d+\.\d s", said[-1])


def typed(made, command):
    """The words of a command with the store's settings, and its environment."""
    words = [sys.executable, "-m", "cartwheel", "--env", str(made.env_file), *command]
    return words, {"CARTWHEEL_WAREHOUSE": str(made.warehouse)}


def redirected(made, command):
    """What a command prints where it is redirected."""
    environ = own_environment() | {"CARTWHEEL_WAREHOUSE": str(made.warehouse)}
    words = ["--env", str(made.env_file), *command]
    return Command.begin(words, made.folder, environ).finish().stdout


def without_ages(text):
    """A text without what another second changes: the age of a run, the time of a line."""
    return re.sub(r"(?m)^\S+Z |\b\d+ (?:s|min)\b", "", text)


COMMANDS = [["status"], ["plan", "--offline"], ["load", "--dry-run"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_shows_the_same_words_in_colour(made, done, command):
    """Tables on a terminal have a bold header, a rule and colour, and the words of a file."""
    words, environ = typed(made, command)
    redirected(made, command)  # the first load to look contacts up says so

    code, shown = on_terminal(
        words, folder=made.folder, environ=environ, columns=300, with_progress=False
    )

    uncoloured = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    lines = [line.split() for line in without_ages(uncoloured).splitlines() if "──" not in line]
    assert code == 0
    assert lines == [
        line.split() for line in without_ages(redirected(made, command)).splitlines()
    ]
    assert "─────" in uncoloured
    assert re.search(r"\x1b\[1m\w", shown)
    assert re.search(r"\x1b\[3[1-6]m", shown)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_without_colour_shows_what_a_file_gets(made, done, command):
    """With NO_COLOR, what is shown is what a file gets, blank for blank; but for the dates."""
    words, environ = typed(made, command)
    before, after, shown = None, redirected(made, command), ""

    # an age of 10 s takes a blank more than one of 9 s: compare where none has grown meanwhile
    while before is None or without_ages(before) != without_ages(after):
        _, shown = on_terminal(
            words,
            folder=made.folder,
            environ=environ | {"NO_COLOR": "1"},
            with_progress=False,
        )
        before, after = after, redirected(made, command)

    assert "\x1b" not in shown
    assert without_ages(shown) == without_ages(after)
