"""The warehouse file: private, one writer, whole transactions."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys

import duckdb
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import WarehouseError
from cartwheel.core.instances import connect_again
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

from cartwheel.core.errors import WarehouseError
from cartwheel.core.instances import connect_again
from cartwheel.core.warehouse import open_warehouse, transaction

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


def test_a_warehouse_open_in_the_same_notebook_says_so(tmp_path):
    """A connection that a notebook made itself keeps ours out, and is to be closed."""
    with (
        duckdb.connect(str(tmp_path / "w.duckdb")),
        pytest.raises(WarehouseError, match=r"open in another program.*Close the notebook"),
        open_warehouse(tmp_path / "w.duckdb"),
    ):
        pass


def other_process_opens(path):
    """Whether another process can open the file to write, and how it ended."""
    code = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"
    return subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True)


def test_a_closed_warehouse_is_free_for_others(tmp_path):
    """After a block, a failed one too, another process opens the file; no log is left."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create table t as select 1 as one")
    assert other_process_opens(path).returncode == 0
    with pytest.raises(ZeroDivisionError), open_warehouse(path) as connection:
        fail_after(connection.execute("insert into t values (2)"))
    assert other_process_opens(path).returncode == 0
    with open_warehouse(path) as connection:
        assert other_process_opens(path).returncode != 0

    assert [each.name for each in tmp_path.iterdir()] == ["w.duckdb"]


def test_a_block_within_a_block_is_open_as_the_outer_one(tmp_path):
    """Both see the same rows; the file is closed with the outer one."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as outer:
        outer.execute("create table t as select 1 as one")
        with open_warehouse(path, read_only=True) as inner:
            assert inner.execute("from t").fetchall() == [(1,)]
        outer.execute("insert into t values (2)")
        again = connect_again(outer)
        assert again.execute("select sum(one) from t").fetchall() == [(3,)]

    assert other_process_opens(path).returncode == 0


def test_nothing_of_one_opening_is_left_in_the_next(tmp_path):
    """Temporary tables, variables and the zone of a connection end with it."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("create temp table t as select 1 as one")
        connection.execute("set variable x = 1")
        connection.execute("set timezone = 'Asia/Tokyo'")
    with open_warehouse(path) as connection:
        left = connection.execute(
            "select getvariable('x'), current_setting('timezone'), "
            "(select count(*) from duckdb_tables())"
        ).fetchall()

    assert left == [(None, "UTC", 0)]


@pytest.mark.parametrize(
    "name", ["w.duckdb", "memory.duckdb", "a.b.duckdb", "temp", "main.db", 'a "b".duckdb']
)
def test_the_catalog_has_the_name_that_every_tool_gives_it(tmp_path, name):
    """Views that dbt wrote name the catalog, so it is the one of duckdb.connect."""
    with duckdb.connect(str(tmp_path / name)) as plain:
        expected = plain.execute("select current_database()").fetchall()

    with open_warehouse(tmp_path / name) as connection:
        assert connection.execute("select current_database()").fetchall() == expected


def test_a_warehouse_that_spilled_lets_the_next_one_spill_elsewhere(tmp_path):
    """DuckDB keeps the folder that it spilled into; the next opening has its own."""
    spills = [tmp_path / "first", tmp_path / "second"]
    for spill in spills:
        with open_warehouse(
            tmp_path / "w.duckdb", memory_limit="60MB", spill=spill
        ) as connection:
            connection.execute(
                "create temp table t as select md5(i::varchar) as s from range(2000000) r (i)"
            )
            assert list(spill.iterdir()) != []

    assert [spill for spill in spills if spill.exists() and list(spill.iterdir())] == []


def test_a_process_forked_from_one_that_opened_opens_for_itself(tmp_path):
    """The threads of an instance stay behind at a fork; the child uses none of it."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from cartwheel.core.warehouse import open_warehouse\n"
        "path = Path(sys.argv[1])\n"
        "with open_warehouse(path) as c: c.execute('create table t as select 1 as one')\n"
        "if child := os.fork(): sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "for _ in range(2):\n"
        "    with open_warehouse(path) as c: c.execute('insert into t from range(100000)')\n"
        "os._exit(0)\n"
    )

    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "w.duckdb")], timeout=60)

    assert done.returncode == 0
    with open_warehouse(tmp_path / "w.duckdb") as connection:
        assert connection.execute("select count(*) from t").fetchall() == [(200_001,)]


def test_several_warehouses_are_open_in_one_process(tmp_path):
    """Each block sees its own file, though both have one name."""
    for shop in ("a", "b"):
        (tmp_path / shop).mkdir()
    first, second = tmp_path / "a" / "w.duckdb", tmp_path / "b" / "w.duckdb"
    with open_warehouse(first) as one, open_warehouse(second) as other:
        one.execute("create table t as select 'a' as shop")
        other.execute("create table t as select 'b' as shop")
    for path, shop in ((first, "a"), (second, "b")):
        with open_warehouse(path, read_only=True) as connection:
            assert connection.execute("from t").fetchall() == [(shop,)]
