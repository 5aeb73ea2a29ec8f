"""Each build stands in ops.transform_runs: ours from its begin, and those by hand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.build.dbt import PROJECT, dbt, parse, parsed_folder
from cartwheel.build.run_log import run_by_hand
from cartwheel.build.state import BuildState, read_state, write_state
from cartwheel.core.errors import (
    QualityGateClosed,
    TransformFailed,
    WarehouseError,
    WarehouseLocked,
)
from cartwheel.core.progress import silent
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse
from cartwheel.failed_build import failed_build
from cartwheel.gated import pass_gate
from cartwheel.last_runs import logged_runs
from cartwheel.step_runs import read_noted
from cartwheel.transform import transform


@pytest.fixture
def settings(empty_warehouse, tmp_path):
    """A copy of a warehouse whose models are built."""
    path = Path(copy(empty_warehouse.settings.warehouse, tmp_path))
    return replace(empty_warehouse.settings, warehouse=path)


def change(settings, statement):
    """Change the warehouse by hand."""
    with open_warehouse(settings.warehouse) as connection:
        connection.execute(statement)


def runs(settings):
    """The rows of the run log, the oldest first."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return connection.execute(
            "select command, status, passed, failed, message from ops.transform_runs "
            "order by started_at"
        ).fetchall()


