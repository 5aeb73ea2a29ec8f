"""The status answers while a step is at work, and tells a killed one from one that runs."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.clock import machine_time
from cartwheel.core.errors import AccessDenied, ServiceError
from cartwheel.core.processes import Process, this_process
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.status import current_status
from cartwheel.step_runs import (
    Carried,
    HeldBackCount,
    StoreCount,
    confirm,
    note_carried_records,
    path_of,
    read_noted,
    recorded,
)
from tests.commands import Command
from tests.integration.cartwheel.conftest import UK

ACME = "acme.myshopify.com"
AT_WORK = """
import sys
from contextlib import nullcontext
from pathlib import Path
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.step_runs import recorded

settings, steps = Settings(warehouse=Path(sys.argv[1])), sys.argv[2:]
with recorded(settings, "sync") if "sync" in steps else nullcontext():
    with recorded(settings, "extract", "acme.myshopify.com") if steps else nullcontext():
        with open_warehouse(settings.warehouse):
            print("holds it", flush=True)
            sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path):
    """The settings of a new, empty warehouse, which one store is to fill."""
    path = tmp_path / "data" / "w.duckdb"
    path.parent.mkdir()
    (tmp_path / ".env").write_text(f"CARTWHEEL_WAREHOUSE={path}\nSHOPIFY_SHOP={ACME}\n")
    with open_warehouse(path):
        return Settings(warehouse=path, shop=ACME)


