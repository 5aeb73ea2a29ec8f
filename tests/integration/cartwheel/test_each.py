"""One command for many clients, against sandboxes: one fails, one is interrupted."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from cartwheel.core.warehouse import open_warehouse
from cartwheel.core.working_folders import locked
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.conftest import ROOT
from tests.end_to_end.journey import own_environment

WRONG = "wrong-0123"


def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """`cartwheel each clients ARGUMENTS`, begun in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "cartwheel", "each", "clients", *arguments],
        cwd=folder,
        env=own_environment() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def add_client(folder: Path, name: str, **settings: str) -> None:
    """A client's folder and settings; its warehouse counts from the working directory."""
    (folder / "clients" / name).mkdir(parents=True)
    settings["CARTWHEEL_WAREHOUSE"] = f"clients/{name}/w.duckdb"
    lines = [f"{key}={value}\n" for key, value in settings.items()]
    path = folder / "clients" / name / ".env"
    path.write_text("".join(lines))
    path.chmod(0o600)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """Three clients after an extract: ada has a wrong secret, bo is right, cy has no .env."""
    folder = tmp_path_factory.mktemp("agency")
    with ExitStack() as stack:
        for seed, name in enumerate(("ada", "bo"), 1):
            generate(folder / "stores" / name, 5, seed)
            env = stack.enter_context(Sandbox(folder / "stores" / name)).env
            wrong = {"SHOPIFY_CLIENT_SECRET": WRONG} if name == "ada" else {}
            add_client(folder, name, **env | wrong)
        (folder / "clients" / "cy").mkdir()
        process = begin(folder, "extract")
        out, err = process.communicate(timeout=60)
        yield folder, process.returncode, out, err


def test_one_clients_failure_does_not_stop_the_next(extracted):
    """bo is extracted after ada has failed, and the command fails all the same."""
    folder, code, *_ = extracted

    assert code == 1
    with open_warehouse(folder / "clients/bo/w.duckdb", read_only=True) as connection:
        assert connection.execute("select count(*) from raw.orders").fetchall() == [(5,)]


def test_each_line_has_its_clients_name(extracted):
    """What a client says carries its name, on the stream that it was said on."""
    *_, err = extracted

    lines = err.splitlines()
    assert [line.split("  ")[0] for line in (lines[0], lines[-1])] == ["ada", "cy"]
    assert {line.split()[0] for line in lines[1:-1]} == {"bo"}
    assert any("orders" in line and "5 landed" in line for line in lines)


def test_the_table_tells_of_every_client(extracted):
    """The table has the outcome of each, with its error or its last line."""
    *_, out, _ = extracted

    header, ada, bo, cy = out.strip().splitlines()
    assert header.split() == ["client", "outcome", "seconds"]
    assert ada.split()[:2] == ["ada", "failed"]
    assert "Shopify gave no token" in ada
    assert bo.split()[:2] == ["bo", "succeeded"]
    assert "landed" in bo
    assert cy.split()[:3] == ["cy", "wrong", "use"]
    assert WRONG not in out


def test_status_says_when_each_was_run_last(extracted):
    """`each … status` tells each client's last step; --json has the whole state."""
    folder, *_ = extracted

    process = begin(folder, "--jobs", "3", "--json", "status")
    out, _ = process.communicate(timeout=60)

    ada, bo, _ = json.loads(out)["clients"]
    assert (process.returncode, ada["exit_code"], bo["exit_code"]) == (2, 0, 0)
    assert ada["message"].startswith("extract: ")
    assert "Shopify gave no token" in ada["message"]
    assert (ada["outcome"], bo["outcome"]) == ("a step failed", "succeeded")
    assert bo["message"].startswith("extract succeeded, 2")
    assert bo["report"]["runs"][0]["detail"].endswith("northwind-demo-5-2.myshopify.com")


def test_quiet_shows_who_is_not_in_order(extracted):
    """`each --quiet … status` leaves out bo, with which all is well."""
    folder, *_ = extracted

    process = begin(folder, "--jobs", "3", "--quiet", "status")
    out, _ = process.communicate(timeout=60)

    assert [line.split()[0] for line in out.strip().splitlines()] == ["client", "ada", "cy"]


def test_a_client_that_is_being_synced_is_busy(extracted):
    """Beside another sync of bo its outcome says so; commands are told as each was typed."""
    folder, *_ = extracted
    with locked(folder / "clients/bo/w.duckdb.sync.lock"):
        process = begin(folder, "--jobs", "3", "sync")
        out, err = process.communicate(timeout=60)

    _, ada, bo, _ = out.strip().splitlines()
    assert process.returncode == 1
    assert ada.split()[:2] == ["ada", "failed"]
    assert bo.split()[:2] == ["bo", "busy"]
    assert re.search(r"run: (\S+ -m )?cartwheel --env clients/bo/[.]env status", err)


def test_ctrl_c_ends_the_running_and_begins_no_other(tmp_path):
    """Interrupted, the client that runs ends like a single command; the next is not run."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for name in ("ada", "bo"):
            add_client(
                tmp_path, name, SHOPIFY_SHOP=name, SHOPIFY_API_URL=url, SHOPIFY_ACCESS_TOKEN="x"
            )
        process = begin(tmp_path, "extract")
        silent.settimeout(30)
        asked, _ = silent.accept()  # ada waits for an answer
        with asked:
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            out, err = process.communicate(timeout=30)

    ada, bo = out.strip().splitlines()[-2:]
    assert process.returncode == 130, err
    assert ada.split()[:2] == ["ada", "interrupted"]
    assert bo.split()[:3] == ["bo", "not", "run"]
    assert f"ada  {INTERRUPTED_TOLD}" in err
