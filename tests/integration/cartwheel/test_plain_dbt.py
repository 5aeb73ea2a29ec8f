"""`cartwheel dbt`: dbt itself, over the warehouse of the settings, from any folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import duckdb
import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from tests.conftest import ROOT
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
    environ = own_environment() | {"PYTHONPATH": str(ROOT), "DBT_PROFILES_DIR": str(folder)}

    def begin(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cartwheel", "--env", "mine.env", "dbt", *arguments],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def test_it_reads_the_warehouse_of_the_settings(begin, folder):
    """A query through dbt finds a table of the file that --env names, which stderr tells.

    It waits for another program that has the file open. In a pipe it has no colours.
    """
    with duckdb.connect(folder / "mine.duckdb", read_only=True):
        process = begin("show", "--inline", "select whose from told", "--log-format", "text")
        said = [process.stderr.readline(), process.stderr.readline()]
    out, err = process.communicate(timeout=120)
    err = "".join(said) + err

    assert "waiting for the warehouse: it is open in " in said[-1], err
    assert f"(PID {os.getpid()}); for at most 5 minutes" in said[-1]
    assert process.returncode == 0, out + err
    assert "of mine" in out
    assert "\x1b" not in out + err
    assert "Running with dbt=" in out
    assert f"warehouse {folder / 'mine.duckdb'} (settings of mine.env)" in err
    assert not (folder / "warehouse.duckdb").exists()
    assert not (folder / "logs").exists()


def test_what_fails_ends_with_dbts_code(begin):
    """A query that dbt's limit breaks ends with 2; stderr says what to change."""
    process = begin("show", "--inline", "select whose from told limit 1")
    out, err = process.communicate(timeout=120)

    assert process.returncode == 2
    assert "Parser Error" in out
    assert "add: --limit -1" in err.splitlines()[-1]


@pytest.mark.nightly
def test_a_test_that_fails_ends_with_dbts_code(begin):
    """A test of a warehouse without tables ends with 1, and dbt says why on stdout."""
    process = begin("test", "--select", "persons_of_reports_are_the_customers")
    out, _ = process.communicate(timeout=120)

    assert process.returncode == 1
    assert "ERROR=1" in out


def test_a_wrong_option_is_told_by_dbt(begin):
    """An option that dbt does not know ends with 2 and dbt's usage."""
    process = begin("ls", "--nosuch")
    _, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "Usage: cartwheel dbt ls" in err
    assert "No such option '--nosuch'" in err


def test_help_is_dbts(begin):
    """--help after dbt is dbt's own, and needs no warehouse."""
    process = begin("docs", "generate", "--help")
    out, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
    assert "--empty-catalog" in out


@pytest.mark.parametrize("number", mostly_nightly([signal.SIGINT, signal.SIGTERM], 0))
def test_an_interruption_ends_with_130(begin, number):
    """Ctrl-C and SIGTERM end with 130, though dbt takes them for an error of its own."""
    process = begin("parse", "--no-partial-parse")
    assert "warehouse" in process.stderr.readline()
    assert "Running with dbt=" in process.stdout.readline()
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert INTERRUPTED_TOLD in err
