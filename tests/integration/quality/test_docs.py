"""Where the Data Docs are written: private, whole, and nothing of anybody else is replaced."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import pytest

from cartwheel.core.errors import OutputError
from quality.docs import write_docs
from quality.finding import Finding, Row, verdict

NOW = datetime(2026, 11, 23)

WRITE = """
import sys, time
from datetime import datetime
from pathlib import Path
from quality.docs import write_docs

with write_docs(Path(sys.argv[1]), "run", datetime(2026, 11, 23)):
    [site] = Path(sys.argv[1]).parent.glob(".data_docs-*/site")
    (site / "page.html").write_text("somebody")
    print("begun", flush=True)
    time.sleep(60)
"""


def write(target, *findings):
    """Write a site without any page but the first."""
    with write_docs(target, "run", NOW) as finish:
        finish(findings, {})


@pytest.fixture(autouse=True)
def usual_umask():
    """As on most machines: what a process makes, everybody can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_pages_are_private_and_nothing_else_stays(tmp_path):
    """The folder and its pages are their owner's alone, also the second time."""
    for _ in range(2):
        write(tmp_path / "data_docs")

    assert [path.name for path in tmp_path.iterdir()] == ["data_docs"]
    found = [tmp_path / "data_docs", *(tmp_path / "data_docs").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in found} == {0}
    assert (tmp_path / "data_docs" / "index.html").exists()


def test_the_first_page_shows_values_where_a_check_has_them(tmp_path):
    """Rows that a query found have a key alone; one run, one check is said of one."""
    table, rows = "hubspot.deals", (Row("a:1", ""),)
    by_query = Finding(table, "pairs", "warning", False, 1, 5, "Look.", of_rows=True, rows=rows)
    by_value = replace(by_query, name="amounts", rows=(Row("a:2", "-1"), Row("a:3", "")))
    figure = Finding(
        table, "rows", "warning", True, 5, 5, "Look.", of_rows=False, usual=5, earlier_runs=1
    )

    write(tmp_path / "data_docs", by_query, by_value, figure)

    page = (tmp_path / "data_docs" / "index.html").read_text()
    tables = re.findall(r'<table class="rows">(.*?)</table>', page, re.DOTALL)
    assert [(">Value<" in each, each.count("<td>")) for each in tables] == [
        (False, 0),
        (True, 2),
    ]
    assert "Compared with 1 run." in page
    assert "Open. 3 checks: 0 stop the load, 2 warn." in page
    assert verdict([replace(by_query, severity="critical"), by_value]) == (
        "2 checks: 1 stops the load, 1 warns"
    )


def test_what_a_killed_check_left_goes_with_the_next(tmp_path):
    """A living check keeps its folder; after a kill the next one removes it."""
    command = [sys.executable, "-c", WRITE, str(tmp_path / "other")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        write(tmp_path / "data_docs")
        living = list(tmp_path.glob(".data_docs-*/site/page.html"))
        process.send_signal(signal.SIGKILL)
    left = list(tmp_path.glob(".data_docs-*"))

    write(tmp_path / "data_docs")

    assert living
    assert left
    assert [path.name for path in tmp_path.iterdir()] == ["data_docs"]


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_what_we_did_not_make_is_not_replaced(tmp_path, kind):
    """Something else in the place of the Data Docs is named, and stays."""
    target = tmp_path / "data_docs"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious").write_text("mine")
    if kind == "folder":
        (tmp_path / "mine").rename(target)
    elif kind == "link":
        target.symlink_to(tmp_path / "mine")
    else:
        target.write_text("mine")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(OutputError, match=r"data_docs was not made by .*Move it away"):
        write(target)

    assert sorted(tmp_path.rglob("*")) == before


def test_pages_that_cannot_be_written_are_told(tmp_path):
    """The message names the folder, why, and the next command."""
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError, match=r"file/data_docs: .*run: cartwheel check"):
        write(tmp_path / "file" / "data_docs")
