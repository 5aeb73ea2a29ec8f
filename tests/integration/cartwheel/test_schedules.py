"""The schedules of docs/schedules, run as cron, systemd and GitHub Actions would."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cartwheel.core.warehouse import open_warehouse
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.conftest import ROOT

SCHEDULES = ROOT / "docs" / "schedules"
HOME = "/srv/cartwheel"  # where the files expect the project
TINY = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "cartwheel"}  # cron's own
ORDERS = 10
UNITS = [f"cartwheel{what}.{kind}" for what in ("", "-status") for kind in ("service", "timer")]


def cron_lines() -> list[str]:
    """The commands of the crontab, without when they are run."""
    text = (SCHEDULES / "crontab").read_text()
    return [
        line.split(maxsplit=5)[5]
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the workflow for GitHub that run a command, by name."""
    workflow = yaml.safe_load((SCHEDULES / "github-actions.yml").read_text())
    found = workflow["jobs"]["sync"]["steps"]
    return {step["name"]: step for step in found if "run" in step}


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """Where dbt keeps what it has parsed."""
    return tmp_path_factory.mktemp("target")


@pytest.fixture
def project(tmp_path, target):
    """A folder with the command where an installation has it, and nothing else."""
    command = tmp_path / ".venv" / "bin" / "cartwheel"
    command.parent.mkdir(parents=True)
    command.write_text(
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' DBT_TARGET_PATH='{target}' "
        f"exec '{sys.executable}' -m cartwheel \"$@\"\n"
    )
    command.chmod(0o700)
    return tmp_path


@pytest.fixture
def sandbox(tmp_path_factory):
    """A small made-up store."""
    folder = tmp_path_factory.mktemp("store")
    generate(folder, ORDERS, 1)
    with Sandbox(folder) as served:
        yield served


def settle(project: Path, settings: dict[str, str]) -> None:
    """Write the settings file of a project."""
    (project / ".env").touch(0o600)
    (project / ".env").write_text(
        "".join(f"{key}={value}\n" for key, value in settings.items())
    )