@contextmanager
def at_work(settings, *steps):
    """A process that holds the warehouse open within these steps; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(settings.warehouse), *steps],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "holds it\n"
    try:
        yield process
    finally:
        process.communicate()


def status(settings, *arguments):
    """The command `cartwheel status`, with these settings alone."""
    file = settings.warehouse.parents[1] / ".env"
    return CliRunner().invoke(main, ["--env", str(file), "status", *arguments])


def note(settings, *steps):
    """Note runs of these steps that succeeded now."""
    for step in steps:
        with recorded(settings, step, ACME if step == "extract" else ""):
            pass


def test_a_sync_at_work_is_said(settings):
    """While a sync holds the warehouse, the status says since when, and of which store."""
    with at_work(settings, "sync", "extract") as process:
        done = status(settings)

    assert done.exit_code == 0, done.output
    assert "A sync is running since " in done.output
    assert f": extract of {ACME} (process {process.pid} on " in done.output
    assert "The warehouse was not read: a step is at work in it." in done.output


def test_a_step_at_work_without_a_sync_is_said(settings):
    """A step that was run alone is at work as such."""
    with at_work(settings, "extract"):
        done = status(settings)
        [run] = json.loads(status(settings, "--json").output)["at_work"]

    assert done.output.startswith("Running since ")
    assert (run["step"], run["shop"]) == ("extract", ACME)


def test_a_look_at_the_state_keeps_no_step_out(settings):
    """While a step is at work, the status does not open the warehouse."""
    with recorded(settings, "extract", ACME):
        settings.warehouse.unlink()

        assert current_status(settings).at_work[0].shop == ACME


def test_during_a_sync_the_file_is_judged(settings):
    """A monitor passes during a sync whose steps are young, and fails for what is missing."""
    note(settings, "transform", "check")
    with at_work(settings, "sync", "extract"):
        missing = status(settings, "--fail-if-older-than", "1h")
        note(settings, "load")
        well = status(settings, "--fail-if-older-than", "1h")

    assert (missing.exit_code, well.exit_code) == (1, 0), missing.output + well.output
    assert "load: it never ran" in missing.stderr


def test_what_hubspot_has_is_known_during_a_sync(settings):
    """Records per object and store, and what is held back, are those of the last load."""
    note_carried_records(
        settings,
        Carried(
            machine_time(),
            42,
            {"contacts": 7, "deals": 9},
            (StoreCount(ACME, 7, 9, 3),),
            (HeldBackCount("contacts", "rejected", "INVALID_EMAIL", 2),),
        ),
    )
    with at_work(settings, "sync", "extract"):
        found = current_status(settings)
        printed = status(settings).output

    assert (found.portal_id, found.synced) == (42, {"contacts": 7, "deals": 9})
    assert [(each.shop, each.products) for each in found.stores] == [(ACME, 3)]
    assert [(each.reason, each.records) for each in found.held_back] == [("INVALID_EMAIL", 2)]
    assert "HubSpot account 42" in printed
    assert "INVALID_EMAIL" in printed


@pytest.mark.parametrize("reaped", [True, False], ids=["reaped", "zombie"])
def test_a_killed_step_was_interrupted(settings, reaped):
    """A process that was killed does not run, whether its parent asked how it ended or not."""
    with at_work(settings, "sync", "extract") as process:
        process.send_signal(signal.SIGKILL)
        if reaped:
            process.wait()
        else:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        found = current_status(settings)
        done = status(settings, "--fail-if-older-than", "1h")

    assert (found.at_work, found.busy) == ([], "")
    assert [(run.step, run.status) for run in found.runs] == [("extract", "interrupted")]
    assert done.exit_code == 1
    assert f"extract of {ACME}: the last run was interrupted (it was killed or" in done.stderr
    assert "what was done is kept. Run: cartwheel sync" in done.stdout


def test_a_store_that_is_read_again_was_read_before(settings):
    """While a store is read, and after that failed, it is as old as its last whole reading."""
    note(settings, "extract")
    [before] = read_noted(settings.warehouse).runs

    def fail():
        with recorded(settings, "extract", ACME):
            during.append(current_status(settings).stores[0].read_at)
            raise ServiceError("refused")

    during: list[datetime | None] = []
    with pytest.raises(ServiceError):
        fail()
    [after] = read_noted(settings.warehouse).runs

    assert during == [before.finished_at]
    assert (after.status, after.succeeded_at) == ("failed", before.finished_at)


def test_the_next_run_takes_the_place_of_a_killed_one(settings):
    """After a step succeeded, nothing tells of the one before it that was killed."""
    with at_work(settings, "extract") as process:
        process.kill()
    note(settings, "extract")

    assert [run.status for run in current_status(settings).runs] == ["succeeded"]


def test_another_process_with_the_same_id_is_not_the_step(settings):
    """A process that got the id of a killed one later is told from it by when it began."""
    me = this_process()

    assert not me.has_ended()
    assert replace(me, began=f"{me.began}1").has_ended()
    assert not Process(2**22 + 1, "another machine").has_ended()


def test_a_step_that_is_kept_out_leaves_the_note_of_the_other(settings):
    """A second extract of a store that is being read does not hide that one."""
    with at_work(settings, "extract") as process:
        with recorded(settings, "extract", ACME):
            pass
        found = current_status(settings)

    assert [run.pid for run in found.at_work] == [process.pid]


def test_a_failure_has_its_reason(settings):
    """The error's words stand in the status and in the alarm, without anybody's e-mail."""
    with (
        pytest.raises(ServiceError),
        recorded(replace(settings, hubspot_access_token="pat-na1-secret"), "setup"),
    ):
        raise ServiceError("HubSpot refused jo@example.com with pat-na1-secret", status=400)

    done = status(settings, "--fail-if-older-than", "1h")
    told = "HubSpot refused (e-mail) with (secret)"
    assert told in done.stdout
    assert f"setup: the last run failed ({told})" in done.stderr
    assert "example.com" not in path_of(settings.warehouse).read_text()


def test_an_error_that_nobody_thought_of_is_told_by_its_kind(settings):
    """Its words may hold data, and are not kept."""
    with pytest.raises(KeyError), recorded(settings, "transform"):
        raise KeyError("jo")

    [run] = current_status(settings).runs
    assert (run.status, run.detail) == ("failed", "KeyError")


def test_a_sync_that_failed_before_its_steps_is_shown(settings):
    """Where no step could begin, the sync itself is the run that failed, until one runs."""
    with pytest.raises(ServiceError), recorded(settings, "sync"):
        raise ServiceError("no token", status=401)

    before = [(run.step, run.status) for run in current_status(settings).runs]
    note(settings, "extract")
    after = [(run.step, run.status) for run in current_status(settings).runs]

    assert (before, after) == ([("sync", "failed")], [("extract", "succeeded")])


def test_what_another_program_holds_is_said(settings):
    """Where a notebook has the warehouse, what the steps noted is shown, and why no more."""
    note(settings, "extract")
    with at_work(settings):
        done = status(settings)

    assert done.exit_code == 0
    assert "is open in another program" in done.output
    assert "extract" in done.output


def test_without_any_note_a_locked_warehouse_is_an_error(settings):
    """Where nothing is known, the command says who has the warehouse, and fails."""
    with at_work(settings):
        done = status(settings)

    assert done.exit_code == 1
    assert "is open in another program" in done.stderr


def test_a_first_sync_that_failed_is_told_without_a_warehouse(settings):
    """Why it failed, beside that there is no warehouse; not of one that was removed later."""
    settings.warehouse.unlink()
    before = status(settings)
    with pytest.raises(AccessDenied), recorded(settings, "sync"):
        raise AccessDenied("HubSpot does not accept the token: it is mistyped", status=401)

    failed = status(settings, "--fail-if-older-than", "1h")
    note(settings, "extract")
    removed = status(settings)

    assert (before.exit_code, failed.exit_code, removed.exit_code) == (1, 1, 1)
    assert "There is no warehouse at" in before.stderr
    assert "There is no warehouse at" in failed.stdout
    assert "HubSpot does not accept the token" in failed.stdout
    assert "attention: sync: the last run failed (HubSpot does not accept" in failed.stderr
    assert removed.stderr == before.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", '{"runs": [{}], "carried": null}'])
def test_a_file_of_somebody_else_is_not_believed(settings, text):
    """Whatever stands in the file, the status is that of the warehouse; a step replaces it."""
    path_of(settings.warehouse).write_text(text)

    assert current_status(settings).runs == []
    note(settings, "extract")
    assert [run.step for run in read_noted(settings.warehouse).runs] == ["extract"]


def test_a_link_in_its_place_leads_nowhere(settings, tmp_path):
    """A link is neither read nor followed: a step replaces it, and its target stays."""
    target = tmp_path / "precious"
    target.write_text("{}")
    path_of(settings.warehouse).symlink_to(target)

    note(settings, "extract")

    assert target.read_text() == "{}"
    assert not path_of(settings.warehouse).is_symlink()


def test_the_file_is_private(settings):
    """Its owner alone may read it, and nothing else is left beside the warehouse."""
    before = os.umask(0)
    try:
        note(settings, "extract", "load")
    finally:
        os.umask(before)

    path = path_of(settings.warehouse)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {each.name for each in path.parent.iterdir()} == {"w.duckdb", path.name}


def test_a_step_runs_where_the_file_cannot_be_written(settings):
    """A folder in its place is no reason to fail."""
    path_of(settings.warehouse).mkdir()

    note(settings, "extract")

    assert read_noted(settings.warehouse).runs == ()


def test_a_sync_with_nothing_new_confirms_the_last_steps(settings):
    """A check and a load that had nothing to do count as run, in the file as well."""
    with recorded(settings, "load") as noted:
        noted.detail = "5 writes"
    time.sleep(0.01)
    before = machine_time()

    confirm(settings, "check", "load")
    confirm(settings, "check", "load")

    runs = {run.step: run for run in read_noted(settings.warehouse).runs}
    assert runs["load"].detail == "nothing new since: 5 writes"
    assert runs["load"].finished_at >= before
    assert runs["check"].detail == "nothing new since the last run"


def begin(stores, *arguments):
    """A command over the stores, in a process of its own."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(stores.folder)}
    return Command.begin(
        ["--env", str(stores.folder / "settings.env"), *arguments], stores.folder, environ
    )


