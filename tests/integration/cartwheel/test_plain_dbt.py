"""`cartwheel dbt`: dbt itself, over the warehouse of the settings, from any folder."""

from __future__ import annotations

import os
import signal

import duckdb
import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from tests.commands import Command
from tests.end_to_end.journey import own_environment
from tests.nightly import mostly_nightly


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with settings and a warehouse, which is not the project's."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with duckdb.connect(folder / "mine.duckdb") as connection:
        connection.execute("create table told as select 'of mine' as whose")
    (folder / "mine.duckdb").chmod(0o600)
    (folder / "mine.env").write_text(f"CARTWHEEL_WAREHOUSE={folder / 'mine.duckdb'}\n")
    return folder


@pytest.fixture
def begin(folder):
    """Begin `cartwheel --env FILE dbt …` in that folder."""
    # what plain dbt would take
    environ = own_environment() | {"DBT_PROFILES_DIR": str(folder)}

    def begin(*arguments: str) -> Command:
        return Command.begin(["--env", "mine.env", "dbt", *arguments], folder, environ)

    return begin


@pytest.fixture
def run(begin):
    """Run it to its end: its exit code, and what it wrote."""

    def run(*arguments: str):
        done = begin(*arguments).finish()
        return done.returncode, done.stdout, done.stderr

    return run


def test_it_reads_the_warehouse_of_the_settings(begin, folder):
    """dbt connects to the file that --env names, which stderr tells.

    It waits for another program that has the file open. In a pipe it has no colours.
    """
    with duckdb.connect(folder / "mine.duckdb", read_only=True):
        command = begin("debug")
        command.wait_for("for at most 5 minutes")
        waiting = command.said()
    done = command.finish()
    out, err = done.stdout, done.stderr

    assert "waiting for the warehouse: it is open in " in waiting
    assert f"(PID {os.getpid()}); for at most 5 minutes" in waiting
    assert done.returncode == 0, out + err
    assert f"path: {folder / 'mine.duckdb'}" in out
    assert "Connection test: [OK connection ok]" in out
    assert "\x1b" not in out + err
    assert "Running with dbt=" in out
    assert f"warehouse {folder / 'mine.duckdb'} (settings of mine.env)" in err
    assert not (folder / "warehouse.duckdb").exists()
    assert not (folder / "logs").exists()


@pytest.mark.nightly
def test_it_asks_the_warehouse_of_the_settings(run):
    """A query through dbt finds a table of the file that --env names."""
    code, out, err = run("show", "--inline", "select whose from told", "--log-format", "text")

    assert code == 0, out + err
    assert "of mine" in out


def test_what_cannot_start_ends_with_dbts_code(run):
    """A target that the profile lacks ends with 1, and dbt says why."""
    code, out, _ = run("debug", "--target", "nosuch")

    assert code == 1
    assert "does not have a target named 'nosuch'" in out


@pytest.mark.nightly
def test_what_fails_ends_with_dbts_code(run):
    """A query that dbt's limit breaks ends with 2; stderr says what to change."""
    code, out, err = run("show", "--inline", "select whose from told limit 1")

    assert code == 2
    assert "Parser Error" in out
    assert "add: --limit -1" in err.splitlines()[-1]


@pytest.mark.nightly
def test_a_test_that_fails_ends_with_dbts_code(run):
    """A test of a warehouse without tables ends with 1, and dbt says why on stdout."""
    code, out, _ = run("test", "--select", "persons_of_reports_are_the_customers")

    assert code == 1
    assert "ERROR=1" in out


def test_a_wrong_option_is_told_by_dbt(run):
    """An option that dbt does not know ends with 2 and dbt's usage."""
    code, _, err = run("ls", "--nosuch")

    assert code == 2
    assert "Usage: cartwheel dbt ls" in err
    assert "No such option '--nosuch'" in err


def test_help_is_dbts(run):
    """--help after dbt is dbt's own, and needs no warehouse."""
    code, out, err = run("docs", "generate", "--help")

    assert (code, err) == (0, "")
    assert "--empty-catalog" in out


@pytest.mark.parametrize("number", mostly_nightly([signal.SIGINT, signal.SIGTERM], 0))
def test_an_interruption_ends_with_130(begin, number):
    """Ctrl-C and SIGTERM end with 130, though dbt takes them for an error of its own."""
    command = begin("parse", "--no-partial-parse")
    command.wait_for("Running with dbt=", "out")
    command.send_signal(number)
    done = command.finish()

    assert done.returncode == 130
    assert INTERRUPTED_TOLD in done.stderr
