"""The warehouse file: private, one writer, whole transactions."""

from __future__ import annotations

import stat
import subprocess
import sys

import duckdb
import pytest

from cartwheel.errors import WarehouseError
from cartwheel.warehouse import open_warehouse, transaction


def test_the_file_is_its_owners_alone(tmp_path):
    """A new warehouse is readable by its owner only."""
    with open_warehouse(tmp_path / "w.duckdb"):
        pass

    assert stat.S_IMODE((tmp_path / "w.duckdb").stat().st_mode) == 0o600


def fail_after(done):
    """Fail, once the statement given has been carried out."""
    raise ZeroDivisionError(done)


def test_a_failed_transaction_leaves_nothing(tmp_path):
    """What a transaction did before it failed is undone."""
    with open_warehouse(tmp_path / "w.duckdb") as connection:
        connection.execute("create table t (i integer)")
        with pytest.raises(ZeroDivisionError), transaction(connection):
            fail_after(connection.execute("insert into t values (1)"))

        assert connection.execute("select count(*) from t").fetchall() == [(0,)]


def test_a_warehouse_that_is_not_there_names_the_command(tmp_path):
    """Reading a warehouse that was never made says how to make it."""
    with (
        pytest.raises(WarehouseError, match="cartwheel sync"),
        open_warehouse(tmp_path / "none.duckdb", read_only=True),
    ):
        pass


def test_a_warehouse_open_elsewhere_says_so(tmp_path):
    """Another process that holds the file is named in the message."""
    path = tmp_path / "w.duckdb"
    hold = (
        "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]);"
        " print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with (
            pytest.raises(WarehouseError, match="open in another program"),
            open_warehouse(path),
        ):
            pass

        other.kill()


@pytest.mark.parametrize(
    ("limit", "memory", "most"),
    [
        ("300MB", "286.1 MiB", 1),
        ("499.9MB", "476.7 MiB", 1),
        ("500MB", "476.8 MiB", 2),
        ("0.75 GiB", "768.0 MiB", 3),
        ("1tb", "931.3 GiB", 4000),
    ],
)
def test_memory_and_threads_are_limited(tmp_path, limit, memory, most):
    """DuckDB takes no more than the limit, and a thread for each 250 MB of it."""
    settings = "select current_setting('memory_limit'), current_setting('threads')"
    with duckdb.connect() as unlimited:
        _, cores = unlimited.execute(settings).fetchone()

    with open_warehouse(tmp_path / "w.duckdb", memory_limit=limit) as connection:
        limits = connection.execute(settings).fetchone()

    assert limits == (memory, min(most, cores))


@pytest.mark.parametrize("limit", ["1KB", "20MB"])
def test_too_little_memory_names_its_setting(tmp_path, limit):
    """Where the limit is too low, even to open the file, the message says what to change."""
    with (
        pytest.raises(WarehouseError, match=f"{limit}.*CARTWHEEL_MEMORY_LIMIT"),
        open_warehouse(tmp_path / "w.duckdb", memory_limit=limit) as connection,
    ):
        connection.execute("select list(i) from range(10000000) as t (i)").fetchall()


FILL = """
import resource
import sys
from pathlib import Path

from cartwheel.errors import WarehouseError
from cartwheel.warehouse import open_warehouse

path = Path(sys.argv[1])
with open_warehouse(path) as connection:
    connection.execute("create table kept as select 1 as one")
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    with open_warehouse(path) as connection:
        connection.execute("create table big as select random() as x from range(1000000)")
except WarehouseError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_spoils_nothing(tmp_path):
    """Where a file cannot grow, the message says what to do, and what was there stays."""
    path = tmp_path / "w.duckdb"
    run = subprocess.run(
        [sys.executable, "-c", FILL, str(path)], check=True, capture_output=True, text=True
    )

    assert "Free space on the disk" in run.stdout
    with open_warehouse(path) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert tables == [("kept",)]
