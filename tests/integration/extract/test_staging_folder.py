"""The staging folder: private, only ours is removed, no link is followed."""

from __future__ import annotations

import stat
import subprocess
import sys
from contextlib import ExitStack

import pytest

from cartwheel.core.errors import AlreadyRunning, OutputError, SettingsError
from extract.land.staging_folder import staging_folder

SHOP, OTHER = "corner.myshopify.com", "other.myshopify.com"

HOLD = """
import sys, time
from pathlib import Path
from extract.land.staging_folder import staging_folder

with staging_folder(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "customers.jsonl").write_text("somebody")
    print("made", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def warehouse(tmp_path):
    """Where the warehouse of these runs would be."""
    return tmp_path / "w.duckdb"


@pytest.fixture
def path(warehouse):
    """The folder beside the warehouse that holds a folder for each shop."""
    return warehouse.with_name("w.duckdb.spool")


@pytest.fixture
def hold(warehouse):
    """Begin a run of a shop in a process of its own; it ends with the test."""
    with ExitStack() as running:

        def start(shop):
            process = running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", HOLD, str(warehouse), shop], stdout=subprocess.PIPE
                )
            )
            running.callback(process.kill)
            process.stdout.readline()
            return process

        yield start


def modes(folder):
    """What others than the owner may do with a folder and everything in it."""
    return {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder, *folder.rglob("*"))}


def test_nobody_else_can_enter(warehouse, path):
    """The folder, the one above it and their files are closed to others, and go."""
    with staging_folder(warehouse, SHOP):
        assert modes(path) == {0}

    assert not path.exists()


def test_a_folder_that_was_open_is_closed(warehouse, path):
    """A staging folder that others could enter is closed before anything is written."""
    path.mkdir(mode=0o755)
    path.chmod(0o777)

    with staging_folder(warehouse, SHOP):
        assert modes(path) == {0}


@pytest.mark.parametrize("name", ["../../x", "..", "x/../../y", "", "/etc"])
def test_a_name_that_leads_elsewhere_makes_and_removes_nothing(tmp_path, name):
    """A shop's name that is a path is refused, and what it leads to stays."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "precious").write_text("mine")
    below = tmp_path / "project"
    below.mkdir()

    with (
        pytest.raises(SettingsError, match="not a valid name"),
        staging_folder(below / "w.duckdb", name),
    ):
        pass

    assert (tmp_path / "x" / "precious").read_text() == "mine"
    assert list(below.iterdir()) == []


def test_a_planted_lock_does_not_lose_its_target(warehouse, path, tmp_path):
    """A link in the lock's place is refused; the file that it leads to stays as it was."""
    target = tmp_path / "precious"
    target.write_text("mine")
    path.mkdir()
    (path / f"{SHOP}.lock").symlink_to(target)

    with pytest.raises(OutputError, match=r"lock.*Remove it"), staging_folder(warehouse, SHOP):
        pass

    assert target.read_text() == "mine"


@pytest.mark.parametrize("planted", ["", SHOP, OTHER])
def test_a_planted_folder_is_not_followed(warehouse, path, tmp_path, planted):
    """A link in place of the staging folder, or of a shop's, loses nothing of its target."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "precious").write_text("mine")
    if planted:
        path.mkdir()
        (path / planted).symlink_to(target)
    else:
        path.symlink_to(target)

    with ExitStack() as folders:
        if planted == OTHER:
            folders.enter_context(staging_folder(warehouse, SHOP))
        else:
            with pytest.raises(OutputError):
                folders.enter_context(staging_folder(warehouse, SHOP))

    assert [path.name for path in target.iterdir()] == ["precious"]


@pytest.mark.parametrize("marked", [False, True], ids=["no marker", "a link as marker"])
def test_a_folder_that_we_did_not_make_stays(warehouse, path, tmp_path, marked):
    """Somebody's own folder in our place is named and kept."""
    (path / SHOP).mkdir(parents=True)
    (path / SHOP / "precious").write_text("mine")
    if marked:
        (path / SHOP / ".made-by-cartwheel").symlink_to(tmp_path)

    with (
        pytest.raises(OutputError, match="not made by Cartwheel"),
        staging_folder(warehouse, SHOP),
    ):
        pass

    assert (path / SHOP / "precious").read_text() == "mine"


def test_a_link_in_a_folder_of_ours_goes_without_its_target(warehouse, tmp_path):
    """What is removed at the end is the link, not what it leads to."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "precious").write_text("mine")

    with staging_folder(warehouse, SHOP) as folder:
        (folder / "link").symlink_to(target)

    assert (target / "precious").read_text() == "mine"


def test_a_killed_run_leaves_nothing_for_long(warehouse, path, hold):
    """The next run, of whatever shop, removes what a killed one left."""
    killed = hold(SHOP)
    killed.kill()
    killed.wait()
    assert (path / SHOP / "customers.jsonl").exists()

    with staging_folder(warehouse, OTHER):
        assert not (path / SHOP).exists()

    assert not path.exists()


def test_a_living_run_keeps_its_folder(warehouse, path, hold):
    """A run of another shop leaves it alone; a second run of the same shop is refused."""
    hold(SHOP)

    with staging_folder(warehouse, OTHER):
        pass
    with pytest.raises(AlreadyRunning, match="Another run"), staging_folder(warehouse, SHOP):
        pass

    assert (path / SHOP / "customers.jsonl").read_text() == "somebody"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """Where a file stands in the way, the message names the folder and what to check."""
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(OutputError, match=r"file/w\.duckdb\.spool cannot be made"),
        staging_folder(tmp_path / "file" / "w.duckdb", SHOP),
    ):
        pass
