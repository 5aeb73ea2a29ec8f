"""Which clients a folder holds, and what keeps a command from being run for one."""

from __future__ import annotations

import pytest

from cartwheel.clients import OF_ONE_CLIENT, find_clients
from cartwheel.core.errors import SettingsError


@pytest.fixture
def add(tmp_path):
    """Write a settings file of a client, with a warehouse of its own."""

    def add(name: str, text: str = "") -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        warehouse = tmp_path / f"{name.replace('/', '-')}.duckdb"
        path.write_text(text or f"CARTWHEEL_WAREHOUSE={warehouse}\n")

    return add


def test_a_client_is_a_folder_or_a_file(tmp_path, add):
    """A folder with a .env, one with another *.env, and a NAME.env are clients, by name."""
    add("cy.env")
    add("bo/settings.env")
    add("ada/.env")
    add("ada/sandbox.env")

    found = find_clients(tmp_path, {})

    assert [(each.name, each.env_file, each.trouble) for each in found] == [
        ("ada", tmp_path / "ada/.env", ""),
        ("bo", tmp_path / "bo/settings.env", ""),
        ("cy", tmp_path / "cy.env", ""),
    ]


def test_a_folder_and_a_file_of_one_name_are_told_apart(tmp_path, add):
    """Where a folder has a file's name, the file keeps its suffix."""
    add("ada/.env")
    add("ada.env")

    assert [each.name for each in find_clients(tmp_path, {})] == ["ada", "ada.env"]


def test_what_commands_make_is_not_a_client(tmp_path, add):
    """Hidden folders, and those beside a warehouse, are passed over."""
    add("ada.env")
    for made in ("data_docs", "ada.duckdb.tmp", "ada.duckdb.spool", ".git"):
        (tmp_path / made).mkdir()

    assert [each.name for each in find_clients(tmp_path, {})] == ["ada"]


def test_a_folder_without_settings_is_told(tmp_path, add):
    """A folder without a .env has trouble that names the file to make."""
    add("ada/.env")
    (tmp_path / "bo").mkdir()

    ada, bo = find_clients(tmp_path, {})

    assert ada.trouble == ""
    assert f"Run: cartwheel init --folder {tmp_path / 'bo'}," in bo.trouble


def test_of_several_settings_files_none_is_guessed(tmp_path, add):
    """Two *.env files, neither of them .env, are named both."""
    add("ada/old.env")
    add("ada/new.env")

    (ada,) = find_clients(tmp_path, {})

    assert "new.env, old.env" in ada.trouble


def test_clients_do_not_share_a_warehouse(tmp_path, add):
    """Two clients with one warehouse both have trouble, the others do not."""
    add("ada/.env", "SHOPIFY_SHOP=ada\n")
    add("bo/.env", "SHOPIFY_SHOP=bo\nCARTWHEEL_WAREHOUSE=./warehouse.duckdb\n")
    add("cy/.env")

    ada, bo, cy = find_clients(tmp_path, {})

    assert "is that of bo as well" in ada.trouble
    assert "is that of ada as well" in bo.trouble
    assert cy.trouble == ""


def test_clients_do_not_share_a_hubspot_token(tmp_path, add):
    """Two clients with one token both have trouble, which does not show the token."""
    for name, token in (("ada", "pat-one"), ("bo", "pat-one"), ("cy", "pat-two"), ("dee", "")):
        warehouse = tmp_path / name / "w.duckdb"
        add(f"{name}/.env", f"CARTWHEEL_WAREHOUSE={warehouse}\nHUBSPOT_ACCESS_TOKEN={token}\n")

    ada, bo, cy, dee = find_clients(tmp_path, {})

    assert "HUBSPOT_ACCESS_TOKEN is that of bo as well" in ada.trouble
    assert f"Set it in {tmp_path / 'bo/.env'}" in bo.trouble
    assert "pat-" not in ada.trouble + bo.trouble
    assert (cy.trouble, dee.trouble) == ("", "")


def test_settings_that_cannot_be_read_are_left_to_the_command(tmp_path, add):
    """A malformed setting of one client is no trouble here: its own command names it."""
    add("ada/.env", "CARTWHEEL_NOW=yesterday\n")
    add("bo/.env")

    ada, bo = find_clients(tmp_path, {})

    assert (ada.settings, ada.trouble) == (None, "")
    assert bo.settings


@pytest.mark.parametrize("name", OF_ONE_CLIENT)
def test_the_environment_holds_nothing_of_one_client(tmp_path, add, name):
    """A variable that would win over every client's file is refused, for several clients."""
    add("ada/.env")
    assert find_clients(tmp_path, {name: "x.duckdb"})

    add("bo/.env")
    with pytest.raises(SettingsError, match=f"unset {name}"):
        find_clients(tmp_path, {name: "x.duckdb"})


def test_the_folder_of_one_client_is_not_that_of_all(tmp_path, add):
    """A folder with a .env of its own is one client's, and the command for it is named."""
    add(".env")
    (tmp_path / "exports").mkdir()

    with pytest.raises(SettingsError, match=r"run: cartwheel --env .*[.]env COMMAND"):
        find_clients(tmp_path, {})


def test_a_folder_without_clients_is_told(tmp_path):
    """An empty folder names what to make."""
    with pytest.raises(SettingsError, match=r"There are no clients in .*init --folder .*NAME"):
        find_clients(tmp_path, {})