def state(stores):
    """What the status says, as JSON."""
    return json.loads(stores.cartwheel("status", "--json").stdout)


def test_an_extract_is_seen_from_its_begin_to_its_end(stores):
    """A real extract is at work, is interrupted when it is killed, and then succeeds."""
    warehouse = stores.settings().warehouse
    running = begin(stores, "extract", "--shop", UK)
    until = datetime.now(UTC) + timedelta(seconds=60)
    while not (warehouse.exists() and read_noted(warehouse).alive()):
        assert datetime.now(UTC) < until
        time.sleep(0.002)
    running.send_signal(signal.SIGSTOP)
    seen = state(stores)
    running.send_signal(signal.SIGKILL)
    running.finish()
    killed = state(stores)
    done = begin(stores, "extract", "--shop", UK).finish()
    after = state(stores)

    assert [(run["step"], run["shop"]) for run in seen["at_work"]] == [("extract", UK)]
    assert [(run["shop"], run["status"]) for run in seen["runs"]] == [(UK, "running")]
    assert killed["at_work"] == []
    assert [(run["shop"], run["status"]) for run in killed["runs"]] == [(UK, "interrupted")]
    assert done.returncode == 0, done.stderr
    assert [(run["shop"], run["status"]) for run in after["runs"]] == [(UK, "succeeded")]
    assert f"landed from {UK}" in after["runs"][0]["detail"]
    assert [(each["shop"], bool(each["read_at"])) for each in after["stores"]] == [
        ("de-store.myshopify.com", False),
        (UK, True),
    ]
    assert Path(path_of(warehouse)).exists()
