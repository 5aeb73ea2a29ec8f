"""sync --watch: one run after another, at their times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.cli.watch import repeat
from cartwheel.core.errors import OtherAccount, SettingsError, WarehouseError

EVERY = timedelta(minutes=10)


class Clock:
    """A clock that moves when somebody sleeps, and ends the fourth sleep as Ctrl-C does."""

    def __init__(self) -> None:
        self.now = 0.0
        self.begun: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if len(self.begun) == 4:
            raise KeyboardInterrupt

    def run(self, took: float = 30, error: Exception | None = None) -> None:
        self.begun.append(self.now)
        self.now += took
        if error:
            raise error


def watched(run, clock):
    """What was said until the interruption."""
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        repeat(run, EVERY, said.append, clock.sleep, clock.read)
    return said


def test_a_run_begins_every_ten_minutes():
    """The time between two begins is the span, however long a run takes."""
    clock = Clock()

    said = watched(clock.run, clock)

    assert clock.begun == [0, 600, 1200, 1800]
    assert all("the next sync begins at" in line for line in said)


def test_a_long_run_is_followed_at_once():
    """A run that takes longer than the span delays the next one, and no two run at once."""
    clock = Clock()

    watched(lambda: clock.run(took=700), clock)

    assert clock.begun == [0, 700, 1400, 2100]


def test_a_failed_run_is_told_and_repeated(caplog):
    """What went wrong is an error in the log; the next run comes at its time."""
    clock = Clock()

    watched(lambda: clock.run(error=WarehouseError("It is open in a notebook.")), clock)

    assert clock.begun == [0, 600, 1200, 1800]
    assert caplog.messages.count("It is open in a notebook.") == 4


@pytest.mark.parametrize("error", [SettingsError("no token"), OtherAccount("another account")])
def test_what_no_repetition_sets_right_ends_it(error):
    """A missing setting, or another account, ends it with the error of the first run."""
    clock = Clock()

    with pytest.raises(type(error)):
        repeat(lambda: clock.run(error=error), EVERY, print, clock.sleep, clock.read)

    assert clock.begun == [0]


@pytest.mark.parametrize("text", ["0m", "10", "soon"])
def test_a_time_that_is_not_valid_is_refused(text):
    """Nothing runs at a span of nothing, or one that is not written as a time."""
    done = CliRunner().invoke(main, ["sync", "--watch", text])

    assert done.exit_code == 2
    assert "--watch" in done.output
