"""Two syncs of one warehouse never run at once."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import AlreadyRunning
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.step_runs import SYNC, recorded
from cartwheel.sync_lock import alone, expect_nobody_at_work

AT_WORK = """
import sys
from contextlib import ExitStack
from pathlib import Path
from cartwheel.core.settings import Settings
from cartwheel.step_runs import recorded
from cartwheel.sync_lock import alone

settings, steps = Settings(warehouse=Path(sys.argv[1])), sys.argv[2:]
with ExitStack() as stack:
    for step in steps:
        if step == "lock":
            stack.enter_context(alone(settings.warehouse))
        else:
            stack.enter_context(recorded(settings, step))
    print("at work", flush=True)
    sys.stdin.read()
"""
READING = (
    ("plan", "--offline"),
    ("transform",),
    ("check",),
    ("setup",),
    ("load",),
    ("dbt", "build"),
    ("dashboard",),
    ("digest",),
    ("account",),
    ("workflows", "list"),
    ("workflows", "status"),
)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def settings(tmp_path):
    """Settings of a store and an account that nobody reaches."""
    path = tmp_path / "s.env"
    path.touch(0o600)
    path.write_text(
        f"CARTWHEEL_WAREHOUSE={tmp_path / 'w.duckdb'}\nSHOPIFY_SHOP=acme\n"
        f"SHOPIFY_ACCESS_TOKEN=x\nSHOPIFY_API_URL={NOWHERE}\n"
        f"HUBSPOT_ACCESS_TOKEN=x\nHUBSPOT_API_URL={NOWHERE}\n"
    )
    return Settings.read(path, {})


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["sync", "dry_run"])
def test_the_second_does_nothing_and_names_the_first(settings, options):
    """It ends with 1 before it asks anybody, and says since when which process is at work."""
    with alone(settings.warehouse), recorded(settings, SYNC):
        done = CliRunner().invoke(main, ["--env", str(settings.env_file), "sync", *options])

    assert done.exit_code == 1
    assert f"Another sync of {settings.warehouse} is at work since 20" in done.stderr
    assert f"(process {os.getpid()} on " in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_lock_of_a_killed_sync_is_free(settings):
    """A lock file that nobody holds keeps nobody out, and goes with the next sync."""
    lock = settings.warehouse.with_name("w.duckdb.sync.lock")
    lock.touch()

    with alone(settings.warehouse):
        with pytest.raises(AlreadyRunning, match="did nothing"), alone(settings.warehouse):
            pass
        assert lock.exists()

    assert not lock.exists()


@contextmanager
def at_work(settings, *steps):
    """Another process in these steps, or with the sync's lock; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(settings.warehouse), *steps],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        try:
            yield process
        finally:
            process.communicate()


def run(settings, *command):
    """A command with these settings."""
    return CliRunner().invoke(main, ["--env", str(settings.env_file), *command])


def test_no_command_opens_the_warehouse_beside_a_sync(settings):
    """Each says which process is at work, since when, and ends with 1; the status answers."""
    with open_warehouse(settings.warehouse):
        pass
    with at_work(settings, "lock", "sync", "transform") as process:
        for command in READING:
            done = run(settings, *command)
            assert done.exit_code == 1, (command, done.output)
            assert f"Another sync of {settings.warehouse} is at work since 20" in done.stderr
            assert f"(process {process.pid} on " in done.stderr
            assert "To see how far it is, run: cartwheel status" in done.stderr
        assert run(settings, "status").exit_code == 0

    assert "is at work" not in run(settings, "plan", "--offline").output


@pytest.mark.parametrize("step", ["load", "lock"])
def test_a_step_or_a_sync_that_has_just_begun_counts_too(settings, step):
    """A step that runs alone keeps others out, and so does a lock without a note."""
    with open_warehouse(settings.warehouse):
        pass
    with at_work(settings, step):
        done = run(settings, "plan", "--offline")
        synced = run(settings, "sync")

    named = "sync" if step == "lock" else step
    assert f"Another {named} of {settings.warehouse} is at work" in done.stderr
    assert (done.exit_code, synced.exit_code) == (1, 1)
    assert f"Another {named} of {settings.warehouse} is at work" in synced.stderr


def test_a_process_does_not_keep_itself_out(settings):
    """What a sync's own process asks for within it is not refused."""
    with alone(settings.warehouse), recorded(settings, SYNC):
        expect_nobody_at_work(settings.warehouse)


def test_a_warehouse_with_nothing_in_it_names_the_sync(settings):
    """A plan before anything was landed says so, and what to run."""
    with open_warehouse(settings.warehouse):
        pass

    done = run(settings, "plan", "--offline")

    assert "nothing was landed yet. Run: cartwheel sync" in done.stderr
