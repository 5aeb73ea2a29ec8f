"""What the tests of extract that need no shop ask for."""

from __future__ import annotations

import pytest

from tests.clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    """A clock of the test's own."""
    return StandingClock()
