"""Waiting for another program that has the warehouse open."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import WarehouseLocked
from cartwheel.core.progress import silent
from cartwheel.core.waiting import LOOK_AGAIN, in_turn, waiting


class Busy:
    """A warehouse that is open elsewhere for a number of attempts."""

    def __init__(self, attempts):
        self.left = attempts

    def open(self):
        """Give its name, once the other program has closed it."""
        self.left -= 1
        if self.left >= 0:
            raise WarehouseLocked("open elsewhere", held_by="python3 (PID 7)")
        return "warehouse"


def test_a_wait_says_once_for_whom_and_how_long():
    """It is told as the waiting begins, and what was waited for is given."""
    said: list[str] = []
    slept: list[float] = []
    with waiting(said.append, sleep=slept.append):
        assert in_turn(Busy(3).open) == "warehouse"

    assert said == [
        "waiting for the warehouse: it is open in python3 (PID 7); for at most 5 minutes"
    ]
    assert slept == [LOOK_AGAIN] * 3


def test_a_wait_ends_at_its_limit():
    """The other program's lock is the error then."""
    said: list[str] = []
    slept: list[float] = []
    with (
        pytest.raises(WarehouseLocked, match="open elsewhere"),
        waiting(said.append, limit=10, sleep=slept.append),
    ):
        in_turn(Busy(1000).open)

    assert sum(slept) == 10
    assert said[0].endswith("for at most 10 s")


def test_nobody_waits_outside_of_the_block():
    """A command that may not wait fails at once, after a block as well."""
    with waiting(silent, sleep=bool):
        pass

    busy = Busy(1)
    with pytest.raises(WarehouseLocked):
        in_turn(busy.open)
    assert busy.left == 0


def test_a_sleep_that_was_broken_off_ends_the_wait():
    """Where the run is to stop, nothing more is attempted."""
    busy = Busy(9)
    with (
        pytest.raises(WarehouseLocked),
        waiting(silent, sleep=bool),
    ):
        in_turn(busy.open)

    assert busy.left == 8
