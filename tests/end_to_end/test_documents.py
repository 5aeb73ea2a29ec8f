"""What the tutorial and the how-tos tell to type, typed as it stands on one small store.

By day test_readme.py types the README's commands, and tests/unit/test_documented_commands.py
looks every documented command and option up.
"""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from dotenv import dotenv_values

from cartwheel.core.warehouse import open_warehouse
from tests.end_to_end.documents import ON_THE_STORE, Block, Folder, blocks
from tests.end_to_end.journey import ROOT

pytestmark = pytest.mark.nightly

TUTORIAL = "docs/tutorial.md"
MOVE = "docs/how-to/move-account.md"
SEVERAL = "docs/how-to/several-stores.md"
OTHER_PORTAL = 4711


def typed(folder: Folder, page: str) -> dict[str, str]:
    """Run the blocks of a page; what each printed, by its text."""
    printed = {}
    for block in blocks(page):
        if page == MOVE and block.ends_with:
            move(folder)  # what the page tells to do before the command that is refused
        if not block.why_not:
            printed[block.text] = folder.type(block)
    return printed


@pytest.fixture(scope="module")
def tutorial(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Folder, dict[str, str]]]:
    """The folder after the tutorial, its sandbox still running, and what was printed."""
    folder = Folder(tmp_path_factory.mktemp("store"))
    try:
        yield folder, typed(folder, TUTORIAL)
    finally:
        stop(folder)


@pytest.fixture(scope="module")
def store(tutorial: tuple[Folder, dict[str, str]]) -> Folder:
    """The tutorial's store as the user's own: its settings are those of .env.

    Its warehouse keeps its name, for another path dbt would parse the whole project again.
    """
    folder, _ = tutorial
    write_settings(folder.path / ".env", dotenv_values(folder.path / "s.env"))
    folder.instead = {"warehouse.duckdb": "s.duckdb"}
    add_clients(folder)
    return folder


def stop(folder: Folder) -> None:
    """End the sandboxes that a page started."""
    for command in folder.running:
        command.send_signal(signal.SIGTERM)
        command.finish(30)


def write_settings(path: Path, settings: Mapping[str, str | None]) -> None:
    """Write a settings file that its owner alone can read."""
    path.touch(0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))


def add_clients(folder: Folder) -> None:
    """Two clients, each with a copy of the store's warehouse and a HubSpot of its own."""
    folder.type(Block("", "cartwheel sandbox --orders 1 --write-env second.env"))
    second = dotenv_values(folder.path / "second.env")
    hubspot = {name: second[name] for name in ("HUBSPOT_API_URL", "HUBSPOT_ACCESS_TOKEN")}
    for name, own in (("ada", {}), ("bo", hubspot)):
        client = folder.path / "clients" / name
        client.mkdir(parents=True)
        shutil.copy2(folder.path / "s.duckdb", client / "warehouse.duckdb")
        warehouse = {"CARTWHEEL_WAREHOUSE": f"clients/{name}/warehouse.duckdb"}
        write_settings(client / ".env", dotenv_values(folder.path / ".env") | warehouse | own)


def move(folder: Folder) -> None:
    """Put the token of another account into the settings: a sandbox of another portal."""
    start = f"cartwheel sandbox --orders 1 --portal {OTHER_PORTAL} --write-env other.env"
    folder.type(Block("", start))
    other = dotenv_values(folder.path / "other.env")
    hubspot = {name: other[name] for name in ("HUBSPOT_API_URL", "HUBSPOT_ACCESS_TOKEN")}
    write_settings(folder.path / ".env", dotenv_values(folder.path / ".env") | hubspot)


def test_the_tutorial_prints_what_it_shows(tutorial: tuple[Folder, dict[str, str]]) -> None:
    """Every command ends with 0, and each line of output that the page shows is printed."""
    _, printed = tutorial
    shown = (ROOT / TUTORIAL).read_text().split("```text\n")[1:]
    wanted = {
        " ".join(line.split()) for text in shown for line in text.split("\n```")[0].splitlines()
    }
    lines = {" ".join(line.split()) for text in printed.values() for line in text.splitlines()}

    assert wanted - lines == set()


def test_its_second_sync_sends_nothing(tutorial: tuple[Folder, dict[str, str]]) -> None:
    """The first sync writes all, and then only the change that the tutorial makes."""
    folder, _ = tutorial
    with open_warehouse(folder.path / "s.duckdb", read_only=True) as connection:
        runs = connection.execute("select writes from ops.load_runs order by started_at")
        writes = [number for (number,) in runs.fetchall() if number]

    assert writes[0] > 1000
    assert writes[1:] == [1]


@pytest.mark.parametrize("page", ON_THE_STORE)
def test_every_command_of_a_page_ends_as_it_says(page: str, store: Folder) -> None:
    """What a page tells to type works, typed in its order."""
    assert typed(store, page)
    written = store.path / "created.csv"
    assert not written.exists() or written.stat().st_mode & 0o777 == 0o600


def test_several_stores_are_tried_as_the_page_says(tmp_path: Path) -> None:
    """Two stores on two ports, synced into one warehouse; then the page's first commands."""
    folder = Folder(tmp_path, instead={"8801": free_port(), "8802": free_port()})
    first, *trial = blocks(SEVERAL)
    try:
        for block in trial:
            folder.type(block)
        shutil.copy2(tmp_path / "trial/settings.env", tmp_path / ".env")
        shutil.copy(tmp_path / "trial/shops.toml", tmp_path)
        folder.type(first)
    finally:
        stop(folder)

    with open_warehouse(tmp_path / "trial/warehouse.duckdb", read_only=True) as connection:
        shops = connection.execute("select shop from raw.shops order by shop").fetchall()
    assert shops == [("de-store.myshopify.com",), ("uk-store.myshopify.com",)]


def free_port() -> str:
    """A port that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])
