"""The rate limiter keeps the pace of HubSpot's headers."""

from __future__ import annotations

import pytest

from load.hubspot.rate_limit import JITTER, RateLimiter
from tests.clock import StandingClock

HEADERS = {
    "X-HubSpot-RateLimit-Max": "3",
    "X-HubSpot-RateLimit-Remaining": "2",
    "X-HubSpot-RateLimit-Interval-Milliseconds": "2000",
}


def waited(times: int, *headers: dict[str, str]) -> float:
    """Seconds that so many requests wait at a limiter that has learned these headers."""
    clock = StandingClock()
    limiter = RateLimiter(clock, clock.sleep)
    for each in headers:
        limiter.learn(each)
    for _ in range(times):
        limiter.enter()
    return sum(clock.waits)


def test_requests_within_the_limit_do_not_wait():
    """As many as the window holds pass at once."""
    assert waited(3, HEADERS) == 0


def test_requests_beyond_the_limit_wait_for_the_window():
    """The seventh of three per window waits two windows."""
    assert waited(7, HEADERS) == pytest.approx(2 * (2.0 + JITTER))


def test_before_any_answer_the_smallest_plan_is_reckoned_with():
    """100 requests pass at once, and the next one waits ten seconds."""
    assert waited(100) == 0
    assert waited(101) == pytest.approx(10.0 + JITTER)


def test_an_allowance_used_up_by_others_is_respected():
    """Nothing remaining closes the limiter for a tenth of the window, whoever sent."""
    assert waited(1, HEADERS, HEADERS | {"X-HubSpot-RateLimit-Remaining": "0"}) == (
        pytest.approx(0.2)
    )
