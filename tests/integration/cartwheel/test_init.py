"""`cartwheel init` asks for a store and an account, writes their settings, and checks them."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.first_settings import FirstSettings, write_settings
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.unit.repository import ROOT

CARTWHEEL = [sys.executable, "-m", "cartwheel"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    """A small store and an account, served."""
    folder = tmp_path_factory.mktemp("store")
    generate(folder, 5, 1)
    with Sandbox(folder, hubspot_rate=10_000) as served:
        yield served


@dataclass
class Folder:
    """A project's folder; the environment holds nothing but where the sandbox is."""

    path: Path
    sandbox: Sandbox

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command."""
        own = {name: value for name, value in self.sandbox.env.items() if "_API_URL" in name}
        kept = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
        outer = {each: text for each, text in os.environ.items() if not each.startswith(kept)}
        own["PYTHONPATH"] = str(ROOT)  # the code that is tested, wherever the command runs
        return outer | own | {"CARTWHEEL_NOW": self.sandbox.env["CARTWHEEL_NOW"]}

    @property
    def options(self) -> list[str]:
        """The options that a script gives."""
        env = self.sandbox.env
        return [
            f"--shop={env['SHOPIFY_SHOP']}",
            f"--client-id={env['SHOPIFY_CLIENT_ID']}",
            f"--client-secret={env['SHOPIFY_CLIENT_SECRET']}",
            f"--hubspot-token={env['HUBSPOT_ACCESS_TOKEN']}",
        ]

    def init(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the command without a terminal."""
        return subprocess.run(
            [*CARTWHEEL, *options],
            cwd=self.path,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def read(self, name: str = ".env") -> Settings:
        """The settings that a file holds."""
        return Settings.read(self.path / name, environ={})

    def answer(self, *answers: str) -> tuple[int, str]:
        """Run the command on a terminal, and type an answer to each question."""
        process, terminal = pty.fork()
        if not process:
            os.chdir(self.path)
            os.execve(sys.executable, [*CARTWHEEL, "init"], self.environ)  # noqa: S606
        shown = b""
        for answer in answers:
            shown += _until(terminal, b": ")
            # the terminal stops echoing right after the question is shown
            time.sleep(0.3)
            os.write(terminal, f"{answer}\n".encode())
        with suppress(OSError):
            while part := os.read(terminal, 65536):
                shown += part
        os.close(terminal)
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")


def _until(terminal: int, end: bytes) -> bytes:
    shown = b""
    while not shown.endswith(end):
        shown += os.read(terminal, 65536)
    return shown


@pytest.fixture
def folder(tmp_path, sandbox) -> Folder:
    """An empty folder."""
    return Folder(tmp_path, sandbox)


def test_options_are_written_and_checked(folder):
    """The file holds what was given, for its owner alone; both sides are checked."""
    done = folder.init("init", *folder.options, "--language=fr")

    settings, env = folder.read(), folder.sandbox.env
    assert done.returncode == 0
    assert stat.S_IMODE((folder.path / ".env").stat().st_mode) == 0o600
    assert settings.shop == env["SHOPIFY_SHOP"]
    assert settings.shopify_client_secret == env["SHOPIFY_CLIENT_SECRET"]
    assert settings.hubspot_access_token == env["HUBSPOT_ACCESS_TOKEN"]
    assert settings.language == "fr"
    assert settings.hubspot_api_url == env["HUBSPOT_API_URL"]
    assert settings.shopify_api_url == env["SHOPIFY_API_URL"]
    assert settings.now is not None
    assert "environment: SHOPIFY_API_URL, HUBSPOT_API_URL, CARTWHEEL_NOW." in done.stdout
    assert "protected customer data: granted" in done.stdout
    assert re.search(r"\n0 wrong, \d+ to look at, \d+ ok, 0 not checked\n", done.stdout)
    told = r"sync --dry-run\nThen, to send it: (\S+ -m )?cartwheel sync\n$"
    assert re.search(told, done.stdout)
    assert env["SHOPIFY_CLIENT_SECRET"] not in done.stdout + done.stderr


def test_a_script_gets_the_checks_as_json(folder):
    """With --json stdout has the checks alone, and nobody is asked anything."""
    done = folder.init("init", *folder.options, "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, report["wrong"]) == (0, 0)
    assert {each["subject"] for each in report["checks"]} >= {"HubSpot"}
    assert "is written, readable by you alone" in done.stderr


def test_quietly_only_what_is_not_in_order_is_told(folder):
    """With --quiet the file is written, and of the checks those that are ok are not printed."""
    done = folder.init("init", *folder.options, "--quiet")

    assert (done.returncode, (folder.path / ".env").exists()) == (0, True)
    assert not re.search(r"^ok ", done.stdout, re.MULTILINE)
    assert "Next" not in done.stdout
    assert "written" not in done.stdout + done.stderr


def test_questions_are_asked_on_a_terminal(folder):
    """A store's address is accepted, a wrong name is asked again, secrets are not shown."""
    env = folder.sandbox.env

    code, shown = folder.answer(
        "www.example.com",
        f"https://{env['SHOPIFY_SHOP']}/admin",
        env["SHOPIFY_CLIENT_ID"],
        env["SHOPIFY_CLIENT_SECRET"],
        env["HUBSPOT_ACCESS_TOKEN"],
    )

    assert code == 0, shown
    assert "is not a valid name of a store" in shown
    assert folder.read().shop == env["SHOPIFY_SHOP"]
    assert folder.read().hubspot_access_token == env["HUBSPOT_ACCESS_TOKEN"]
    assert env["SHOPIFY_CLIENT_SECRET"] not in shown
    assert env["HUBSPOT_ACCESS_TOKEN"] not in shown


def test_a_static_token_is_asked_for_in_place_of_an_app(folder):
    """Without a client ID it asks for the token; a wrong one is named, and it ends with 1."""
    code, shown = folder.answer(
        "corner", "", "shpat_abc", folder.sandbox.env["HUBSPOT_ACCESS_TOKEN"]
    )

    assert code == 1, shown
    assert folder.read().shopify_access_token == "shpat_abc"
    assert "Check SHOPIFY_ACCESS_TOKEN" in shown
    assert "shpat_abc" not in shown
    assert re.search(r"Fix what is wrong, then run: (\S+ -m )?cartwheel doctor", shown)


def test_without_a_terminal_it_says_which_options_to_give(folder):
    """What is missing is named, nothing is written, and it ends with 2."""
    done = folder.init("init", "--shop=corner")

    assert done.returncode == 2
    assert (
        "give --client-id (or --access-token), --client-secret (or --access-token), "
        "--hubspot-token." in done.stderr
    )
    assert list(folder.path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--shop=www.example.com", "--shop is 'www.example.com'"),
        ("--hubspot-token=pat na1", "--hubspot-token contains a blank"),
        ("--language=tlh", "There are no labels in the language 'tlh'"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_written(folder, option, text):
    """The option is named, and it ends with 2."""
    done = folder.init("init", *folder.options, option)

    assert (done.returncode, list(folder.path.iterdir())) == (2, [])
    assert text in done.stderr


def test_an_existing_file_is_kept_unless_told(folder):
    """Another file of settings stays as it is, and --overwrite replaces it, private again."""
    env = folder.path / ".env"
    env.write_text("SHOPIFY_SHOP=mine\n")

    refused = folder.init("init", *folder.options)

    assert refused.returncode == 1
    assert "cartwheel init --overwrite" in refused.stderr
    assert env.read_text() == "SHOPIFY_SHOP=mine\n"
    assert folder.init("init", *folder.options, "--overwrite").returncode == 0
    assert folder.read().shop == folder.sandbox.env["SHOPIFY_SHOP"]
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


@pytest.mark.parametrize("overwrite", [False, True])
def test_secrets_are_not_written_through_a_link(folder, overwrite):
    """A link in the file's place is refused, even one that leads nowhere."""
    elsewhere = folder.path / "elsewhere"
    (folder.path / ".env").symlink_to(elsewhere)

    options = ["--overwrite"] if overwrite else []
    done = folder.init("init", *folder.options, *options)

    assert (done.returncode, elsewhere.exists()) == (1, False)
    assert "symbolic link" in done.stderr


def test_a_client_has_a_folder_and_a_warehouse_of_its_own(folder):
    """--folder writes settings.env there, with the warehouse beside it; next is said for it."""
    done = folder.init("init", *folder.options, "--folder", "clients/acme & co")

    settings = folder.read("clients/acme & co/.env")
    assert done.returncode == 0
    assert settings.warehouse == Path("clients/acme & co/warehouse.duckdb").absolute()
    assert stat.S_IMODE((folder.path / "clients/acme & co").stat().st_mode) == 0o700
    assert "cartwheel --env 'clients/acme & co/.env' sync --dry-run" in done.stdout

    again = folder.init("init", *folder.options, "--folder", "clients/acme & co")

    assert "cartwheel --env 'clients/acme & co/.env' doctor" in again.stderr
    assert "cartwheel init --folder 'clients/acme & co' --overwrite" in again.stderr


def test_the_demos_warehouse_is_left_to_the_demo(folder):
    """Where the warehouse holds another store, the new one gets a file named after it."""
    with open_warehouse(folder.path / "warehouse.duckdb") as connection:
        connection.execute("create schema ops")
        connection.execute(
            "create table ops.extract_runs as select 'corner.myshopify.com' as shop, "
            "7 as rows_landed"
        )

    done = folder.init("init", *folder.options)

    shop = folder.sandbox.env["SHOPIFY_SHOP"].removesuffix(".myshopify.com")
    assert folder.read().warehouse == Path(f"{shop}.duckdb").absolute()
    assert "holds corner.myshopify.com already" in done.stdout
    assert "the ledger has none yet" in done.stdout


def test_the_environment_wins_and_that_is_said(folder):
    """A setting that the environment has too is named, since the file's is not used."""
    environ = folder.environ | {"HUBSPOT_ACCESS_TOKEN": "pat-other"}

    done = subprocess.run(
        [*CARTWHEEL, "init", *folder.options],
        cwd=folder.path,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert "Warning: the environment has HUBSPOT_ACCESS_TOKEN too, and wins." in done.stdout
    assert "Check HUBSPOT_ACCESS_TOKEN" in done.stdout


@pytest.mark.parametrize("name", ["a b", "it's", 'say "x"', "back\\slash", "m\u00fcl", "a$b"])
def test_every_folder_is_read_back_as_written(tmp_path, name):
    """What people call folders is no reason to lose the warehouse."""
    warehouse = str(tmp_path / name / "warehouse.duckdb")
    settings = FirstSettings("corner", access_token="shpat_a#b", warehouse=warehouse)

    write_settings(tmp_path / name / ".env", settings)

    found = Settings.read(tmp_path / name / ".env", environ={})
    assert (str(found.warehouse), found.shopify_access_token) == (warehouse, "shpat_a#b")
