"""Creates what has no unique key exactly once, even where HubSpot's answers are lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from cartwheel.core.errors import ServiceUnreachable
from load.hubspot.client import Answer

ATTEMPTS = 8
# HubSpot answers some requests that it cannot take so: docs/reference/workflows.md#refusals
FAILURES, FAILED = 2, 500

Found = TypeVar("Found")


def create_once(
    look_up: Callable[[], Found | None],
    create: Callable[[], Answer],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Found | Answer:
    """Look for a thing, and create it if it is not there; after a lost answer look again.

    Gives what was found, or else the answer to its creation: a refusal, too, where HubSpot
    fails on the request as often as FAILURES. Raises ServiceUnreachable if it answers to no
    attempt.
    """
    failures = 0
    for attempt in range(ATTEMPTS):
        found = look_up()
        if found is not None:
            return found
        if failures == FAILURES:
            break
        try:
            return create()
        except ServiceUnreachable as error:
            failures += error.status == FAILED
            if attempt == ATTEMPTS - 1:
                raise
            sleep(min(2.0**attempt, 30) * random.uniform(0.5, 1))
    return Answer(FAILED, {"message": "its server fails on the request (HTTP 500)"})
