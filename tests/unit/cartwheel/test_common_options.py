"""What every command takes: --json where a script would want it, --quiet, a log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import COMMANDS, main

# the first runs until somebody ends it, and has --write-env; the other is dbt's own
WITHOUT_JSON = {"sandbox", "dbt"}


def commands(group: click.Group, *words: str) -> Iterator[tuple[str, click.Command]]:
    """Every command of a group, and those below it, by what is typed."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)
            if not command.invoke_without_command:
                continue
        yield " ".join((*words, name)), command


EVERY = dict(commands(main))


def test_every_command_was_looked_at():
    """Those of the list, and those below workflows and account."""
    assert {name.split()[0] for name in EVERY} == set(COMMANDS)
    assert {"workflows show", "account move", "account"} <= set(EVERY)


@pytest.mark.parametrize("name", sorted(EVERY.keys() - WITHOUT_JSON))
def test_a_script_gets_json(name):
    """Each command has --json."""
    assert "--json" in {option for each in EVERY[name].params for option in each.opts}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_command_can_be_quiet_and_can_tell_more(name):
    """Each takes --quiet, --verbose and --log-file after its name as well."""
    options = {option for each in EVERY[name].params for option in each.opts}

    assert {"--quiet", "--verbose", "--log-file"} <= options


def test_the_lists_of_dashboards_can_be_read_by_a_script(tmp_path, monkeypatch):
    """`dashboard --list --json` has each named dashboard, or its error, and the reports."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dashboards.toml").write_text(
        '[board]\ntitle = "For the board"\n[broken]\nperiod = "never"\n'
    )

    done = CliRunner().invoke(main, ["dashboard", "--list", "--json"])

    told = json.loads(done.stdout)
    assert told["dashboards"]["board"]["title"] == "For the board"
    assert "never" in told["dashboards"]["broken"]["error"]
    assert told["reports"]["top_products"]


def test_a_client_has_dashboards_beside_its_settings(tmp_path, monkeypatch):
    """With --env the list beside that file is read, or else that of the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("dashboards.toml").write_text('[all]\ntitle = "For all"\n')
    Path("ada").mkdir()
    command = ["--env", "ada/.env", "dashboard", "--list", "--json"]

    shared = json.loads(CliRunner().invoke(main, command).stdout)
    Path("ada/dashboards.toml").write_text('[own]\ntitle = "For Ada"\n')
    own = json.loads(CliRunner().invoke(main, command).stdout)

    assert (list(shared["dashboards"]), list(own["dashboards"])) == (["all"], ["own"])
