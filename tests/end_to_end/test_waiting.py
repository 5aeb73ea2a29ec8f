"""Nobody waits for five seconds without a sign of life, at a terminal or in a log."""

from __future__ import annotations

import pytest

from bench.waiting import COMMANDS, LONGEST, PLACES, recordings

ORDERS = 2000


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
def test_no_command_is_silent(tmp_path, place):
    """Of a sync and the commands after it, no step is silent for longer, and none fails."""
    silences, seen = {}, set()
    for kind, recording in recordings(tmp_path, ORDERS, on_terminal=PLACES[place]):
        seen.add(kind)
        assert "Traceback" not in recording.text
        for step, seconds in recording.silences().items():
            silences[kind, step] = seconds

    assert seen == {*COMMANDS}
    assert {each: seconds for each, seconds in silences.items() if seconds > LONGEST} == {}
