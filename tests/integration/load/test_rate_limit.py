"""The gate keeps the pace of HubSpot's headers."""

from __future__ import annotations

import time

from load.hubspot.rate_limit import RateLimiter

HEADERS = {
    "X-HubSpot-RateLimit-Max": "3",
    "X-HubSpot-RateLimit-Remaining": "2",
    "X-HubSpot-RateLimit-Interval-Milliseconds": "200",
}


def entered(gate: RateLimiter, times: int) -> float:
    """Seconds that so many entries take."""
    began = time.monotonic()
    for _ in range(times):
        gate.enter()
    return time.monotonic() - began


def test_requests_within_the_limit_do_not_wait():
    """As many as the window holds pass at once."""
    gate = RateLimiter()
    gate.learn(HEADERS)

    assert entered(gate, 3) < 0.1


def test_requests_beyond_the_limit_wait_for_the_window():
    """The seventh of three per window waits two windows."""
    gate = RateLimiter()
    gate.learn(HEADERS)

    assert entered(gate, 7) >= 0.4


def test_an_allowance_used_up_by_others_is_respected():
    """Nothing remaining closes the gate for a while, though we sent nothing."""
    gate = RateLimiter()
    gate.learn({**HEADERS, "X-HubSpot-RateLimit-Interval-Milliseconds": "2000"})
    gate.learn(
        {
            **HEADERS,
            "X-HubSpot-RateLimit-Interval-Milliseconds": "2000",
            "X-HubSpot-RateLimit-Remaining": "0",
        }
    )

    assert entered(gate, 1) >= 0.15
