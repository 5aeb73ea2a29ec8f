"""What the command says: its help, and its errors in one line that names the fix."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import COMMANDS, main
from tests.end_to_end.journey import Journey, journey

WRONG = "wrong-0123456789"


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    """A tiny made-up store, never synced."""
    folder = tmp_path_factory.mktemp("commands")
    with journey(folder, "--store", str(folder / "store"), "--orders", "5") as made:
        yield made


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_has_help(command):
    """`cartwheel COMMAND --help` ends with 0 and says what the command does."""
    answer = CliRunner().invoke(main, [command, "--help"])

    assert (answer.exit_code, "Usage:" in answer.output) == (0, True)


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        ("extract", "SHOPIFY_CLIENT_SECRET"),
        ("sync", "SHOPIFY_CLIENT_SECRET"),
        ("sync", "HUBSPOT_ACCESS_TOKEN"),
        ("setup", "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_wrong_secret_is_one_line_that_names_its_setting(road, command, setting):
    """A wrong secret ends the command with 1 and one line on stderr: the setting to mend."""
    done = with_setting(road, setting, WRONG).attempt(command)

    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines), setting in lines[0]) == (1, 1, True), done.stderr


def test_wrong_secret_is_not_shown(road):
    """An error about a secret does not hold the secret."""
    done = with_setting(road, "HUBSPOT_ACCESS_TOKEN", WRONG).attempt("setup")

    assert WRONG not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["status", "plan", "load", "check", "dashboard"])
def test_command_without_a_warehouse_names_the_next_command(road, command):
    """A command that needs a warehouse says in one line what to run first."""
    done = road.attempt(command)

    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines), "cartwheel " in lines[0]) == (1, 1, True), done.stderr


def with_setting(road, name, value):
    """The journey with another value of a setting in its file."""
    folder = road.folder / "other"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    lines = road.env_file.read_text().splitlines()
    kept = [line for line in lines if not line.startswith(f"{name}=")]
    (folder / "s.env").touch(0o600)
    (folder / "s.env").write_text("\n".join([*kept, f"{name}={value}", ""]))
    return Journey(folder, folder / "s.env", folder / "w.duckdb", road.url, road.token)
