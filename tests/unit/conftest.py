"""What tests of a part by itself ask for."""

from __future__ import annotations

import pytest

from tests.clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    """A clock of the test's own."""
    return StandingClock()
