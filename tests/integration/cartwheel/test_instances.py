"""The DuckDB instance that is kept between two openings: nothing of one reaches the next."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from shutil import rmtree

import duckdb
import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.errors import WarehouseError
from cartwheel.core.instances import connect_again, is_open
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from tests.integration.cartwheel.test_warehouse import fail_after
from tests.nightly import mostly_nightly


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
    "name",
    [
        "w.duckdb",
        "memory.duckdb",
        "no_file.duckdb",
        "a.b.duckdb",
        "temp",
        "main.db",
        'a "b".duckdb',
    ],
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


def test_whatever_way_leads_to_a_file_it_is_opened_once(tmp_path):
    """Through a link, or a folder and back, an inner block sees the outer one's file."""
    path, link = tmp_path / "w.duckdb", tmp_path / "link.duckdb"
    link.symlink_to(path)
    (tmp_path / "sub").mkdir()
    with open_warehouse(path) as outer:
        outer.execute("create table t as select 1 as one")
        for way in (link, tmp_path / "sub" / ".." / "w.duckdb"):
            with open_warehouse(way, read_only=True) as inner:
                assert inner.execute("from t").fetchall() == [(1,)]
        assert other_process_opens(path).returncode != 0

    assert other_process_opens(path).returncode == 0


def test_dbt_is_kept_from_a_warehouse_that_this_process_has_open(tmp_path):
    """dbt opens the file itself, which would let other processes write beside us."""
    settings = Settings(warehouse=tmp_path / "w.duckdb")
    with (
        open_warehouse(settings.warehouse),
        pytest.raises(WarehouseError, match="is open in this process"),
    ):
        dbt(settings, "build")


def interrupt(*_):
    """Ctrl-C."""
    raise KeyboardInterrupt


# each attempt is interrupted at another point of the 4 ms that an opening takes
@pytest.mark.parametrize("attempts", mostly_nightly([40, 400], 0))
def test_an_interruption_at_any_point_frees_the_file(tmp_path, attempts):
    """However often an opening is interrupted, the next one and others find the file free."""
    path = tmp_path / "w.duckdb"
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for number in range(attempts):
            with suppress(KeyboardInterrupt, RuntimeError):
                signal.setitimer(signal.ITIMER_REAL, 0.0005 + number % 40 / 10_000)
                try:
                    with open_warehouse(path) as connection:
                        connection.execute("create or replace table t as select 1 as one")
                finally:
                    # within the block, for the alarm may come until it is switched off
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)

    assert not is_open(path)
    assert other_process_opens(path).returncode == 0


def test_what_a_block_leaves_does_not_hinder_the_next(tmp_path):
    """A database attached, a configuration locked, a spill folder removed: the next opens."""
    path, spill = tmp_path / "w.duckdb", tmp_path / "spill"
    with open_warehouse(path) as connection:
        connection.execute("attach ':memory:' as mine")
    with open_warehouse(path) as connection:
        connection.execute("set lock_configuration = true")
    with open_warehouse(path, memory_limit="60MB", spill=spill) as connection:
        connection.execute(
            "create temp table t as select md5(i::varchar) as s from range(2000000) r (i)"
        )
        rmtree(spill)
    with open_warehouse(path) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]


MEMORY = """
import re
import sys
from pathlib import Path

from cartwheel.core.warehouse import open_warehouse

def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

path = Path(sys.argv[1])
with open_warehouse(path) as connection:
    connection.execute("select 1")
before = held()
with open_warehouse(path) as connection:
    rows = "select md5(i::varchar) as s from range(3000000) r (i) order by s"
    connection.execute(f"create temp table t as {rows}")
print((held() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_an_idle_instance_gives_its_memory_back(tmp_path):
    """Between two openings a process holds little of what a large query took."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "w.duckdb")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) < 150


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
