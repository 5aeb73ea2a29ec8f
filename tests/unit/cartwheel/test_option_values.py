"""What options take: spans of time that a calendar has, and words for those that it has not."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.cli.option_values import days, time_span

SOME = click.Option(["--some"])


def test_a_span_is_read_with_its_unit():
    """60d are sixty days, with or without the unit where days are meant; 90m are minutes."""
    ctx = click.Context(click.Command("go"))

    assert days(ctx, SOME, "60d") == days(ctx, SOME, "60") == timedelta(days=60)
    assert time_span(ctx, SOME, "90m") == timedelta(minutes=90)
    assert days(ctx, SOME, None) is None


@pytest.mark.parametrize("number", ["36526", "999999999999", "9" * 5000])
@pytest.mark.parametrize(
    "command",
    [("sync", "--since"), ("extract", "--since"), ("status", "--fail-if-older-than")],
    ids=" ".join,
)
def test_a_span_beyond_the_calendar_is_wrong_use(command, number):
    """More days than a hundred years end the command with 2 and a sentence, however many."""
    done = CliRunner().invoke(main, [*command, f"{number}d"])

    assert done.exit_code == 2
    assert "that is more than 36,525 days" in done.stderr
