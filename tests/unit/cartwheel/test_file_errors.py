"""Errors of disks and of rights end in a sentence; others are not taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import OutputError, WarehouseError
from cartwheel.core.file_errors import disk_told, of_warehouse
from cartwheel.core.warehouse import open_warehouse


def test_a_full_disk_is_told():
    """What cannot be written for want of space says so, and what to do."""
    with (
        pytest.raises(OutputError, match=r"No space left.*Free space on the disk"),
        disk_told(),
        Path("/dev/full").open("w") as file,
    ):
        file.write("x" * 100_000)


def test_a_network_is_no_disk():
    """An error that is no disk's passes as it is."""
    with pytest.raises(ConnectionRefusedError), disk_told():
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Failed to commit: Could not write file: No space left on device", "is full"),
        ("IO Error: Disk quota exceeded", "is full"),
        ("Corrupt database file: computed checksum 1", "is damaged"),
        ("IO Error: Could not read enough bytes from file", "is damaged"),
        ('IO Error: Cannot open file "w.duckdb": Permission denied', "Check the rights"),
        ('IO Error: Cannot open file "w.duckdb": Read-only file system', "Check the rights"),
    ],
)
def test_each_trouble_has_its_own_advice(text, said):
    """The advice fits the trouble: space for a full disk, a copy for a damaged file."""
    found = of_warehouse(Path("w.duckdb"), "Catalog Error: no such table", text)

    assert said in str(found)
    assert ("Free space" in str(found)) == (said == "is full")


def test_other_errors_are_none_of_the_files():
    """A missing table is not a trouble of the file."""
    assert of_warehouse(Path("w.duckdb"), "Catalog Error: Table t does not exist") is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "--keep", "file/kept"],
        ["extract", "--from-jsonl", "file/lines.jsonl"],
        ["status"],
    ],
    ids=" ".join,
)
def test_a_folder_that_cannot_be_entered_is_told(tmp_path, monkeypatch, arguments):
    """Where a file stands in a folder's place, each command ends in a sentence."""
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    where = "file/w.duckdb" if arguments == ["status"] else "w.duckdb"
    env = {
        "CARTWHEEL_WAREHOUSE": str(tmp_path / where),
        "SHOPIFY_SHOP": "corner",
        "SHOPIFY_ACCESS_TOKEN": "t",
        "SHOPIFY_API_URL": "http://127.0.0.1:9",
    }

    done = CliRunner(env=env).invoke(main, arguments)

    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    assert "Error: " in done.output


def test_a_warehouse_where_nothing_can_be_written_is_told(tmp_path):
    """A folder that is a file is named, before DuckDB is asked."""
    (tmp_path / "file").write_text("")

    with pytest.raises(WarehouseError, match="file/w"), open_warehouse(tmp_path / "file" / "w"):
        pass
