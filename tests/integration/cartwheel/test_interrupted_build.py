"""A build that is interrupted within dbt ends like any other command."""

from __future__ import annotations

import signal
import time

import duckdb
import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from tests.commands import Command
from tests.end_to_end.journey import own_environment
from tests.nightly import mostly_nightly


@pytest.mark.parametrize("number", mostly_nightly([signal.SIGINT, signal.SIGTERM], 0))
def test_a_build_that_is_interrupted_ends_with_130(tmp_path, number):
    """Ctrl-C while dbt reads the project is an interruption, not a failure of dbt's."""
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("create schema raw")
    target = tmp_path / "target"
    environ = own_environment() | {"DBT_TARGET_PATH": str(target)}
    command = Command.begin(["transform"], tmp_path, environ)
    deadline = time.monotonic() + 60
    # one process at a time reads the project, which takes seconds
    while not any(target.glob("parsed/*.lock")):
        assert command.is_running(), command.finish()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.5)
    command.send_signal(number)
    done = command.finish()

    assert done.returncode == 130, done.stderr
    assert done.stderr.splitlines()[-1].endswith(INTERRUPTED_TOLD)