def detail(settings):
    """What the status says of the last build."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        [run] = [run for run in logged_runs(connection) if run.step == "transform"]
    return run.status, run.detail


def test_a_build_by_hand_is_logged(settings):
    """A `dbt run` of two models that succeeded stands as such, once; transform knows of it."""
    dbt(settings, "run", "--select", "stg_shopify__shops", "stg_shopify__orders")

    assert runs(settings) == [("dbt run", "succeeded", 2, 0, "")]
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        assert re.fullmatch(r"dbt run was run by hand at 2\S+ \S+ UTC", run_by_hand(connection))
    assert detail(settings) == (
        "succeeded",
        "dbt run by hand: 2 models and tests passed, 0 warned, 0 failed",
    )


def test_a_build_waits_for_another_program(settings):
    """Where another program has the file as dbt starts, dbt starts again once it is closed."""
    hold = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        " sys.stdin.read()"
    )
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", hold, settings.warehouse],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WarehouseLocked, match=r"is open in another program: .*Close the"):
            dbt(settings, "run", "--select", "stg_shopify__shops")
        with waiting(said.append, sleep=lambda _: other.communicate() and None):
            results = dbt(settings, "run", "--select", "stg_shopify__shops")

    assert {str(result.status) for result in results} == {"success"}
    assert len(said) == 1
    assert f"(PID {other.pid}); for at most 5 minutes" in said[0]


def test_what_failed_in_a_build_by_hand_is_named(settings):
    """A model that cannot be built is named in the run log and in the status."""
    change(settings, "alter table raw.orders rename payload to another_name")

    dbt(settings, "build", "--select", "stg_shopify__orders")

    assert runs(settings) == [("dbt build", "failed", 0, 1, "stg_shopify__orders")]
    counted = "0 models and tests passed, 0 warned, 1 failed"
    assert detail(settings)[1].endswith(f"{counted}: stg_shopify__orders")


@pytest.mark.nightly
def test_dbt_in_a_shell_is_logged(settings):
    """The `dbt` command itself, with the settings of a shell alone, leaves its row."""
    environ = {name: value for name, value in os.environ.items() if "CARTWHEEL" not in name}
    environ |= {"DBT_PROJECT_DIR": str(PROJECT), "DBT_PROFILES_DIR": str(PROJECT)}
    # by its name alone, under which the project is parsed already
    environ["CARTWHEEL_WAREHOUSE"] = settings.warehouse.name
    parse(settings)
    folder = max(parsed_folder().glob("*/"), key=lambda each: each.stat().st_mtime)
    environ["DBT_PARTIAL_PARSE_FILE_PATH"] = str(folder / "partial_parse.msgpack")
    command = [str(Path(sys.executable).with_name("dbt")), "run", "-s", "stg_shopify__shops"]

    subprocess.run(
        command, cwd=settings.warehouse.parent, env=environ, check=True, capture_output=True
    )

    assert runs(settings) == [("dbt run", "succeeded", 1, 0, "")]


@pytest.mark.nightly
def test_other_commands_of_dbt_are_no_build(settings):
    """`dbt test` and a selection of nothing leave the run log as it is."""
    dbt(settings, "test", "--select", "stg_shopify__shops")
    dbt(settings, "run", "--select", "tag:nothing")

    assert runs(settings) == []


def test_a_warehouse_without_the_run_log_is_built(settings):
    """Where the table is not there, or is that of another version, dbt builds all the same."""
    change(settings, "alter table ops.transform_runs drop column command")

    results = dbt(settings, "run", "--select", "stg_shopify__shops")

    assert [str(result.status) for result in results][-1] == "success"
    with pytest.raises(WarehouseError, match=r"ops.transform_runs lacks command"):
        transform(settings, silent)


def test_a_transform_is_logged_once(transformed_cases):
    """Ours is one row, although it runs dbt within, and what it did is beside the warehouse."""
    [(command, status, passed, failed, message)] = runs(transformed_cases)
    assert (command, status, failed, message) == ("cartwheel transform", "succeeded", 0, "")
    assert passed > 300

    [noted] = read_noted(transformed_cases.warehouse).runs
    assert (noted.step, noted.state) == ("transform", "succeeded")
    counted = rf"{passed} models and tests passed, \d+ warned, 0 failed"
    assert re.fullmatch(counted, noted.detail)


def test_who_records_a_run_has_nothing_parsed_again(settings):
    """dbt parses again where a variable of the environment that it parsed with has changed."""
    read_while_parsing = parse(settings).env_vars

    assert "CARTWHEEL_QUARANTINE_LIMIT" in read_while_parsing
    assert "CARTWHEEL_RECORDS_THE_RUN" not in read_while_parsing


def test_a_killed_build_is_marked_by_the_next(settings):
    """A row that says running when another transform begins was interrupted.

    What a build of everything that could not start leaves undone, the next one does.
    """
    change(
        settings,
        "insert into ops.transform_runs (started_at, status, command) "
        "values (timestamp '2026-01-01', 'running', 'cartwheel transform'); "
        "drop table raw.orders cascade",
    )
    with open_warehouse(settings.warehouse) as connection:
        write_state(connection, BuildState("p", {}, {}, {}, datetime(2026, 1, 1)))

    with pytest.raises(TransformFailed, match=r"raw.orders"):
        transform(settings, silent, full=True)

    assert [row[1] for row in runs(settings)] == ["interrupted", "failed"]
    assert "raw.orders" in failed_build(settings)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        assert read_state(connection) is None


@pytest.mark.nightly
def test_a_build_that_could_not_start_is_logged(settings):
    """An error before any model is built is the run's message, and closes the gate.

    What a build of everything leaves undone, the next one does, whatever was built before.
    """
    change(settings, "drop table raw.orders cascade")
    with open_warehouse(settings.warehouse) as connection:
        write_state(connection, BuildState("p", {}, {}, {}, datetime(2026, 1, 1)))

    with pytest.raises(TransformFailed, match=r"raw.orders"):
        transform(settings, silent, full=True)

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        assert read_state(connection) is None
    [(_, status, passed, _, message)] = runs(settings)
    assert (status, passed) == ("failed", None)
    assert "raw.orders" in message
    assert "raw.orders" in failed_build(settings)
    page = (settings.warehouse.parent / "data_docs" / "index.html").read_text()
    assert "Closed: the last build failed" in page
    with pytest.raises(QualityGateClosed, match="Correct that, then run: cartwheel sync"):
        pass_gate(settings, silent)


def test_a_build_by_hand_does_not_open_the_gate(settings):
    """What failed in the last transform keeps the gate closed, whatever dbt ran since."""
    change(
        settings,
        "insert into ops.transform_runs (started_at, status, message, command) "
        "values (timestamp '2026-01-01', 'failed', 'a_test', 'cartwheel transform'), "
        "(timestamp '2026-01-02', 'running', null, 'cartwheel transform')",
    )

    dbt(settings, "run", "--select", "stg_shopify__shops")

    assert failed_build(settings) == "a_test"
    see = 'make quality ARGS="--env other.env -k a_test". Correct the source or the model, then'
    with pytest.raises(QualityGateClosed, match=re.escape(see)):
        pass_gate(replace(settings, env_file=Path("other.env")), silent)
