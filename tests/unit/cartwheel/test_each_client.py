"""One command for many clients: how it is typed, and the table at its end."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.cli.clients import print_outcomes, with_last_run
from cartwheel.core.sentences import first_sentence
from cartwheel.core.warehouse import open_warehouse
from cartwheel.each_client import WORST_FIRST, Outcome, Output, worst


def outcome(code: int | None, report=None, message: str = "") -> Outcome:
    return Outcome("ada", "ada.env", code, None if code is None else 1.5, message, report)


@pytest.fixture
def clients(tmp_path):
    """Two clients without a warehouse, of which the second has a malformed setting."""
    for name, text in (("ada", ""), ("bo", "CARTWHEEL_NOW=yesterday\n")):
        (tmp_path / name).mkdir()
        warehouse = f"CARTWHEEL_WAREHOUSE={tmp_path / name / 'w.duckdb'}\n"
        (tmp_path / name / ".env").write_text(warehouse + text)
    return tmp_path


def each(*arguments: str):
    return CliRunner().invoke(main, ["each", *map(str, arguments)])


@pytest.mark.parametrize("codes", [*itertools.combinations(WORST_FIRST, 2)])
def test_the_worst_exit_code_is_that_of_all(codes):
    """130 before 1, 4, 2, 3 and 0, in whatever order the clients come."""
    ended = [outcome(code) for code in codes]

    assert worst(ended) == worst(ended[::-1]) == codes[0]


def test_a_client_that_was_not_run_counts_as_interrupted():
    """Nothing is green if a client was left out."""
    assert worst([outcome(0), outcome(None)]) == 130


def test_a_code_of_no_meaning_is_a_failure():
    """What ends with a code that is not one of ours has failed."""
    assert worst([outcome(0), outcome(77), outcome(3)]) == 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It failed. Run: cartwheel sync", "It failed."),
        ("No token for a.myshopify.com (HTTP 400): see 2.1 there", None),
        ("Done", None),
        (
            "Refused (HTTP 400. Wrong id) here. Run: cartwheel",
            "Refused (HTTP 400. Wrong id) here.",
        ),
    ],
)
def test_the_first_sentence_ends_where_the_next_begins(text, first):
    """A dot within a name or a number ends no sentence."""
    assert first_sentence(text) == (first or text)


def test_each_client_has_its_own_outcome(clients):
    """Both are run, each line has its client's name, and the worst code is the command's."""
    done = each(clients, "status")

    assert done.exit_code == 1
    ada, bo = done.stderr.splitlines()
    assert ada.startswith("ada  Error: There is no warehouse")
    assert f"Run: cartwheel --env {clients / 'ada' / '.env'} " in ada
    assert bo.startswith("bo   Error: CARTWHEEL_NOW is 'yesterday'")
    header, first, second = done.stdout.strip().splitlines()
    assert header.split() == ["client", "outcome", "seconds", "held", "back"]
    assert first.startswith("ada     failed")
    assert second.startswith("bo      wrong use")


def test_a_clients_last_line_is_no_note_and_no_sign_of_life():
    """The table says how many workflows there are, not that HubSpot changes a path one day."""
    said = (
        "import sys; print('1 workflow: 1 off'); print('Note: HubSpot supports it until then')"
    )
    alive = "print('2026-11-23T08:00:05Z status      still at work, 5 s', file=sys.stderr)"
    output = Output("ada", lambda *_: None, False, str)

    with subprocess.Popen(
        [sys.executable, "-c", f"{said}; {alive}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        output.read(process)

    assert output.message(0) == "1 workflow: 1 off"


def test_a_paused_client_is_left_out(clients):
    """Neither its faults nor its name are a matter of the run, and the table tells of it."""
    (clients / "bo" / ".paused").touch()
    (clients / "cy").mkdir()  # without settings
    (clients / "cy" / ".paused").touch()

    told, data, quiet = (
        each(*options, clients, "dashboard", "--list")
        for options in ([], ["--json"], ["--quiet"])
    )

    assert (told.exit_code, data.exit_code, quiet.exit_code) == (0, 0, 0)
    _, ada, bo, cy = told.stdout.strip().splitlines()[-4:]
    assert ada.startswith("ada     succeeded")
    assert bo.split() == [
        "bo",
        "paused",
        "-",
        *f"{clients / 'bo' / '.paused'} keeps it out".split(),
    ]
    assert cy.startswith("cy      paused")
    rows = json.loads(data.stdout)["clients"]
    assert [(row["exit_code"], row["outcome"]) for row in rows] == [
        (0, "succeeded"),
        (None, "paused"),
        (None, "paused"),
    ]
    assert "paused" not in quiet.stdout + quiet.stderr


def test_clients_that_are_all_paused_are_in_order(clients):
    """Nothing is run, and nothing is wrong."""
    for name in ("ada", "bo"):
        (clients / name / ".paused").touch()

    assert each(clients, "check").exit_code == 0


@pytest.mark.parametrize("before", [0, 1, 2])
def test_the_table_as_json(clients, before):
    """--json prints the table alone on stdout, on whichever side of the folder it stands."""
    arguments = ["--jobs=2", "--json"]
    arguments.insert(before, str(clients))

    done = each(*arguments, "status")

    rows = json.loads(done.stdout)["clients"]
    assert [(row["client"], row["exit_code"], row["outcome"]) for row in rows] == [
        ("ada", 1, "failed"),
        ("bo", 2, "wrong use"),
    ]
    assert rows[0]["message"].startswith("There is no warehouse at")
    assert rows[1]["env_file"] == str(clients / "bo" / ".env")


def test_options_after_the_command_are_the_commands_own(clients):
    """`each FOLDER COMMAND --nosuch` is refused in the command's words, once for all."""
    done = each(clients, "status", "--jobs", "2")

    assert done.exit_code == 2
    assert done.stderr.count("Error: No such option '--jobs'.") == 1
    assert "ada" not in done.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["status", "--fail-if-older-than", "2x"], "'2x' is not a valid duration"),
        (["workflows", "nosuch"], "No such command 'nosuch'"),
        (["plan", "--offline", "--object", "cars"], "--object"),
        (["status", "more"], "unexpected extra argument"),
    ],
)
def test_what_every_client_would_refuse_is_told_once(clients, command, said):
    """Values, names and arguments of the command are checked before any client is run."""
    done = each(clients, *command)

    assert (done.exit_code, done.stderr.count("Error: ")) == (2, 1)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resync"], "'resync' is not a command"),
        (["demo"], "'demo' is not a command that is run for a client"),
        (["each", "x", "sync"], "'each' is not a command"),
        (["sync", "--watch", "10m"], "--jobs 2"),
        (["plan", "--out", "plan.json"], "--out '{client}-plan.json'"),
        (["plan", "--out=there/plan.json"], "--out '{client}-plan.json'"),
        (["sync", "--log-file", "sync.log"], "--log-file '{client}-sync.log'"),
        (["dashboard"], "--output '{client}.html'"),
        (["workflows", "preview", "new-customer"], "--out '{client}-preview'"),
        (["workflows", "preview", "new-customer", "--out", "p"], "--out '{client}-p'"),
    ],
)
def test_what_clients_cannot_share_is_refused(clients, arguments, said):
    """A command that would never end, or write one file for all, is not begun."""
    done = each(clients, *arguments)

    assert done.exit_code == 2
    assert said in done.stderr
    assert "ada  " not in done.stderr


