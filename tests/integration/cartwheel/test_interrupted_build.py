"""A build that is interrupted within dbt ends like any other command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import duckdb
import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from tests.conftest import ROOT
from tests.end_to_end.journey import own_environment
from tests.nightly import mostly_nightly


@pytest.mark.parametrize("number", mostly_nightly([signal.SIGINT, signal.SIGTERM], 0))
def test_a_build_that_is_interrupted_ends_with_130(tmp_path, number):
    """Ctrl-C while dbt reads the project is an interruption, not a failure of dbt's."""
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("create schema raw")
    target = tmp_path / "target"
    process = subprocess.Popen(
        [sys.executable, "-m", "cartwheel", "transform"],
        cwd=tmp_path,
        env=own_environment() | {"PYTHONPATH": str(ROOT), "DBT_TARGET_PATH": str(target)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    # dbt makes it before it reads the project, which takes seconds
    while not any(target.glob("parsed/*/")):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert err.splitlines()[-1].endswith(INTERRUPTED_TOLD)
