"""Two syncs of one warehouse never run at once."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import AlreadyRunning
from cartwheel.core.settings import Settings
from cartwheel.step_runs import SYNC, recorded
from cartwheel.sync_lock import alone

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