def test_the_table_has_the_fault_not_its_fix(clients):
    """Of a doctor that found something wrong the table has the first fault."""
    for file in clients.glob("*/.env"):
        file.chmod(0o600)

    done = each(clients, "--jobs", "2", "doctor")

    _, ada, bo = done.stdout.strip().splitlines()[-3:]
    assert "settings: Settings are missing: SHOPIFY_SHOP" in ada
    assert "values: CARTWHEEL_NOW is 'yesterday'" in bo


def test_a_client_whose_warehouse_is_open_elsewhere_is_busy(clients):
    """That another run has it open is no fault of the client's, but is not success either."""
    with open_warehouse(clients / "ada" / "w.duckdb"):
        done = each(clients, "plan", "--offline")

    assert done.exit_code == 1
    assert "ada     busy" in done.stdout


def test_a_file_of_each_client_is_looked_for_by_its_own_command(clients):
    """A path with {client} is checked for each, not once for all."""
    done = each(clients, "load", "--plan", str(clients / "{client}.json"))

    assert "ada.json' does not exist" in done.stderr
    assert "bo.json' does not exist" in done.stderr


def test_options_of_dbt_are_no_files_of_ours(clients):
    """`--output` of `dbt ls` names a form, so it is passed on."""
    done = each(clients, "--jobs", "2", "dbt", "ls", "--output", "json", "--nosuch")

    assert "ada  Error: No such option '--nosuch'." in done.stderr


def test_a_file_may_have_the_clients_name(clients):
    """{client} in an argument is the client's name."""
    log = clients / "{client}.log"

    each(clients, "status", "--log-file", log)

    assert "status ended with 1" in (clients / "ada.log").read_text()
    assert "status ended with 2" in (clients / "bo.log").read_text()


def test_one_settings_file_is_not_taken_for_all(clients):
    """--env names one client's settings, so it is refused."""
    done = CliRunner().invoke(main, ["--env", "x.env", "each", str(clients), "status"])

    assert (done.exit_code, "--env names one settings file" in done.stderr) == (2, True)


def test_of_steps_that_ended_together_the_last_is_told():
    """After a sync with nothing new that is the load, whatever setup had to confirm."""
    times = {"transform": "10:00", "check": "10:00", "setup": "10:01", "load": "10:00"}
    runs = [
        {"step": step, "status": "succeeded", "started_at": "", "finished_at": time}
        for step, time in times.items()
    ]

    told = with_last_run(outcome(0, {"runs": runs}), "cartwheel")

    assert told.message == "load succeeded, 10:00 UTC"


def test_the_table_of_status_has_what_is_synced(capsys):
    """Each object has a column, and what one client lacks is a dash."""
    state = {"synced": {"deals": 1200, "contacts": 7}, "held_back": [{"records": 2}] * 2}
    print_outcomes(
        [outcome(0, state, "load succeeded"), outcome(1, None, "No warehouse.")], counts=True
    )

    header, first, second = capsys.readouterr().out.strip().splitlines()
    assert header.split() == [
        *("client", "outcome", "seconds", "contacts", "deals", "held", "back"),
    ]
    assert first.split() == ["ada", "succeeded", "1.5", "7", "1,200", "4", "load", "succeeded"]
    assert second.split() == ["ada", "failed", "1.5", "-", "-", "-", "No", "warehouse."]
