"""How much an app may ask: per ten seconds, per day, and searches per second."""

from __future__ import annotations

import time
from collections import deque

from sandbox.hubspot.core.problems import Problem

SEARCHES_PER_SECOND = 5  # docs/reference/hubspot.md#searches


class RateLimited(Problem):
    """429, with the body that HubSpot gives (docs/reference/hubspot.md#rate-limit-answers)."""

    def __init__(self, policy: str) -> None:
        super().__init__(429, "RATE_LIMITS", f"You have reached your {policy.lower()} limit.")
        self.policy = policy

    def body(self) -> dict[str, object]:
        """errorType and policyName beside the message."""
        return {
            **super().body(),
            "errorType": "RATE_LIMIT",
            "policyName": self.policy,
            "groupName": "publicapi:private-apps:api-calls",
        }


class RateLimits:
    """A rolling window and a day's count; refused requests do not fill the window."""

    def __init__(self, ten_secondly: int, daily: int, interval: float) -> None:
        self.ten_secondly = ten_secondly
        self.daily = daily
        self.interval = interval
        self.used_today = 0
        self._window: deque[float] = deque()
        self._searches: deque[float] = deque()

    def admit(self, *, search: bool, counted: bool = True) -> dict[str, str]:
        """Count a request and give the headers of its answer.

        One that is not counted is so by the day's limit alone.

        Raises RateLimited with the policy TEN_SECONDLY_ROLLING, DAILY or, for searches,
        SECONDLY. Searches have a limit of their own and carry no headers.
        """
        if self.used_today >= self.daily:
            raise RateLimited("DAILY")
        window, limit, span, policy = (
            (self._searches, SEARCHES_PER_SECOND, 1.0, "SECONDLY")
            if search
            else (self._window, self.ten_secondly, self.interval, "TEN_SECONDLY_ROLLING")
        )
        now = time.monotonic()
        while window and window[0] <= now - span:
            window.popleft()
        if counted:
            if len(window) >= limit:
                raise RateLimited(policy)
            window.append(now)
        self.used_today += 1
        return {} if search else self.headers()

    def headers(self) -> dict[str, str]:
        """What is left, as HubSpot's answers say it."""
        return {
            "X-HubSpot-RateLimit-Max": str(self.ten_secondly),
            "X-HubSpot-RateLimit-Remaining": str(self.ten_secondly - len(self._window)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(self.interval * 1000)),
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self.daily - self.used_today),
        }