def as_cron(line: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as cron does: by sh, in the user's home, with hardly any environment."""
    return subprocess.run(
        ["/bin/sh", "-c", line.replace(HOME, str(project))],
        cwd=project.parent,
        env=TINY | {"HOME": str(project.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sync_of_the_crontab_runs_in_crons_environment(project, sandbox):
    """It finds its settings, and its log says when and why it failed; nothing is mailed."""
    settle(project, sandbox.env | {"SHOPIFY_CLIENT_SECRET": "wrong-0123456789"})
    sync, _ = cron_lines()

    done = as_cron(sync, project)

    log = (project / "sync.log").read_text().splitlines()
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert re.match(r"\d{4}-\d\d-\d\dT\S+Z Error: Shopify gave no token", log[-1])


def test_the_monitor_of_the_crontab_mails_what_is_wrong(project, sandbox):
    """Before any sync it says what is missing: cron mails whatever a command prints."""
    settle(project, sandbox.env)
    _, monitor = cron_lines()
    with open_warehouse(project / "warehouse.duckdb"):
        pass

    done = as_cron(monitor, project)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert "load: it never ran" in done.stderr


@pytest.mark.nightly
def test_a_sync_by_cron_is_whole_and_the_monitor_silent(project, sandbox):
    """The store comes to HubSpot, the log is dated, and nobody gets a mail."""
    settle(project, sandbox.env)
    sync, monitor = cron_lines()

    done, watched = as_cron(sync, project), as_cron(monitor, project)

    log = (project / "sync.log").read_text()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), log
    assert (watched.returncode, watched.stdout, watched.stderr) == (0, "", "")
    assert len(sandbox.account.objects("deals")) >= ORDERS
    assert re.search(r"^\S+Z load        \d+ written", log, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_units(project, tmp_path):
    """systemd-analyze finds nothing wrong with the services and their timers."""
    units = []
    for name in UNITS:
        text = (SCHEDULES / name).read_text().replace(HOME, str(project))
        text = text.replace("User=cartwheel", "User=root")
        (tmp_path / name).write_text(text)
        units.append(str(tmp_path / name))

    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [each for each in UNITS if each.endswith(".service")])
def test_systemd_runs_what_cron_runs(unit):
    """One store's line is in force and the agency's stands beside it, as in the crontab."""
    found = re.findall(
        r"(?:^#?ExecStart=|its place: )(/\S+ .*)", (SCHEDULES / unit).read_text(), re.M
    )
    of_cron = (SCHEDULES / "crontab").read_text()

    assert len(found) == 2
    for command in found:
        assert re.search(
            rf"{re.escape(command.removeprefix(f'{HOME}/'))}(?: >>|$)", of_cron, re.M
        )


def test_the_workflow_names_every_secret_once_at_its_step():
    """Secrets reach the steps that need them, and no other; a run cancels no other run."""
    workflow = yaml.safe_load((SCHEDULES / "github-actions.yml").read_text())
    by_step = {name: set(step.get("env", {})) for name, step in steps().items()}

    assert by_step["Install"] == set()
    assert by_step["Decrypt it"] == by_step["Encrypt the warehouse"] == {"WAREHOUSE_KEY"}
    assert by_step["Sync"] == {
        "SHOPIFY_SHOP",
        "SHOPIFY_CLIENT_ID",
        "SHOPIFY_CLIENT_SECRET",
        "HUBSPOT_ACCESS_TOKEN",
    }
    assert workflow["concurrency"] == {"group": "sync", "cancel-in-progress": False}
    assert workflow["permissions"] == {"contents": "read"}


def as_github(
    name: str, project: Path, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a step of the workflow as GitHub does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[name]["run"]],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def forget_machine(project: Path) -> None:
    """Remove what the next run's machine, which is new, does not have."""
    for path in project.glob("warehouse.duckdb*"):
        path.unlink()


@pytest.mark.skipif(not shutil.which("gpg"), reason="GnuPG is not installed")
def test_the_workflow_keeps_what_a_killed_run_committed(project):
    """What stands in the .wal alone comes back with the warehouse, readable by nobody else."""
    environ = TINY | {"HOME": str(project), "WAREHOUSE_KEY": "k" * 40}
    killed = (
        "import duckdb, os\n"
        "connection = duckdb.connect('warehouse.duckdb')\n"
        "connection.execute('create table sent as select 42 as id')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", killed], cwd=project, check=False)
    (project / "warehouse.duckdb").chmod(0o600)
    assert (project / "warehouse.duckdb.wal").stat().st_size > 0

    kept = as_github("Encrypt the warehouse", project, environ)
    forget_machine(project)
    fetched = as_github("Decrypt it", project, environ)

    assert (kept.returncode, fetched.returncode) == (0, 0), kept.stderr + fetched.stderr
    assert (project / "warehouse.duckdb").stat().st_mode & 0o077 == 0
    with open_warehouse(project / "warehouse.duckdb") as connection:
        assert connection.execute("from sent").fetchall() == [(42,)]


@pytest.mark.nightly
def test_the_workflow_carries_the_warehouse_from_run_to_run(project, sandbox):
    """What is kept is encrypted, and the second run goes on from it: nothing is new."""
    asked = {}
    environ = TINY | sandbox.env | {"HOME": str(project), "WAREHOUSE_KEY": "k" * 40}
    for number in (1, 2):
        forget_machine(project)
        sandbox.log.forget()
        for name in ("Decrypt it", "Sync", "Encrypt the warehouse"):
            done = as_github(name, project, environ)
            assert done.returncode == 0, done.stdout + done.stderr
        asked[number] = len(sandbox.log.writes())

    assert asked[1] > 0
    assert asked[2] == 0
    assert b"DUCK" not in (project / "warehouse.tar.gpg").read_bytes()


def test_the_workflow_stops_without_a_key(project):
    """Without WAREHOUSE_KEY nothing is read, so that nothing is kept in the clear."""
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", steps()["Decrypt it"]["run"]],
        cwd=project,
        env=TINY | {"WAREHOUSE_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "WAREHOUSE_KEY" in done.stdout
    assert [path.name for path in project.iterdir()] == [".venv"]
