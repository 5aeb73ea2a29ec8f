"""The warehouse file: private, one writer, whole transactions."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from typing import Any, cast

import duckdb
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import WarehouseError, WarehouseLocked
from cartwheel.core.waiting import LOOK_AGAIN, waiting
from cartwheel.core.warehouse import open_warehouse, transaction


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


class Interrupted:
    """A connection at which Ctrl-C comes just before or after a statement is carried out."""

    def __init__(self, connection, statement, carried_out):
        self._connection, self._statement, self._carried_out = (
            connection,
            statement,
            carried_out,
        )

    def execute(self, statement):
        comes = statement == self._statement
        if not comes or self._carried_out:
            self._connection.execute(statement)
        if comes:
            raise KeyboardInterrupt


@pytest.mark.parametrize("statement", ["begin transaction", "commit"])
@pytest.mark.parametrize("carried_out", [False, True])
def test_an_interruption_leaves_no_transaction_open(tmp_path, statement, carried_out):
    """Whenever Ctrl-C comes, the next transaction can begin, and no half of one stands."""
    with open_warehouse(tmp_path / "w.duckdb") as connection:
        connection.execute("create table t (a integer)")
        with (
            pytest.raises(KeyboardInterrupt),
            transaction(cast(Any, Interrupted(connection, statement, carried_out))),
        ):
            connection.execute("insert into t values (1)")

        with transaction(connection):
            rows = connection.execute("from t").fetchall()
        assert rows == ([(1,)] if statement == "commit" and carried_out else [])


def test_a_warehouse_that_is_not_there_names_the_command(tmp_path):
    """Reading a warehouse that was never made says how to make it."""
    with (
        pytest.raises(WarehouseError, match="cartwheel sync"),
        open_warehouse(tmp_path / "none.duckdb", read_only=True),
    ):
        pass


def test_a_warehouse_open_elsewhere_says_so(tmp_path):
    """Another process that holds the file is named in the message; who waits gets it after."""
    path = tmp_path / "w.duckdb"
    hold = (
        "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]);"
        " print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with pytest.raises(WarehouseLocked) as refused, open_warehouse(path):
            pass

        def close(seconds):
            slept.append(seconds)
            other.kill()
            other.wait()

        said: list[str] = []
        slept: list[float] = []
        with waiting(said.append, sleep=close), open_warehouse(path) as connection:
            assert connection.execute("select 1").fetchall() == [(1,)]

    held_by = refused.value.held_by
    assert re.fullmatch(rf"python\S* \(PID {other.pid}\)", held_by)
    assert str(refused.value) == (
        f"The warehouse {path} is open in another program: {held_by}. Close the notebook or "
        "the run that holds it, then repeat the command."
    )
    assert slept == [LOOK_AGAIN]
    assert said == [
        f"waiting for the warehouse: it is open in {held_by}; for at most 5 minutes"
    ]


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

from cartwheel.core.errors import WarehouseError
from cartwheel.core.instances import connect_again, is_open
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, transaction
from cartwheel.build.dbt import dbt

path = Path(sys.argv[1])
with open_warehouse(path) as connection:
    connection.execute("create table kept as select 1 as one")
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    with open_warehouse(path) as connection:
        for number in range(40):
            with transaction(connection):
                rows = f"select random() as x from range({sys.argv[2]})"
                connection.execute(f"create table big_{number} as {rows}")
except WarehouseError as error:
    print(error)
"""


@pytest.mark.parametrize("rows", ["1000000", "9000"], ids=["while writing", "at the commit"])
def test_a_full_disk_is_told_and_spoils_nothing(tmp_path, rows):
    """Where a file cannot grow, the message says what to do, and what was there stays."""
    path = tmp_path / "w.duckdb"
    run = subprocess.run(
        [sys.executable, "-c", FILL, str(path), rows],
        check=True,
        capture_output=True,
        text=True,
    )

    assert re.search(
        r"The disk that .*w\.duckdb is on is full.*Free space on the disk", run.stdout
    )
    with open_warehouse(path) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert ("kept",) in tables
    assert ("big_39",) not in tables


def cut(path):
    """All but the beginning of the file is missing."""
    os.truncate(path, 13_000)


def overwrite(path):
    """A part of the file holds something else."""
    with path.open("r+b") as file:
        file.seek(12_288)
        file.write(b"something else" * 50_000)


def replace(path):
    """The file is another program's."""
    path.write_text("something else\n" * 1000)


def empty(path):
    """Nothing is left of the file."""
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, overwrite, replace, empty])
@pytest.mark.parametrize("command", ["status", "dashboard", "plan", "transform"])
def test_a_damaged_warehouse_is_told_with_the_ways_on(tmp_path, damage, command):
    """Every command names the file and what to do; none advises to free space."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.t as select md5(i::varchar) as s from range(99999) r (i)"
        )
    damage(path)
    before = path.read_bytes()

    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(path)}).invoke(main, [command])

    assert done.exit_code != 0
    assert not isinstance(done.exception, duckdb.Error), done.exception
    assert re.search(r"Error: .*w\.duckdb is damaged.*backup.*cartwheel sync", done.output)
    assert "Free space" not in done.output
    assert path.read_bytes() == before


def test_damage_that_shows_late_is_told_too(tmp_path):
    """A part that is damaged may show only when it is read."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute(
            "create table t as select md5(i::varchar) as s from range(99999) r (i)"
        )
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"something else" * 50_000)

    with (
        pytest.raises(WarehouseError, match=r"is damaged.*backup"),
        open_warehouse(path) as connection,
    ):
        connection.execute("select count(distinct s) from t").fetchall()


def test_a_folder_in_the_warehouses_place_is_told(tmp_path):
    """What is no file at all is named too, with what to do."""
    with (
        pytest.raises(WarehouseError, match=r"Check the file|damaged"),
        open_warehouse(tmp_path),
    ):
        pass


@pytest.mark.parametrize("name", ["o'brien.duckdb", "a' & {c}--%s $x.duckdb", "größe ü.duckdb"])
def test_odd_names_of_the_file_are_names(tmp_path, name):
    """A quotation mark in the file's name ends no statement."""
    with open_warehouse(tmp_path / name, spill=tmp_path / "o'spill") as connection:
        connection.execute("create table t as select 1 as one")
    with open_warehouse(tmp_path / name, read_only=True) as connection:
        assert connection.execute("select * from t").fetchall() == [(1,)]

    assert [path.name for path in tmp_path.iterdir()] == [name]
