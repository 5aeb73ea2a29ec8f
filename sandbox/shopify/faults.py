"""Misbehaviour on request: what the real Shopify does on a bad day.

`POST /_sandbox/shopify/faults {"kind": ..., "times": 1}` orders it for the next times.
"""

from __future__ import annotations

import threading
from collections import Counter

KINDS = {
    "bulk_truncated": "a bulk result loses its last half; counts and size stay as they were",
    "bulk_failed": "a bulk operation ends FAILED with what it had at partialDataUrl",
    "bulk_empty": "a bulk operation completes with no result at all",
    "bulk_stalled": "a bulk operation stays RUNNING until it is cancelled",
    "throttled": "a GraphQL request is answered THROTTLED",
    "unavailable": "a GraphQL request is answered 503",
    "internal_error": "a GraphQL request is answered INTERNAL_SERVER_ERROR",
}


class Faults:
    """The faults that were ordered and have not happened yet."""

    def __init__(self) -> None:
        self._left: Counter[str] = Counter()
        self._lock = threading.Lock()

    def order(self, kind: str, times: int = 1) -> None:
        """Let a fault happen. Raises ValueError if there is no such kind, or for no time."""
        if kind not in KINDS or times < 1:
            raise ValueError(f"{kind} cannot happen {times} times")
        with self._lock:
            self._left[kind] += times

    def forget(self) -> None:
        """Behave well again."""
        with self._lock:
            self._left.clear()

    def take(self, kind: str) -> bool:
        """Say whether a fault is due now, and count it as happened."""
        with self._lock:
            if self._left[kind] <= 0:
                return False
            self._left[kind] -= 1
            return True
