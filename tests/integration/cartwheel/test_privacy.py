"""What holds customers' data is its owner's alone from its first byte, whatever the umask."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner

from cartwheel.build.dbt import PROJECT
from cartwheel.cli.app import main
from cartwheel.core.errors import OutputError
from cartwheel.core.privacy import private_files, write_whole
from cartwheel.core.warehouse import open_warehouse


@pytest.fixture(autouse=True)
def usual_umask():
    """As on most machines: what a process makes, everybody can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder):
    """The names in a folder, and below it, that others than the owner may read."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    }


def test_the_log_beside_the_warehouse_is_private(tmp_path):
    """What was written and not yet folded into the file stands in a log that nobody reads."""
    with open_warehouse(tmp_path / "w.duckdb") as connection:
        connection.execute("create table people as select 'somebody' as name")

        assert (tmp_path / "w.duckdb.wal").exists()
        assert open_to_others(tmp_path) == set()


def test_what_does_not_fit_into_memory_is_private(tmp_path):
    """The folder that DuckDB spills into, and its files, nobody else reads."""
    with open_warehouse(tmp_path / "w.duckdb", memory_limit="100MB") as connection:
        connection.execute(
            "create temp table large as select repeat('x', 200) || range as name "
            "from range(2000000)"
        )

        assert list((tmp_path / "w.duckdb.tmp").iterdir())
        assert open_to_others(tmp_path) == set()


def test_a_warehouse_found_open_is_closed_and_that_is_said_once(tmp_path, capsys):
    """A file that others could read, with its log, is closed; the message names it."""
    path, log = tmp_path / "w.duckdb", tmp_path / "w.duckdb.wal"
    with open_warehouse(path):
        pass
    path.chmod(0o644)
    log.touch(mode=0o644)

    for _ in range(2):
        with open_warehouse(path, read_only=True):
            assert open_to_others(tmp_path) == set()

    assert capsys.readouterr().err.count("w.duckdb, w.duckdb.wal in") == 1


def test_what_a_killed_process_spilled_goes(tmp_path):
    """The next one that writes removes it, and nothing that is not DuckDB's."""
    spilled = tmp_path / "w.duckdb.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_1_0_storage_S32K-0.tmp").write_text("somebody")
    (spilled / "precious").write_text("mine")

    with open_warehouse(tmp_path / "w.duckdb"):
        pass

    assert [path.name for path in spilled.iterdir()] == ["precious"]


def test_plain_dbt_is_as_private(tmp_path):
    """dbt, typed by hand, makes its warehouse and what stands beside it private too."""
    (tmp_path / "w.duckdb.tmp").mkdir(mode=0o755)
    environment = {
        **os.environ,
        "CARTWHEEL_WAREHOUSE": str(tmp_path / "w.duckdb"),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }
    # a project of nothing, with our profile: to parse ours takes ten seconds
    copy(PROJECT / "profiles.yml", tmp_path)
    project = {"name": "nothing", "version": "1.0.0", "profile": "cartwheel"}
    (tmp_path / "dbt_project.yml").write_text(json.dumps(project))
    dbt = str(Path(sys.executable).with_name("dbt"))
    rows = "select 'somebody' || range as name from range(3000000)"
    query = json.dumps({"sql": f"create table people as {rows}"})
    seen, found_open = set(), set()

    with subprocess.Popen(
        [dbt, "run-operation", "run_query", "--args", query],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        while process.poll() is None:
            for path in tmp_path.glob("w.duckdb*"):
                seen.add(path.name)
                if path.name != "w.duckdb.tmp" and path.stat().st_mode & 0o077:
                    found_open.add(path.name)
            time.sleep(0.001)
        said = process.stdout.read().decode()

    assert process.returncode == 0, said
    assert seen >= {"w.duckdb", "w.duckdb.wal"}
    assert found_open == set()
    assert "w.duckdb.tmp in" in said


def test_a_command_gives_the_umask_back(tmp_path, monkeypatch):
    """Every command works under a private umask, and leaves the process as it was."""
    monkeypatch.setenv("CARTWHEEL_WAREHOUSE", str(tmp_path / "w.duckdb"))

    CliRunner().invoke(main, ["status"])
    with private_files(), private_files():
        (tmp_path / "a").touch()
    (tmp_path / "b").touch()

    assert open_to_others(tmp_path) == {"b"}


def test_a_page_is_private_until_its_owner_opens_it(tmp_path):
    """A new file is its owner's alone; one that was opened to others stays so."""
    new, shared = tmp_path / "new.html", tmp_path / "shared.html"
    shared.touch()
    shared.chmod(0o644)

    for page in (new, shared):
        write_whole(page, "figures")

    assert open_to_others(tmp_path) == {"shared.html"}
    assert shared.read_text() == "figures"


def test_a_planted_link_is_replaced_not_followed(tmp_path):
    """Neither the file nor its draft leads to somebody's own file."""
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for name in ("page.html", ".page.html.part"):
        (tmp_path / name).symlink_to(precious)

    write_whole(tmp_path / "page.html", "figures")

    assert precious.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "precious"]


def test_a_page_that_cannot_be_written_is_named(tmp_path):
    """The message says which file, why, and what to check; nothing is left behind."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(OutputError, match=r"folder cannot be written: .*repeat the command"):
        write_whole(tmp_path / "folder", "figures")

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
