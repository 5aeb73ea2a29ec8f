"""A command imports what it uses: the list of commands is there at once."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from cartwheel.cli.app import COMMANDS

HEAVY = {"dbt", "great_expectations", "plotly", "pandas"}
OTHERS = {"dbt"}  # whose help is another program's
CLIENTS = {"duckdb", "requests", "graphql", "babel", "rich", "jinja2", "starlette"}


def imported(*commands: str) -> set[str]:
    """The packages that are imported once the help of each command was written."""
    code = (
        "import sys; from cartwheel.cli.app import main\n"
        f"for command in {[*commands]!r} or ['']:\n"
        "    main([*command.split(), '--help'], standalone_mode=False)\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("Usage:") == max(len(commands), 1)
    return set(done.stderr.split())


def test_the_list_of_commands_needs_no_library_of_a_step():
    """`cartwheel --help` imports neither the warehouse nor an API's client."""
    assert imported() & (HEAVY | CLIENTS) == set()


def test_no_help_waits_for_a_heavy_library():
    """dbt, Great Expectations, plotly and pandas are imported where they are used."""
    assert imported(*(COMMANDS.keys() - OTHERS)) & HEAVY == set()


def test_what_only_reads_the_warehouse_parses_no_graphql():
    """A look at the state, or at the plan, needs nothing of the extract."""
    assert "graphql" not in imported("status", "plan")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_says_what_the_command_says(name):
    """Each command is where the list says, and the verb of its own help is the list's."""
    module, text = COMMANDS[name]
    command = getattr(import_module(f"cartwheel.cli.{module}"), name)

    assert command.help.split()[0].rstrip(",") == text.split()[0].rstrip(",")
