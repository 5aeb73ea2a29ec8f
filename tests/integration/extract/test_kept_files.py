"""Kept files: private, in a folder that was looked at before anything is read."""

from __future__ import annotations

import os
import stat

import pytest

from cartwheel.core.errors import OutputError
from extract.run import extract


@pytest.fixture(autouse=True)
def usual_umask():
    """As on most machines: what a process makes, everybody can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_files_in_a_folder_that_existed_are_private(shop, tmp_path):
    """Whoever can enter the folder, the files are their owner's alone, by both ways."""
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o755)
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (kept / "orders.jsonl").symlink_to(precious)

    for via in ("bulk", "pages"):
        elsewhere = shop.elsewhere() if via == "pages" else shop
        extract(elsewhere.settings, via=via, keep=kept)

    names = {path.name for path in kept.iterdir()}
    assert {"orders.jsonl", "orders-1.jsonl", "shops.jsonl"} <= names
    assert {stat.S_IMODE(path.lstat().st_mode) for path in kept.iterdir()} == {0o600}
    assert precious.read_text() == "mine"


def test_a_folder_that_cannot_be_written_stops_before_anything_is_read(shop, tmp_path):
    """The message names the folder and the option; there is no warehouse yet."""
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError, match=r"cannot be kept in .*file/kept.*--keep"):
        extract(shop.settings, keep=tmp_path / "file" / "kept")

    assert not shop.settings.warehouse.exists()
