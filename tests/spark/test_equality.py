"""Spark, on a cluster, makes of the same raw data what DuckDB makes."""

from __future__ import annotations

import json
import re
import signal
import stat
import time

import pytest

from cartwheel.core.warehouse import open_warehouse
from cartwheel.lake.contracts import promised_columns
from tests.spark.cluster import WORKERS, begun, finished

pytestmark = pytest.mark.spark


def current(lake):
    """The current build's name, and how many tests of it passed and warned."""
    build = json.loads((lake / "marts" / "_current.json").read_text())
    return build["build"], build["passed"], build["warned"]


def test_both_workers_ran_tasks(both, capsys):
    """Each worker of the cluster ended a good part of the tasks."""
    tasks = both.cluster.tasks()
    with capsys.disabled():
        told = ", ".join(f"worker {name} {ended:,}" for name, ended in sorted(tasks.items()))
        print(f"\ntasks: {told}")

    assert sorted(tasks) == sorted(WORKERS)
    assert min(tasks.values()) > sum(tasks.values()) / 10 > 100


def test_every_mart_is_what_duckdb_makes(both, capsys):
    """Each mart has the same columns, types and rows: EXCEPT ALL finds none, either way."""
    names = [*promised_columns(), "staging.stg_shopify__shops"]
    differing, rows, empty = {}, 0, []
    with open_warehouse(both.duckdb.warehouse, read_only=True) as connection:
        connection.execute(f"attach '{both.spark.warehouse}' as spark (read_only)")
        for name in names:
            described = [
                [row[:2] for row in connection.execute(f"describe {where}{name}").fetchall()]
                for where in ("", "spark.")
            ]
            columns = ", ".join(f'"{column}"' for column, _ in described[0])
            here, there = f"select {columns} from {name}", f"select {columns} from spark.{name}"
            [(count, only_duckdb, only_spark)] = connection.execute(
                f"select (select count(*) from ({here})), "
                f"(select count(*) from ({here} except all {there})), "
                f"(select count(*) from ({there} except all {here}))"
            ).fetchall()
            rows += count
            empty += [] if count else [name]
            if described[0] != described[1] or only_duckdb or only_spark:
                differing[name] = (
                    only_duckdb,
                    only_spark,
                    set(described[0]) ^ set(described[1]),
                )
    with capsys.disabled():
        print(
            f"\n{len(names)} tables, {rows:,} rows (empty: {', '.join(empty) or 'none'}): "
            f"{len(differing)} differ"
        )

    assert len(names) > 45
    assert rows > 50_000
    assert differing == {}


def test_the_models_pass_their_tests_on_spark(both, capsys):
    """No data test fails there, and as many warn as on DuckDB."""
    _, passed, warned = current(both.lake)
    with open_warehouse(both.duckdb.warehouse, read_only=True) as connection:
        [(warned_on_duckdb,)] = connection.execute(
            "select count(*) from ops.build_warnings"
        ).fetchall()
    took = re.search(r"warned in (\d+) s", both.build.stdout)
    with capsys.disabled():
        print(
            f"\nseconds: Spark {took[1]}, import {both.seconds['import']:.1f}, DuckDB "
            f"{both.seconds['DuckDB']:.1f}"
        )

    assert passed > 450
    assert warned == warned_on_duckdb > 0


def test_nobody_else_can_read_what_spark_wrote(both):
    """No file or folder of the lake is open to others, those of the executors included."""
    paths = list(both.lake.rglob("*"))

    assert len(paths) > 400
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_build_of_some_models_does_not_become_current(both, tmp_path):
    """It says that it is not whole, and the current build stays."""
    before = current(both.lake)

    some = ["--select", "stg_shopify__product_media", "--indirect-selection", "cautious"]
    done = finished(begun(both.lake, tmp_path / "target", some))

    assert done.returncode == 1
    assert "not a whole build" in done.stdout
    assert current(both.lake) == before


def test_a_build_that_is_killed_does_not_become_current(both, tmp_path):
    """What it wrote by then is read by nobody."""
    before = current(both.lake)
    process = begun(both.lake, tmp_path / "target", [])
    there = set((both.lake / "marts").iterdir())
    while not any(new.is_dir() for new in set((both.lake / "marts").iterdir()) - there):
        assert process.poll() is None
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    finished(process)

    assert current(both.lake) == before
