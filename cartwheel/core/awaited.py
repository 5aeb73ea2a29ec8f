"""The requests that are under way, so that whoever waits can be told for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TOLD_FROM = 4.0  # seconds

_lock = threading.Lock()
_begun: dict[object, tuple[float, str, float]] = {}


@contextmanager
def awaited(service: str, timeout: float) -> Iterator[None]:
    """Count a request as under way while the block lasts; timeout: seconds it may take."""
    request = object()
    with _lock:
        _begun[request] = (time.monotonic(), service, timeout)
    try:
        yield
    finally:
        with _lock:
            del _begun[request]


def in_words() -> str:
    """Which service has not answered for longest; empty if that is not for long."""
    with _lock:
        if not _begun:
            return ""
        began, service, timeout = min(_begun.values())
    seconds = time.monotonic() - began
    if seconds < TOLD_FROM:
        return ""
    return f"{service} has not answered for {seconds:.0f} s, of at most {timeout:.0f}"
