"""The commands plan and load: what they ask for and print."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main


@pytest.mark.parametrize("value", ["none", "0", "1.5"])
def test_verify_takes_a_number_or_all(value):
    """Anything else is refused before anything is opened."""
    result = CliRunner().invoke(main, ["load", f"--verify={value}"])

    assert result.exit_code == 2
    assert "neither a number of records nor all" in result.output


def test_plan_names_the_objects_there_are():
    """An object that HubSpot does not have is refused, and the message lists those it has."""
    result = CliRunner().invoke(main, ["plan", "--object", "tickets"])

    assert result.exit_code == 2
    assert "line_items" in result.output
